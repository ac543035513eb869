"""Planted faults: what the suite must find, one at a time."""
