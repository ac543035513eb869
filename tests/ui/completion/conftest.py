"""The market in the world of all pages, and land to keep records of."""

from tests.ui.construction.conftest import companies, land

__all__ = ["companies", "land"]
