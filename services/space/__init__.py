"""Geometry of red lines, site plans and building models (rows 80-82): pure functions, no tables."""
