"""Pages of kept records, drawn from their declarations."""
