"""Lines of a list that its draft may have, to be ticked instead of typed (rows 72, 73)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from models.access import KEEPERS
from models.records import Revision
from services.engine.cycle_judgement import proposal_of
from services.engine.cycle_lock import own_office, owner_of
from services.engine.kinds import Offer
from services.engine.proposals import read_form
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.work import Work
from services.records.list_sheets import child_named


@dataclass(frozen=True)
class OfferedLines:
    """A list of a draft, with the values of its form as they are filled in now."""

    revision_id: UUID
    child: str
    values: Mapping[str, Any] = field(default_factory=dict)


@query("records.offered_lines", "可勾选的明细", roles=set(KEEPERS))
def offered_lines(work: Work, order: OfferedLines) -> tuple[Offer, ...]:
    """Return what a list of a draft of the caller's own office may be made of, its values in form representation."""
    version = work.get(Revision, order.revision_id)
    own_office(work, version)
    kind, child = child_named(version.kind, order.child)
    if child.offers is None:
        raise NotFound
    proposal = proposal_of(work, kind, version, read_form(kind, order.values), owner_of(version), {})
    return tuple(child.offers(work, proposal))
