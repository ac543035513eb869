"""Figures of a report: counts of a listing's rows by a column, each of exactly the rows its list shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import case, func, true
from sqlmodel import and_, col, select

from services.engine.list_declaration import Filters, Line
from services.engine.list_pages import clauses_of, narrowed
from services.engine.listings import Listing
from services.engine.work import Work

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Figure:
    """A figure of a line: its attribute, the words of its button, and the list of its rows with the filters."""

    name: str
    label: str
    module: str
    narrow: Mapping[str, str] = field(default_factory=dict)


def counted(
    work: Work, listing: Listing, filters: Filters, column: Any, figures: Sequence[Figure], **sums: Any
) -> dict[Any, dict[str, Any]]:
    """Count the visible rows of some filters by a column: the figures of this listing, and further sums."""
    assert listing.table is not None
    row_id: Any = listing.table.id  # type: ignore[attr-defined]
    of_list = {
        one.name: and_(true(), *clauses_of(work, listing, one.narrow)) for one in figures if one.module == listing.name
    }
    counts = (func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in of_list.values())
    visible = narrowed(work, listing, filters).with_only_columns(row_id)
    asked: Any = select(column, *counts, *sums.values())
    rows = work.session.exec(asked.where(col(row_id).in_(visible)).group_by(column).order_by(column)).all()
    return {row[0]: dict(zip((*of_list, *sums), row[1:], strict=True)) for row in rows}


def added(lines: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The sum of several lines; a sum of nothing adds nothing."""
    total: dict[str, Any] = {}
    for line in lines:
        for name, value in line.items():
            total[name] = total.get(name, 0) + (value or 0)
    return total


def share(part: int, whole: int) -> Decimal | None:
    """A share in hundredths; none of nothing."""
    return average(Decimal(part) * 100, whole)


def average(total: Any, count: int) -> Decimal | None:
    """The mean to the cent; none of nothing."""
    return (Decimal(total) / count).quantize(_CENT, ROUND_HALF_UP) if count and total is not None else None


@dataclass(frozen=True)
class FigureLines:
    """A report: its lines and their sum, counted from the same rows; empty when there is nothing to count."""

    lines: tuple[Line, ...] = ()
    total: Line | None = None
    months: tuple[Line, ...] = ()
