"""Tests of the pages of supply."""
