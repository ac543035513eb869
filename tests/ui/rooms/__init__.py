"""Tests of the pages of centralized rooms (rows 33 to 36)."""
