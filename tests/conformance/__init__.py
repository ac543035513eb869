"""Every kind of kept record shows the same behaviour."""
