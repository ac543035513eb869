"""Keys as the security administrator keeps them: inventory, rotation with everything sealed anew, and their end."""
