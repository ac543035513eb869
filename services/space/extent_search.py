"""Finds stored polygons near others by the boxes around them; the exact test is shapely's (SPA-09)."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.geometry import Boxed


def near(table: type[Boxed], box: Boxed) -> list[sa.ColumnElement[Any]]:
    """The conditions under which a row's box meets another box.

    The widest box of the table bounds the index range on the west side: no row begins further west than that and still
    reaches the box.
    """
    widest = sa.select(sa.func.coalesce(sa.func.max(col(table.width)), 0)).scalar_subquery()
    return [
        col(table.e_min) >= box.e_min - widest,
        col(table.e_min) <= box.e_max,
        col(table.e_max) >= box.e_min,
        col(table.n_min) <= box.n_max,
        col(table.n_max) >= box.n_min,
    ]
