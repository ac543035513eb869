"""Tests of what the public check answers."""
