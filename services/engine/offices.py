"""Names and ids of offices, each asked once in a transaction: what goes over many rows names the same few."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col

from models.access import OrgUnit, UnitKind
from services.engine.work import Work


def office_name(work: Work, unit_id: UUID | None) -> str:
    """Return the name of an office, or nothing."""
    if unit_id is None:
        return ""
    if unit_id not in work.office_names:
        work.office_names[unit_id] = work.first(OrgUnit.name, OrgUnit.id == unit_id) or ""
    return work.office_names[unit_id]


def offices_of(work: Work, kind: UnitKind, district: str | None) -> Sequence[UUID]:
    """Return the offices of a kind in a district, or in all of them."""
    if (kind, district) not in work.offices:
        here = [] if district is None else [OrgUnit.district_code == district]
        work.offices[kind, district] = work.rows(OrgUnit.id, OrgUnit.kind == kind, *here, by=col(OrgUnit.unit_code))
    return work.offices[kind, district]
