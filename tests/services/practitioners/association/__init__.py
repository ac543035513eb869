"""Tests of the association's integrity platform (rows 45-47)."""
