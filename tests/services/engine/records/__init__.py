"""Kept records: the engine's part."""
