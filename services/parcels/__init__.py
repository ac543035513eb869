"""Parcels, their land contracts and whom they belong to (rows 55-57)."""
