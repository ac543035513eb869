"""Bulk checks of houses and contracts kept before this system (decisions 1-3)."""
