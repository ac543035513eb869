"""Parcels, their links and payments."""
