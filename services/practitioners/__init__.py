"""People who work for rental enterprises: how they are brought in (rows 38-48)."""
