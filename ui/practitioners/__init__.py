"""Practitioners, their cards and firms' brands: pages of firms, districts and windows (rows 38-44)."""
