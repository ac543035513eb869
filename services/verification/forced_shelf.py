"""强制上下架 (row 30): the district window puts a home passed by force on or off the public display, and lifts it again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import Role
from models.house import House
from models.verification import VerificationCode
from models.verification_codes import SHELF, CodeState, ShelfState
from services.engine.listings import Column, Listing, choice, exact, listed
from services.engine.look_ups import values_by
from services.engine.notices import notify
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import Step, action
from services.engine.thresholds import Threshold, declare
from services.engine.words import enough_words, some_words
from services.engine.work import Work
from services.verification.codes import move_shelf

WINDOW = {Role.DISTRICT_CLERK}
COMPLAINT_ONLY = "shelf.complaint_only"
declare(Threshold(COMPLAINT_ONLY, "普通房源强制下架须有投诉编号", "true", "", "业务约定", "flag"), area="verification")


@dataclass(frozen=True)
class ForceShelf:
    """A code to put on or off; `shown` is the display the clerk saw, so that of two at once the second looks again."""

    code_id: UUID
    reason: str
    shown: ShelfState
    reference: str = ""


def _held(work: Work, order: ForceShelf) -> tuple[VerificationCode, str, str]:
    code: VerificationCode = work.hold(VerificationCode, order.code_id)
    reason = enough_words(order.reason, "事由", most=300)
    if code.shelf is not order.shown:
        raise Conflict(f"上架状态已变为“{code.shelf.label}”，请刷新后再办理")
    return code, reason, some_words(order.reference, "文号或投诉编号", most=60)


@action("shelf.force_on", "强制上架", roles=WINDOW, step=Step(SHELF, "force_on", field="shelf"))
def force_on(work: Work, order: ForceShelf) -> None:
    """Show a home that passed by force; its code must be in force today."""
    code, reason, reference = _held(work, order)
    if not code.forced:
        raise Rejected("该房源不是经强制核验通过的，由发布者自行上架")
    if code.state is not CodeState.VALID or code.valid_to is None or code.valid_to < work.today:
        told = "已过有效期" if code.state is CodeState.VALID else code.state.label
        raise Rejected(f"核验码{told}，不能上架，请重新核验")
    move_shelf(work, code, "force_on", reason, reference)
    code.published_at, code.maintained_on = work.now, work.today
    _tell(work, code, "已强制上架", reason)


@action("shelf.force_off", "强制下架", roles=WINDOW, step=Step(SHELF, "force_off", field="shelf"))
def force_off(work: Work, order: ForceShelf) -> None:
    """Hide a home; an ordinary listing goes off by a complaint only, while the parameter says so."""
    code, reason, reference = _held(work, order)
    if not code.forced and not reference and work.thresholds.flag(COMPLAINT_ONLY):
        raise Rejected("该房源不是经强制核验通过的，须按投诉处理流程下架，请填写投诉编号")
    move_shelf(work, code, "force_off", reason, reference)
    _tell(work, code, "已强制下架，解除前不能再次发布", reason)


@action("shelf.lift", "解除强制下架", roles=WINDOW, step=Step(SHELF, "lift", field="shelf"))
def lift_force_off(work: Work, order: ForceShelf) -> None:
    """End a forced hiding; the firm may publish again."""
    code, reason, reference = _held(work, order)
    move_shelf(work, code, "lift", reason, reference)
    _tell(work, code, "强制下架已解除，可以再次发布", reason)


def _tell(work: Work, code: VerificationCode, what: str, reason: str) -> None:
    words = f"核验码{code.code_no}的房源{what}。事由：{reason}。"
    notify(work, f"房源{what[:5]}", words, about=code, to_enterprise=code.enterprise_id)


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    addresses = values_by(work, House.id, House.address, [row.house_id for row in rows if row.house_id])
    return {"address": lambda row: addresses.get(row.house_id, "")}


FORCED_SHELF = listed(
    Listing(
        name="forced_shelf",
        label="强制上下架",
        roles=WINDOW | {Role.DISTRICT_BUREAU, Role.CITY_CENTER, Role.CITY_BUREAU},
        table=VerificationCode,
        rows=lambda work: work.visible(VerificationCode).where(col(VerificationCode.valid_from).is_not(None)),
        columns=(
            Column("code_no", "核验码", width=170),
            Column("state", "核验码状态", width=90),
            Column("shelf", "上架状态", sortable=True, width=90),
            Column("forced", "经强制核验", width=90),
            Column("address", "房屋坐落"),
            Column("valid_to", "有效期止", sortable=True, width=92),
        ),
        filters=(
            exact("number", "核验码", VerificationCode.code_no, width=200),
            choice("shelf", "上架状态", VerificationCode.shelf, ShelfState),
            choice("state", "核验码状态", VerificationCode.state, CodeState),
        ),
        look_up=_cells,
        first=(col(VerificationCode.forced).desc(),),
        sort="-valid_to",
        also=("version",),
        empty="没有符合条件的房源",
    )
)
