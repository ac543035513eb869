"""Rows 38-44 at the desks of firms, districts and windows."""
