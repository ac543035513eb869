"""入住即备案 as districts and the city watch it: projects, stays, move-outs, differences (row 14)."""
