"""Homes: what each role sees first, declared as tiles over the listings of all areas (issue 19)."""
