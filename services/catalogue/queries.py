"""Asking the data catalogue: tables with what they hold, one table's columns (city staff, the three administrators' A5 and A6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from models.access import Role
from services.catalogue.entries import catalogue
from services.catalogue.line import Entry, Personal
from services.engine.registry import query
from services.engine.work import Work

READERS = {Role.CITY_CENTER, Role.CITY_BUREAU, Role.SEC_ADMIN, Role.AUDITOR}
PERSONAL = {"YES": "含个人信息", "SENSITIVE": "含敏感个人信息", "NO": "不含个人信息"}


@dataclass(frozen=True)
class SearchCatalogue:
    """Search by a word in names or labels, an area, a level, or personal data."""

    word: str = ""
    area: str = ""
    level: str = ""
    personal: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class CatalogueTable:
    """A table with what its columns come to: the highest level and the most personal of them."""

    id: str
    label: str
    area: str
    columns: int
    level: int
    level_text: str
    personal: Personal
    sealed: int
    owner: str
    sharing: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class CataloguePage:
    total: int
    lines: list[CatalogueTable]


@cache
def tables() -> tuple[CatalogueTable, ...]:
    """Every table; the declarations do not change while a process runs."""
    return tuple(_table(list(entries)) for _, entries in groupby(catalogue(), key=lambda entry: entry.table))


def areas() -> dict[str, str]:
    """The areas there are, as choices."""
    return {table.area: table.area for table in tables()}


@query("catalogue.tables", "数据编目", roles=READERS)
def search_catalogue(work: Work, order: SearchCatalogue) -> CataloguePage:
    found = list(_matching(order))
    start = max(order.page - 1, 0) * order.size
    return CataloguePage(len(found), found[start : start + order.size])


def _matching(order: SearchCatalogue) -> Iterator[CatalogueTable]:
    word = order.word.strip().casefold()
    for table in tables():
        if order.area and table.area != order.area:
            continue
        if order.level and str(table.level) != order.level:
            continue
        if order.personal and table.personal.value != order.personal:
            continue
        names = (table.id, table.label, *(text for entry in table.entries for text in (entry.column, entry.label)))
        if not word or any(word in name.casefold() for name in names):
            yield table


def _table(entries: list[Entry]) -> CatalogueTable:
    first = entries[0]
    top = max(entries, key=lambda entry: entry.level)
    return CatalogueTable(
        id=first.table,
        label=first.table_label,
        area=first.area,
        columns=len(entries),
        level=top.level,
        level_text=top.level_text,
        personal=max((entry.personal for entry in entries), key=list(Personal).index),
        sealed=sum(bool(entry.sealed) for entry in entries),
        owner=first.owner,
        sharing=first.sharing.label,
        entries=tuple(entries),
    )
