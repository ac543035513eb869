"""Supply of homes: which stage each saleable square metre is in, what was listed and sold, and the reports R1 to R9."""
