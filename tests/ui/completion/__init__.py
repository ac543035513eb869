"""Tests of the pages of completion."""
