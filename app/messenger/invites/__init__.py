"""Invites: the link and QR code of a chat made by hand, and what happens when it is opened."""
