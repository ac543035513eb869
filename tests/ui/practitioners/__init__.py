"""Tests of the pages of practitioners: firms, districts, windows."""
