"""What the broker association's members pushed: reports, batches and the lines behind every figure (row 13)."""
