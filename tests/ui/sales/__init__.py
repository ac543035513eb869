"""Pages of sales plans (row 76)."""
