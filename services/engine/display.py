"""Display of field values: codes by label, references by name, personal values masked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.masking import mask
from models.normal import is_invisible
from models.places_data import district
from models.sealed import Sealed
from services.engine.kinds import KINDS, Kind, kind_of_table
from services.engine.shapes import Field, FieldKind
from services.engine.work import Work

#: What a grid or a workbook gets: numbers and days as such, everything else as people read it.
Shown = str | int | Decimal | date | datetime | None
Names = Mapping[UUID, str]

_DECIMALS = frozenset({FieldKind.MONEY, FieldKind.AREA, FieldKind.PERCENT, FieldKind.NUMBER})


def shown(field: Field, value: Any, names: Names, *, full: bool = False) -> Shown:
    """A stored or parsed value as people read it; only with `full` a personal one in clear."""
    if value is None or value == "":
        return None
    if isinstance(value, Sealed):
        return value.plain if full else value.masked()
    if field.personal and isinstance(value, str):
        return value if full else mask(field.mask, value)
    if field.kind is FieldKind.CODE and field.codes is not None:
        return field.codes.labels().get(str(value), str(value))
    if field.kind is FieldKind.FLAG and isinstance(value, bool):
        return "是" if value else "否"
    if field.kind is FieldKind.REF:
        return names.get(value, "") if isinstance(value, UUID) else str(value)
    if field.name == "district_code":
        known = district(str(value))
        return known.name if known else str(value)
    if isinstance(value, str | int | Decimal | date | datetime):
        return value
    return str(value)


def typed_words(field: Field, text: str) -> str:
    """Return typed text so that it differs visibly from its normal form: invisible characters are shown by their code."""
    if field.personal:
        return mask(field.mask, text)
    return "".join(f"〔U+{ord(char):04X}〕" if is_invisible(char) else char for char in text)


def parsed(field: Field, raw: Any) -> Any:
    """A value of a form as its kind has it where it can be read, else as it was typed."""
    if not isinstance(raw, str) or not raw:
        return raw
    try:
        if field.kind is FieldKind.REF:
            return UUID(raw)
        if field.kind is FieldKind.DAY:
            return date.fromisoformat(raw)
        if field.kind is FieldKind.MOMENT:
            return datetime.fromisoformat(raw)
        if field.kind is FieldKind.INTEGER:
            return int(raw)
        if field.kind in _DECIMALS:
            return Decimal(raw)
    except (ValueError, InvalidOperation):
        return raw
    return raw


def refers_to(field: Field) -> Kind | None:
    """The kind a reference points at: by its foreign key, else by its name (`head_company_id` is a `head_company`)."""
    if field.kind is not FieldKind.REF:
        return None
    return kind_of_table(field.refers) if field.refers else KINDS.get(field.name.removesuffix("_id"))


def names_of(work: Work, cells: Iterable[tuple[Field, Any]], *, numbered: bool = False) -> dict[UUID, str]:
    """Return the names of all referenced records with a statement for each kind; `numbered` adds the business number.

    A caller who may see a record may read the names in it, and nothing more of the records they refer to.
    """
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for field, value in cells:
        if isinstance(value, UUID) and (kind := refers_to(field)) is not None:
            wanted[kind.name].add(value)
    names: dict[UUID, str] = {}
    for name, ids in wanted.items():
        table = KINDS[name].table
        title = getattr(table, KINDS[name].look.title)
        named = select(table.id, table.record_no, title).where(col(table.id).in_(ids))
        for row_id, record_no, value in work.session.exec(named).all():
            # Without its row a sealed title cannot be opened; the number says which record it is.
            plain = record_no if isinstance(value, Sealed) else str(value)
            names[row_id] = f"{plain}（{record_no}）" if numbered else plain
    return names
