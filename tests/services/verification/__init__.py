"""Tests of listing verification (rows 26, 27, 31, 32)."""
