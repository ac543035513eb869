"""Partners: other people's systems, their registry, what is passed on to them, and the log of all of it (rows 13-23)."""
