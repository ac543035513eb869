"""Taking a message in: opened once, the newest version wins, checked at once, accepted or asked for corrections (rows 1-3).

`take_message` is the one way into a case, for the library's push and pull, and for pages of citizens (`submit`).
"""

import json
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam
from sqlmodel import select

from models.access import Role
from models.one_stop import StopCase, StopMaterial, StopMessage
from models.one_stop_codes import (
    INTAKE,
    OPEN_STATES,
    WITH_CONTENT,
    ApplicantRole,
    MessageOutcome,
    StopAct,
    StopKind,
    StopState,
)
from models.places_data import districts_by_code
from models.sealed import Sealed
from models.tenancy_codes import Side, Situation
from services.engine.clock import shanghai_day
from services.engine.door import Gathering
from services.engine.refusals import Rejected
from services.engine.registry import action
from services.engine.work import Work
from services.one_stop.applications import code_or, day_of, lease_form_of
from services.one_stop.case_log import log_step, move
from services.one_stop.intake_checks import check_intake
from services.one_stop.items import ITEM, code_for
from services.one_stop.lease_groups import lease_key
from services.one_stop.materials import keep_materials, may_ask_library
from services.one_stop.messages import (
    Content,
    LibraryMessage,
    content_json,
    content_of,
    message_json,
    message_of,
    with_content,
)
from services.one_stop.withdrawal import withdraw
from services.ports.answers import Answer, HeldLicences, skipped
from services.ports.systems import LICENCE_LIBRARY
from services.tenancy.cancellation import district_centre
from services.tenancy.fact_sources import house_of_form
from services.tenancy.predicates import month_rent, number_of

_LIBRARY = "电子证照库"
# Made once and bound anew: each message asks them.
_MESSAGE = select(StopMessage).where(StopMessage.msg_id == bindparam("id"))
_CASE = select(StopCase).where(StopCase.case_no == bindparam("no"))


@dataclass(frozen=True)
class TakeMessage:
    """A message as the library wrote it; `feed_no` is its position in the feed where it was pulled."""

    raw: dict[str, Any]
    feed_no: int | None = None


@dataclass(frozen=True)
class Taken:
    """Outcome of a message, and the state of its case."""

    outcome: MessageOutcome
    case_no: str
    state: StopState | None = None
    note: str = ""


def ask_for(gathering: Gathering, order: TakeMessage) -> Answer[HeldLicences]:
    """Ask the licence library about a message; one that cannot be read asks nothing."""
    try:
        message = message_of(order.raw)
    except Rejected:
        return skipped(_LIBRARY)
    return ask_library(gathering, message)


def ask_library(gathering: Gathering, message: LibraryMessage) -> Answer[HeldLicences]:
    """Ask what the licence library holds for the applicant, where a message lacks something it may hold."""
    if message.kind not in WITH_CONTENT or not may_ask_library(message) or message.applicant is None:
        return skipped(_LIBRARY)
    return gathering.systems.at(LICENCE_LIBRARY).held_for(number_of(message.applicant.id_no))


@action("one_stop.take", "接收一网通办报文", roles={Role.SYSTEM}, gather=ask_for, event="API.IN")
def take_message(work: Work, order: TakeMessage, held: Answer[HeldLicences]) -> Taken:
    """Keep a message and apply it to its case; a repeated or older one changes nothing."""
    try:
        message = message_of(order.raw)
    except Rejected as problem:
        return _unreadable(work, order, problem.message)
    return take_in(work, message, order.raw, held, feed_no=order.feed_no)


def take_in(
    work: Work, message: LibraryMessage, raw: dict[str, Any], held: Answer[HeldLicences], *, feed_no: int | None = None
) -> Taken:
    """Apply a message that was read: the body of `take_message`, for actions with a message of their own."""
    before = work.held(_MESSAGE, id=message.msg_id).first()
    case = work.held(_CASE, no=message.case_no).first()
    if before is not None:
        before.deliveries += 1
        before.feed_no = before.feed_no if feed_no is None else feed_no
        work.add(before)
    if before is not None and before.outcome is not MessageOutcome.FAILED:
        return Taken(before.outcome, before.case_no, case.state if case else None, before.note)
    row = before or StopMessage(
        msg_id=message.msg_id,
        case_no=message.case_no,
        message_version=message.version,
        kind=message.kind,
        event_time=message.event_time,
        received_at=work.now,
        feed_no=feed_no,
        body=Sealed.of_json(raw),
        outcome=MessageOutcome.APPLIED,
    )
    work.add(row)
    row.message_version, row.kind, row.event_time = message.version, message.kind, message.event_time
    row.outcome, row.note, case = _apply(work, case, message, held)
    return Taken(row.outcome, message.case_no, case.state if case else None, row.note)


def _unreadable(work: Work, order: TakeMessage, why: str) -> Taken:
    """Keep a message that cannot be read: nothing is lost, and the library is answered by the names of its fields."""
    row = keep_raw(work, order, MessageOutcome.REFUSED, why)
    return Taken(row.outcome, row.case_no, None, why)


def keep_raw(work: Work, order: TakeMessage, outcome: MessageOutcome, why: str) -> StopMessage:
    """Keep a message as it came, without its case; what of it can be read is noted."""
    number = _plain(order.raw.get("msg_id"))[:64] or (f"feed-{order.feed_no}" if order.feed_no else uuid4().hex)
    row = work.first(StopMessage, StopMessage.msg_id == number)
    if row is None:
        row = StopMessage(
            msg_id=number,
            case_no=_plain(order.raw.get("case_no"))[:40],
            message_version=0,
            kind=code_or(StopKind, str(order.raw.get("kind")), StopKind.STATE),
            event_time=work.now,
            received_at=work.now,
            feed_no=order.feed_no,
            # As ASCII: what it holds may be no text that could be stored.
            body=Sealed.of_json(json.dumps(order.raw)),
            outcome=outcome,
            note=why[:200],
        )
    return work.add(row)


def _plain(text: Any) -> str:
    return "".join(char for char in str(text or "") if char.isprintable())


def raw_of(row: StopMessage) -> dict[str, Any]:
    """The message as it came."""
    kept = row.body.json()
    raw: dict[str, Any] = json.loads(kept) if isinstance(kept, str) else kept
    return raw


def _apply(
    work: Work, case: StopCase | None, message: LibraryMessage, held: Answer[HeldLicences]
) -> tuple[MessageOutcome, str, StopCase | None]:
    if message.kind is StopKind.STATE:
        return MessageOutcome.NO_EFFECT, f"库内状态 {message.library_status}"[:200], case
    if case is not None and message.version <= case.content_version:
        log_step(work, case, StopAct.OUTDATED, answer="OUTDATED", note=f"{message.kind.label}，版本{message.version}")
        return MessageOutcome.OUTDATED, "版本不新于现有版本", _late_materials(work, case, message, held)
    if case is None:
        case = _open(work, message)
    refused = _refused(case, message)
    if refused:
        log_step(work, case, StopAct.REFUSE_MESSAGE, answer=message.kind.value, note=refused)
        return MessageOutcome.REFUSED, refused, case
    case.content_version, case.last_kind = message.version, message.kind
    work.add(case)
    if message.kind is StopKind.WITHDRAW:
        withdraw(work, case)
        return MessageOutcome.APPLIED, "", case
    converted = message.kind is StopKind.CONVERT
    if converted and case.situation is not message.situation:
        log_step(work, case, StopAct.CONVERT, note=f"转为{message.situation.label}")
    case.situation = message.situation
    if case.state is StopState.CORRECTION:
        move(work, case, "supplement", StopAct.RECEIVE, note=f"{message.kind.label}，版本{message.version}")
    write_content(work, case, with_content(message, content_of(case.content.json() if case.content else None)))
    keep_materials(work, case, message, stay=converted)
    work.session.flush()
    check_intake(work, case, held)
    return MessageOutcome.APPLIED, "", case


def _late_materials(work: Work, case: StopCase, message: LibraryMessage, held: Answer[HeldLicences]) -> StopCase:
    """Keep the attachments of the first version where the conversion of the case arrived before it."""
    if case.last_kind is StopKind.CONVERT and case.state in INTAKE and message.kind in WITH_CONTENT:
        newer = {one.kind for one in work.rows(StopMaterial, StopMaterial.case_id == case.id)}
        older = tuple(one for one in message.attachments if one.material not in {kind.value for kind in newer})
        keep_materials(work, case, replace(message, attachments=older, e_licence_refs=()), stay=True)
        work.session.flush()
        if case.state is StopState.CORRECTION:
            move(work, case, "supplement", StopAct.RECEIVE, note="补收较早版本的附件")
        check_intake(work, case, held)
    return case


def _refused(case: StopCase, message: LibraryMessage) -> str:
    """Return why a newer message comes too late; empty where it may be applied."""
    if message.kind is StopKind.WITHDRAW:
        return "" if case.state in OPEN_STATES else f"办件{case.state.label}，不能撤回"
    if case.state in INTAKE:
        return ""
    words = "不能转换情形" if message.kind is StopKind.CONVERT else "不再接收新内容"
    return f"办件{case.state.label}，{words}"


def _open(work: Work, message: LibraryMessage) -> StopCase:
    opened = shanghai_day(message.event_time)
    case = StopCase(
        case_no=message.case_no,
        item_code=code_for(work, message.item_code or ITEM, opened),
        situation=message.situation,
        channel=message.channel,
        accept_district=message.accept_center_code,
        unit_id=district_centre(work, message.accept_center_code),
        district_code=_district(message),
        last_kind=message.kind,
        opened_on=opened,
        received_at=work.now,
        role=message.applicant.role if message.applicant else ApplicantRole.LESSEE,
        side=message.applicant.side if message.applicant else Side.LESSEE,
    )
    work.add(case)
    log_step(work, case, StopAct.RECEIVE, note=f"{message.kind.label}，版本{message.version}")
    return case


def _district(message: LibraryMessage) -> str:
    named = message.form.house.district_code if message.form else ""
    return named if named in districts_by_code() else message.accept_center_code


def write_content(work: Work, case: StopCase, content: Content) -> None:
    """Write the newest content into the case, with what lists, merging and rules find it by."""
    applicant, form = content.applicant, content.form
    case.content = Sealed.of_json(content_json(content))
    case.role, case.side = applicant.role, applicant.side
    case.applicant = Sealed.of(applicant.name) if applicant.name else None
    case.applicant_no = Sealed.of(number_of(applicant.id_no)) if applicant.id_no else None
    if case.situation is Situation.CANCEL:
        _of_cancellation(case, content)
    else:
        cert_no = form.house.title_cert_no.strip()
        case.cert_no = Sealed.of(cert_no) if cert_no else None
        lease = lease_form_of(content, (), house=None, channel=case.channel)
        house = house_of_form(work.session, lease)
        case.house_id = house.id if house else None
        case.part_keys = ",".join(lease.parts)[:120]
        case.start, case.end, case.month_rent = lease.start, lease.end, month_rent(lease)
        case.lease_key = lease_key(cert_no, case.part_keys, content)
        if house is not None:
            case.district_code, case.street_code = house.district_code, house.street_code
    work.add(case)


def _of_cancellation(case: StopCase, content: Content) -> None:
    case.cert_no, case.part_keys = None, ""
    case.lease_key = (content.form.filing_no.strip() or content.form.contract_no.strip())[:64]
    case.start = case.end = case.month_rent = None
    case.terminated_on = day_of(content.form.termination_date)


@dataclass(frozen=True)
class Application:
    """An application from our own pages; `message` without number, version and time where these are ours.

    An empty `case_no` opens a case; otherwise the message is a further version of it.
    """

    message: LibraryMessage
    case_no: str = ""


def _ask_for_application(gathering: Gathering, order: Application) -> Answer[HeldLicences]:
    return ask_library(gathering, order.message)


@action("one_stop.submit", "提交一网通办申请", roles={Role.SYSTEM}, gather=_ask_for_application, event="DATA.CREATE")
def submit_application(work: Work, order: Application, held: Answer[HeldLicences]) -> Taken:
    """Hand in, supplement, convert or withdraw an application on our own pages: it goes the way of every message."""
    case = work.first(StopCase, StopCase.case_no == order.case_no) if order.case_no else None
    if order.case_no and case is None:
        raise Rejected("没有找到该办件，请核对办件编号")
    message = replace(
        order.message,
        case_no=order.case_no or f"SF{work.now:%Y%m%d}{uuid4().hex[:12].upper()}",
        version=1 + (case.content_version if case else 0),
        event_time=work.now,
    )
    return take_in(work, message, message_json(message), held)
