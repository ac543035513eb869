"""Parcels, their land contracts and whom they belong to (rows 55-57)."""

from services.engine.thresholds import declare_beside

declare_beside(__file__)
