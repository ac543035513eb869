"""Geometry of red lines, site plans and building models."""
