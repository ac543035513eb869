"""Files by content, never by name: accepted, quarantined, or refused (D17)."""
