"""Pages of lease filing: the counter and the staff who watch it (rows 5-10)."""
