"""Filters of listings: each reads its text from the address and gives the clause it narrows by, or refuses it (H26)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from inspect import isfunction
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.codes import Code
from models.columns import UtcMoment
from models.letters import are_letters, spellings
from models.name_search import beside, holds_text
from models.normal import BadText, parse_day
from models.places_data import districts_by_code, streets
from models.sealed import indexes_of
from services.engine.refusals import Rejected
from services.engine.search_terms import WRONG, chosen, day_begins, day_is_over, known_day, search_word
from services.engine.work import Work

Where = Callable[[Work, str], Any]
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_LONGEST = 100
#: Texts that may be the name of a company or a project, or its pinyin initials.
NAMES = r"(?=.*[\u4e00-\u9fff]).{2,60}|[A-Za-z]{3,30}"


class Control(Enum):
    """Control that draws a filter without options."""

    TEXT = "text"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, eq=False)
class Filter:
    """A filter of a listing. `where(work, text)` gives its clause, or None when it narrows nothing.

    A `personal` filter makes the question one about a person; it, and a `secret` one, enters no address and no saved filter.
    A `hidden` one is set by the page that opens the list; one with `more` is drawn when the user asks for more filters. With `always` it narrows when empty too.
    """

    key: str
    label: str
    where: Where
    control: Control = Control.TEXT
    options: Mapping[str, str] | None = None
    #: The options of a user, where they depend on the roles.
    options_for: Callable[[frozenset[Role]], Mapping[str, str]] | None = None
    personal: bool = False
    secret: bool = False
    hidden: bool = False
    more: bool = False
    always: bool = False
    width: int = 0
    #: What an empty choice is called.
    all: str = "全部"
    #: The column a choice narrows, by which rows can be counted.
    column: Any = None
    #: The clause of each choice of a named group, by which rows can be counted.
    groups: Callable[[Work], Mapping[str, Any]] | None = None
    #: The texts, as a regular expression, by which one looks for a row of the list from anywhere (Ctrl+K).
    finds: str = ""
    #: The sort of the list while a value is chosen, where it is not the list's own.
    sorts: Mapping[str, str] = field(default_factory=dict)

    @property
    def addressed(self) -> bool:
        """Tell whether an address and a saved filter may hold its text."""
        return not (self.personal or self.secret)


def numbers(*prefixes: str) -> str:
    """Return which texts are business numbers with one of these prefixes."""
    return rf"(?i:{'|'.join(prefixes)})[\w-]{{6,}}"


def exact(key: str, label: str, *columns: Any, upper: bool = False, **look: Any) -> Filter:
    """Rows with exactly the text in one of the columns; with `upper` also in capitals."""

    def where(work: Work, text: str) -> Any:
        word = search_word(text, _LONGEST)
        words = {word, word.upper()} if upper else {word}
        # IN is made anew for each question, while a statement with one value is kept.
        return sa.or_(*(col(column) == word if len(words) == 1 else col(column).in_(words) for column in columns))

    return Filter(key, label, where, **look)


def about(key: str, label: str, column: Any) -> Filter:
    """Rows about one record, set by the page that opens the list."""

    def where(work: Work, text: str) -> Any:
        try:
            return col(column) == UUID(text)
        except ValueError:
            raise Rejected(WRONG) from None

    return Filter(key, label, where, hidden=True)


def part(key: str, label: str, *columns: Any, **look: Any) -> Filter:
    """Rows with the text as a part of one of the columns, in variant characters too; names also by their initials."""

    def where(work: Work, text: str) -> Any:
        return holds_text(search_word(text, _LONGEST), *columns)

    return Filter(key, label, where, **look)


def sealed(key: str, label: str, column: Any, domain: str, **look: Any) -> Filter:
    """Rows whose sealed column is exactly the text, by the column's keyed hash; a search for a person.

    A name is found by variant characters too, and by its initials where its table keeps them.
    """

    def where(work: Work, text: str) -> Any:
        word = search_word(text, _LONGEST)
        words = spellings(word) if domain == "name" else (word,)
        found: Any = col(column).in_([index for one in words for index in indexes_of(work.sealer, domain, one)])
        letters = beside(column, f"{column.key.removesuffix('_index')}_letters_index")
        if letters is not None and are_letters(word):
            found = found | col(letters).in_(indexes_of(work.sealer, "letters", word))
        return found

    return Filter(key, label, where, personal=True, **look)


def choice(key: str, label: str, column: Any, codes: type[Code], **look: Any) -> Filter:
    """Rows with the chosen code."""

    def where(work: Work, text: str) -> Any:
        return col(column) == chosen(codes, text)

    return Filter(key, label, where, options=codes.labels(), column=column, **look)


def named(key: str, label: str, choices: Mapping[str, tuple[str, Any]], **look: Any) -> Filter:
    """Rows of a named group: value to label and clause, or to a function of the work where it depends on the caller.

    The group of the empty value is shown while none is chosen.
    """

    def clause(work: Work, value: str) -> Any:
        made = choices[value][1]
        return made(work) if isfunction(made) else made

    def where(work: Work, text: str) -> Any:
        if text and text not in choices:
            raise Rejected(WRONG)
        return clause(work, text)

    options = {value: words for value, (words, _) in choices.items() if value}
    if "" in choices:
        look = {"all": choices[""][0], "always": True, **look}

    def groups(work: Work) -> dict[str, Any]:
        return {value: clause(work, value) for value in choices}

    return Filter(key, label, where, options=options, groups=groups, **look)


def flag(key: str, label: str, clause: Any, **look: Any) -> Filter:
    """Rows for which the clause holds, when `1` is chosen."""
    return named(key, label, {"1": ("是", clause)}, **look)


def either(key: str, label: str, *filters: Filter, **look: Any) -> Filter:
    """Rows that one of several filters finds: one field for a number, a name and a firm."""

    def where(work: Work, text: str) -> Any:
        return sa.or_(*(one.where(work, text) for one in filters))

    return Filter(key, label, where, **look)


def through(column: Any, target: Any, found: Filter) -> Filter:
    """Rows whose column names, by `target` (a column or a select of it), a row of another table that the filter finds."""
    named_rows = target if isinstance(target, sa.Select) else select(target)
    return replace(found, where=lambda work, text: col(column).in_(named_rows.where(found.where(work, text))))


def days(column: Any, label: str, *, since: str = "since", until: str = "until", **look: Any) -> tuple[Filter, Filter]:
    """Rows from a day to a day, both included; of a moment, the days in Shanghai."""
    moment = isinstance(column.type, UtcMoment)

    def from_day(work: Work, text: str) -> Any:
        day = read_day(text)
        return col(column) >= (day_begins(day) if moment else day)

    def to_day(work: Work, text: str) -> Any:
        day = read_day(text)
        return col(column) < day_is_over(day) if moment else col(column) <= day

    return (
        Filter(since, f"{label}自", from_day, Control.DAY, **look),
        Filter(until, "至", to_day, Control.DAY, **look),
    )


def months(column: Any, label: str, *, since: str = "since", until: str = "until") -> tuple[Filter, Filter]:
    """Rows from a month to a month (`2027-03`), both included."""
    return (
        Filter(since, f"{label}自", lambda work, text: col(column) >= read_month(text), Control.MONTH),
        Filter(until, "至", lambda work, text: col(column) <= read_month(text), Control.MONTH),
    )


def placed(table: Any) -> tuple[Filter, Filter]:
    """Rows of a district and of a street, drawn when they narrow or more filters are asked for."""
    names = {street.code: street.name for street in streets()}
    return (
        exact("district", "区", table.district_code, options=districts_by_code(), width=140, more=True),
        exact("street", "街镇", table.street_code, options=names, width=170, more=True),
    )


def read_day(text: str) -> date:
    """A day as typed into a filter."""
    try:
        return known_day(parse_day(text))
    except BadText as problem:
        raise Rejected("查询条件中的日期有误") from problem


def read_month(text: str) -> str:
    """A month as chosen in a filter."""
    if not _MONTH.fullmatch(text):
        raise Rejected("月份请按年月填写，例如2027-03")
    return text
