"""Tests of the demo's loaders and clock."""
