"""Signed leases the broker association's members push in batches, and what is reported of them (row 13)."""
