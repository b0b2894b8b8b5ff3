"""Chats and who is in them."""
