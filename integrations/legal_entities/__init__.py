"""法人库: bodies by credit code."""
