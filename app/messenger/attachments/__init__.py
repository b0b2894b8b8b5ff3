"""What people attach to messages: photos, video, sound, documents and voice messages."""
