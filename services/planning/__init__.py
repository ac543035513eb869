"""Certificates of the planning stage (rows 63-66)."""
