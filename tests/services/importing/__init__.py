"""Tests of reading tables whatever their layout."""
