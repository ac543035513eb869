"""Tests of personal sublets (row 49)."""
