"""Certificates of the planning stage (rows 63-66)."""

from services.engine.thresholds import declare_beside

declare_beside(__file__)
