"""未纳管项目报备 (row 37): a district reports a place with its rooms, tenants and hazards; the city accepts it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import LEASING_CITY, LEASING_DISTRICT
from models.records import Revision
from models.unmanaged import (
    UNMANAGED,
    Rectification,
    UnmanagedHazard,
    UnmanagedReport,
    UnmanagedRoom,
    UnmanagedState,
    UnmanagedTenant,
    address_key,
)
from services.engine.cycle import kept
from services.engine.kept_visibility import districts_of
from services.engine.kinds import (
    LEASING_OFFICES,
    Child,
    Effects,
    Facts,
    Kind,
    Level,
    Look,
    Makers,
    Owner,
    Proposal,
    Slot,
    Ties,
)
from services.engine.notices import tell_only
from services.engine.refusals import NotAllowed, NotFound
from services.engine.steps import take_step
from services.engine.work import Work
from services.unmanaged.rules import RULES, SAME_PLACE, Neighbour, plain


def _owner(work: Work, about: UUID | None) -> Owner:
    """A report belongs to the district of the office that writes it."""
    if about is not None:
        raise NotFound
    districts = sorted(districts_of(work, LEASING_DISTRICT))
    if not districts:
        raise NotAllowed("只有区房屋管理局可以报备未纳管项目")
    own = work.caller.district_code
    return Owner(own if own in districts else districts[0])


def _look(work: Work, proposal: Proposal) -> Mapping[str, Any]:
    """Look for other records in force of the district at the same address."""
    if not proposal["address"]:
        return {}
    rows = work.in_force(
        UnmanagedReport,
        UnmanagedReport.address_key == address_key(proposal["address"]),
        UnmanagedReport.district_code == proposal.owner.district_code,
        UnmanagedReport.stage != UnmanagedState.CLOSED,
        but=proposal.record_id,
        by=UnmanagedReport.record_no,
    )
    name = plain(proposal["operator_name"] or "")
    return {
        SAME_PLACE: tuple(
            Neighbour(row.record_no, row.street, name == plain(work.whole(row).operator_name or "")) for row in rows
        )
    }


def _settle(work: Work, report: UnmanagedReport, revision: Revision) -> None:
    """Fill the columns that follow from a version: the address compared by, hazards that are open, and whether it is let."""
    report.address_key = address_key(report.address)
    open_ones = select(UnmanagedHazard.id).where(
        UnmanagedHazard.record_id == report.id, col(UnmanagedHazard.done_on).is_(None)
    )
    report.open_hazards = len(work.session.exec(open_ones).all())
    report.reminded_at = None
    work.add(report)
    step = "close" if report.rectification is Rectification.STOPPED else "reopen"
    if report.stage in UNMANAGED.open_to(step):
        take_step(work, report, UNMANAGED, step, field="stage", act=f"unmanaged.{step}")


def _free(work: Work, report: UnmanagedReport, revision: Revision) -> None:
    report.address_key = None
    work.add(report)


def _why_frozen(work: Work, report: UnmanagedReport) -> str:
    if report.stage is UnmanagedState.CONVERTED:
        return f"该项目已转入纳管（{report.managed_as}），历史记录保留，不再更新"
    return ""


tell_only("unmanaged_report", LEASING_CITY | LEASING_DISTRICT)

UNMANAGED_REPORT = kept(
    Kind(
        name="unmanaged_report",
        label="未纳管项目报备",
        row=37,
        prefix="WN",
        table=UnmanagedReport,
        makers=Makers(draft=LEASING_DISTRICT, submit=LEASING_DISTRICT, owner=_owner, offices=LEASING_OFFICES),
        look=Look(
            title="project_name",
            menu="unmanaged",
            grid=(
                "project_name",
                "street",
                "stage",
                "period",
                "room_count",
                "resident_count",
                "open_hazards",
                "rectification",
            ),
            filters=("stage", "land_nature", "rectification", "open_hazards", "period", "street"),
            sections={
                "project_name": "项目",
                "operator_kind": "经营者与安全管理",
                "period": "本月情况",
            },
            paper="未纳管项目报备表",
            purpose="未纳管集中出租项目的安全监管和转入纳管",
        ),
        review=(Level("市级受理", LEASING_CITY, waits=False),),
        children=(
            Child("rooms", "房间", UnmanagedRoom, ("room_no",), most=2_000),
            Child(
                "tenants", "住户", UnmanagedTenant, ("name", "room_no", "id_no"), most=5_000, readers=LEASING_DISTRICT
            ),
            Child("hazards", "隐患", UnmanagedHazard, ("kind", "spot", "found_on")),
        ),
        slots=(Slot("photos", "现场照片"), Slot("papers", "权属和整改材料")),
        rules=RULES,
        facts=Facts(look=_look),
        ties=Ties(may_update=_why_frozen),
        effects=Effects(on_effective=_settle, on_void=_free),
    )
)
