"""Pushes of the broker association's members: reports, batches and the lines behind every figure (row 13)."""
