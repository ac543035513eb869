"""The schema of the first release, a module for each of `models` that had tables."""
