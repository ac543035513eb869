"""Issued papers: frozen when issued, rendered once, read and printed unchanged for ever (rows 7-10)."""
