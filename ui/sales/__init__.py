"""Pages of sales plans: buildings ticked, roles and prices in the building table, and what the sale system says (row 76)."""
