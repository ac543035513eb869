"""Projects and their accompanying records (rows 58-62)."""
