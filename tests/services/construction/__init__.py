"""Construction permits, unit works and ties."""
