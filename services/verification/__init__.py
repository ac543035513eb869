"""房源核验: requests for codes, their checks, life and public display (rows 25-32)."""
