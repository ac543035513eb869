"""Group, head and project companies of the market (rows 51-54)."""
