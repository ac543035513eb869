"""Pages of the completion stage (rows 72, 73)."""
