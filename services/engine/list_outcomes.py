"""File of the rows that a bulk action refused, with the reason of each."""

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
    """Return a workbook of the rows that were not done, and log it as an export."""
    listing = LISTINGS.get(order.listing)
    if listing is None or not listing.bulk:
        raise Rejected("没有这个列表的批量办理")
    if not frozenset(listing.roles) & work.caller.roles:
        raise NotAllowed("您的岗位不能办理此项业务")
    left = [one for one in order.results if not one.done]
    if not left or len(order.results) > LONGEST:
        raise Rejected("没有未办理的记录")
    who = person(work, work.caller.account_id)
    at = f"{work.now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    rows: list[list[Cell]] = [
        [place, one.label, one.message, order.title, who, at] for place, one in enumerate(left, 1)
    ]
    detail = {"rows": len(left), "of": len(order.results)}
    work.trail.tell("EXPORT.FILE", "lists.outcomes", reason=f"{order.listing} {order.title}"[:200], detail=detail)
    return write_xlsx("未办理清单", ("序号", "编号", "未办理原因", "办理事项", "导出人", "导出时间"), rows)
