"""Pages of red lines and of the city map (row 80)."""
