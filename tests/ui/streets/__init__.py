"""Pages of street users (row 50)."""
