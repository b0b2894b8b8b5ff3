"""Polls: one or many answers, anonymous or open, with a deadline, one vote a child."""
