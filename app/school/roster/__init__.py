"""Rosters: `reading` files into one plain form, `diff` (pure), `importing` in one transaction."""
