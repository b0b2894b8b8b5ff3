"""Programs that measure; each prints what it found and on what machine."""
