"""The desk of a project."""
