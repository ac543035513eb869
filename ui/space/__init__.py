"""Pages of red lines, the city map and building models (rows 80-82)."""
