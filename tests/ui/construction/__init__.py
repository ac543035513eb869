"""Pages of unit works."""
