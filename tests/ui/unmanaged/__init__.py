"""Tests of the pages of unmanaged places."""
