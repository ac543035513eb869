"""Sales: presale permits, opening units and sale events, and the watch over them (rows 75, 76, 82)."""
