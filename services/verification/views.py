"""A request and a code as pages show them beside their list (rows 26, 27, 31)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col

from models.codes import Code
from models.house import House, HouseRestriction
from models.sealed import Sealed
from models.verification import ListingVerification, ShelfEvent, VerificationCode
from models.verification_codes import CodeEnd, CodeState, ShelfState, VerificationState
from services.engine.copied import copy_of
from services.engine.findings import Finding
from services.engine.listings import Line
from services.engine.registry import query
from services.engine.work import Work
from services.verification.fact_sources import flats_of, locked_plan, standing_lock
from services.verification.listings import part_words, plan_words
from services.verification.orders import PlannedRoom, plan_of
from services.verification.result_notes import told_reasons
from services.verification.rules import BY_RULE
from services.verification.submission import ASKERS, code_of
from services.verification.visibility import READERS


@dataclass(frozen=True)
class ToldReason:
    """A failed rule with what to do about it."""

    code: str
    message: str
    bring: str
    where: str
    forceable: bool


@dataclass(frozen=True)
class RequestView:
    """A request with its reasons or its code."""

    id: UUID
    code_id: UUID | None
    verify_no: str
    state: VerificationState
    address: str
    part: str
    #: Masked, as lists show them.
    cert_no: str
    requester_kind: Code
    owner_name: str
    owner_id_no: str
    submitted_at: datetime
    decided_at: datetime | None
    code_no: str
    code_state: CodeState
    valid_from: date | None
    valid_to: date | None
    plan: str
    reasons: tuple[ToldReason, ...]
    forceable: bool
    waiting: bool


@query("verification.view", "核验申请详情", roles=READERS)
def view_request(work: Work, verification_id: UUID) -> RequestView:
    """Show a request; of a failed one the reasons only, all at once."""
    row = work.get(ListingVerification, verification_id)
    code = code_of(work, row)
    house = work.session.get(House, row.house_id) if row.house_id else None
    return copy_of(
        RequestView,
        row,
        cert_no=row.cert_no.masked(),
        owner_name=row.owner_name.masked(),
        owner_id_no=row.owner_id_no.masked(),
        verify_no=row.verify_no or "",
        address=house.address if house else "房屋未查到",
        part=part_words(row.part_key),
        code_no=code.code_no or "",
        code_state=code.state,
        valid_from=code.valid_from,
        valid_to=code.valid_to,
        plan=plan_words(plan_of(row.plan)),
        reasons=tuple(_told(one) for one in told_reasons(work, row)),
        waiting=row.state is VerificationState.SUBMITTED,
    )


def _told(one: Finding) -> ToldReason:
    rule = BY_RULE.get(one.code)
    return ToldReason(one.code, one.message, rule.bring if rule else "", rule.where if rule else "", one.forceable)


@dataclass(frozen=True)
class CodeView:
    """A code with the history of its display and the restrictions of its home."""

    id: UUID
    code_no: str
    state: CodeState
    address: str
    part: str
    public: dict[str, object]
    valid_from: date | None
    valid_to: date | None
    end_reason: CodeEnd | None
    ended_on: date | None
    take_down_by: date | None
    shelf: ShelfState
    published_at: datetime | None
    maintained_on: date | None
    check_url: str
    events: tuple[Line, ...]
    restrictions: tuple[Line, ...]
    mine: bool
    #: The caller's own and in force.
    running: bool


@query("verification.code", "核验码详情", roles=READERS)
def view_code(work: Work, code_id: UUID) -> CodeView:
    """Show a code, when it was put on and off the shelf, and what restricts its home."""
    code = work.get(VerificationCode, code_id)
    house = work.session.get(House, code.house_id) if code.house_id else None
    events = work.rows(ShelfEvent, ShelfEvent.code_id == code.id, by=col(ShelfEvent.at).desc())
    restrictions = work.rows(HouseRestriction, HouseRestriction.house_id == house.id) if house else ()
    token = code.token.plain if isinstance(code.token, Sealed) else ""
    mine = work.caller.enterprise_id is not None and code.enterprise_id == work.caller.enterprise_id
    valid = code.state is CodeState.VALID
    return copy_of(
        CodeView,
        code,
        code_no=code.code_no or "",
        address=house.address if house else "房屋未查到",
        part=part_words(code.part_key),
        public=dict(code.public),
        check_url=f"{work.house.public_url}/c/{token}" if token and valid else "",
        events=tuple(
            Line(id=str(one.id), at=one.at, before=one.before, after=one.after, reason=one.reason) for one in events
        ),
        restrictions=tuple(
            Line(id=str(one.id), kind=one.kind, source=one.source, since=one.since, until=one.until)
            for one in restrictions
        ),
        mine=mine,
        running=mine and valid,
    )


@dataclass(frozen=True)
class AskPlan:
    """A certificate, with the flat where it covers several."""

    cert_no: str
    flat_room: str = ""


@dataclass(frozen=True)
class KnownPlan:
    """The locked room plan of a home, or none yet."""

    rooms: tuple[PlannedRoom, ...] = ()
    locked_at: datetime | None = None


@query("verification.plan", "房屋拆间信息", roles=ASKERS | READERS)
def known_plan(work: Work, order: AskPlan) -> KnownPlan:
    """Return the locked plan of a home, so that a form shows it instead of asking for it again."""
    flats = flats_of(work.session, order.cert_no)
    if len(flats) > 1 and order.flat_room:
        flats = [flat for flat in flats if flat.room == order.flat_room]
    if len(flats) != 1 or (lock := standing_lock(work, flats[0].id)) is None:
        return KnownPlan()
    return KnownPlan(locked_plan(work, flats[0].id) or (), lock.locked_at)
