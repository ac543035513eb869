"""The city edits an item definition: every edit is a version in force from a day on (row 3).

`ITEMS` lists the versions; `one_stop.item` gives the definition of a day, as the guide of citizens shows it.
"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col

from models.access import Role
from models.one_stop import StopItem
from models.one_stop_codes import StopMaterialKind
from models.tenancy_codes import Situation
from services.access.visibility import STAFF
from services.engine.listings import Column, Listing, exact, listed
from services.engine.refusals import Rejected
from services.engine.registry import action, query
from services.engine.words import enough_words
from services.engine.work import Work
from services.one_stop.items import ITEM, Item, item_codes, item_on


@dataclass(frozen=True)
class EditItem:
    """A new version of an item: materials by situation, time limit, counters and questions, in force from a day on."""

    item_code: str
    valid_from: date
    new_materials: tuple[StopMaterialKind, ...]
    cancel_materials: tuple[StopMaterialKind, ...]
    limit_days: int
    counters: str
    questions: tuple[tuple[str, str], ...]
    reason: str


@action("one_stop.edit_item", "修改事项定义", roles={Role.CITY_CENTER}, event="DATA.UPDATE")
def edit_item(work: Work, order: EditItem) -> int:
    """Keep a version of an item definition; applications opened before its day keep the version of their day."""
    if order.item_code not in item_codes():
        raise Rejected("没有这个事项编码")
    if order.valid_from < work.today:
        raise Rejected("生效日期不能早于今天，已提交的办件按提交当日的定义办理")
    if not 1 <= order.limit_days <= 60:
        raise Rejected("办理时限应为1至60个工作日")
    reason = enough_words(order.reason, "修改说明", least=4, most=200)
    if not order.new_materials and not order.cancel_materials:
        raise Rejected("请至少选择一种材料")
    before = item_on(work, order.item_code, order.valid_from)
    newest = work.first(StopItem.version_no, StopItem.item_code == order.item_code, by=col(StopItem.version_no).desc())
    row = StopItem(
        item_code=order.item_code,
        version_no=(newest or 0) + 1,
        name=before.name,
        valid_from=order.valid_from,
        redirects_to=before.redirects_to,
        redirects_from=before.redirects_from,
        materials=_lines(order),
        limit_days=order.limit_days,
        counters=order.counters.strip()[:2000],
        questions=[{"ask": ask.strip()[:200], "answer": answer.strip()[:1000]} for ask, answer in order.questions],
        reason=reason,
        edited_by=work.caller.account_id,
    )
    work.add(row)
    return row.version_no


def _lines(order: EditItem) -> list[dict[str, object]]:
    needed = {Situation.NEW: order.new_materials, Situation.CANCEL: order.cancel_materials}
    kinds = [kind for kind in StopMaterialKind if any(kind in some for some in needed.values())]
    return [
        {"kind": kind.value, "situations": [name.value for name, some in needed.items() if kind in some]}
        for kind in kinds
    ]


@dataclass(frozen=True)
class ItemOfDay:
    """An item and the day of which its definition is wanted; today where there is none."""

    item_code: str = ITEM
    on: date | None = None


@query("one_stop.item", "事项定义", roles=STAFF | {Role.SYSTEM})
def item_definition(work: Work, order: ItemOfDay) -> Item:
    """Return the definition of an item on a day."""
    return item_on(work, order.item_code, order.on or work.today)


ITEMS = listed(
    Listing(
        name="stop_items",
        label="事项定义版本",
        roles=STAFF,
        table=StopItem,
        columns=(
            Column("item_code", "事项编码", sortable=True, width=140),
            Column("version_no", "版本", number=True, sortable=True, width=60),
            Column("name", "事项名称"),
            Column("valid_from", "生效日期", sortable=True, width=100),
            Column("limit_days", "办理时限（工作日）", number=True, width=130),
            Column("reason", "修改说明"),
            Column("created_at", "修改时间", sortable=True, width=126),
        ),
        filters=(exact("item", "事项编码", StopItem.item_code, width=150),),
        sort="-valid_from",
        empty="还没有修改过，现行的是随系统提供的事项定义",
    )
)
