"""Keys of the security administrator: inventory, rotation with renewed encryption, and end of life."""
