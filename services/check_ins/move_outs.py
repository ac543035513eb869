"""A move-out cancels the filing of its stay; so does the room that was left by changing rooms (row 14)."""

from datetime import date
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.cancellation import CancelApply
from models.push_codes import STAY, MoveOutState, StayState
from models.pushes import CheckIn, MoveOut
from models.tenancy import LeaseContract, LeaseFiling
from models.tenancy_codes import CONTRACT, Channel
from services.broker_pushes.orders import Reason
from services.broker_pushes.reasons import keep_reasons, reasons_of
from services.check_ins.orders import MoveOutAnswer, ReportMoveOut
from services.check_ins.rooms import let_or_free, seen_room
from services.engine.copied import taken, values_for
from services.engine.findings import Finding, Judgement, Severity
from services.engine.registry import action
from services.engine.steps import begin_in, take_step
from services.engine.work import Work
from services.tenancy.contracts import end_lease
from services.tenancy.filing import told_findings
from services.tenancy.pushed import may_move_out, move_out

_OPEN = (StayState.ROOM_TAKEN, StayState.WAITING, StayState.INTERCEPTED, StayState.FILED, StayState.LEFT)


@action("check_ins.report_move_out", "接收退租信息", roles={Role.PARTNER}, event="")
def report_move_out(work: Work, order: ReportMoveOut) -> MoveOutAnswer:
    """Cancel the filing of the stay, or write down that there is none to cancel; once under each number."""
    earlier = work.first(MoveOut, MoveOut.app_id == work.caller.name, MoveOut.checkout_no == order.checkout_no)
    if earlier is not None:
        if earlier.fingerprint != order.fingerprint:
            return MoveOutAnswer(
                order.checkout_no,
                MoveOutState.REFUSED,
                reasons=_reason("J02", "checkout_no", "该退租编号已报送过其他内容"),
            )
        return _answer(work, earlier)
    stay = _stay(work, order)
    row = _row(work, order, stay)
    findings = _wrong(work, order, stay)
    apply: CancelApply | None = None
    if stay is None or findings:
        begin_in(row, MoveOutState.REFUSED)
    elif stay.state is StayState.FILED:
        findings, apply = _leave(work, row, stay, order.left_on)
    else:
        begin_in(row, MoveOutState.NOTED)
        if stay.state is not StayState.LEFT:
            _never_filed(work, stay)
    work.add(row)
    keep_reasons(work, row.id, findings)
    work.trail.tell("DATA.CREATE", "check_ins.move_out", about=row, detail={"state": str(row.state)})
    return work.later(lambda: _answer(work, row, apply))


def _stay(work: Work, order: ReportMoveOut) -> CheckIn | None:
    """The stay of a number, held until the end."""
    rows = (
        select(CheckIn)
        .where(
            CheckIn.app_id == work.caller.name,
            CheckIn.checkin_no == order.checkin_no,
            col(CheckIn.state).in_(_OPEN),
        )
        .order_by(col(CheckIn.attempt).desc())
    )
    return work.held(rows).first()


def _row(work: Work, order: ReportMoveOut, stay: CheckIn | None) -> MoveOut:
    seen = seen_room(work, order.project_no, order.room_no, order.operator_uscc)
    return MoveOut(
        **values_for(MoveOut, order),
        app_id=work.caller.name,
        fingerprint=order.fingerprint,
        checkin_id=stay.id if stay else None,
        project_id=seen.project.id if seen.project else None,
        received_at=work.now,
        month=f"{order.left_on:%Y-%m}",
        filing_id=stay.filing_id if stay else None,
        district_code=seen.project.district_code if seen.project else work.caller.district_code,
        street_code=seen.project.street_code if seen.project else "",
        state=MoveOutState.NOTED,
    )


def _wrong(work: Work, order: ReportMoveOut, stay: CheckIn | None) -> tuple[Finding, ...]:
    if stay is None:
        return (_finding("J21", "checkin_no", "没有该入住编号的有效入住，请核对"),)
    found = []
    if stay.operator_uscc != order.operator_uscc:
        found.append(_finding("F17", "operator_uscc", "无权办理该房源"))
    if (stay.project_no, stay.room_no) != (order.project_no, order.room_no):
        found.append(_finding("J22", "room_no", "退租的房间与入住的房间不一致，请核对"))
    if order.left_on > work.today:
        found.append(_finding("J23", "left_on", "退租日期晚于今天，请在退租后报送"))
    return tuple(found)


def _finding(code: str, field: str, message: str) -> Finding:
    return Finding(code=code, message=message, field=field, severity=Severity.REFUSE)


def _reason(code: str, field: str, message: str) -> tuple[Reason, ...]:
    return (Reason(code, Severity.REFUSE.value, field, message),)


def _leave(work: Work, row: MoveOut, stay: CheckIn, left_on: date) -> tuple[tuple[Finding, ...], CancelApply | None]:
    """End a filed stay. A filing that is over needs no cancellation; the room is free in any case."""
    filing = work.only(LeaseFiling, LeaseFiling.id == stay.filing_id)
    judgement, apply = move_out(work, filing, left_on, channel=Channel.DPLAT, note=f"退租编号 {row.checkout_no}")
    findings = told_findings(judgement)
    if apply is None and not _over(judgement):
        begin_in(row, MoveOutState.REFUSED)
        return findings, None
    begin_in(row, MoveOutState.CANCELLED if apply is not None else MoveOutState.NOTED)
    take_step(work, stay, STAY, "leave")
    let_or_free(work, filing.house_id)
    return findings, apply


def _over(judgement: Judgement) -> bool:
    """Return whether the filing has already ended; the day of leaving after that does not matter."""
    return "C02" in {finding.code for finding in judgement.stopping}


def why_not_left(work: Work, stay: CheckIn, left_on: date) -> Judgement | None:
    """Return why a filed stay cannot end on a day; empty when it can, or has ended."""
    filing = work.only(LeaseFiling, LeaseFiling.id == stay.filing_id)
    judgement = may_move_out(work, filing, left_on)
    return judgement if judgement.stopping and not _over(judgement) else None


def _never_filed(work: Work, stay: CheckIn) -> None:
    """Withdraw the case of a stay whose tenant left before it was filed."""
    if stay.case_id is not None:
        contract = work.only(LeaseContract, LeaseContract.id == stay.contract_id)
        if contract.state in CONTRACT.open_to("void"):
            end_lease(work, contract, "void", "备案前已退租")
    take_step(work, stay, STAY, "refuse")
    keep_reasons(work, stay.id, (_finding("J24", "", "备案前已退租"),))


def leave_by_change(work: Work, stay: CheckIn) -> None:
    """The stay in the new room is filed, so the one in the old room ends on the day the new one begins."""
    # Locked before its house, in the order of a move-out; a change decided later holds neither lock.
    left = work.held(select(CheckIn).where(CheckIn.id == stay.previous_id)).one()
    if left.state is not StayState.FILED:
        return
    row = MoveOut(
        app_id=stay.app_id,
        checkout_no=f"{stay.checkin_no}:{stay.attempt}:换房"[:64],
        fingerprint=stay.fingerprint,
        checkin_id=left.id,
        left_on=stay.start,
        room_change=True,
        received_at=work.now,
        month=f"{stay.start:%Y-%m}",
        state=MoveOutState.NOTED,
        **taken(left, "checkin_no", "project_id", "project_no", "room_no", "filing_id", "district_code", "street_code"),
    )
    findings, _ = _leave(work, row, left, stay.start)
    work.add(row)
    keep_reasons(work, row.id, findings)
    work.trail.tell("DATA.CREATE", "check_ins.room_change", about=row, detail={"to": stay.room_no})


def _answer(work: Work, row: MoveOut, apply: CancelApply | None = None) -> MoveOutAnswer:
    filing = work.session.get(LeaseFiling, row.filing_id) if row.filing_id else None
    return MoveOutAnswer(
        checkout_no=row.checkout_no,
        state=row.state,
        filing_no=filing.filing_no if filing else "",
        cancel_no=_cancel_no(work, row.filing_id, apply) if row.state is MoveOutState.CANCELLED else "",
        reasons=reasons_of(work, [row.id]).get(row.id, ()),
    )


def _cancel_no(work: Work, filing_id: UUID | None, apply: CancelApply | None) -> str:
    if apply is not None:
        return apply.apply_no
    found = work.first(CancelApply.apply_no, CancelApply.filing_id == filing_id, by=col(CancelApply.decided_at).desc())
    return found or ""
