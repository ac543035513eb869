"""The list of what community service centres accepted, and one of them in full (row 12)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import OrgUnit, Role
from models.codes import Toned
from models.forced_review import OPEN_CIVIL, CivilCase, CivilState, ForcedReview
from models.tenancy import GovCase, LeaseFiling
from services.access.matches import open_persons
from services.access.visibility import CITY
from services.engine.actor_names import person
from services.engine.listings import Column, Listing, choice, days, exact, flag, listed, numbers
from services.engine.look_ups import values_by
from services.engine.registry import query
from services.engine.review_parts import words_of
from services.engine.work import Work

READERS = {Role.STREET_CLERK, Role.DISTRICT_BUREAU} | CITY


def _clock(row: Any, today: date) -> Any:
    if row.state not in OPEN_CIVIL:
        return ""
    return (
        Toned("超期", "bad") if row.due_on < today else Toned("今日到期", "warn") if row.due_on == today else row.due_on
    )


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    units = values_by(work, OrgUnit.id, OrgUnit.name, (row.unit_id for row in rows))
    return {
        "unit": lambda row: units.get(row.unit_id, ""),
        "applicant": lambda row: row.applicant_name.masked(),
        "clock": lambda row: _clock(row, work.today),
    }


CIVIL_CASES = listed(
    Listing(
        name="civil_cases",
        label="社区受理办件",
        roles=READERS,
        table=CivilCase,
        columns=(
            Column("acceptance_no", "受理编号", width=180),
            Column("state", "状态", sortable=True, width=100),
            Column("clock", "时限", sortable=True, sql=CivilCase.due_on, width=96),
            Column("applicant", "申请人", width=110),
            Column("gov_case_no", "原办件编号", width=180),
            Column("unit", "受理中心", shown=False),
            Column("accepted_at", "民政受理时间", sortable=True, width=126),
        ),
        filters=(
            choice("state", "状态", CivilCase.state, CivilState),
            exact("number", "受理编号", CivilCase.acceptance_no, width=200, finds=numbers("SQSL")),
            *days(CivilCase.received_at, "接收日期", more=True),
            flag("open", "未办结", col(CivilCase.state).in_(OPEN_CIVIL)),
        ),
        first=(col(CivilCase.state).in_(OPEN_CIVIL).desc(),),
        sort="clock",
        counts="state",
        counted={
            "RECEIVED": "待审查",
            "FILING": "办理中",
            "REVIEWING": "强制核验中",
            "ESCALATED": "待区局审核",
            "FILED": "已备案",
        },
        look_up=_cells,
        also=("version", "case_id", "review_id"),
        exporters=READERS,
        empty="没有社区事务受理系统转来的办件",
    )
)


@dataclass(frozen=True)
class CivilView:
    """An acceptance as the clerk of its centre works on it."""

    id: UUID
    acceptance_no: str
    state: CivilState
    version: int
    unit: str
    clerk: str
    applicant: str
    applicant_name: str
    applicant_id_no: str
    mobile: str
    cert_no: str
    matter: str
    materials: tuple[str, ...]
    accepted_at: datetime
    received_at: datetime
    due_on: date
    overdue: bool
    case_id: UUID | None
    case_no: str
    review_id: UUID | None
    apply_no: str
    filing_no: str
    starter: str
    end_note: str


@query("civil.view", "社区受理办件详情", roles=READERS, personal=True)
def view_civil(work: Work, civil_id: UUID) -> CivilView:
    """Return an acceptance; the applicant is in clear once this clerk has begun with it today."""
    row = work.get(CivilCase, civil_id)
    opened = row.applicant_id_no_index in open_persons(work)
    review = work.session.get(ForcedReview, row.review_id) if row.review_id else None

    def shown(value: Any) -> str:
        return "" if value is None else value.plain if opened else value.masked()

    return CivilView(
        id=row.id,
        acceptance_no=row.acceptance_no,
        state=row.state,
        version=row.version,
        unit=work.first(OrgUnit.name, OrgUnit.id == row.unit_id) or "",
        clerk=f"{row.clerk_name.masked()}（{row.clerk_no}）",
        applicant=f"{shown(row.applicant_name)} {shown(row.applicant_id_no)}",
        applicant_name=shown(row.applicant_name),
        applicant_id_no=shown(row.applicant_id_no) if opened else "",
        mobile=shown(row.mobile),
        cert_no=shown(row.cert_no),
        matter=str(row.matter.json() or ""),
        materials=tuple(
            f"{one['name']} {one['copies']}份{'（已核原件）' if one.get('original') else ''}" for one in row.materials
        ),
        accepted_at=row.accepted_at,
        received_at=row.received_at,
        due_on=row.due_on,
        overdue=row.state in OPEN_CIVIL and row.due_on < work.today,
        case_id=row.case_id,
        case_no=(work.first(GovCase.case_no, GovCase.id == row.case_id) or "") if row.case_id else "",
        review_id=row.review_id,
        apply_no=(review.apply_no or "") if review is not None else "",
        filing_no=(work.first(LeaseFiling.filing_no, LeaseFiling.id == row.filing_id) or "") if row.filing_id else "",
        starter=person(work, row.starter_id) if row.starter_id else "",
        end_note=words_of(row.end_note),
    )
