"""Calls of a chat: who starts, enters and ends them. What carries the media is behind `engine`."""
