"""Tests of the pages of tables brought in."""
