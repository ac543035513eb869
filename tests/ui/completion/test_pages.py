"""Completion filing and planning acceptance on one page, and the checklist of a delivery permit (rows 72, 73)."""

from typing import Any

import pytest

from models.records import RevisionState
from services.completion.together import CompletionDesk, completion_desk
from services.engine.cycle_orders import Begun, RevisionView
from tests.building import tied
from tests.conformance.samples_progress import CONDITIONS
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.site import COMPANY, USCC, Site
from tests.ui.people import Crowd, until
from tests.ui.tenancy.hands import WAIT, key, press


def desk_of(land: Land, site: Site) -> CompletionDesk:
    found: CompletionDesk = land.market.world.door.ask(completion_desk, land.market.caller("binjiang01"), site.project)
    return found


def begun(land: Land, kind: str, site: Site, values: dict[str, Any], lists: dict[str, Any]) -> Begun:
    made: Begun = Desk(land, kind).begin(site.project, values, lists)
    return made


def view(land: Land, kind: str, revision_id: Any) -> RevisionView:
    return Desk(land, kind).view(revision_id)


@pytest.mark.row(72)
async def test_two_forms_are_begun_on_one_page_and_submitted_each_on_its_own(crowd: Crowd, land: Land) -> None:
    site = Site.begun(land)
    planning = site.planning()
    unit = site.unit(site.permit(planning), "1#")
    site.tie(unit, planning, "1#")
    filing = {
        "filing_no": "2027PD07201",
        "builder": COMPANY,
        "builder_uscc": USCC,
        "filed_area": "10500.00",
        "accepted_on": "2026-09-20",
        "filed_on": "2026-09-28",
        "household_acceptance_done": True,
    }
    paper = {
        "acceptance_no": "沪浦规验07201",
        "builder": COMPANY,
        "builder_uscc": USCC,
        "engineering_planning_permit_id": str(planning),
        "measured_gfa_total": "10600.00",
        "issued_on": "2026-09-10",
    }
    papers = begun(land, "planning_acceptance", site, paper, {"buildings": [{"building_no": "1#"}]})
    user = await crowd.open("binjiang_admin", f"/?open=completion&id={site.project}")
    await user.should_see("还没有竣工验收备案", retries=WAIT)
    await user.should_see("沪浦规验07201", retries=WAIT)
    # With the keyboard in the second form its own command submits it; the first has none yet.
    key(user, "f7")
    await user.should_see("已切换到竣工规划资源验收", retries=WAIT)
    key(user, "f8")
    await user.should_see("已提交，等待审核", retries=WAIT)
    assert view(land, "planning_acceptance", papers.revision_id).state is RevisionState.SUBMITTED
    Desk(land, "planning_acceptance").approve(papers.revision_id)
    press(user, "begin-completion_filing")
    assert await until(lambda: len(desk_of(land, site).records["completion_filing"]) == 1)
    draft = desk_of(land, site).records["completion_filing"][0].open_revision
    assert draft is not None
    filings = Desk(land, "completion_filing")
    filings.save(draft, filing)
    filings.keep_files(draft)
    user = await crowd.open("binjiang_admin", f"/?open=completion&id={site.project}")
    await user.should_see("2027PD07201", retries=WAIT)
    press(user, "tick-works")
    await user.should_see("勾选备案的单位工程", retries=WAIT)
    press(user, "offer-0")
    press(user, "dialog-yes")
    await user.should_see("已勾选，备案的单位工程共1行", retries=WAIT)
    key(user, "f9")
    await user.should_see("已提交1份记录", retries=WAIT)
    assert view(land, "completion_filing", draft).state is RevisionState.SUBMITTED


@pytest.mark.row(73)
async def test_conditions_are_ticked_one_by_one_and_what_is_missing_is_said(crowd: Crowd, land: Land) -> None:
    site = Site.begun(land)
    building = tied(site)
    met = [{"item": item, "met": item not in ("GAS", "SEWAGE")} for item in CONDITIONS]
    lists = {"buildings": [{"natural_building_no": building}], "conditions": met}
    draft = begun(land, "delivery_permit", site, {"permit_no": "沪浦交付07301"}, lists)
    user = await crowd.open("binjiang_admin", f"/?open=record&kind=delivery_permit&id={draft.record_id}")
    await user.should_see("已具备9项，共11项；尚缺：燃气、污水纳管", retries=WAIT)
    press(user, "met-GAS")
    await user.should_see("尚缺：污水纳管", retries=WAIT)
    user.find("paper_no-GAS").type("燃验2027-8")
    press(user, "met-SEWAGE")
    await user.should_see("已具备11项，共11项，已齐全", retries=WAIT)
    key(user, "ctrl+s")
    await user.should_see("已保存", retries=WAIT)

    def gas() -> Any:
        lines = view(land, "delivery_permit", draft.revision_id).children["conditions"]
        return next(line for line in lines if line["item"] == "GAS")

    assert await until(lambda: gas() == {"item": "GAS", "met": True, "paper_no": "燃验2027-8"})
