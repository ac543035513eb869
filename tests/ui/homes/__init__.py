"""Tests of the pages of homes."""
