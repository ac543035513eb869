"""After a transfer both companies confirm and the district changes the project's company (row 62)."""

from uuid import UUID

import pytest
from sqlmodel import select

from models.companies import ProjectCompany
from models.land_codes import HandoverState
from models.projects import Project, ProjectHandover, ProjectTransfer
from services.engine.work import Work
from services.projects.handover import begin_handover
from tests.conformance.samples_projects import project_transfer
from tests.land import Land
from tests.ui.people import Crowd
from tests.ui.tenancy.hands import WAIT, answer, press

pytestmark = pytest.mark.row(62)


def begun(land: Land) -> tuple[UUID, UUID]:
    """A project and the task of its transfer to 西岸."""
    project = land.project("P-1")
    transfer = land.side("project_transfer", project, project_transfer(land.market, 1).values)

    def make(work: Work) -> UUID:
        row = work.session.exec(select(ProjectTransfer).where(ProjectTransfer.id == transfer)).one()
        own, taker = (
            work.session.exec(select(ProjectCompany).where(ProjectCompany.id == land.companies[name])).one()
            for name in ("P-1", "P-2")
        )
        begin_handover(work, row, own, taker)
        work.session.flush()
        return work.session.exec(select(ProjectHandover.id).where(ProjectHandover.transfer_id == transfer)).one()

    made: UUID = land.market.world.act(make)
    return project, made


async def test_both_confirm_and_the_district_does_it(crowd: Crowd, land: Land) -> None:
    project, task = begun(land)
    for login in ("binjiang_admin", "xian_admin"):
        user = await crowd.open(login, f"/?open=project_handovers&id={task}")
        await user.should_see("转出方确认", retries=WAIT)
        press(user, "handover-agree")
        await user.should_see("确认后不能撤回", retries=WAIT)
        press(user, "dialog-yes")
        await user.should_see("已确认", retries=WAIT)
    district = await crowd.open("pdchu01", f"/?open=project_handovers&id={task}")
    await district.should_see("双方均已确认，等待业务部门办理变更", retries=WAIT)
    press(district, "handover-do")
    await district.should_see("办理项目公司变更？", retries=WAIT)
    press(district, "dialog-yes")
    await district.should_see("项目公司已变更", retries=WAIT)
    assert land.market.row(Project, project).project_company_id == land.companies["P-2"]


async def test_the_district_stops_it_with_a_reason(crowd: Crowd, land: Land) -> None:
    _, task = begun(land)
    district = await crowd.open("pdchu01", f"/?open=project_handovers&id={task}")
    await district.should_see("等待", retries=WAIT)
    await district.should_not_see(marker="handover-do")
    press(district, "handover-stop")
    await answer(district, "转让合同已经解除")
    await district.should_see("已终止", retries=WAIT)
    assert land.market.row(ProjectHandover, task).state is HandoverState.STOPPED
