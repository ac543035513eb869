"""Applications for one lease: a declared comparison, its verdicts with the values compared, and groups (row 1).

Exact: certificate, part, both days, rent as a number and landlords agree. Suggested: one part, days that overlap, and a
compared field that differs. A clerk's verdict of two applications, with a reason, outweighs the system's.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, or_, select

from models.access import Role
from models.normal import normal
from models.one_stop import StopCase, StopGroup, StopMatch
from models.one_stop_codes import (
    GROUP,
    UNDECIDED,
    GroupState,
    MatchVerdict,
    StopAct,
    StopState,
)
from models.sealed import Sealed, indexes_of
from models.sealing import sm3_hex
from models.tenancy_codes import Situation
from services.engine.numbering import number_later
from services.engine.steps import take_step
from services.engine.work import Work
from services.one_stop.applications import day_of, rent_of
from services.one_stop.case_log import log_step, move
from services.one_stop.messages import Content, content_of
from services.tenancy.predicates import number_of, overlap, same_part

HANDLERS = {Role.STREET_CLERK, Role.DISTRICT_CLERK, Role.CITY_CENTER}


@dataclass(frozen=True)
class Compared:
    """A field that two applications for one part are compared by."""

    name: str
    label: str
    value: Callable[[Content], Any]


def _landlords(content: Content) -> list[list[str]]:
    return sorted([normal("name", one.name), number_of(one.id_no)] for one in content.form.lessors)


def _text(value: Any) -> Any:
    return value if isinstance(value, list) else "" if value is None else str(value)


COMPARED = (
    Compared("rent_amount", "租金", lambda content: rent_of(content.form.rent_amount)),
    Compared("start_date", "起租日期", lambda content: day_of(content.form.start_date)),
    Compared("end_date", "止租日期", lambda content: day_of(content.form.end_date)),
    Compared("lessors", "出租人", _landlords),
)
_PEERS = (
    select(StopCase)
    .where(
        StopCase.situation == Situation.NEW,
        col(StopCase.cert_no_index).in_(bindparam("indexes", expanding=True)),
        StopCase.id != bindparam("own"),
        col(StopCase.accepted_at).is_not(None),
        or_(
            col(StopCase.state).in_((*UNDECIDED, StopState.INTERCEPTED)),
            (col(StopCase.state) == StopState.WITHDRAWN) & (col(StopCase.ended_at) > bindparam("since")),
        ),
    )
    .order_by(col(StopCase.accepted_at), col(StopCase.case_no))
)
LABELS = {one.name: one.label for one in COMPARED} | {"termination_date": "终止日期"}


def facts_of(content: Content) -> dict[str, Any]:
    """The compared values of an application, as they are stored with a verdict."""
    return {one.name: _text(one.value(content)) for one in COMPARED}


def lease_key(cert_no: str, part_keys: str, content: Content) -> str:
    """A digest of everything an exact merge compares."""
    said = [normal("cert_no", cert_no), part_keys, facts_of(content)]
    return sm3_hex(json.dumps(said, ensure_ascii=False, sort_keys=True).encode())


@dataclass(frozen=True)
class Match:
    """The verdict of two applications, with the fields that differ and the values of both."""

    verdict: MatchVerdict
    conflict_fields: tuple[str, ...]
    facts: dict[str, Any]


def compare(case: StopCase, other: StopCase) -> Match:
    """Judge two applications that name one certificate; asks nothing, decides nothing else."""
    one, two = (content_of(row.content.json() if row.content else None) for row in (case, other))
    mine, theirs = facts_of(one), facts_of(two)
    facts = {"case": mine, "other": theirs, "parts": [case.part_keys, other.part_keys]}
    if case.lease_key == other.lease_key:
        return Match(MatchVerdict.EXACT, (), facts)
    known = case.start and case.end and other.start and other.end
    together = known and overlap(case.start, case.end, other.start, other.end)  # type: ignore[arg-type]
    if not together or not same_part(case.part_keys.split(","), other.part_keys.split(",")):
        return Match(MatchVerdict.APART, (), facts)
    differing = tuple(field.name for field in COMPARED if mine[field.name] != theirs[field.name])
    return Match(MatchVerdict.SUGGESTED, differing or ("rooms",), facts)


def hand_verdicts(work: Work, case: StopCase) -> dict[UUID, MatchVerdict]:
    """The newest verdicts a clerk gave of a case and others, by the other's id."""
    given = work.rows(
        StopMatch,
        or_(col(StopMatch.case_id) == case.id, col(StopMatch.other_id) == case.id),
        col(StopMatch.by_hand).is_(True),
        by=StopMatch.at,
    )
    return {row.other_id if row.case_id == case.id else row.case_id: row.verdict for row in given}


def peers_of(work: Work, case: StopCase) -> Sequence[StopCase]:
    """Applications for a new filing of the same certificate that are open, or were withdrawn on this very day."""
    if case.cert_no is None:
        return ()
    of = {
        "indexes": indexes_of(work.sealer, "cert_no", case.cert_no.plain),
        "own": case.id,
        "since": work.now - timedelta(days=1),
    }
    return work.session.exec(_PEERS, params=of).all()


def match_case(work: Work, case: StopCase, *, again: bool = False) -> None:
    """Compare an accepted application with its peers, store every verdict, and put it into its groups.

    `again` when it was compared before: only what is new is stored.
    """
    peers = peers_of(work, case)
    if not peers:
        return
    by_hand, exact = hand_verdicts(work, case), []
    for other in peers:
        match = compare(case, other)
        if other.id not in by_hand and not (again and _is_kept(work, case, other, match)):
            keep_match(work, case, other, match)
        verdict = by_hand.get(other.id, match.verdict)
        if verdict is MatchVerdict.EXACT:
            exact.append(other)
        elif verdict is MatchVerdict.SUGGESTED and other.state is not StopState.WITHDRAWN:
            suggest(work, [other, case], match.conflict_fields)
    if exact:
        join(work, [*exact, case])


def _is_kept(work: Work, case: StopCase, other: StopCase, match: Match) -> bool:
    """Return whether the pair has this verdict already, in either order."""
    pair = (case.id, other.id)
    return work.has(
        StopMatch,
        col(StopMatch.case_id).in_(pair),
        col(StopMatch.other_id).in_(pair),
        StopMatch.verdict == match.verdict,
        StopMatch.conflict_fields == ",".join(match.conflict_fields),
    )


def keep_match(
    work: Work, case: StopCase, other: StopCase, match: Match, *, by_hand: bool = False, reason: str = ""
) -> None:
    """Store a verdict with its facts, and log it in the case."""
    work.add(
        StopMatch(
            case_id=case.id,
            other_id=other.id,
            at=work.now,
            verdict=match.verdict,
            conflict_fields=",".join(match.conflict_fields),
            facts=Sealed.of_json(match.facts),
            by_hand=by_hand,
            by_account=work.caller.account_id if by_hand else None,
            reason=reason,
        )
    )
    log_step(
        work, case, StopAct.MATCH, answer=match.verdict.value, note=f"与办件 {other.case_no} {match.verdict.label}"
    )


def join(work: Work, cases: Sequence[StopCase], *, by_hand: bool = False, reason: str = "") -> StopGroup:
    """Put applications for one lease into one group; those that wait for a decision become 已合并."""
    known = next((one.group_id for one in cases if one.group_id is not None), None)
    group = work.session.get(StopGroup, known) if known else None
    if group is None or group.state is GroupState.PARTED:
        group = new_group(work, cases[0], suggested=False, by_hand=by_hand, reason=reason)
    for one in cases:
        one.group_id = group.id
        work.add(one)
    work.session.flush()
    live = [one for one in members_of(work, group.id) if one.state in UNDECIDED or one.state is StopState.INTERCEPTED]
    # Of cancellations a notice may run, in which a case stays accepted.
    if len(live) > 1 and cases[0].situation is Situation.NEW:
        for one in live:
            if one.state is StopState.ACCEPTED:
                note = f"合并组{len(live)}件" + (f"：{reason}" if reason else "")
                move(work, one, "merge", StopAct.MERGE, note=note)
    return group


def suggest(work: Work, cases: Sequence[StopCase], conflict_fields: Iterable[str]) -> StopGroup:
    """Mark applications that contradict each other, with the fields that differ."""
    known = next((one.suggestion_id for one in cases if one.suggestion_id is not None), None)
    group = work.session.get(StopGroup, known) if known else None
    if group is None:
        group = new_group(work, cases[0], suggested=True)
    fields = {*filter(None, group.conflict_fields.split(",")), *conflict_fields}
    group.conflict_fields = ",".join(sorted(fields))
    work.add(group)
    for one in cases:
        one.suggestion_id = group.id
        work.add(one)
    work.session.flush()
    return group


def new_group(work: Work, case: StopCase, *, suggested: bool, by_hand: bool = False, reason: str = "") -> StopGroup:
    """A group whose number is drawn before the commit."""
    group = StopGroup(
        group_no="",
        situation=case.situation,
        suggested=suggested,
        by_hand=by_hand,
        reason=reason,
        unit_id=case.unit_id,
        district_code=case.district_code,
        street_code=case.street_code,
    )
    work.add(group)
    number_later(work, "HZ", case.district_code, work.today, lambda number: setattr(group, "group_no", number))
    return group


def members_of(work: Work, group_id: UUID) -> Sequence[StopCase]:
    """All cases of a group, in order of acceptance; those that withdrew among them."""
    return work.rows(StopCase, StopCase.group_id == group_id, by=(col(StopCase.accepted_at), StopCase.case_no))


def open_conflicts(work: Work, case: StopCase) -> tuple[str, ...]:
    """The fields in which open applications of the suggestion still contradict a case (F13)."""
    if case.suggestion_id is None:
        return ()
    others = work.rows(
        StopCase,
        StopCase.suggestion_id == case.suggestion_id,
        col(StopCase.state).in_((*UNDECIDED, StopState.INTERCEPTED)),
        StopCase.lease_key != case.lease_key,
    )
    by_hand = hand_verdicts(work, case) if others else {}
    fields: set[str] = set()
    for other in others:
        if by_hand.get(other.id, MatchVerdict.SUGGESTED) is MatchVerdict.SUGGESTED:
            fields.update(compare(case, other).conflict_fields)
    return tuple(sorted(fields))


def close_group(work: Work, group_id: UUID | None, filing_id: UUID | None) -> None:
    """Record that a group was decided."""
    group = work.session.get(StopGroup, group_id) if group_id else None
    if group is None or group.state is GroupState.PARTED:
        return
    take_step(work, group, GROUP, "decide", log=False)
    group.filing_id, group.decided_at, group.decided_by = filing_id, work.now, work.caller.account_id
    work.add(group)
