"""Changes of companies and how they belong together, in front of the authority and of a head company (rows 51, 52, 54)."""

from collections.abc import Callable
from typing import Any

import pytest
from nicegui.testing import User

from models.monitoring import CompanyType
from services.monitoring.companies import OneCompany
from services.monitoring.nightly import check_company
from tests.market import Market
from tests.ui.people import Crowd
from tests.ui.tenancy.hands import WAIT, pick, press, rows
from ui.monitoring.relation import RelationGraph


def drawn(user: User) -> RelationGraph:
    graph: Any = next(iter(user.find(marker="relations").elements))
    assert isinstance(graph, RelationGraph)
    return graph


def names(graph: RelationGraph) -> set[str]:
    return {"".join(node["name"]) for node in graph._props["views"][0]["nodes"]}


@pytest.mark.row(54)
async def test_a_head_sees_its_own_part_and_opens_a_company(crowd: Crowd, companies: Market) -> None:
    user = await crowd.open("shenpu01", "/?open=relations")
    await user.should_see(marker="relations", retries=WAIT)
    shown = names(drawn(user))
    assert {"申浦置业集团有限公司", "上海申浦滨江置业有限公司"} <= shown
    assert not [name for name in shown if "江海" in name]
    user.find(marker="relations").trigger("open", str(companies.binjiang))
    await user.should_see(marker="record-state", retries=WAIT)


@pytest.mark.row(51)
async def test_the_city_chooses_a_group_and_both_layouts_hold_everybody(crowd: Crowd, companies: Market) -> None:
    user = await crowd.open("shichu01", f"/?open=relations&id={companies.ids['G-2']}")
    await user.should_see(marker="relations", retries=WAIT)
    wide, narrow = drawn(user)._props["views"]
    assert {node["id"] for node in wide["nodes"]} == {node["id"] for node in narrow["nodes"]}
    assert {"江海实业集团有限公司", "江海城市开发有限公司", "上海江海新城置业有限公司"} <= names(drawn(user))
    spots = [(node["x"], node["y"]) for node in wide["nodes"]]
    assert len(set(spots)) == len(spots)
    assert narrow["width"] <= 390


@pytest.mark.row(54)
async def test_a_company_without_projects_of_ones_own_is_not_drawn(crowd: Crowd, companies: Market) -> None:
    user = await crowd.open("jianghai01", f"/?open=relations&id={companies.binjiang}")
    await user.should_see("没有查到符合条件的记录", retries=WAIT)


@pytest.mark.row(52)
async def test_a_change_in_the_registry_is_found_on_demand_and_leads_to_its_alert(
    crowd: Crowd, companies: Market, registry: Callable[..., None]
) -> None:
    order = OneCompany(CompanyType.HEAD, companies.shenpu)
    companies.world.door.perform(check_company, companies.caller("shichu01"), order)
    registry("H-1", legal_rep="沈听澜")
    companies.world.door.perform(check_company, companies.caller("shichu01"), order)
    user = await crowd.open("shenpu01", "/?open=company_changes")
    await user.should_see("第 1 /", retries=WAIT)
    line = next(row for row in rows(user, "grid") if row["after"] == "沈听澜")
    pick(user, "grid", line["id"])
    await user.should_see("变更时间轴", retries=WAIT)
    await user.should_see("预警 SUB-07", retries=WAIT)
    companies.world.fault("legal_entities", "error", times=1)
    press(user, "check-company")
    await user.should_see("登记库未能应答", retries=WAIT)
    companies.world.heal()
    registry("H-1", undo=True)


@pytest.mark.row(54)
async def test_project_companies_have_no_page_of_what_is_watched(crowd: Crowd) -> None:
    user = await crowd.open("binjiang01", "/?open=company_changes")
    await user.should_not_see("变更时间轴")
    await user.should_not_see("企业关系图")
