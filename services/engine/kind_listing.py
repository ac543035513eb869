"""The listing of a kind, made from its declaration: records that were never in force first, then those that are (rows 51-62)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select

from models.access import KEEPERS, Role
from models.codes import Toned
from models.name_search import holds_text
from models.planner_clauses import unwalked
from models.records import InForceState, Revision, RevisionState
from services.engine.field_types.field import Field
from services.engine.field_types.filters import Test
from services.engine.field_types.refs import Ref
from services.engine.field_types.texts import as_kept
from services.engine.kept_visibility import versions_of
from services.engine.kind_cells import shown_cells
from services.engine.kind_past import on_day
from services.engine.kinds import Kind
from services.engine.list_filters import NAMES, Control, Filter, numbers
from services.engine.list_pages import narrowed
from services.engine.listings import LISTINGS, Column, Fetched, Filters, Listing, named
from services.engine.look_ups import rows_by
from services.engine.new_records import NEW, REFUSED, SeenDraft, Wanted, is_open, new_records
from services.engine.paging import DEEPEST, Paging
from services.engine.references import refers_to
from services.engine.search_terms import chosen
from services.engine.shapes import by_name, header_of
from services.engine.work import Work

#: Who reads kept records, each those of his own market within his scope.
READERS = KEEPERS | {Role.SPATIAL_OPERATOR, Role.SPATIAL_REVIEWER, Role.ANALYST}
_NO_EXPORT = frozenset({Role.SPATIAL_OPERATOR, Role.SPATIAL_REVIEWER})
LONGEST_FILE = 300_000
#: Filters every list has beside those its kind declares; pages and programs set them, only the district is drawn.
HEADER_FILTERS = (
    "record_no",
    "effective_from",
    "district_code",
    "head_company_id",
    "project_company_id",
    "project_id",
)
#: Columns of every list, and those of the scope a user may add, which no workbook reads back.
_FIXED = ("record_no", "in_force", "effective_from")
_SCOPE = ("head_company_id", "project_company_id", "project_id")
_ON_THE_WAY = (RevisionState.DRAFT, RevisionState.SUBMITTED, RevisionState.RETURNED)
_FIRST = {RevisionState.DRAFT: "草稿", RevisionState.SUBMITTED: "审核中", RevisionState.RETURNED: "退回修改"}
_UPDATE = {
    RevisionState.DRAFT: "更新草稿",
    RevisionState.SUBMITTED: "更新审核中",
    RevisionState.RETURNED: "更新被退回",
}
#: So many filters are drawn at once; the others come when they are asked for.
_AT_ONCE = 5
_CHOICE_WIDTH = 190
#: So many are counted, or one more than the page in view ends with: a longer list is said to have more.
_COUNTED = 1_000

Tests = Mapping[str, Callable[[str], Test]]


def list_of(kind: Kind) -> Listing:
    """The listing of a registered kind."""
    return LISTINGS[f"records.{kind.name}"]


def listing_of(kind: Kind) -> Listing:
    """Make the listing of a kind. Its file has what is in force, in the words its workbooks read back."""
    tests = _tests(kind)
    return Listing(
        name=f"records.{kind.name}",
        label=kind.label,
        roles=kind.makers.offices.readers,
        table=kind.table,
        columns=tuple(_columns(kind)),
        filters=tuple(_filters(kind)),
        sort=usual_sort(kind),
        fetch=partial(_found, kind, tests),
        look_up=partial(_cells, kind),
        in_file=partial(_file_cells, kind),
        also=("in_force", "version_no"),
        exporters=kind.makers.offices.readers - (_NO_EXPORT - kind.makers.draft),
        personal=any(one.personal for one in kind.fields),
        persons=partial(_persons, kind),
        along=col(kind.table.record_no),
        longest=LONGEST_FILE,
        wide=True,
        on_day=partial(on_day, kind, partial(_asked, tests)),
        empty=f"没有符合条件的{kind.label}",
    )


def usual_sort(kind: Kind) -> str:
    """The usual order of a kind's list: the latest month first, of other kinds what took effect last."""
    return f"-{kind.period.month}" if kind.period is not None else "-effective_from"


# ------------------------------------------------------------------ fields


def field_of(kind: Kind, name: str) -> Field | None:
    """A column of a kind's list, its own or of the header."""
    return by_name(kind.table).get(name) or header_of(kind.table).get(name)


def grid_fields(kind: Kind) -> tuple[Field, ...]:
    """The columns a kind's list shows."""
    return tuple(found for name in kind.look.grid if (found := field_of(kind, name)) is not None)


def filter_fields(kind: Kind) -> tuple[Field, ...]:
    """Return what a kind's list can be narrowed by, in the order it declares, and by its header."""
    own = tuple(found for name in kind.look.filters if (found := field_of(kind, name)) is not None)
    header = header_of(kind.table)
    return own + tuple(header[name] for name in HEADER_FILTERS if name in header and header[name] not in own)


def _tests(kind: Kind) -> Tests:
    """The tests of all filters by fields, by the keys of the filters."""
    return {key: ask for field in filter_fields(kind) for key, ask in _tests_of(field).items()}


def sortable(kind: Kind) -> frozenset[str]:
    """The columns a kind's list can be sorted by: those of its grid and header that are not sealed."""
    shown = {field.name: field for field in grid_fields(kind)} | dict(header_of(kind.table))
    return frozenset(
        name
        for name, field in shown.items()
        if field.sorts and not field.personal and (not isinstance(field, Ref) or refers_to(field) is not None)
    )


def _columns(kind: Kind) -> Iterator[Column]:
    """Number, state and what is on its way, the kind's own columns; every other field may be added by a user."""
    can = sortable(kind)
    shown = {field.name: field for field in grid_fields(kind) if field.name not in _FIXED}
    rest = {name: field for name, field in (by_name(kind.table) | header_of(kind.table)).items() if name not in _FIXED}
    yield Column("record_no", "业务编号", sortable=True, width=150)
    yield Column("state", "状态", width=78)
    yield Column("badge", "在途", width=112, exported=False)
    for field in (*shown.values(), *(field for name, field in rest.items() if name not in shown)):
        yield Column(
            field.name,
            field.head,
            width=field.grid_width,
            sortable=field.name in can,
            number=field.number,
            shown=field.name in shown,
            exported=field.name not in _SCOPE,
        )
    yield Column("effective_from", "生效时间", sortable=True, width=126)


# ------------------------------------------------------------------ filters


def _filters(kind: Kind) -> Iterator[Filter]:
    """Text, state and what is on its way; the kind's own and the district; hidden ones of the header."""
    # Kinds of the menu are looked for by their names too, all by their numbers.
    finds = numbers(kind.prefix) + (f"|{NAMES}" if kind.look.menu else "")
    yield Filter("text", "查找", partial(_with_text, kind), width=200, finds=finds)
    yield named(
        "in_force",
        "状态",
        {
            InForceState.EFFECTIVE.value: ("生效", kind.table.in_force == InForceState.EFFECTIVE),
            NEW: ("尚未生效", sa.false()),
            REFUSED: ("不予通过", sa.false()),
            InForceState.VOIDED.value: ("作废", kind.table.in_force == InForceState.VOIDED),
        },
        width=140,
    )
    yield Filter(
        "open_state",
        "在途",
        partial(_with_version_on_its_way, kind),
        options={state.value: state.label for state in _ON_THE_WAY},
        width=140,
    )
    own = set(kind.look.filters) | (set() if any("district" in one for one in kind.look.filters) else {"district_code"})
    drawn = 3
    for field in filter_fields(kind):
        hidden = field.name not in own or not field.asked
        for key, ask in _tests_of(field).items():
            yield _filter_of(kind, field, key, ask, hidden=hidden, more=drawn >= _AT_ONCE)
            drawn += not hidden


def _filter_of(kind: Kind, field: Field, key: str, ask: Callable[[str], Test], *, hidden: bool, more: bool) -> Filter:
    def where(work: Work, text: str) -> Any:
        return ask(text).clause(getattr(kind.table, field.name))

    label = "至" if key.endswith("-to") else f"{field.head}自" if field.ranged else field.label
    control = Control.DAY if field.asked == "days" else Control.TEXT
    options = field.options() or None
    width = field.filter_width or (_CHOICE_WIDTH if options else 0)
    return Filter(key, label, where, control, options, hidden=hidden, more=more, width=width)


def _tests_of(field: Field) -> Tests:
    """The reading of the text of each filter by a field: a bound, several values with `|` between, or a part of a text."""
    if field.personal:
        return {}
    if field.ranged:
        return {
            f"{field.name}-from": lambda text: field.test((text, "")),
            f"{field.name}-to": lambda text: field.test(("", text)),
        }
    return {field.name: (lambda text: field.test(text.split("|"))) if field.several else field.test}


def _asked(tests: Tests, filters: Filters) -> list[Test]:
    """The filters by fields, as they are asked of a single value."""
    return [tests[key](text.strip()) for key, text in filters.items() if key in tests and text.strip()]


def _with_text(kind: Kind, work: Work, text: str) -> Any:
    word, table = as_kept(text), kind.table
    number = word.upper()
    if re.fullmatch(rf"{kind.prefix}\d{{10,}}", number):
        # A whole number is looked up by its index; names would be gone through one by one.
        return col(table.record_no) == number
    named_so: list[Any] = [col(table.record_no) == number] if word.isascii() else []
    title = by_name(table)[kind.look.title]
    if not title.personal:
        named_so.append(holds_text(word, getattr(table, title.name)))
    return or_(sa.false(), *named_so)


def _with_version_on_its_way(kind: Kind, work: Work, text: str) -> Any:
    state = chosen(RevisionState, text)
    theirs = versions_of(work, kind).with_only_columns(col(Revision.record_id))
    return col(kind.table.id).in_(theirs.where(Revision.state == state, is_open()))


# ------------------------------------------------------------------ rows


def _found(kind: Kind, tests: Tests, work: Work, filters: Filters, paging: Paging) -> Fetched:
    """A page: what was never in force yet first, then what is, in the order asked for."""
    offset, size = paging.bounds()
    text = as_kept(filters.get("text", ""))
    wanted = Wanted(_asked(tests, filters), text, filters.get("in_force", ""), filters.get("open_state", ""))
    new_total, new = new_records(work, kind, wanted, offset, size)
    start, end = max(0, offset - new_total), offset - new_total + size
    # Only ids are sorted, in a single walk along the index of the grid.
    enough = min(max(_COUNTED, end + 1), DEEPEST)
    sought = bool(text) or any(test.seeks for test in wanted.tests)
    others = {key: text for key, text in filters.items() if key not in tests}
    by = _order(kind, paging.sort, sought=sought)
    ids = _ids_in_force(work, kind, wanted.tests, others, by, enough + 1)
    rows = rows_by(work, kind.table, ids[start : max(start, end)])
    total = min(new_total + min(len(ids), enough), DEEPEST)
    in_force = [rows[row_id] for row_id in ids[start : max(start, end)] if row_id in rows]
    return Fetched(total, [*new, *in_force], more=len(ids) > enough or total >= DEEPEST)


def _ids_in_force(work: Work, kind: Kind, tests: Iterable[Test], others: Filters, by: Any, most: int) -> Sequence[UUID]:
    if others.get("in_force") in (NEW, REFUSED):
        return ()
    ids: Any = col(kind.table.id)
    fit = (test.clause(getattr(kind.table, test.field.name)) for test in tests)
    rows = narrowed(work, list_of(kind), others).where(*fit).with_only_columns(ids).order_by(by, ids).limit(most)
    found: Sequence[UUID] = work.session.connection().execute(rows).scalars().all()
    return found


def _order(kind: Kind, sort: str, *, sought: bool) -> Any:
    """The ORDER BY of a column, by the name of what a reference points at; what is not filled comes last."""
    wanted = sort or usual_sort(kind)
    name = wanted.removeprefix("-")
    column: Any = col(getattr(kind.table, name))
    field = field_of(kind, name)
    if field is not None and (target := refers_to(field)) is not None:
        # By another name: a record may point at one of its own kind.
        pointed_at = aliased(target.table)
        title = getattr(pointed_at, target.look.title)
        column = select(title).where(col(pointed_at.id) == column).scalar_subquery()
    else:
        if sought:
            column = unwalked(column)
        if not sa.inspect(kind.table).columns[name].nullable:
            return column.desc() if wanted.startswith("-") else column.asc()
    # Databases differ in where they put what is not filled.
    return (column.desc() if wanted.startswith("-") else column.asc()).nulls_last()


def _cells(kind: Kind, work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    """The cells of a page, with what is on its way of each record; personal values masked."""
    ways = {row.id: (row.id, row.version_no, row.state) for row in rows if isinstance(row, SeenDraft)}
    ways.update(_on_their_way(kind, work, [row.id for row in rows if row.id not in ways]))
    cells = shown_cells(kind, work, rows)

    def state(row: Any) -> str:
        if not isinstance(row, SeenDraft):
            return InForceState.of(row.in_force)
        return Toned("不予通过", "bad") if row.state is RevisionState.REJECTED else Toned("尚未生效")

    def badge(row: Any) -> str:
        _, number, at = ways.get(row.id, (None, 0, RevisionState.REJECTED))
        words = (_FIRST if isinstance(row, SeenDraft) else _UPDATE).get(at)
        return Toned(f"{words} 第{number}版", at.tone) if words else ""

    return {
        **cells,
        "id": lambda row: row.record_id if isinstance(row, SeenDraft) else row.id,
        "title": lambda row: row.title if isinstance(row, SeenDraft) else cells[kind.look.title](row) or "",
        "state": state,
        "badge": badge,
        "way": lambda row: ways.get(row.id),
    }


def _file_cells(kind: Kind, work: Work, rows: Sequence[Any], full: bool) -> Mapping[str, Callable[[Any], Any]]:
    """The cells of a file: names with business numbers, so that workbooks read them back."""
    return {
        **shown_cells(kind, work, rows, full=full, numbered=True),
        "state": lambda row: row.in_force,
        "badge": lambda row: "",
    }


def _on_their_way(kind: Kind, work: Work, record_ids: Sequence[UUID]) -> Mapping[UUID, tuple[UUID, int, RevisionState]]:
    """Return what is on its way of these records, where the caller sees it; a draft is seen by its office only."""
    columns: Any = (Revision.record_id, Revision.id, Revision.version_no, Revision.state)
    theirs = col(Revision.open_key).in_([str(record_id) for record_id in record_ids])
    found = work.session.connection().execute(versions_of(work, kind).with_only_columns(*columns).where(theirs))
    return {row[0]: (row[1], row[2], row[3]) for row in found}


def _persons(kind: Kind, work: Work, rows: Sequence[Any]) -> frozenset[str]:
    columns = sa.inspect(kind.table).columns
    numbers = [f"{column.name}_index" for column in columns if column.info.get("domain") == "id_no"]
    return frozenset(index for row in rows for name in numbers if (index := getattr(row, name)))
