"""The night's comparison of certificates in force with the sharing platform: differences are shown, nothing is overwritten."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.access import Role
from models.records import InForceState, Revision
from models.sealed import Sealed
from services.engine.comparison import differences
from services.engine.door import Gathering
from services.engine.jobs import one_by_one
from services.engine.kinds import KINDS, Given, Kind, Owner
from services.engine.notices import notify
from services.engine.prefill import raw_given
from services.engine.registry import action
from services.engine.work import Work
from services.ports.answers import Answer, AnswerState
from services.projects.certificates import HELD_BY_PLATFORM, NOT_YOURS

#: So many earlier answers are kept with a certificate.
_EARLIER = 20
_KEPT = ("source", "state", "at", "note", "values", "children")


@dataclass(frozen=True)
class RefreshPermit:
    """A certificate in force, by its kind and number."""

    kind: str
    record_id: UUID
    revision_id: UUID
    number: str
    owner: Owner


def permits_in_force(work: Work) -> Iterable[RefreshPermit]:
    return [
        RefreshPermit(name, row.id, row.revision_id, getattr(row, number), Owner.of(row))
        for name, number in HELD_BY_PLATFORM.items()
        for row in work.rows(
            KINDS[name].table, KINDS[name].table.in_force == InForceState.EFFECTIVE, by=KINDS[name].table.id
        )
    ]


def _ask(gathering: Gathering, order: RefreshPermit) -> Answer[Given]:
    prefill = KINDS[order.kind].facts.prefill
    assert prefill is not None
    return prefill.ask(gathering, order.number, order.owner)


@action("projects.refresh_permit", "核对资源共享平台证照", roles={Role.SYSTEM}, gather=_ask, event="DATA.UPDATE")
def refresh_permit(work: Work, order: RefreshPermit, answer: Answer[Given]) -> bool:
    """Keep what the platform says now beside what it said before, and tell the company what differs; silence changes nothing."""
    kind = KINDS[order.kind]
    revision = work.first(Revision, Revision.id == order.revision_id)
    row = work.first(kind.table, kind.table.id == order.record_id)
    if revision is None or row is None or answer.silent:
        return False
    before = revision.source_snapshot.json() if revision.source_snapshot is not None else {}
    if answer.missed and before.get("state") != AnswerState.HIT:
        return False
    values, lists = raw_given(kind, answer.value) if answer.value is not None else ({}, {})
    if (before.get("state"), before.get("values", {}), before.get("children", {})) == (
        str(answer.state),
        values,
        lists,
    ):
        return False
    said = {
        "source": (answer.value.source if answer.value else "") or answer.source,
        "state": str(answer.state),
        "at": (answer.at or work.now).isoformat(),
        "note": answer.note,
        "values": values,
        "children": lists,
    }
    earlier = [*before.get("earlier", ()), {name: before.get(name) for name in _KEPT}] if before else []
    revision.source_snapshot = Sealed.of_json({**before, **said, "earlier": earlier[-_EARLIER:]})
    revision.prefill_diff = Sealed.of_json(
        differences(kind, said, revision.payload.json()) if answer.value is not None else []
    )
    work.add(revision)
    work.trail.tell("DATA.UPDATE", "projects.refresh_permit", about=row, detail={"is": str(answer.state)})
    _tell(work, kind, row, revision, answer)
    return True


def _tell(work: Work, kind: Kind, row: Any, revision: Revision, answer: Answer[Given]) -> None:
    found = revision.prefill_diff.json() if revision.prefill_diff is not None else []
    number = getattr(row, HELD_BY_PLATFORM[kind.name])
    if answer.missed:
        why = "权利人与本公司不一致" if answer.note == NOT_YOURS else "已查不到该证"
        words = f"{kind.label}{number}：{answer.source}{why}，请核对。"
    elif found:
        words = f"{kind.label}{number}与{answer.source}有{len(found)}处不一致，记录没有改动，请核对后发起更新。"
    else:
        return
    notify(work, f"{kind.label}与资源共享平台不一致", words, about=row, to_enterprise=row.project_company_id)


refresh_permits = one_by_one(
    "projects.refresh_permit", "核对资源共享平台证照", refresh_permit, permits_in_force, at="01:40"
)
