"""Parts of this area's listings: numbers, firms, and who has claimed a row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from models.enterprise import Enterprise
from services.engine.listings import Filter, either, exact, part, through
from services.engine.look_ups import values_by
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.practitioners.records import card_number, may_take_over, opinions_of, told_name

Cell = Callable[[Any], Any]


def numbered(key: str, label: str, column: Any, **look: Any) -> Filter:
    """Rows with a number of a card or an application, typed in any width and case."""
    return Filter(key, label, lambda work, text: col(column) == card_number(search_word(text)), **look)


def of_firm(table: Any) -> Filter:
    """Rows of firms by a part of the name, or the credit code."""
    word = (part("", "", Enterprise.name), exact("", "", Enterprise.uscc, upper=True))
    return through(table.enterprise_id, Enterprise.id, either("firm", "企业", *word, width=220))


def firm_names(work: Work, rows: Sequence[Any]) -> Cell:
    """The name of each row's firm, empty for a row without one."""
    names = values_by(work, Enterprise.id, Enterprise.name, (row.enterprise_id for row in rows))
    return lambda row: names.get(row.enterprise_id, "")


def rows_by_id(work: Work, table: Any, ids: Iterable[Any]) -> Mapping[Any, Any]:
    """Rows of a table by their ids, out of the scope of the caller too; `None` among the ids is left out."""
    wanted = {one for one in ids if one is not None}
    statement = select(table).where(col(table.id).in_(wanted))
    return {row.id: row for row in work.session.exec(statement).all()} if wanted else {}


def claim_cells(work: Work, rows: Sequence[Any]) -> dict[str, Cell]:
    """The cells of rows that reviewers claim: who has it, whether the caller does, whether it is the caller's own."""
    me = work.caller.account_id
    names = {by: told_name(work, by) for by in {row.taken_by for row in rows if row.taken_by}}
    return {
        "taken_by": lambda row: names.get(row.taken_by, ""),
        "mine": lambda row: row.taken_by is not None and row.taken_by == me,
        "own": lambda row: row.submitted_by is not None and row.submitted_by == me,
        "overdue": lambda row: row.taken_by not in (None, me) and may_take_over(work, row.taken_at),
    }


def last_words(row: Any) -> str:
    """The words of the newest decision on a row."""
    said = opinions_of(row)
    return said[-1].words if said else ""
