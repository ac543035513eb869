"""Moves of a record to another district: its dependants follow, and the former district is notified (rows 56, 58)."""

from sqlmodel import select

from models.companies import District
from models.parcels import Parcel
from models.projects import Project
from models.records import PactState, Revision
from services.engine.notices import notify
from services.engine.work import Work
from services.parcels.holdings import LINKS, links_of


def tell_left_district(work: Work, row: Parcel | Project, revision: Revision, named: str) -> None:
    """Notify the district of the version before, if the record has moved."""
    if revision.based_on is None:
        return
    before = select(Revision.district_code).where(
        Revision.record_id == row.id, Revision.version_no == revision.based_on, Revision.kind == revision.kind
    )
    left = work.session.exec(before).first() or ""
    if left in ("", row.district_code):
        return
    now = District.labels().get(row.district_code, "")
    said = f"{named}更正所在区后由{now}管理，本区不再办理；有疑问的请与{now}联系。"
    notify(work, "所在区已更正", said, about=row, to_district=left)


def versions_follow(work: Work, parcel: Parcel) -> None:
    """Return what a parcel was is read where it lies now, and there alone."""
    elsewhere = select(Revision).where(
        Revision.kind == "parcel", Revision.record_id == parcel.id, Revision.district_code != parcel.district_code
    )
    for row in work.session.exec(elsewhere).all():
        row.district_code = parcel.district_code
        work.add(row)


def links_follow(work: Work, parcel: Parcel) -> None:
    """Links that wait or hold are the business of the district the parcel lies in."""
    for table in LINKS:
        for link in links_of(work, table, parcel.id, PactState.OFFERED, PactState.CONFIRMED):
            if link.district_code != parcel.district_code:
                link.district_code = parcel.district_code
                work.add(link)
