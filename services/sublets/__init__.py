"""Personal sublets: registered units, the count of a person, alerts above the threshold (row 49)."""
