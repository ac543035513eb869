"""Parcels and projects of the market in the demo: both heads', in several districts, in every state (rows 55-62)."""

from types import SimpleNamespace

from deploy.demo.construction import mark_reached, tie_by_number
from deploy.demo.kept import load_kept
from deploy.demo.lives import load_lives
from deploy.demo.tables import Known, cells_of, load
from models.access import OrgUnit, Role
from models.columns import new_id
from models.companies import HeadCompany, ProjectCompany
from models.own_data import own_rows
from models.parcels import Parcel
from services.engine.registry import action
from services.engine.work import Work
from services.parcels.holdings import settle_holder

#: Records that belong to a project, each after those it refers to.
_PARTS = (
    *("project_parcels", "project_investors", "project_builders", "relocation"),
    *("land_planning_permit", "realty_certificate", "engineering_planning_permit", "community"),
    *("construction_permit", "unit_engineering", "spatial_area", "red_line"),
)


@action("demo.land", "装载地块与项目", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_land(work: Work, order: None) -> int:
    """Parcels, links and projects in force, once; what is still on its way is loaded by `load_drafts`."""
    if work.has(Parcel):
        return 0
    known = _companies_and_offices(work)
    known |= {cells["key"]: SimpleNamespace(id=new_id()) for cells in cells_of("kept/project")}
    parcels = load_kept(work, "parcel", known)
    known |= parcels
    known |= load(work, "head_links", known)
    load(work, "project_links", known)
    work.session.flush()
    for parcel in parcels.values():
        settle_holder(work, parcel.row)
    known |= load_kept(work, "project", known)
    for kind in _PARTS:
        known |= load_kept(work, kind, known)
    load_lives(work)
    work.session.flush()
    tie_by_number(work)
    mark_reached(work)
    return len(parcels)


def _companies_and_offices(work: Work) -> Known:
    units = work.rows(OrgUnit)
    of_company = {unit.enterprise_id: unit for unit in units}
    names = {line["uscc"]: line["fixture_id"] for line in own_rows("fixtures/companies.csv")}
    heads = work.rows(HeadCompany)
    companies = [*heads, *work.rows(ProjectCompany)]
    known: Known = {unit.unit_code: unit for unit in units}
    for row in companies:
        if row.uscc in names:
            known[names[row.uscc]] = SimpleNamespace(row=row, unit=of_company.get(row.id))
    return known
