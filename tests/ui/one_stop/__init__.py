"""Pages of one-stop applications (rows 1, 2)."""
