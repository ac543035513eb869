"""Visibility of ties: with the scope keys of their unit work (row 69)."""

from typing import Any

from models.construction import UnitPlannedLink
from services.engine.kept_visibility import by_scope
from services.engine.work import Work, visible_rows


@visible_rows(UnitPlannedLink)
def ties(work: Work, table: Any) -> Any:
    """Show a tie to those who see the records of its project."""
    return by_scope(work, table)
