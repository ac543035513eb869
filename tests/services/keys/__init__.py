"""Tests of keys: inventory, rotation, their end."""
