"""Offers that end without an answer: the parcel was voided, or their day is over (rows 55, 57)."""

from models.land_codes import LinkSide, LinkVerb
from models.parcels import Parcel
from models.records import PactState
from services.engine.work import Work
from services.parcels.holding import head_links, project_links
from services.parcels.linking import end_by_itself, tell


def end_open_links(work: Work, parcel: Parcel) -> None:
    """Take back every open offer of a parcel that is no more."""
    said = f"地块“{parcel.parcel_name}”已作废，关联申请自动终止。"
    for head in head_links(work, parcel.id, PactState.OFFERED):
        end_by_itself(work, head, LinkVerb.PARCEL_VOIDED)
        tell(work, head, "地块关联已终止", said, LinkSide.HEAD, LinkSide.AUTHORITY)
    for project in project_links(work, parcel.id, PactState.OFFERED):
        end_by_itself(work, project, LinkVerb.PARCEL_VOIDED)
        tell(work, project, "地块指派已终止", said, LinkSide.HEAD, LinkSide.PROJECT)
