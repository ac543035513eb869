"""Pages of direct rent from the provident fund for staff and firms (rows 17-23)."""
