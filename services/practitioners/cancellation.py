"""注销 of cards: by the firm when a holder leaves, and by the holder at the district's window (rows 39, 43; K13)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import PersonGrant
from models.codes import Toned
from models.documents import PaperKind
from models.enterprise import Enterprise
from models.normal import normal
from models.practitioner_codes import APPLY, CARD, ApplyChannel, ApplyKind, ApplyState, CardEnd, CardState
from models.practitioners import CardApply, InfoCard, Portrait, Practitioner
from models.privacy import Shown
from models.sealed import Sealed, index_of, indexes_of
from models.tenancy_codes import IdType
from printing import receipts
from printing.page import Issue
from services.access.matches import open_person, open_record, whole_number
from services.access.visibility import CITY, ENTERPRISE
from services.documents.issuance import issue_paper, public_answer
from services.engine.clock import shanghai_text
from services.engine.findings import Finding, Severity
from services.engine.list_pages import lines_of
from services.engine.listings import Column, Line, Listing, either, listed, named, through
from services.engine.look_ups import held, row_by, rows_by
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.registry import Step, action, query
from services.engine.steps import begin_in, take_step
from services.engine.words import enough_words, some_words
from services.engine.work import Work
from services.practitioners.cards import cancel_card
from services.practitioners.import_columns import ID_TYPES
from services.practitioners.listings import PEOPLE
from services.practitioners.orders import CancelAtWindow, LeaveFirm, Told
from services.practitioners.records import (
    add_opinion,
    claim_cells,
    decided,
    firm_names,
    firm_of,
    held_own,
    last_words,
    live_card_of,
    number_apply,
    numbered,
    of_practitioner,
    person_json,
    tell_district,
    tell_firm,
)
from services.practitioners.visibility import DISTRICT, WINDOW
from services.privacy.accesses import note_access
from services.tenancy.paper_words import clerk_name, seal_of, unit_name

NO_CARD = "该人员没有在用的信息卡，无需注销"
#: Reasons of the holder's own for ending a card; every other reason is found by an authority.
WINDOW_ENDS = (CardEnd.IN_PERSON, CardEnd.LEFT)
NOT_HIMSELF = "请本人携身份证办理"


# By the firm


@action("practitioners.leave", "注销离职人员信息卡", roles=ENTERPRISE, step=Step(CARD, "cancel"))
def leave(work: Work, order: LeaveFirm) -> None:
    """Cancel the card of a holder who left the caller's firm, or give up a card that was never activated.

    It takes effect at once and the district is notified; the applications keep a record of it.
    """
    words = some_words(order.reason, "说明", most=500)
    card = held_own(work, InfoCard, order.card_id)
    if card.practitioner_id is None:
        raise Conflict("该信息卡由其他来源登记，请通过原登记渠道办理注销")
    if not card.live:
        raise Conflict(f"信息卡{card.card_no}现为“{card.state.label}”，无需注销")
    if order.left_on is not None and order.left_on > work.today:
        raise Rejected("离职日期不能晚于今天")
    firm = firm_of(work, card.enterprise_id)
    holder = row_by(work, Practitioner, card.practitioner_id)
    if holder is not None:
        if order.left_on is not None and holder.hired_on is not None and order.left_on < holder.hired_on:
            raise Rejected(f"离职日期不能早于入职日期（{holder.hired_on.isoformat()}）")
        holder.left_on = order.left_on or work.today
        work.add(holder)
    before = card.state
    cancel_card(work, card, CardEnd.LEFT)
    apply = _cancelling(work, firm, card, holder, ApplyChannel.FIRM, CardEnd.LEFT, firm.district_code)
    begin_in(apply, ApplyState.PASSED)
    apply.decided_at = work.now
    if words:
        add_opinion(work, apply, words)
    if before is not CardState.PASSED:
        body = f"{firm.name}因人员离职注销了信息卡{card.card_no}。"
        tell_district(work, firm.district_code, "企业注销信息卡", body, card)


def _cancelling(
    work: Work,
    firm: Enterprise,
    card: InfoCard,
    holder: Practitioner | None,
    channel: ApplyChannel,
    end: CardEnd,
    district_code: str,
) -> CardApply:
    apply = CardApply(
        apply_no="",
        kind=ApplyKind.CANCEL,
        channel=channel,
        enterprise_id=firm.id,
        practitioner_id=card.practitioner_id,
        card_id=card.id,
        id_no=Sealed.of(card.id_no.plain if card.id_no else ""),
        name=Sealed.of(card.name.plain),
        before=Sealed.of_json(person_json(of_practitioner(holder))) if holder else None,
        portrait_id=card.portrait_id,
        submitted_at=work.now,
        submitted_by=work.caller.account_id,
        unit_id=work.caller.unit_id,
        cancel_reason=end,
        district_code=district_code,
        street_code=firm.street_code if district_code == firm.district_code else "",
        state=ApplyState.SUBMITTED,
    )
    number_apply(work, apply)
    return work.add(apply)


# At the window


@dataclass(frozen=True)
class ReadHolder:
    """The number of the holder's document as the reader read it (`how` CARD), or as typed where the reader cannot read it."""

    id_no: str
    how: str = "CARD"


@action("practitioners.read_holder", "查询本人信息卡", roles=WINDOW, event="PII.READ")
def read_holder(work: Work, order: ReadHolder) -> Line:
    """Open the person whose document was read, and find the live card wherever in the city it is, with `waiting_no`.

    The line is unmasked for this clerk until tonight; `waiting_no` is the number of a cancellation that waits already.
    """
    number = whole_number(order.id_no)
    open_person(work, number, order.how)
    note_access(
        work,
        [index_of(work.sealer, "id_no", number)],
        "practitioners.read_holder",
        Shown.FULL,
        purpose="本人在窗口办理",
    )
    card = live_card_of(work, number)
    if card is None:
        raise NotFound(NO_CARD)
    open_record(work, card, "持卡人证件号码与信息卡相符")
    if (photo := row_by(work, Portrait, card.portrait_id)) is not None:
        open_record(work, photo, "持卡人证件号码与信息卡相符")
    line = lines_of(work, PEOPLE, [card], full=True)[0]
    waiting = _waiting(work, card)
    line.waiting_no = waiting.apply_no if waiting else ""
    return line


def _waiting(work: Work, card: InfoCard) -> CardApply | None:
    return work.first(
        CardApply,
        CardApply.card_id == card.id,
        CardApply.kind == ApplyKind.CANCEL,
        CardApply.state == ApplyState.INSPECTING,
    )


@dataclass(frozen=True)
class WindowReceipt:
    """The application and its receipt, ready to print."""

    apply_id: UUID
    apply_no: str
    paper_id: UUID


@action("practitioners.window_cancel", "窗口受理信息卡注销", roles=WINDOW, event="DATA.CREATE")
def cancel_at_window(work: Work, order: CancelAtWindow) -> WindowReceipt:
    """Take in the holder's own wish to have his card cancelled, and give him the receipt; another person confirms it (K13)."""
    if order.reason not in WINDOW_ENDS:
        raise Rejected("窗口注销的原因为本人申请或离职，请重新选择")
    if order.id_type not in ID_TYPES.values():
        raise Rejected("请选择证件种类")
    note = some_words(order.note, "说明", most=300)
    card = held(work, InfoCard, order.card_id)
    if not card.live:
        raise Conflict(f"信息卡{card.card_no}现为“{card.state.label}”，无需注销")
    if faults := list(holder_is_present(work, card, order)):
        raise Rejected(NOT_HIMSELF, faults)
    if waiting := _waiting(work, card):
        raise Conflict(f"该信息卡已有注销申请 {waiting.apply_no} 待复核，无需重复受理")
    firm = firm_of(work, card.enterprise_id)
    apply = _cancelling(
        work,
        firm,
        card,
        row_by(work, Practitioner, card.practitioner_id),
        ApplyChannel.WINDOW,
        order.reason,
        work.caller.district_code,
    )
    apply.card_read_at = work.now
    if note:
        apply.after = Sealed.of_json({"note": note})
    take_step(work, apply, APPLY, "verified")
    tell_district(work, apply.district_code, "信息卡注销待复核", "窗口受理了一份信息卡注销申请，请复核。", apply)
    return work.later(lambda: WindowReceipt(apply.id, apply.apply_no, _receipt(work, apply, card, order)))


def holder_is_present(work: Work, card: InfoCard, order: CancelAtWindow) -> Iterator[Finding]:
    """K13: the document was read here today by this clerk, and it is the card holder's."""

    def fault(field: str, told: str) -> Finding:
        return Finding("K13", told, field, Severity.REFUSE)

    numbers = indexes_of(work.sealer, "id_no", order.id_no)
    # The recorded type of the document counts, whatever type the clerk chose.
    holder = row_by(work, Practitioner, card.practitioner_id)
    recorded = holder.id_type if holder is not None else ""
    grant = work.first(
        PersonGrant,
        PersonGrant.account_id == work.caller.account_id,
        col(PersonGrant.id_no_index).in_(numbers),
        PersonGrant.until_day >= work.today,
    )
    if grant is None:
        yield fault("id_no", "请先读取本人证件")
    elif grant.how != "CARD" and IdType.ID_CARD.value in (order.id_type, recorded):
        yield fault("id_no", "身份证须用读卡器读取，不能手工输入")
    if card.id_no_index not in numbers:
        yield fault("id_no", "证件不是持卡人本人的，请本人携身份证办理")
    elif normal("name", order.name) != normal("name", card.name.plain):
        yield fault("name", "证件姓名与信息卡不一致，请本人携身份证办理")


def _receipt(work: Work, apply: CardApply, card: InfoCard, order: CancelAtWindow) -> UUID:
    unit = unit_name(work, work.caller.unit_id)
    page = receipts.Acceptance(
        issue=Issue(
            number=apply.apply_no, unit=unit, issued_on=work.today, seal=seal_of(work, unit, "从业信息卡业务专用章")
        ),
        case=receipts.Case(
            accept_no=apply.apply_no,
            case_no=apply.apply_no,
            item="从业人员信息卡注销",
            situation=f"{order.reason.label}（信息卡编号 {card.card_no}）",
            applicant=card.name.plain,
            address="",
            unit=unit,
            window=work.caller.window,
            clerk=clerk_name(work, work.caller.account_id),
            time=shanghai_text(work.now)[:16],
        ),
        materials=(receipts.Material(IdType.of(order.id_type).label, "原件（当场核验后退还）"),),
        promised="复核后当日注销",
        query_code="—",
    )
    public, office = public_answer(unit=unit), work.caller.unit_id
    return issue_paper(work, page, kind=PaperKind.RECEIPT, about=apply, public=public, unit_id=office).id


def _confirming(work: Work, order: Told) -> CardApply:
    apply = held(work, CardApply, order.id, order.version)
    if apply.kind is not ApplyKind.CANCEL or apply.channel is not ApplyChannel.WINDOW:
        raise NotFound
    if apply.state is ApplyState.WITHDRAWN:
        raise Conflict("该信息卡已注销，注销申请随之撤回，无需复核")
    if apply.state is not ApplyState.INSPECTING:
        raise Conflict(f"该申请现为“{apply.state.label}”，无需复核")
    if apply.submitted_by == work.caller.account_id:
        raise NotAllowed("受理人不能复核自己受理的申请，请由另一位同事复核")
    return apply


@action("practitioners.window_confirm", "复核信息卡注销", roles=WINDOW | DISTRICT, step=Step(APPLY, "pass"))
def confirm_at_window(work: Work, order: Told) -> None:
    """Confirm a window cancellation as the second person: the card ends at once, firm and association are notified."""
    words = some_words(order.reason, "意见", most=500)
    apply = _confirming(work, order)
    card = work.held(select(InfoCard).where(InfoCard.id == apply.card_id)).one()
    if not card.live:
        raise Conflict(f"信息卡{card.card_no}现为“{card.state.label}”，请退回该申请")
    take_step(work, apply, APPLY, "pass")
    decided(work, apply, words)
    cancel_card(work, card, apply.cancel_reason or CardEnd.IN_PERSON)
    body = (
        f"信息卡{card.card_no}已由持卡人本人在{unit_name(work, apply.unit_id)}申请注销。有异议的可以提出，不影响注销。"
    )
    tell_firm(work, card.enterprise_id, "信息卡已由本人注销", body, card)


@action("practitioners.window_return", "退回信息卡注销", roles=WINDOW | DISTRICT, step=Step(APPLY, "return"))
def return_at_window(work: Work, order: Told) -> None:
    """The second person finds that it was not to be taken in; the card stays as it is."""
    reason = enough_words(order.reason, "退回原因", most=500)
    apply = _confirming(work, order)
    take_step(work, apply, APPLY, "return")
    decided(work, apply, reason)


READERS = WINDOW | DISTRICT | CITY
#: States of a window's cancellation in words; the words of an application for a card do not fit it.
STATES = {ApplyState.INSPECTING: Toned("待复核", "info"), ApplyState.PASSED: Toned("已注销")}


def _window_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    cards = rows_by(work, InfoCard, (row.card_id for row in rows))
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
        look_up=_window_cells,
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
