"""Finds stored polygons near others by the boxes around them; the exact test is shapely's (SPA-09)."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.geometry import Boxed


def widest(table: type[Boxed]) -> SelectOfScalar[int]:
    """Select the width of the widest box of a table, in millimetres."""
    return select(sa.func.coalesce(sa.func.max(col(table.width)), 0))


def near(table: type[Boxed], box: Boxed, widest_box: int) -> list[sa.ColumnElement[Any]]:
    """The conditions under which a row's box meets another box.

    `widest_box` bounds the index range on the west side: no row begins further west than that and still reaches the box.
    """
    return [
        col(table.e_min).between(box.e_min - widest_box, box.e_max),
        col(table.e_max) >= box.e_min,
        col(table.n_min) <= box.n_max,
        col(table.n_max) >= box.n_min,
    ]
