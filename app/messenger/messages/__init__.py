"""Messages: kept, sent, shown."""
