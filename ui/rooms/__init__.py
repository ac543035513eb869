"""Centralized housing: projects, applications and the library of rooms, for operators and bureaus (rows 33-36)."""
