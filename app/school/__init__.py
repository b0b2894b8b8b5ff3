"""What the school says is true: people, classes, teaching, timetable, journal accounts.

Knows nothing of profiles, chats or sockets.
"""
