"""A plan from its project's page: buildings ticked, homes priced in the building table, sums at once (row 76)."""

from uuid import UUID

import pytest
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement
from sqlmodel import col

from models.records import Revision, RevisionState
from services.engine.cycle_orders import RevisionView
from tests.land import Land
from tests.sales import Selling, selling
from tests.ui.people import Crowd, until
from tests.ui.tenancy.hands import WAIT, key, press
from ui.shell.unit_table import UnitTable

pytestmark = pytest.mark.row(76)


def draft_of(found: Selling) -> UUID | None:
    def read(work: object) -> UUID | None:
        return work.first(  # type: ignore[attr-defined,no-any-return]
            Revision.id,
            Revision.kind == "sales_plan",
            Revision.project_id == found.project,
            col(Revision.state) == RevisionState.DRAFT,
        )

    return found.land.market.world.read(read)  # type: ignore[no-any-return]


def prices(found: Selling, version: UUID) -> list[str | None]:
    view: RevisionView = found.desk.view(version)
    return [line.get("unit_price") for line in view.children["units"]]


async def test_a_plan_is_made_and_priced_in_the_building_table(crowd: Crowd, land: Land) -> None:
    found = selling(land)
    good, low = found.building("1#"), found.building("2#", floors_done=12, topped=False)
    user = await crowd.open("binjiang01", f"/?open=sales-plans&id={found.project}")
    await user.should_see("未达到预售形象进度", retries=WAIT)
    (box,) = user.find(kind=web.checkbox, marker=f"tick-{low}").elements
    assert not box.enabled
    user.find(kind=web.checkbox, marker=f"tick-{good}").click()
    await user.should_see("已勾选1幢", retries=WAIT)
    key(user, "f8")
    await user.should_see("房屋与价格（一房一价）", retries=WAIT)
    version = draft_of(found)
    assert version is not None
    await user.should_see("未定价6户", retries=WAIT)
    # Named above the fields with the number of their lines: the homes come after all fields.
    (homes,) = user.find(kind=TextElement, marker="part-units").elements
    assert homes.text == "房屋与价格（一房一价） 6"
    (shown,) = user.find(kind=web.button, marker="plan-building-1#").elements
    assert shown.props["aria-pressed"] == "true"
    user.find(kind=UnitTable).trigger("ticks", [0, 1])
    await user.should_see("已选2户", retries=WAIT)
    user.find(marker="field-set-price").type("98000")
    press(user, "apply-prices")
    await user.should_see("未定价4户", retries=WAIT)
    assert await until(lambda: prices(found, version).count("98000.00") == 2)
    user.find(marker="prices-file").trigger("rejected")
    await user.should_see("只接受不超过20MB的表格（.xlsx、.csv），每次一份", retries=WAIT)


async def test_the_sale_is_shown_beside_the_plan(crowd: Crowd, land: Land) -> None:
    found = selling(land)
    found.building("1#")
    user = await crowd.open("pdshen01", f"/?open=project-sale&id={found.project}")
    await user.should_see("尚未收到本项目的预售许可证", retries=WAIT)
    await user.should_see("本项目还没有销售事件", retries=WAIT)
