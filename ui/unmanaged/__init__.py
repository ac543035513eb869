"""Pages of unmanaged places beside their records: statistics, and the way into the managed library (row 37)."""
