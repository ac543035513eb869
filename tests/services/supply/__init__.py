"""Tests of the supply of homes."""
