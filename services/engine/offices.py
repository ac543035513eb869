"""Names and ids of offices, each asked once in a transaction: what goes over many rows names the same few."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col

from models.access import OrgUnit, UnitKind
from services.engine.work import Work


def office_name(work: Work, unit_id: UUID | None) -> str:
    """Return the name of an office, or nothing."""
    return (
        work.once(("office", unit_id), lambda: work.first(OrgUnit.name, OrgUnit.id == unit_id) or "") if unit_id else ""
    )


def offices_of(work: Work, kind: UnitKind, district: str | None) -> Sequence[UUID]:
    """Return the offices of a kind in a district, or in all of them."""
    here = [] if district is None else [OrgUnit.district_code == district]
    return work.once(
        ("offices", kind, district),
        lambda: work.rows(OrgUnit.id, OrgUnit.kind == kind, *here, by=col(OrgUnit.unit_code)),
    )
