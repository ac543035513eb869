"""What bears a project's name: lists follow it when it is renamed, a certificate keeps the name printed on it (row 58)."""

from sqlalchemy.orm import registry

from models.columns import text
from models.projects import ProjectBuilders
from models.records import InForce
from services.engine.kinds import Kind, Look
from services.projects.ownership import of_project
from tests.conformance.apart import kinds_apart, make_tables
from tests.land import Land
from tests.services.projects.desk import Desk


class _Apart(InForce, registry=registry()):
    """A table of this test has metadata of its own, which no migration and no catalogue reads."""


class Permit(_Apart, table=True):
    """A certificate that names the project as the issuing authority printed it."""

    __tablename__ = "made_permit"

    permit_no: str = text("证书编号", max=50)
    project_name: str = text("项目名称", max=200)


PERMIT = Kind(
    name="made_permit",
    label="测试证书",
    row=0,
    prefix="MP",
    table=Permit,
    makers=of_project("made_permit", Permit, several=True),
    look=Look(title="permit_no", menu="projects", grid=("permit_no", "project_name")),
)


def test_renaming_a_project_leaves_its_certificates_alone(land: Land) -> None:
    with kinds_apart(PERMIT):
        make_tables(land.market.world, PERMIT)
        project = land.project("P-1", name="证载项目名称")
        permit = land.side("made_permit", project, {"permit_no": "地字第1号", "project_name": "证载项目名称"})
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
