"""Row 51: group companies are kept with their history, told apart by code and name, and counted for coverage."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from models.companies import GroupCompany
from models.records import Revision, RevisionState
from services.companies.directory import CompanyRef, coverage, overview
from services.engine.cycle_orders import Submit
from services.engine.refusals import NotAllowed, NotFound, Refusal, Rejected
from tests.conformance.samples_companies import company_lists
from tests.conformance.story import Story
from tests.market import Market

pytestmark = pytest.mark.row(51)


def draft(town: Market, *, children: Any = None, **changes: Any) -> Story:
    story = Story.of(town, "group_company")
    story.sample = replace(
        story.sample,
        values={**story.sample.values, **changes},
        children=story.sample.children if children is None else children,
    )
    return story.begin().fill()


def refused(story: Story, **reasons: str) -> set[str]:
    order = Submit(story.revision_id, story.version(), {**story.sample.reasons, **reasons})
    with pytest.raises(Rejected) as problem:
        story.perform(story.acts.submit, story.submitter, order)
    return {f"{finding.code}:{finding.field}" for finding in problem.value.findings}


def test_it_takes_effect_without_review_and_keeps_its_history(town: Market) -> None:
    story = draft(town).submit()
    assert story.row().version_no == 1
    story.update().fill({"reg_place": "上海市徐汇区衡山路2号"}).submit()
    assert (story.row().version_no, story.row().reg_place) == (2, "上海市徐汇区衡山路2号")
    states = town.world.read(
        lambda work: [
            row.state for row in work.session.exec(select(Revision).where(Revision.record_id == story.record_id)).all()
        ]
    )
    assert sorted(states) == sorted([RevisionState.SUPERSEDED, RevisionState.EFFECTIVE])


def test_a_wrong_last_character(town: Market) -> None:
    assert "SUB-01:uscc" in refused(draft(town, uscc="91310115MA1H8R7C6D"))


@pytest.mark.parametrize("uscc", ["91310115MA1H8R7C6", "91310115MA1H8R7O67", "913101150000000000"])
def test_codes_that_are_none(town: Market, uscc: str) -> None:
    assert "SUB-01:uscc" in refused(draft(town, uscc=uscc))


def test_an_overseas_group_has_a_number_of_its_own(town: Market) -> None:
    assert "SUB-01:uscc" in refused(draft(town, uscc=""))
    story = draft(town, uscc="", foreign_id="HK-0099887").submit()
    assert story.row().live_key == "HK-0099887"
    again = draft(town, uscc="", foreign_id="hk-0099887")
    assert "SUB-03:uscc" in refused(again)


def test_the_same_company_under_old_and_new_name(town: Market) -> None:
    """One code is one company, whatever it is called; one name in two spellings is one name."""
    story = draft(town).submit()
    row = story.row()
    assert "SUB-03:uscc" in refused(draft(town, uscc=row.uscc, name="新名称控股集团有限公司"))
    assert "SUB-03:name" in refused(draft(town, name=f" {row.name.replace('集团', '集 团')}"))
    story.update().fill({"name": "更名后控股集团有限公司"}).submit()
    assert story.row().name == "更名后控股集团有限公司"


@pytest.mark.parametrize(
    ("ratio", "fits"), [("39.9800", False), ("39.9900", True), ("40.0100", True), ("40.0200", False)]
)
def test_shareholders_come_to_a_whole(town: Market, ratio: str, fits: bool) -> None:
    lists = company_lists()
    lists["shareholders"][1]["ratio"] = ratio
    story = draft(town, children=lists)
    if fits:
        assert story.submit().row().in_force
    else:
        assert "SUB-08:shareholders" in refused(story)


def test_paid_in_above_registered_wants_a_reason(town: Market) -> None:
    story = draft(town, paid_in_capital="50000000.01")
    assert "SUB-12:paid_in_capital" in refused(story)
    story.sample = replace(story.sample, reasons={**story.sample.reasons, "SUB-12": "增资手续正在办理"})
    assert story.submit().row().paid_in_capital == Decimal("50000000.01")


def test_a_day_to_come_and_a_negative_capital(town: Market) -> None:
    found = refused(draft(town, established_on="2027-03-02", registered_capital="-1.00"))
    assert {"SUB-01:established_on", "FMT:registered_capital"} <= found


@pytest.mark.parametrize("fault", ["error", "timeout"])
def test_registry_silence_is_unknown_and_never_passed(town: Market, fault: str) -> None:
    town.world.fault("legal_entities", fault)
    story = draft(town).submit()
    found = town.row(Revision, story.revision_id).rule_results.json()["findings"]
    assert ("SUB-02", "PENDING") in {(one["code"], one["severity"]) for one in found}


def test_only_the_city_keeps_the_list(town: Market) -> None:
    story = Story.of(town, "group_company")
    for login in ("pdchu01", "shenpu_admin", "shishen01"):
        with pytest.raises(NotAllowed):
            story.perform(story.acts.begin, town.caller(login), None)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "' OR 1=1 --", "名" * 201, "\ud800", "a\x00b"])
def test_strange_names(town: Market, text: str) -> None:
    story = Story.of(town, "group_company").begin()
    try:
        story.fill({"name": text}).submit()
    except Refusal:
        return
    # Half a character is in no text that can be stored.
    assert story.row().name in {text, "?"}


def test_a_group_page_shows_what_hangs_on_it(town: Market) -> None:
    ask = town.world.door.ask
    page = ask(overview, town.caller("shichu01"), CompanyRef("group_company", town.ids["G-1"]))
    assert [one.name for one in page.children] == [town.lines["H-1"]["name"]]
    assert page.covered is False
    assert page.happened
    head = ask(overview, town.caller("pdchu01"), CompanyRef("head_company", town.shenpu))
    assert {one.name for one in head.children} <= {row["name"] for row in town.lines.values()}
    own = ask(overview, town.caller("shenpu01"), CompanyRef("head_company", town.shenpu))
    assert {town.lines["P-1"]["name"], town.lines["P-2"]["name"]} <= {one.name for one in own.children}


@pytest.mark.parametrize("login", ["jianghai01", "xincheng01"])
def test_a_competitor_finds_nothing(town: Market, login: str) -> None:
    for kind, row_id in (
        ("head_company", town.shenpu),
        ("project_company", town.binjiang),
        ("group_company", town.ids["G-1"]),
    ):
        with pytest.raises(NotFound):
            town.world.door.ask(overview, town.caller(login), CompanyRef(kind, row_id))
    with pytest.raises(NotFound):
        town.world.door.ask(overview, town.caller(login), CompanyRef("account", town.shenpu))


def test_coverage_counts_groups_of_the_list_that_build(town: Market) -> None:
    found = town.world.door.ask(coverage, town.caller("shichu01"), None)
    listed = town.world.read(
        lambda work: len(work.session.exec(select(GroupCompany).where(GroupCompany.in_city_list)).all())
    )
    assert (found.listed, found.covered, len(found.open)) == (listed, 0, listed)
