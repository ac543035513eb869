"""预警 as people look at them and answer them (row 54)."""
