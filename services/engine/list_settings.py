"""Saved filters and column layouts: what a user, or an office, sets up in a list and finds again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, or_

from models.access import Role
from models.list_settings import ListLayout, SavedFilter
from models.sealed import Sealed
from services.engine.listings import LISTINGS
from services.engine.refusals import NotAllowed, Rejected
from services.engine.registry import action, query
from services.engine.search_terms import search_word
from services.engine.work import Work, visible_rows

#: Everyone who works at a screen.
USERS = set(Role) - {Role.PARTNER, Role.SYSTEM}
_NAME = re.compile(r"[a-z][a-z0-9_.\-]{0,59}")
_MOST_FILTERS, _MOST_COLUMNS, _MOST_SAVED = 30, 60, 50
_LONGEST_TEXT = 100
WIDTHS = range(40, 1001)
MOST_FROZEN = 4


@visible_rows(SavedFilter)
def own_and_shared_filters(work: Work, table: Any) -> Any:
    """A user sees filters of his own and those his office shares."""
    caller = work.caller
    shared = col(table.unit_id) == caller.unit_id if caller.unit_id is not None else sa.false()
    return or_(col(table.account_id) == caller.account_id, shared)


visible_rows(ListLayout)(lambda work, table: table.account_id == work.caller.account_id)


@dataclass(frozen=True)
class PlacedColumn:
    """A column of a layout; width 0 leaves the width to the list."""

    key: str
    width: int = 0


@dataclass(frozen=True)
class SavedView:
    """A saved filter as its list offers it."""

    id: UUID
    name: str
    filters: Mapping[str, str]
    shared: bool
    mine: bool


@dataclass(frozen=True)
class ListSettings:
    """The layout of a list and its saved filters; without columns the declared columns are shown."""

    columns: tuple[PlacedColumn, ...] = ()
    #: Columns on the left that stay while the others scroll; by itself the one that names the row.
    frozen: int = 1
    saved: tuple[SavedView, ...] = ()


@query("lists.settings", "列表设置", roles=USERS)
def list_settings(work: Work, listing: str) -> ListSettings:
    """The layout of a list for the caller, and the filters saved for it by the caller and in the caller's office."""
    name = _named(listing)
    layout = work.first(work.visible(ListLayout), ListLayout.listing == name)
    saved = work.rows(work.visible(SavedFilter), SavedFilter.listing == name, by=SavedFilter.title, most=_MOST_SAVED)
    me = work.caller.account_id
    views = (
        SavedView(row.id, row.title, row.filters.json(), row.unit_id is not None, row.account_id == me) for row in saved
    )
    if layout is None:
        return ListSettings(saved=tuple(views))
    columns = tuple(PlacedColumn(str(one["key"]), int(one["width"])) for one in layout.columns)
    return ListSettings(columns, layout.frozen, tuple(views))


@dataclass(frozen=True)
class LayOutList:
    """The columns of a list in order; none puts the declared ones back."""

    listing: str
    columns: tuple[PlacedColumn, ...] = ()
    frozen: int = 0


@action("lists.lay_out", "设置列表的列", roles=USERS, event="")
def lay_out_list(work: Work, order: LayOutList) -> None:
    """Store how the caller wants the columns of a list."""
    name, account = _named(order.listing), _account(work)
    keys = [one.key for one in order.columns]
    widths_fit = all(one.width == 0 or one.width in WIDTHS for one in order.columns)
    if len(set(keys)) < len(keys) or len(keys) > _MOST_COLUMNS or not widths_fit:
        raise Rejected("列的设置不正确，请重新选择")
    if not 0 <= order.frozen <= min(MOST_FROZEN, max(0, len(keys) - 1)):
        raise Rejected(f"最多可冻结{MOST_FROZEN}列，且至少有一列不冻结")
    for key in keys:
        _named(key)
    row = work.first(work.visible(ListLayout), ListLayout.listing == name)
    if not keys:
        if row is not None:
            work.session.delete(row)
        return
    columns = [{"key": one.key, "width": one.width} for one in order.columns]
    if row is None:
        work.add(ListLayout(listing=name, account_id=account, columns=columns, frozen=order.frozen))
    else:
        row.columns, row.frozen = columns, order.frozen
        work.add(row)


@dataclass(frozen=True)
class SaveFilter:
    """Filters under a name; the caller's filter of that name is replaced. `shared` offers it to the caller's office."""

    listing: str
    name: str
    filters: Mapping[str, str]
    shared: bool = False


@action("lists.save_filter", "保存查询条件", roles=USERS, event="DATA.UPDATE")
def save_filter(work: Work, order: SaveFilter) -> UUID:
    """Store what a list is narrowed by, without what is personal."""
    listing, account = _named(order.listing), _account(work)
    name = search_word(order.name, 30)
    if not name:
        raise Rejected("请填写名称")
    filters = {_named(key): search_word(text, _LONGEST_TEXT) for key, text in order.filters.items() if text.strip()}
    if declared := LISTINGS.get(listing):
        open_keys = {one.key for one in declared.filters if one.addressed}
        filters = {key: text for key, text in filters.items() if key in open_keys}
    if not filters or len(filters) > _MOST_FILTERS:
        raise Rejected("请先设置查询条件，证件号码等个人信息不能保存")
    if order.shared and work.caller.unit_id is None:
        raise Rejected("您没有所属单位，不能共享查询条件")
    mine = work.visible(SavedFilter).where(SavedFilter.listing == listing, SavedFilter.account_id == account)
    rows = {row.title: row for row in work.session.exec(mine).all()}
    row = rows.get(name)
    if row is None and len(rows) >= _MOST_SAVED:
        raise Rejected(f"一个列表最多保存{_MOST_SAVED}个查询条件，请先删除不用的")
    unit_id = work.caller.unit_id if order.shared else None
    if row is None:
        row = SavedFilter(
            listing=listing, title=name, account_id=account, unit_id=unit_id, filters=Sealed.of_json(filters)
        )
    else:
        row.filters, row.unit_id = Sealed.of_json(filters), unit_id
    work.add(row)
    work.session.flush()
    work.trail.tell("DATA.UPDATE", "lists.save_filter", about=row)
    return row.id


@action("lists.drop_filter", "删除查询条件", roles=USERS, event="DATA.DELETE")
def drop_filter(work: Work, filter_id: UUID) -> None:
    """Delete a saved filter of the caller's own."""
    row = work.get(SavedFilter, filter_id)
    if row.account_id != work.caller.account_id:
        raise NotAllowed("只能删除本人保存的查询条件")
    work.session.delete(row)
    work.trail.tell("DATA.DELETE", "lists.drop_filter", about=row)


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Rejected("没有这种列表")
    return name


def _account(work: Work) -> UUID:
    if work.caller.account_id is None:
        raise NotAllowed("请先登录")
    return work.caller.account_id
