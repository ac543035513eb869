"""Pages of the keys in use and their rotation."""
