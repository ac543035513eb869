"""A market with land for red lines, on a Monday in spring."""

from tests.services.construction.conftest import land, standing

__all__ = ["land", "standing"]
