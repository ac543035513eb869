"""Tests of forced reviews of filings and of community service centre cases (rows 11, 12)."""
