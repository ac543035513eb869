"""The lists of kinds as files, by the house's export rules; what was exported can be brought in again (H23, rows 51-62)."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select

from models.access import MARKET, Role
from models.places_data import district
from services.engine.cycle_orders import Records
from services.engine.kinds import KINDS, Kind
from services.engine.proposals import values_of
from services.engine.record_filters import field_of, filter_fields, narrowed
from services.engine.record_lists import records_in_force
from services.engine.references import names_of
from services.engine.sheets import Cell
from services.engine.work import Work
from services.privacy.listings import Criteria, Listed, Listing, listings_under
from services.records.sheet_columns import KEY
from services.records.sheet_files import record_columns
from services.records.sheet_kinds import FAMILY

_PART = 500
LONGEST = 300_000
#: Heads that are written and not read back.
_TOLD = ("版次", "记录状态", "所属区", "生效时间")
_BETWEEN = ".."


def listing_of_kind(name: str) -> Listing | None:
    """The list of a kind that is registered."""
    kind = KINDS.get(name)
    if kind is None:
        return None
    columns = record_columns(kind)
    return Listing(
        name=f"{FAMILY}.{kind.name}",
        label=kind.label,
        roles=frozenset({*MARKET, Role.ANALYST}),
        columns=(KEY, *(one.head for one in columns), *_TOLD),
        count=lambda work, criteria: _count(work, kind, criteria),
        filters=frozenset({"text", "in_force", "open_state", *(one.name for one in filter_fields(kind))}),
        personal=any(one.field.personal for one in columns),
        parts=lambda work, criteria, full: _parts(work, kind, criteria, full),
        longest=LONGEST,
    )


listings_under(FAMILY, listing_of_kind)


def criteria_of(order: Records) -> dict[str, str]:
    """Return what a grid asks for as an export keeps it: a range as `from..to`, several values with `|` between."""
    criteria = {"text": order.text} if order.text.strip() else {}
    for name, wanted in order.filters.items():
        if isinstance(wanted, tuple) and len(wanted) == 2:
            text = _BETWEEN.join("" if one is None else str(one) for one in wanted)
            if text != _BETWEEN:
                criteria[name] = text
        elif isinstance(wanted, list | set | frozenset | tuple):
            criteria[name] = "|".join(str(one) for one in wanted)
        elif wanted not in (None, ""):
            criteria[name] = str(wanted)
    return {name: text for name, text in criteria.items() if text}


def filters_of(kind: Kind, criteria: Criteria) -> dict[str, Any]:
    """The filters a grid would have: ranges and several values only where a column has such."""
    filters: dict[str, Any] = {}
    for name, text in criteria.items():
        if name == "text" or not text:
            continue
        one = field_of(kind, name)
        if one is not None and one.ranged:
            low, between, high = text.partition(_BETWEEN)
            filters[name] = (low, high) if between else text
        elif one is not None and one.several:
            filters[name] = text.split("|")
        else:
            filters[name] = text
    return filters


def _rows(work: Work, kind: Kind, criteria: Criteria) -> Any:
    return records_in_force(work, kind, narrowed(kind, criteria.get("text", ""), filters_of(kind, criteria)))


def _count(work: Work, kind: Kind, criteria: Criteria) -> int:
    rows = _rows(work, kind, criteria).with_only_columns(col(kind.table.id)).subquery()
    total: int = work.session.exec(select(func.count()).select_from(rows)).one()
    return total


def _parts(work: Work, kind: Kind, criteria: Criteria, full: bool) -> Iterator[Listed]:
    """Part by part after the last business number, so that no list is too long for memory."""
    fields = [one.field for one in record_columns(kind)]
    columns = sa.inspect(kind.table).columns
    numbers = [f"{column.name}_index" for column in columns if column.info.get("domain") == "id_no"]
    rows = _rows(work, kind, criteria).order_by(col(kind.table.record_no))
    after = ""
    while part := work.session.exec(rows.where(col(kind.table.record_no) > after).limit(_PART)).all():
        values = [values_of(row) for row in part]
        names = names_of(work, ((one, line.get(one.name)) for line in values for one in fields), numbered=True)
        yield Listed(
            tuple(
                (
                    row.record_no,
                    *(one.shown(line.get(one.name), names, full=full) for one in fields),
                    *_told(row),
                )
                for row, line in zip(part, values, strict=True)
            ),
            frozenset(index for row in part for name in numbers if (index := getattr(row, name))),
        )
        after = part[-1].record_no
        work.session.expunge_all()


def _told(row: Any) -> tuple[Cell, ...]:
    place = district(row.district_code)
    return (row.version_no, row.in_force.label, place.name if place else row.district_code, row.effective_from)
