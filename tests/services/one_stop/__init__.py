"""Applications of the case library (rows 1-3)."""
