"""A version in hand: found and locked for one verb, whose it is, who may speak about it, and what is noted of it."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from models.access import Account, AccountRole, AccountState, ScopeKind
from models.records import (
    MOVES,
    OPEN_STATES,
    REVISION,
    InForce,
    Revision,
    RevisionState,
    RevisionStep,
    StepVerdict,
)
from models.sealed import Sealed
from models.sealing import sm3_hex
from models.working_days import calendar
from services.engine.actor_names import person
from services.engine.clock import SHANGHAI
from services.engine.deputies import stands_in_for
from services.engine.kept_visibility import by_scope, told_who_reviews, versions_of
from services.engine.kinds import KINDS, Kind, Level, Owner
from services.engine.notices import notify
from services.engine.refusals import Conflict, NotAllowed, NotFound
from services.engine.work import Work

_MOST_MOVES = 100


# ------------------------------------------------------------------ finding


def held(
    work: Work, kind: Kind, revision_id: UUID, version: int | None = None, *, though_moved: bool = False
) -> Revision:
    """Return a visible version of this kind, locked; `version` is the one the page loaded.

    With `though_moved` it may since have been given to another reviewer: nothing of the record is another for that.
    """
    wanted = versions_of(work, kind).where(Revision.id == revision_id)
    row: Revision | None = work.held(wanted).first()
    if row is None:
        # A row that failed its MAC is refused as such.
        work.get(Revision, revision_id)
        raise NotFound
    if version is not None and row.version != version and not (though_moved and _only_moved(work, row, version)):
        raise Conflict(overtaken(work, row))
    return row


def overtaken(work: Work, row: Revision) -> str:
    """Return who was quicker, and when."""
    who = person(work, row.updated_by or row.created_by)
    at = f"{row.updated_at.astimezone(SHANGHAI):%m-%d %H:%M:%S}"
    if row.state is RevisionState.SUBMITTED and (moved := _moved(work, row)):
        if not told_who_reviews(work):
            return "本记录已更新，请刷新后再办理"
        return f"{who}已于{at}{moved}，请办理其他记录"
    if REVISION.after("save", row.state) is None:
        return f"本记录已由{who}于{at}办理，当前状态为“{row.state.label}”，请刷新后再办理"
    return f"{who}已于{at}保存过第{row.version_no}版，您看到的不是最新内容；您填写的内容未丢失，请比对后再保存"


def _moved(work: Work, row: Revision) -> str:
    """In words that an administrator has just given the step away, if that was the last that was done."""
    last = work.first(
        RevisionStep, RevisionStep.revision_id == row.id, by=(col(RevisionStep.at).desc(), col(RevisionStep.id).desc())
    )
    if last is None or last.verdict not in MOVES or last.by_account != row.updated_by:
        return ""
    if row.assigned_to is None:
        return "将本环节放回待审"
    return f"将本环节转交{person(work, row.assigned_to)}审核"


def _only_moved(work: Work, row: Revision, shown: int) -> bool:
    """Return whether everything that was done since the version shown is that its step was given away."""
    latest = select(RevisionStep.verdict).where(RevisionStep.revision_id == row.id)
    ordered = latest.order_by(col(RevisionStep.at).desc(), col(RevisionStep.id).desc()).limit(_MOST_MOVES)
    verdicts = work.session.exec(ordered).all()
    # A move is one step and one version. Whatever else makes a version ends with another step, or with the review open.
    since = row.version - shown
    return 0 < since <= len(verdicts) and set(verdicts[:since]) <= MOVES


def seen(work: Work, kind: Kind, revision_id: UUID) -> Revision:
    """Return a visible version of this kind, to read."""
    row = work.get(Revision, revision_id)
    if row.kind != kind.name:
        raise NotFound
    return row


def in_force(work: Work, kind: Kind, record_id: UUID, *, lock: bool = False) -> Any:
    """The typed row of a record as far as the caller sees it."""
    return work.hold(kind.table, record_id) if lock else work.get(kind.table, record_id)


def frozen(work: Work, kind: Kind, row: Any) -> str:
    """Return why a record in force may not be updated now, as its kind declares; nothing while it may."""
    return kind.ties.may_update(work, row) if kind.ties.may_update is not None else ""


def own_record(work: Work, kind: Kind, record_id: UUID) -> None:
    """A record that is the caller's by its scope keys: who reads one beyond them has no word about it."""
    if not is_own_record(work, kind, record_id):
        raise NotFound


def is_own_record(work: Work, kind: Kind, record_id: UUID) -> bool:
    own = select(kind.table.id).where(kind.table.id == record_id, by_scope(work, kind.table, kind.makers.offices))
    return work.session.exec(own).first() is not None


def typed_row(work: Work, kind: Kind, record_id: UUID) -> Any:
    """Lock and return the typed row regardless of visibility, or None: the base of a version under review."""
    return work.held(select(kind.table).where(kind.table.id == record_id)).first()


def open_of(work: Work, record_id: UUID) -> Revision | None:
    """Return the open version of a record regardless of visibility."""
    return work.first(Revision, Revision.open_key == str(record_id))


def owner_of(row: Revision, *, relaxed: bool | None = None) -> Owner:
    """The scope keys a version carries."""
    kept = bool(row.payload.json().get("relaxed")) if relaxed is None else relaxed
    return Owner(row.district_code, row.head_company_id, row.project_company_id, row.project_id, kept)


def give_owner(row: Revision | InForce, owner: Owner) -> None:
    row.district_code = owner.district_code
    row.head_company_id, row.project_company_id = owner.head_company_id, owner.project_company_id
    row.project_id = owner.project_id


# ------------------------------------------------------------------ rights


def may_edit(work: Work, kind: Kind, row: Revision) -> bool:
    """Return whether the caller's office writes this version and he may draft; not yet whether its state lets him."""
    return bool(kind.makers.draft & work.caller.roles) and _same_office(work, row)


def may_submit(work: Work, kind: Kind, row: Revision) -> bool:
    return bool(kind.makers.submit & work.caller.roles) and _same_office(work, row)


def _same_office(work: Work, row: Revision) -> bool:
    return work.caller.unit_id is not None and row.author_unit == work.caller.unit_id


def own_office(work: Work, row: Revision) -> None:
    """Only the office that wrote a version goes on with it."""
    if not _same_office(work, row):
        raise NotAllowed("只有起草单位可以修改和提交本记录")


def level_of(kind: Kind, row: Revision) -> Level | None:
    """The level whose word is waited for."""
    if row.state is not RevisionState.SUBMITTED or row.review_step >= len(kind.review):
        return None
    return kind.review[row.review_step]


def speaks_at(work: Work, level: Level, row: Revision) -> bool:
    """Return whether the caller's role reviews at this level, over the district of the record."""
    return any(
        scope.kind is not ScopeKind.DISTRICT or scope.code == row.district_code
        for scope in work.caller.scope_of(*level.roles)
    )


def bar_of(work: Work, row: Revision) -> str:
    """Return the reason why a caller with the right role may not decide: own work, or a decision at another level."""
    me = work.caller.account_id
    if me is None:
        return "请先登录"
    if touched(row, me):
        return "不能审核本人起草、保存或提交的记录，请由其他同事审核"
    if row.review_step > 0 and passed_before(work, row, me):
        return "您已在上一级审核通过本记录，须由另一位审核人员审核"
    if assigned_to_another(work, row):
        return f"本环节已指定由{person(work, row.assigned_to)}审核，请办理其他记录"
    return ""


def touched(row: Revision, account_id: UUID) -> bool:
    """Return whether an account drafted, saved or submitted a version."""
    return account_id in {row.author_id, row.submitted_by} or str(account_id) in row.payload.json().get("hands", ())


def reviewers_at(work: Work, level: Level, district: str) -> frozenset[UUID]:
    """Return who reviews at a level over a district today: granted, in force, able to sign in; asked once in a transaction."""
    place = ("reviewers", frozenset(level.roles), district)
    return work.once(place, lambda: _reviewers(work, level, district))


def _reviewers(work: Work, level: Level, district: str) -> frozenset[UUID]:
    granted = (
        select(AccountRole.account_id)
        .join(Account, col(Account.id) == col(AccountRole.account_id))
        .where(
            col(AccountRole.role).in_(level.roles),
            or_(AccountRole.scope_kind != ScopeKind.DISTRICT, AccountRole.scope_code == district),
            col(AccountRole.ended_at).is_(None),
            AccountRole.valid_from <= work.today,
            or_(col(AccountRole.valid_to).is_(None), col(AccountRole.valid_to) >= work.today),
            *signs_in(work),
        )
    )
    return frozenset(work.session.exec(granted).all())


def signs_in(work: Work) -> tuple[Any, ...]:
    """Accounts that can sign in today, as clauses: in force, with a first password chosen and a certificate bound (M1).

    A demo account needs no certificate.
    """
    return (
        Account.state == AccountState.ACTIVE,
        or_(col(Account.valid_to).is_(None), col(Account.valid_to) >= work.today),
        col(Account.link_digest).is_(None),
        or_(col(Account.demo).is_(True), col(Account.cert_fingerprint).is_not(None)),
    )


def assigned_now(work: Work, row: Revision) -> UUID | None:
    """Return whom the level in hand was given to, while he may still review there."""
    kind = KINDS.get(row.kind)
    level = level_of(kind, row) if kind is not None else None
    if row.assigned_to is None or level is None:
        return None
    return row.assigned_to if row.assigned_to in reviewers_at(work, level, row.district_code) else None


def assigned_to_another(work: Work, row: Revision) -> bool:
    """Return whether the review step is assigned to an able reviewer for whom the caller is no deputy.

    An assignment to an account that lost the role no longer counts, so that no step waits for an absent person.
    """
    to = assigned_now(work, row)
    return (
        to is not None
        and to != work.caller.account_id
        and to not in work.once("stands in for", lambda: stands_in_for(work))
    )


def passed_before(work: Work, row: Revision, account_id: UUID) -> bool:
    """Return whether an account passed a version at an earlier level and did not take that back."""
    last = work.first(
        RevisionStep.verdict,
        RevisionStep.revision_id == row.id,
        col(RevisionStep.verdict).in_((StepVerdict.PASSED, StepVerdict.UNDONE)),
        RevisionStep.by_account == account_id,
        RevisionStep.at >= (row.submitted_at or row.created_at),
        by=(col(RevisionStep.at).desc(), col(RevisionStep.id).desc()),
    )
    return last is StepVerdict.PASSED


def reviewing(work: Work, kind: Kind, row: Revision) -> Level:
    """The level at which the caller may speak now, or why not; what a colleague took lately stays his."""
    level = level_of(kind, row)
    if level is None:
        raise Conflict(f"当前状态为“{row.state.label}”，不能进行此操作")
    if not speaks_at(work, level, row):
        raise NotAllowed(f"当前环节为“{level.label}”，您的岗位不能审核")
    if bar := bar_of(work, row):
        raise NotAllowed(bar)
    if taken_by_another(work, row):
        raise Conflict(f"{person(work, row.taken_by)}已于{_clock(row.taken_at)}领取本记录，请先审核其他记录")
    return level


def taken_by_another(work: Work, row: Revision) -> bool:
    """Return whether a colleague took it so lately that it is still his."""
    if row.taken_by is None or row.taken_by == work.caller.account_id or row.taken_at is None:
        return False
    return work.now - row.taken_at < timedelta(minutes=work.thresholds.integer("records.take_minutes"))


# ------------------------------------------------------------------ words, people, notes


def note_step(
    work: Work, row: Revision, verdict: StepVerdict, *, level: str = "", opinion: str = "", act: str = ""
) -> None:
    """Return what was done with a version, for good; and to the audit with the digest of its content."""
    work.add(
        RevisionStep(
            revision_id=row.id,
            level=level[:20],
            verdict=verdict,
            by_account=work.caller.account_id,
            by_unit=work.caller.unit_id,
            at=work.now,
            opinion=Sealed.of_json(opinion) if opinion else None,
        )
    )
    work.trail.tell(
        "DATA.STATE",
        act or f"{row.kind}.{str(verdict).lower()}",
        about=row,
        digest=row.digest,
        detail={"to": str(row.state), "no": row.record_no, "v": row.version_no},
    )
    kind = KINDS.get(row.kind)
    if kind is not None and kind.effects.on_step is not None:
        kind.effects.on_step(work, row, verdict)


def tell_maker(work: Work, kind: Kind, row: Revision, what: str, words: str = "") -> None:
    """A message to the office that wrote a version."""
    notify(
        work, f"{kind.label}{what}", f"{named_version(kind, row)}{what}。{words}", about=row, to_unit=row.author_unit
    )


def named_version(kind: Kind, row: Revision) -> str:
    """A version as messages name it."""
    return f"{kind.label}“{row.title.json()}”{row.record_no} 第{row.version_no}版"


def digest_of(payload: dict[str, Any]) -> str:
    """Return the SM3 of the form's content, independent of its author."""
    content = {part: payload.get(part, {}) for part in ("values", "children", "files")}
    return sm3_hex(json.dumps(content, sort_keys=True, separators=(",", ":")).encode())


def review_due(work: Work) -> date:
    return calendar().add_working_days(work.today, work.thresholds.integer("records.review_days"))


def next_number(work: Work, record_id: UUID) -> int:
    """The number of the next version; it never jumps."""
    return (
        work.first(Revision.version_no, Revision.record_id == record_id, by=col(Revision.version_no).desc()) or 0
    ) + 1


def is_open(row: Revision) -> bool:
    return row.state in OPEN_STATES


def _clock(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%m-%d %H:%M}" if at else ""
