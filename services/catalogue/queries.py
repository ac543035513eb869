"""Asking the data catalogue: tables with what they hold, one table's columns (city staff, the three administrators' A5 and A6)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any

from models.access import Role
from services.catalogue.entries import Entry, Personal, catalogue
from services.catalogue.subjects import SUBJECTS
from services.engine.listings import Column, Filter, Listing, listed

READERS = {Role.CITY_CENTER, Role.CITY_BUREAU, Role.SEC_ADMIN, Role.AUDITOR}
PERSONAL = {"YES": "含个人信息", "SENSITIVE": "含敏感个人信息", "NO": "不含个人信息"}
LEVELS = {str(level): f"一般{level}级" for level in range(1, 5)}
AREAS = {subject.area: subject.area for subject in SUBJECTS.values()}


@dataclass(frozen=True)
class CatalogueTable:
    """A table with its columns, which come to the highest level and the most personal of them."""

    entries: tuple[Entry, ...]

    @property
    def id(self) -> str:
        return self.entries[0].table

    @cached_property
    def highest(self) -> Entry:
        return max(self.entries, key=attrgetter("level"))

    @cached_property
    def personal(self) -> Personal:
        return max((entry.personal for entry in self.entries), key=list(Personal).index)

    def has_word(self, word: str) -> bool:
        """Return whether a name or label of the table or of a column contains the word."""
        names = (self.id, self.entries[0].table_label, *(f"{entry.column}\n{entry.label}" for entry in self.entries))
        return any(word in name.casefold() for name in names)


@cache
def tables() -> tuple[CatalogueTable, ...]:
    """Every table; the declarations do not change while a process runs."""
    return tuple(CatalogueTable(tuple(entries)) for _, entries in groupby(catalogue(), key=attrgetter("table")))


def _that(key: str, label: str, value: Callable[[CatalogueTable], str], **look: Any) -> Filter:
    """A filter for the tables whose value is the chosen one."""
    return Filter(key, label, lambda work, text: lambda table: value(table) == text, **look)


def show_personal(value: Personal) -> str:
    """Return the word for personal data; nothing where there are none."""
    return "" if value is Personal.NO else value.label


CATALOGUE = listed(
    Listing(
        name="catalogue",
        label="数据编目",
        roles=READERS,
        items=lambda work: tables(),
        columns=(
            Column("label", "数据表", lambda table: table.entries[0].table_label),
            Column("area", "业务域", lambda table: table.entries[0].area, width=100),
            Column("columns", "数据项", lambda table: len(table.entries), number=True, width=60),
            Column("level_text", "级别", lambda table: table.highest.level_text, width=90),
            Column("personal", "个人信息", width=110, show=show_personal),
            Column("sharing", "共享", lambda table: table.entries[0].sharing, width=90),
        ),
        filters=(
            Filter("word", "名称", lambda work, text: lambda table: table.has_word(text.casefold()), width=170),
            _that("area", "业务域", lambda table: table.entries[0].area, options=AREAS, width=160),
            _that("level", "级别", lambda table: str(table.highest.level), options=LEVELS, width=140),
            _that("personal", "个人信息", lambda table: table.personal.value, options=PERSONAL, width=200),
        ),
        also=("entries",),
        exporters=set(),
        empty="没有符合条件的数据表",
    )
)
