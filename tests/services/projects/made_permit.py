"""A certificate of a project that lives for one test: it names the project as printed, and shows the stage of planning."""

from sqlalchemy.orm import registry

from models.columns import text
from models.land_codes import ProjectStage
from models.records import InForce
from services.engine.kinds import Kind, Look
from services.projects.ownership import of_project
from services.projects.stages import settles


class _Apart(InForce, registry=registry()):
    """A table of tests has metadata of its own, which no migration and no catalogue reads."""


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
    stage=settles(ProjectStage.PLANNING),
)
VALUES = {"permit_no": "地字第1号", "project_name": "证载项目名称"}
