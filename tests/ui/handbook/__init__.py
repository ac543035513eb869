"""Tests of the handbook's pages."""
