"""加签 and 抄送: a colleague's opinion asked before the decision, and copies of a version for officials (issue 19).

An opinion does not bind; the level declares whether the decision waits for it (`Level.waits`). A copy gives the right to
read this one version and a line in the inbox, no more.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import AUTHORITY, LEASING_AUTHORITY, Account, AccountRole, OrgUnit
from models.records import (
    OPINION,
    OpinionState,
    RecordCopy,
    Revision,
    RevisionState,
    SecondOpinion,
    StepVerdict,
)
from models.sealed import Sealed
from services.engine.actor_names import person
from services.engine.copied import copy_of
from services.engine.cycle_lock import (
    bar_of,
    held,
    level_of,
    named_version,
    note_step,
    reviewers_at,
    reviewing,
    signs_in,
    speaks_at,
    touched,
)
from services.engine.cycle_queue import REVIEWERS
from services.engine.kept_visibility import told_who_reviews, versions_in_scope
from services.engine.kinds import KINDS, Kind, Level
from services.engine.look_ups import names_by
from services.engine.notices import notify
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.registry import action, query
from services.engine.steps import take_step
from services.engine.words import enough_words, some_words
from services.engine.work import Work, visible_rows

OFFICIALS = AUTHORITY | LEASING_AUTHORITY
_MOST_ASKED, _MOST_COPIES, _MOST_PEOPLE = 3, 10, 300
_TOLD = (RevisionState.SUBMITTED, RevisionState.EFFECTIVE, RevisionState.RETURNED, RevisionState.REJECTED)


@dataclass(frozen=True)
class AskOpinion:
    """`version` is the one the page showed."""

    revision_id: UUID
    version: int
    of_account: UUID
    question: str


@dataclass(frozen=True)
class GiveOpinion:
    id: UUID
    agrees: bool
    words: str


@dataclass(frozen=True)
class TellCopy:
    revision_id: UUID
    to_accounts: tuple[UUID, ...]
    words: str = ""


@dataclass(frozen=True)
class OpinionLine:
    """An opinion asked: `mine` if the caller is asked, `asked_by_me` if he may take the question back."""

    id: UUID
    state: OpinionState
    of: str
    by: str
    question: str
    agrees: bool | None
    words: str
    created_at: datetime
    answered_at: datetime | None
    mine: bool
    asked_by_me: bool


@dataclass(frozen=True)
class CopyLine:
    id: UUID
    to: str
    by: str
    words: str
    created_at: datetime
    read_at: datetime | None
    mine: bool


@dataclass(frozen=True)
class Consulted:
    """Opinions and copies of a version; `may_ask` and `may_tell` while the caller may add to them."""

    opinions: tuple[OpinionLine, ...]
    copies: tuple[CopyLine, ...]
    may_ask: bool
    may_tell: bool
    waits: bool


@visible_rows(SecondOpinion)
def opinions_seen(work: Work, table: type[SecondOpinion]) -> object:
    """Show an opinion to its two officials, and to the authority that reviews the version."""
    if not told_who_reviews(work):
        return sa.false()
    me = work.caller.account_id
    theirs = col(table.revision_id).in_(select(Revision.id).where(versions_in_scope(work, Revision)))
    return sa.or_(theirs, col(table.of_account) == me, col(table.asked_by) == me)


@visible_rows(RecordCopy)
def copies_seen(work: Work, table: type[RecordCopy]) -> object:
    """Show a copy to its receiver, and to the authority that reviews the version."""
    if not told_who_reviews(work):
        return sa.false()
    theirs = col(table.revision_id).in_(select(Revision.id).where(versions_in_scope(work, Revision)))
    return sa.or_(theirs, col(table.to_account) == work.caller.account_id)


# ------------------------------------------------------------------ opinions


@action("records.ask_opinion", "征求意见", roles=set(REVIEWERS), event="")
def ask_opinion(work: Work, order: AskOpinion) -> UUID:
    """Ask a named reviewer of the same level and scope for an opinion before the decision."""
    row, kind = _held(work, order.revision_id, order.version)
    level = reviewing(work, kind, row)
    if row.taken_by != work.caller.account_id:
        raise Conflict("请先领取本记录，再征求意见")
    question = enough_words(order.question, "征求事项")
    if order.of_account not in _may_answer(work, level, row):
        raise Rejected("所选人员不能对本记录提出意见，请重新选择")
    asked = _open(work, row)
    if any(one.of_account == order.of_account for one in asked):
        raise Conflict(f"已征求{person(work, order.of_account)}的意见，尚未答复")
    if len(asked) >= _MOST_ASKED:
        raise Conflict(f"同时最多征求{_MOST_ASKED}人的意见")
    assert work.caller.account_id is not None
    one = work.add(
        SecondOpinion(
            revision_id=row.id,
            review_step=row.review_step,
            asked_by=work.caller.account_id,
            of_account=order.of_account,
            question=Sealed.of_json(question),
        )
    )
    # Steps are read by other offices too: who was asked is shown with the opinions, masked as their reader sees names.
    note_step(work, row, StepVerdict.ASKED, level=level.label, opinion=question, act="records.ask_opinion")
    words = f"{work.caller.name}就{named_version(kind, row)}征求您的意见：{question}"
    notify(work, "征求审核意见", words, about=row, to_account=order.of_account)
    return one.id


@action("records.give_opinion", "答复意见", roles=set(REVIEWERS), event="")
def give_opinion(work: Work, order: GiveOpinion) -> None:
    """Answer a question asked of the caller, while the version still waits."""
    one = work.hold(SecondOpinion, order.id)
    if one.of_account != work.caller.account_id:
        raise NotAllowed("只有被征求意见的本人可以答复")
    words = enough_words(order.words, "意见")
    take_step(work, one, OPINION, "give", named="该意见征求", log=False)
    one.agrees, one.opinion, one.answered_at = order.agrees, Sealed.of_json(words), work.now
    row, kind = _held(work, one.revision_id)
    level = level_of(kind, row)
    told = f"{'同意' if order.agrees else '不同意'}：{words}"
    label = level.label if level else ""
    note_step(work, row, StepVerdict.ANSWERED, level=label, opinion=told, act="records.give_opinion")
    about = f"{work.caller.name}对{named_version(kind, row)}答复意见：{told}"
    notify(work, "审核意见已答复", about, about=row, to_account=one.asked_by)


@action("records.withdraw_opinion", "撤回征求", roles=set(REVIEWERS), event="DATA.STATE")
def withdraw_opinion(work: Work, opinion_id: UUID) -> None:
    """Take a question back, so that the decision need not wait for its answer."""
    one = work.hold(SecondOpinion, opinion_id)
    row = work.get(Revision, one.revision_id)
    if one.asked_by != work.caller.account_id:
        reviewing(work, KINDS[row.kind], row)
    take_step(work, one, OPINION, "withdraw", named="该意见征求", act="records.withdraw_opinion")
    notify(work, "征求意见已撤回", f"{work.caller.name}已撤回征求，您无须答复。", about=row, to_account=one.of_account)


def settle_opinions(work: Work, kind: Kind, row: Revision, level: Level) -> None:
    """Refuse a decision while an opinion is asked for and the level waits; else end what is still asked."""
    asked = _open(work, row)
    if asked and level.waits:
        names = "、".join(person(work, one.of_account) for one in asked)
        raise Conflict(f"已征求{names}的意见，尚未答复；请待其答复，或先撤回征求，再作决定")
    for one in asked:
        take_step(work, one, OPINION, "lapse", act="records.lapse_opinion")
        words = f"{named_version(kind, row)}已作出决定，您无须再答复意见。"
        notify(work, "无须答复意见", words, about=row, to_account=one.of_account)


def _open(work: Work, row: Revision) -> list[SecondOpinion]:
    asked = (SecondOpinion.revision_id == row.id, SecondOpinion.state == OpinionState.ASKED)
    return list(work.held(select(SecondOpinion).where(*asked).order_by(col(SecondOpinion.id))))


def _may_answer(work: Work, level: Level, row: Revision) -> set[UUID]:
    """Return who reviews at this level over the district, except the caller and who worked on the version."""
    able = reviewers_at(work, level, row.district_code) - {work.caller.account_id}
    return {one for one in able if not touched(row, one)}


def _held(work: Work, revision_id: UUID, version: int | None = None) -> tuple[Revision, Kind]:
    found = work.get(Revision, revision_id)
    if found.kind not in KINDS:
        raise NotFound
    kind = KINDS[found.kind]
    return held(work, kind, revision_id, version), kind


# ------------------------------------------------------------------ copies


@action("records.tell_copy", "抄送", roles=set(OFFICIALS & REVIEWERS), event="")
def tell_copy(work: Work, order: TellCopy) -> None:
    """Send copies of a version to officials, who may read it from now on, whatever their district."""
    row, kind = _held(work, order.revision_id)
    if not work.has(Revision, Revision.id == row.id, versions_in_scope(work, Revision)):
        raise NotFound
    if row.state not in _TOLD:
        raise Conflict(f"当前状态为“{row.state.label}”，不能抄送")
    words = some_words(order.words, "抄送说明")
    wanted = dict.fromkeys(order.to_accounts)
    if not 0 < len(wanted) <= _MOST_COPIES:
        raise Rejected(f"请选择1至{_MOST_COPIES}名抄送人员")
    able = _officials(work, kind)
    if not set(wanted) <= set(able):
        raise Rejected("所选人员不能接收抄送，请重新选择")
    known = set(work.rows(RecordCopy.to_account, RecordCopy.revision_id == row.id))
    new = [one for one in wanted if one not in known]
    if not new:
        raise Conflict("所选人员都已接收过抄送")
    assert work.caller.account_id is not None
    for one in new:
        work.add(
            RecordCopy(
                revision_id=row.id,
                to_account=one,
                by_account=work.caller.account_id,
                words=Sealed.of_json(words) if words else None,
            )
        )
        about = f"{work.caller.name}将{named_version(kind, row)}抄送给您。{words}"
        notify(work, "抄送", about, about=row, to_account=one)
    offices = "、".join(dict.fromkeys(able[one][1] for one in new))
    level = level_of(kind, row)
    told = f"{offices}。{words}" if words else offices
    label = level.label if level else ""
    note_step(work, row, StepVerdict.TOLD, level=label, opinion=told, act="records.tell_copy")


@action("records.read_copy", "阅读抄送", roles=set(OFFICIALS), event="DATA.STATE")
def read_copy(work: Work, copy_id: UUID) -> None:
    """Note that the caller has read a copy, which ends its line in his inbox."""
    one = work.get(RecordCopy, copy_id)
    if one.to_account != work.caller.account_id:
        raise NotFound
    one.read_at = one.read_at or work.now
    work.add(one)


def _officials(work: Work, kind: Kind) -> dict[UUID, tuple[str, str]]:
    """Return name and office of the officials who read this kind somewhere, except the caller."""
    readers = kind.makers.offices.authority & OFFICIALS
    rows = work.session.exec(
        select(Account, OrgUnit.name)
        .join(OrgUnit, col(OrgUnit.id) == col(Account.unit_id))
        .where(
            Account.id != work.caller.account_id,
            *signs_in(work),
            col(Account.id).in_(
                select(AccountRole.account_id).where(
                    col(AccountRole.role).in_(readers),
                    col(AccountRole.ended_at).is_(None),
                    AccountRole.valid_from <= work.today,
                    sa.or_(col(AccountRole.valid_to).is_(None), col(AccountRole.valid_to) >= work.today),
                )
            ),
        )
        .order_by(OrgUnit.name, col(Account.id))
        .limit(_MOST_PEOPLE)
    ).all()
    return {row.id: (row.name.plain, unit) for row, unit in rows}


# ------------------------------------------------------------------ asking about them


@query("records.consulted", "征求意见与抄送", roles=set(OFFICIALS | REVIEWERS))
def consulted(work: Work, revision_id: UUID) -> Consulted:
    """Return the opinions and copies of a version, as far as the caller sees who reviews."""
    row = work.get(Revision, revision_id)
    kind = KINDS.get(row.kind)
    if kind is None:
        raise NotFound
    me = work.caller.account_id
    opinions = work.rows(
        work.visible(SecondOpinion),
        SecondOpinion.revision_id == row.id,
        by=(SecondOpinion.created_at, SecondOpinion.id),
    )
    copies = work.rows(
        work.visible(RecordCopy), RecordCopy.revision_id == row.id, by=(RecordCopy.created_at, RecordCopy.id)
    )
    return Consulted(
        tuple(
            copy_of(
                OpinionLine,
                one,
                of=person(work, one.of_account),
                by=person(work, one.asked_by),
                question=str(one.question.json()),
                words=str(one.opinion.json()) if one.opinion is not None else "",
                mine=one.of_account == me and one.state is OpinionState.ASKED,
                asked_by_me=one.asked_by == me and one.state is OpinionState.ASKED,
            )
            for one in opinions
        ),
        tuple(
            copy_of(
                CopyLine,
                one,
                to=person(work, one.to_account),
                by=person(work, one.by_account),
                words=str(one.words.json()) if one.words is not None else "",
                mine=one.to_account == me and one.read_at is None,
            )
            for one in copies
        ),
        may_ask=_may_ask(work, kind, row),
        may_tell=work.caller.has(*(OFFICIALS & REVIEWERS))
        and row.state in _TOLD
        and work.has(Revision, Revision.id == row.id, versions_in_scope(work, Revision)),
        waits=(level := level_of(kind, row)) is not None and level.waits,
    )


@query("records.opinion_people", "可征求意见的人员", roles=set(REVIEWERS))
def opinion_people(work: Work, revision_id: UUID) -> dict[UUID, str]:
    """Return who can be asked for an opinion about a version, by name."""
    row = work.get(Revision, revision_id)
    kind = KINDS.get(row.kind)
    level = level_of(kind, row) if kind is not None else None
    if level is None or not _may_ask(work, KINDS[row.kind], row):
        return {}
    asked = {one.of_account for one in _open_now(work, row)}
    return names_by(work, sorted(_may_answer(work, level, row) - asked))


@query("records.copy_people", "可抄送的人员", roles=set(OFFICIALS & REVIEWERS))
def copy_people(work: Work, revision_id: UUID) -> dict[UUID, str]:
    """Return the officials who can receive a copy of a version, by name with the office."""
    row = work.get(Revision, revision_id)
    if row.kind not in KINDS:
        raise NotFound
    known = set(work.rows(RecordCopy.to_account, RecordCopy.revision_id == row.id))
    found = _officials(work, KINDS[row.kind])
    return {key: f"{name}（{unit}）" for key, (name, unit) in found.items() if key not in known}


def _open_now(work: Work, row: Revision) -> list[SecondOpinion]:
    return list(
        work.rows(SecondOpinion, SecondOpinion.revision_id == row.id, SecondOpinion.state == OpinionState.ASKED)
    )


def _may_ask(work: Work, kind: Kind, row: Revision) -> bool:
    """Return whether the caller has the version in hand and may decide about it."""
    level = level_of(kind, row)
    mine = row.taken_by is not None and row.taken_by == work.caller.account_id
    return mine and level is not None and speaks_at(work, level, row) and not bar_of(work, row)
