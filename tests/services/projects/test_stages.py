"""The stage of a project: settled by the kinds that declare one, in the order of one list (row 58)."""

from dataclasses import replace
from uuid import UUID

from models.land_codes import ProjectStage
from models.projects import Project
from services.engine.cycle import acts
from services.engine.cycle_orders import Void
from services.engine.kinds import KINDS, Kind, Stage
from services.projects.stages import BESIDE_RECORDS, life
from tests.conformance.apart import kinds_apart, make_tables
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.services.projects.made_permit import PERMIT, VALUES
from ui.handbook.versions import HANDBOOKS
from ui.records.beside import own_page_of
from ui.sales.sale_page import PROJECT_SALE


def stage_of(land: Land, project: UUID) -> ProjectStage:
    stage: ProjectStage = land.market.row(Project, project).stage
    return stage


def stage_with_a_permit(land: Land, kind: Kind) -> tuple[ProjectStage, ProjectStage]:
    """The stage of a project with a permit in force, and after that permit was voided."""
    with kinds_apart(kind):
        make_tables(land.market.world, kind)
        project = land.project("P-1")
        desk = Desk(land, kind.name)
        permit = desk.effective(project, VALUES)
        reached = stage_of(land, project)
        desk.perform(acts(kind.name).void, "pdshen01", Void(permit.record_id, "证书已被发证机关撤销"))
        return reached, stage_of(land, project)


def test_a_kind_settles_the_stage_it_declares(land: Land) -> None:
    assert stage_with_a_permit(land, PERMIT) == (ProjectStage.PLANNING, ProjectStage.LAND)


def test_a_kind_that_only_belongs_to_a_stage_does_not_reach_it(land: Land) -> None:
    belongs = replace(PERMIT, stage=Stage(ProjectStage.PLANNING))
    assert stage_with_a_permit(land, belongs) == (ProjectStage.LAND, ProjectStage.LAND)


def test_a_registered_kind_takes_its_place_in_the_life_of_a_project(land: Land) -> None:
    with kinds_apart(replace(PERMIT, row=64)):
        shown = [one.kind for one in life()[ProjectStage.PLANNING]]
    assert shown.index("land_planning_permit") < shown.index("made_permit") < shown.index("community")
    assert [one.kind for one in life()[ProjectStage.LAND]][:3] == ["parcel", "project", "project_parcels"]


def test_what_is_no_kept_record_has_a_page_of_its_own() -> None:
    assert not {one.kind for one in BESIDE_RECORDS} & set(KINDS)
    # Their pages register themselves when they are loaded.
    assert PROJECT_SALE.hidden
    assert not HANDBOOKS.hidden
    assert all(own_page_of(one.kind) for one in BESIDE_RECORDS)


def test_every_kind_of_a_project_belongs_to_a_stage() -> None:
    of_projects = {kind.name for kind in KINDS.values() if kind.makers.about == "project"}
    assert of_projects <= {one.kind for records in life().values() for one in records}
