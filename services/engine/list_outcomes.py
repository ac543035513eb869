"""File of what became of the rows of a bulk action, those refused first, with the reason of each."""

from dataclasses import dataclass

from services.engine.actor_names import person
from services.engine.clock import SHANGHAI
from services.engine.list_declaration import LONGEST, RowResult
from services.engine.list_settings import USERS
from services.engine.listings import LISTINGS
from services.engine.refusals import NotAllowed, Rejected
from services.engine.registry import action
from services.engine.sheets import Cell, write_xlsx
from services.engine.work import Work


@dataclass(frozen=True)
class Outcomes:
    """The results of an action of a listing that a user has on the screen; `title` is the label of the action."""

    listing: str
    title: str
    results: tuple[RowResult, ...]


@action("lists.outcomes", "导出批量办理结果", roles=set(USERS), event="")
def outcomes_book(work: Work, order: Outcomes) -> bytes:
    """Return a workbook of all rows with their results, those not done first, and log it as an export."""
    listing = LISTINGS.get(order.listing)
    if listing is None or not listing.bulk:
        raise Rejected("没有这个列表的批量办理")
    if not frozenset(listing.roles) & work.caller.roles:
        raise NotAllowed("您的岗位不能办理此项业务")
    if not 0 < len(order.results) <= LONGEST:
        raise Rejected("没有办理过的记录")
    who = person(work, work.caller.account_id)
    at = f"{work.now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    told = sorted(order.results, key=lambda one: one.done)
    rows: list[list[Cell]] = [
        [place, one.label, "完成" if one.done else "未办理", one.message, order.title, who, at]
        for place, one in enumerate(told, 1)
    ]
    detail = {"rows": len(told), "done": sum(one.done for one in told)}
    work.trail.tell("EXPORT.FILE", "lists.outcomes", reason=f"{order.listing} {order.title}"[:200], detail=detail)
    return write_xlsx("办理清单", ("序号", "编号", "结果", "说明", "办理事项", "导出人", "导出时间"), rows)
