"""What bears a project's name: lists follow it when it is renamed, a certificate keeps the name printed on it (row 58)."""

from models.projects import ProjectBuilders
from services.engine.listings import LISTINGS, ListRows
from tests.conformance.apart import kinds_apart, make_tables
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.services.projects.made_permit import PERMIT, VALUES, Permit


def test_renaming_a_project_leaves_its_certificates_alone(land: Land) -> None:
    with kinds_apart(PERMIT):
        make_tables(land.market.world, PERMIT)
        project = land.project("P-1", name="证载项目名称")
        permit = land.side("made_permit", project, VALUES)
        listed = land.side("project_builders", project, {"has_agent": False})
        before = land.market.row(Permit, permit)
        desk = Desk(land, "project")
        renamed = desk.update(project, "项目名称变更")
        desk.save(renamed.revision_id, {"name": "改名后的雅苑"})
        desk.submit(renamed.revision_id)
        desk.approve(renamed.revision_id)
        after = land.market.row(Permit, permit)
    assert (after.project_name, after.version) == ("证载项目名称", before.version)
    assert land.market.row(ProjectBuilders, listed).project_name == "改名后的雅苑"


def test_a_project_is_found_by_the_initials_of_its_name(land: Land) -> None:
    door, caller = land.market.world.door, land.market.caller("pdshen01")
    project = land.project("P-1", name="鑫淼单家湾名邸")
    for text in ("xmdjwmd", "XMDJ", "鑫淼單家灣"):
        lines = door.ask(LISTINGS["records.project"].query, caller, ListRows({"text": text})).lines
        assert [line.id for line in lines] == [project], text
