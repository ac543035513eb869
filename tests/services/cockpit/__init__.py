"""A project at a glance."""
