"""Tests of the pages of listing verification."""
