"""Pages of forced review and of community service centres (rows 11, 12)."""
