"""Tests of unmanaged projects (row 37)."""
