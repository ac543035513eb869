"""Pages of the electronic project handbook (rows 77-79)."""
