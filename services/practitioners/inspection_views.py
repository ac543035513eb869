"""Views of an inspector: the district's queue, its counts, and all evidence of an application (row 40)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func
from sqlmodel import col, or_, select

from models.enterprise import Enterprise
from models.places_data import district
from models.practitioner_codes import ApplyKind, ApplyState, CheckAnswer, FaceSeen, FaceView
from models.practitioners import CardApply, InfoCard, Portrait
from models.privacy import Shown
from models.sealed import indexes_of
from models.tenancy_codes import IdType
from services.access.visibility import CITY, ENTERPRISE
from services.engine.findings import Finding, Severity
from services.engine.paging import Paging, ordering
from services.engine.registry import query
from services.engine.search_terms import chosen, day_begins, day_is_over, search_word
from services.engine.work import Work
from services.practitioners.faces import FACE_UNSEEN, SENTENCES
from services.practitioners.identity_checks import kept_findings
from services.practitioners.orders import PersonData
from services.practitioners.records import opinions_of, person_of, told_name
from services.practitioners.rules import ALL_RULES
from services.practitioners.visibility import DISTRICT
from services.practitioners.work_claims import may_take_over
from services.privacy.accesses import note_access

READERS = DISTRICT | CITY | ENTERPRISE
#: Whose the record is in the queue: nobody's, the caller's, a colleague's.
FREE, MINE, OTHERS = "FREE", "MINE", "OTHERS"
_RULES = {rule.code: rule for rule in reversed(ALL_RULES)}


@dataclass(frozen=True)
class QueueFilter:
    """Filter of applications. `state`, `kind`, `face` (a `FaceView`) are code values; `hands` is FREE, MINE or OTHERS;
    empty is all.

    `word` is an application's number, a whole name, a whole document number, or a part of a firm's name.
    """

    state: str = ApplyState.INSPECTING.value
    kind: str = ""
    hands: str = ""
    word: str = ""
    face: str = ""
    batch_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class QueueLine:
    """An application, the person masked."""

    id: UUID
    version: int
    apply_no: str
    kind: str
    channel: str
    name: str
    id_no: str
    firm: str
    post: str
    portrait_id: UUID | None
    submitted_at: datetime | None
    waited_days: int
    two_factor: str
    blacklist: str
    warnings: int
    taken_by: str
    taken_at: datetime | None
    mine: bool
    own: bool
    state: str
    state_label: str
    #: The newest words of an inspector, or why it was rejected.
    words: str


@dataclass(frozen=True)
class QueuePage:
    total: int
    lines: tuple[QueueLine, ...] = ()


def _chosen(work: Work, order: QueueFilter) -> Any:
    rows = work.visible(CardApply).where(CardApply.kind != ApplyKind.CANCEL)
    if not work.caller.has(*ENTERPRISE):
        # What a firm has not handed in is its own affair.
        rows = rows.where(CardApply.state != ApplyState.DRAFT)
    if order.state:
        rows = rows.where(CardApply.state == chosen(ApplyState, order.state))
    if order.kind:
        rows = rows.where(CardApply.kind == chosen(ApplyKind, order.kind))
    if order.hands:
        me = work.caller.account_id
        hands: dict[str, Any] = {FREE: col(CardApply.taken_by).is_(None), MINE: CardApply.taken_by == me}
        rows = rows.where(hands.get(order.hands, CardApply.taken_by != me))
    if order.face:
        rows = rows.where(_with_face(chosen(FaceView, order.face)))
    if order.batch_id is not None:
        rows = rows.where(CardApply.batch_id == order.batch_id)
    if order.since is not None:
        rows = rows.where(col(CardApply.submitted_at) >= day_begins(order.since))
    if order.until is not None:
        rows = rows.where(col(CardApply.submitted_at) < day_is_over(order.until))
    if word := search_word(order.word):
        firms = select(Enterprise.id).where(col(Enterprise.name).contains(word, autoescape=True))
        rows = rows.where(
            or_(
                CardApply.apply_no == word.upper(),
                col(CardApply.name_index).in_(indexes_of(work.sealer, "name", word)),
                col(CardApply.id_no_index).in_(indexes_of(work.sealer, "id_no", word)),
                col(CardApply.enterprise_id).in_(firms),
            )
        )
    return rows


def _with_face(wanted: FaceView) -> Any:
    face = col(Portrait.face)
    seen = {
        FaceView.IN_DOUBT: face != FaceSeen.ONE,
        FaceView.GOOD: face == FaceSeen.ONE,
        FaceView.UNSEEN: face.is_(None),
    }
    return exists().where(col(Portrait.id) == col(CardApply.portrait_id), seen[wanted])


@query("practitioners.queue", "信息卡申请", roles=READERS)
def list_queue(work: Work, order: QueueFilter) -> QueuePage:
    """The visible applications of a filter; those that wait for an inspector the longest come first."""
    offset, size = order.paging.bounds()
    rows = _chosen(work, order)
    total = work.session.exec(select(func.count()).select_from(rows.subquery())).one()
    waiting = order.state in (ApplyState.INSPECTING.value, ApplyState.SUBMITTED.value)
    known = {"submitted_at": CardApply.submitted_at, "apply_no": CardApply.apply_no, "updated_at": CardApply.updated_at}
    way = ordering(order.paging.sort, known, "submitted_at" if waiting else "-updated_at")
    found = work.session.exec(rows.order_by(way, col(CardApply.id)).offset(offset).limit(size)).all()
    return QueuePage(total, tuple(lines_of(work, found)))


def lines_of(work: Work, rows: Any) -> list[QueueLine]:
    firms = dict(
        work.session.exec(
            select(Enterprise.id, Enterprise.name).where(col(Enterprise.id).in_({row.enterprise_id for row in rows}))
        ).all()
    )
    names = {by: told_name(work, by) for by in {row.taken_by for row in rows if row.taken_by}}
    return [_line(work, row, firms.get(row.enterprise_id, ""), names) for row in rows]


def _line(work: Work, row: CardApply, firm: str, names: dict[UUID, str]) -> QueueLine:
    found = kept_findings(row)
    said = opinions_of(row)
    rejected = "；".join(one.message for one in found if str(one.severity) != "WARN")
    return QueueLine(
        id=row.id,
        version=row.version,
        apply_no=row.apply_no,
        kind=row.kind.label,
        channel=row.channel.label,
        name=row.name.masked(),
        id_no=row.id_no.masked(),
        firm=firm,
        post=person_of(row.after.json()).post if row.after else "",
        portrait_id=row.portrait_id,
        submitted_at=row.submitted_at,
        waited_days=(work.now - row.submitted_at).days if row.submitted_at else 0,
        two_factor=row.two_factor.label,
        blacklist=row.blacklist.label,
        warnings=sum(str(one.severity) == "WARN" for one in found),
        taken_by=names.get(row.taken_by, "") if row.taken_by else "",
        taken_at=row.taken_at,
        mine=row.taken_by is not None and row.taken_by == work.caller.account_id,
        own=row.submitted_by is not None and row.submitted_by == work.caller.account_id,
        state=str(row.state),
        state_label=row.state.label,
        words=said[-1].words if said and row.state is not ApplyState.AUTO_REJECTED else rejected,
    )


@dataclass(frozen=True)
class QueueCounts:
    """Numbers of applications in each state (by value), and of waiting ones: free, the caller's, colleagues'."""

    states: dict[str, int]
    free: int
    mine: int
    others: int


@query("practitioners.queue_counts", "信息卡申请数量", roles=READERS)
def count_queue(work: Work, order: None) -> QueueCounts:
    rows = work.visible(CardApply).where(CardApply.kind != ApplyKind.CANCEL)
    if not work.caller.has(*ENTERPRISE):
        rows = rows.where(CardApply.state != ApplyState.DRAFT)
    found = rows.subquery()
    seen = select(found.c.state, found.c.taken_by, func.count()).group_by(found.c.state, found.c.taken_by)
    states: Counter[str] = Counter()
    hands: Counter[str] = Counter()
    for state, taken_by, count in work.session.exec(seen).all():
        states[str(state)] += count
        if state is ApplyState.INSPECTING:
            whose = FREE if taken_by is None else MINE if taken_by == work.caller.account_id else OTHERS
            hands[whose] += count
    return QueueCounts(dict(states), hands[FREE], hands[MINE], hands[OTHERS])


# One application


@dataclass(frozen=True)
class CheckLine:
    """Result of a rule: PASS, FAIL, WARN, UNKNOWN (no answer) or OPEN (not asked), in words, with its basis."""

    code: str
    label: str
    result: str
    words: str
    basis: str


@dataclass(frozen=True)
class PastLine:
    """An earlier application, card or decision about the person or the firm."""

    what: str
    number: str
    state: str
    at: datetime | None
    firm: str
    words: str = ""


@dataclass(frozen=True)
class DecisionLine:
    at: datetime
    by: str
    decision: str
    words: str


@dataclass(frozen=True)
class Difference:
    """A value a change replaces."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class InspectionSheet:
    """The evidence of an application; the person's data are in clear, so the access is audited."""

    line: QueueLine
    person: PersonData
    id_type: str
    firm: str
    firm_uscc: str
    firm_record: str
    firm_service: str
    district: str
    checks: tuple[CheckLine, ...]
    checked_at: datetime | None
    differences: tuple[Difference, ...]
    before_portrait_id: UUID | None
    #: What the detector made of the portrait; None where it has not looked, or there is no portrait.
    face: FaceSeen | None
    decisions: tuple[DecisionLine, ...]
    of_person: tuple[PastLine, ...]
    of_firm: tuple[PastLine, ...]
    card_id: UUID | None
    card_no: str
    may_take_over: bool


@query("practitioners.sheet", "查看信息卡申请", roles=READERS, personal=True)
def inspection_sheet(work: Work, apply_id: UUID) -> InspectionSheet:
    """Return a visible application with its checks, its history, and earlier cases of the person and the firm."""
    row = work.get(CardApply, apply_id)
    firm = work.session.exec(select(Enterprise).where(Enterprise.id == row.enterprise_id)).one()
    note_access(work, [row.id_no_index], "practitioners.sheet", Shown.FULL, purpose="信息卡验看", about=row)
    person = person_of(row.after.json() if row.after else {"name": row.name.plain, "id_no": row.id_no.plain})
    before = row.before.json() if row.before else None
    card = work.session.exec(select(InfoCard).where(InfoCard.id == row.card_id)).first() if row.card_id else None
    place = district(firm.district_code)
    staff = not work.caller.has(*ENTERPRISE)
    face = _face(work, row.portrait_id)
    return InspectionSheet(
        line=lines_of(work, [row])[0],
        person=person,
        id_type=IdType.of(person.id_type).label if person.id_type in IdType.labels() else "",
        firm=firm.name,
        firm_uscc=firm.uscc,
        firm_record=firm.record_state.label,
        firm_service=firm.service_state.label,
        district=place.name if place else "",
        checks=tuple(_checks(row, face)),
        checked_at=row.checked_at,
        differences=tuple(differences(person_of(before), person)) if before and row.kind is ApplyKind.CHANGE else (),
        before_portrait_id=_portrait_id(before),
        face=face,
        decisions=tuple(
            DecisionLine(one.at, told_name(work, one.by), one.decision, one.words) for one in opinions_of(row)
        ),
        of_person=tuple(_of_person(work, row)) if staff else (),
        of_firm=tuple(_of_firm(work, row, firm)) if staff else (),
        card_id=row.card_id,
        card_no=card.card_no if card else "",
        may_take_over=may_take_over(work, row.taken_at),
    )


def _face(work: Work, portrait_id: UUID | None) -> FaceSeen | None:
    if portrait_id is None:
        return None
    found: FaceSeen | None = work.session.exec(select(col(Portrait.face)).where(Portrait.id == portrait_id)).first()
    return found


def _portrait_id(before: Any) -> UUID | None:
    kept = (before or {}).get("portrait", "")
    return UUID(kept) if kept else None


_ASKED = {"K01": "two_factor", "K02": "blacklist"}


def _checks(row: CardApply, face: FaceSeen | None) -> list[CheckLine]:
    """Return each rule with its findings; findings about a portrait examined later are added to K07."""
    found: dict[str, list[Any]] = {}
    for one in kept_findings(row):
        found.setdefault(one.code, []).append(one)
    if face in SENTENCES and SENTENCES[face] not in {one.message for one in found.get("K07", ())}:
        found.setdefault("K07", []).append(Finding("K07", SENTENCES[face], "portrait", Severity.WARN))
    lines = []
    for code, rule in sorted(_RULES.items()):
        if code == "K03":
            continue
        told = found.get(code, [])
        said = CheckAnswer.GOOD if code not in _ASKED else getattr(row, _ASKED[code])
        words = "；".join(one.message for one in told)
        if said in (CheckAnswer.SILENT, CheckAnswer.UNASKED):
            result, words = ("UNKNOWN" if said is CheckAnswer.SILENT else "OPEN"), said.label
        elif code == "K07" and not told and row.portrait_id is not None and face is None:
            # No detector was installed, or none could look at this picture.
            result, words = "OPEN", FACE_UNSEEN
        elif told:
            result = "WARN" if all(str(one.severity) == "WARN" for one in told) else "FAIL"
        else:
            result = "PASS"
        lines.append(CheckLine(code, rule.label, result, words, rule.basis))
    return lines


_LABELS = {
    "name": "姓名",
    "id_type": "证件类型",
    "mobile": "手机号",
    "education": "学历",
    "qualification": "职业资格",
    "qualification_no": "职业资格证书编号",
    "post": "岗位",
    "store": "门店",
    "hired_on": "入职日期",
    "contract_from": "劳动合同起",
    "contract_to": "劳动合同止",
    "insured": "已缴社会保险",
    "note": "备注",
}


def differences(before: PersonData, after: PersonData) -> list[Difference]:
    """Return what a change replaces, in the order of the form."""
    return [
        Difference(label, _shown(getattr(before, name)), _shown(getattr(after, name)))
        for name, label in _LABELS.items()
        if getattr(before, name) != getattr(after, name)
    ]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _of_person(work: Work, row: CardApply) -> list[PastLine]:
    """The person's other applications and cards in the whole city: that another firm applies too is worth knowing."""
    same = indexes_of(work.sealer, "id_no", row.id_no.plain)
    applies = work.session.exec(
        select(CardApply, Enterprise.name)
        .join(Enterprise, col(Enterprise.id) == col(CardApply.enterprise_id))
        .where(col(CardApply.id_no_index).in_(same), CardApply.id != row.id, CardApply.state != ApplyState.DRAFT)
        .order_by(col(CardApply.submitted_at).desc())
        .limit(20)
    ).all()
    cards = work.session.exec(
        select(InfoCard, Enterprise.name)
        .join(Enterprise, col(Enterprise.id) == col(InfoCard.enterprise_id))
        .where(col(InfoCard.id_no_index).in_(same))
        .order_by(col(InfoCard.changed_at).desc())
        .limit(20)
    ).all()
    return [
        *(
            PastLine(f"{one.kind.label}申请", one.apply_no, one.state.label, one.submitted_at, firm, _last(one))
            for one, firm in applies
        ),
        *(PastLine("信息卡", card.card_no, card.state.label, card.changed_at, firm) for card, firm in cards),
    ]


def _of_firm(work: Work, row: CardApply, firm: Enterprise) -> list[PastLine]:
    """Return the last decisions on the firm's applications."""
    rows = work.session.exec(
        select(CardApply)
        .where(CardApply.enterprise_id == firm.id, CardApply.id != row.id, col(CardApply.inspector_id).is_not(None))
        .order_by(col(CardApply.decided_at).desc())
        .limit(10)
    ).all()
    return [
        PastLine(f"{one.kind.label}申请", one.apply_no, one.state.label, one.decided_at, one.name.masked(), _last(one))
        for one in rows
    ]


def _last(row: CardApply) -> str:
    said = opinions_of(row)
    return said[-1].words if said else ""
