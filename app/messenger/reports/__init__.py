"""Complaints about messages: reports of people, gathered in cases that their school decides."""
