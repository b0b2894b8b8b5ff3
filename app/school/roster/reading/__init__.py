"""Reading rosters: a file a format, all into the records of `roster.records`.

Knows files, not the database. `opening.open_roster` finds out which format a source is.
"""
