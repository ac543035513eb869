"""Pages of unit works: their grid, and their ties to planned buildings (rows 68, 69)."""
