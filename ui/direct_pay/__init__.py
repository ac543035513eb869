"""Pages of direct rent from the provident fund for staff (row 23)."""
