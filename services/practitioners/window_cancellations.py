"""Cancellations received at the district's windows, for the person who confirms them (row 43)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.codes import Toned
from models.practitioner_codes import ApplyChannel, ApplyKind, ApplyState
from models.practitioners import CardApply, InfoCard
from services.access.visibility import CITY
from services.engine.list_pages import lines_of
from services.engine.listings import Column, Line, Listing, either, listed, named, through
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.work import Work
from services.practitioners.list_parts import claim_cells, firm_names, last_words, numbered, rows_by_id
from services.practitioners.visibility import DISTRICT, WINDOW
from services.tenancy.paper_words import clerk_name, unit_name

READERS = WINDOW | DISTRICT | CITY
#: States of a window's cancellation in words; the words of an application for a card do not fit it.
STATES = {ApplyState.INSPECTING: Toned("待复核", "info"), ApplyState.PASSED: Toned("已注销")}


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    cards = rows_by_id(work, InfoCard, (row.card_id for row in rows))
    units = {unit: unit_name(work, unit) for unit in {row.unit_id for row in rows}}
    clerks = {by: clerk_name(work, by) for by in {row.submitted_by for row in rows}}
    return {
        "card_no": lambda row: cards[row.card_id].card_no,
        "card_state": lambda row: cards[row.card_id].state,
        "firm": firm_names(work, rows),
        "note": lambda row: row.after.json().get("note", "") if row.after else "",
        "unit": lambda row: units[row.unit_id],
        "submitted_by": lambda row: clerks[row.submitted_by],
        "standing": lambda row: STATES.get(row.state, row.state.label),
        "words": last_words,
        **claim_cells(work, rows),
    }


def _of_windows(work: Work) -> Any:
    return work.visible(CardApply).where(CardApply.kind == ApplyKind.CANCEL, CardApply.channel == ApplyChannel.WINDOW)


_NEWEST = "-submitted_at"
WINDOW_CANCELS = listed(
    Listing(
        name="card_cancel_confirm",
        label="信息卡注销复核",
        roles=READERS,
        table=CardApply,
        rows=_of_windows,
        columns=(
            Column("apply_no", "申请编号", width=184),
            Column("standing", "状态", width=76),
            Column("card_no", "信息卡", width=124),
            Column("card_state", "卡片状态", shown=False),
            Column("name", "持卡人", width=76),
            Column("id_no", "证件号码", shown=False),
            Column("firm", "企业"),
            Column("cancel_reason", "注销原因", shown=False),
            Column("note", "说明", shown=False),
            Column("unit", "受理单位", shown=False),
            Column("submitted_by", "受理人", width=70),
            Column("submitted_at", "受理时间", sortable=True, width=126),
            Column("decided_at", "复核时间", shown=False),
            Column("words", "意见", shown=False),
        ),
        filters=(
            named(
                "view",
                "范围",
                {
                    "": ("待复核", col(CardApply.state) == ApplyState.INSPECTING),
                    "confirmed": ("已注销", col(CardApply.state) == ApplyState.PASSED),
                    "returned": ("已退回", col(CardApply.state) == ApplyState.RETURNED),
                },
                sorts={"confirmed": _NEWEST, "returned": _NEWEST},
            ),
            either(
                "number",
                "申请或信息卡编号",
                numbered("", "", CardApply.apply_no),
                through(CardApply.card_id, InfoCard.id, numbered("", "", InfoCard.card_no)),
                width=290,
            ),
        ),
        sort="submitted_at",
        look_up=_cells,
        also=("version", "state", "taken_at"),
        counts="view",
        persons=lambda work, rows: frozenset(row.id_no_index for row in rows if row.id_no_index),
        empty="没有等待复核的注销申请",
    )
)


@query("practitioners.window_case", "查看窗口信息卡注销", roles=READERS)
def window_case(work: Work, apply_id: UUID) -> Line:
    """Return a cancellation of a window as the list shows it."""
    row = work.get(CardApply, apply_id)
    if row.kind is not ApplyKind.CANCEL or row.channel is not ApplyChannel.WINDOW:
        raise NotFound
    return lines_of(work, WINDOW_CANCELS, [row])[0]
