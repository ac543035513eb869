"""Unmanaged places in the demo: reported by two districts, one overdue, one proposed, one closed (row 37)."""

from sqlmodel import col, select

from deploy.demo.kept import load_kept
from models.access import OrgUnit, Role, UnitKind
from models.records import Revision
from models.unmanaged import UnmanagedReport
from services.engine.registry import action
from services.engine.work import Work


@action("demo.unmanaged", "装载未纳管项目", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_unmanaged(work: Work, order: None) -> int:
    """Reports in force, once, as the bureaus of their districts wrote them."""
    if work.has(UnmanagedReport):
        return 0
    made = load_kept(work, "unmanaged_report", {})
    bureaus = select(OrgUnit).where(OrgUnit.kind == UnitKind.DISTRICT_BUREAU)
    offices = {unit.district_code: unit.id for unit in work.session.exec(bureaus).all()}
    ids = [line.row.revision_id for line in made.values()]
    for version in work.rows(Revision, col(Revision.id).in_(ids)):
        version.author_unit = offices.get(version.district_code)
        work.add(version)
    return len(made)
