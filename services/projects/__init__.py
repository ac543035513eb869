"""Projects and what stands beside them (rows 58-62)."""
