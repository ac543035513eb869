"""Rooms of centralized projects: their intake, changes and openings (rows 33-36)."""
