"""Certificates of the planning stage."""
