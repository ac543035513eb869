"""Construction permits, unit works and their ties to planned buildings (rows 67-69)."""
