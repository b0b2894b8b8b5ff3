"""Telling people of messages outside the page: sound, push, and when to be quiet."""
