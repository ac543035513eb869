"""项目地块、投资企业、代建单位: lists of a project reviewed as a whole, filled from links and from the registry (rows 59-61)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import select

from models.land_codes import LineSource
from models.parcels import Parcel
from models.projects import InvestorLine, ProjectInvestors, ProjectParcels
from services.engine.cycle import acts
from services.engine.refusals import Conflict, NotFound, Rejected
from services.projects.parcel_changes import list_changes
from tests.land import Land
from tests.market import credit_code
from tests.services.projects.desk import Desk

OWN = "91310115MAYPA0014U"
OTHER = "91310101MAYCA00120"


# ------------------------------------------------------------------ parcels (row 59)


def lines(*parcels: tuple[UUID, str]) -> dict[str, Any]:
    return {"parcels": [{"parcel_id": str(one), "used_area": used} for one, used in parcels]}


@pytest.mark.row(59)
def test_the_list_is_filled_from_what_was_assigned_and_summed(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    project = land.project("P-1", parcel=parcel)
    land.link_company(parcel, "P-1", project=project)
    desk = Desk(land, "project_parcels")
    begun = desk.begin(project, {"note": "整块使用"})
    desk.fill_in(begun.revision_id, "全部")
    view = desk.view(begun.revision_id)
    filled = [line for line in view.children["parcels"] if line["parcel_id"] == str(parcel)]
    assert [(line["used_area"], line["far_area_part"]) for line in filled] == [("10000.00", "20000.00")]
    desk.save(begun.revision_id, {}, {"parcels": filled})
    desk.submit(begun.revision_id)
    desk.approve(begun.revision_id)
    row = land.market.row(ProjectParcels, begun.record_id)
    assert (row.used_area_total, row.far_area_total, row.project_id) == (Decimal(10000), Decimal(20000), project)
    assert row.project_name


@pytest.mark.row(59)
def test_land_of_another_district_or_more_than_the_project_has_needs_a_reason(land: Land) -> None:
    """Desk 12: all parcels of the company came in at once, of two districts and twice the land, and nothing was said."""
    parcel, far = land.given("P-1"), land.given("P-1", district="310112")
    project = land.project("P-1", parcel=parcel)
    desk = Desk(land, "project_parcels")
    begun = desk.begin(project, {})
    desk.fill_in(begun.revision_id, "全部")
    filled = [line["parcel_id"] for line in desk.view(begun.revision_id).children["parcels"]]
    assert str(parcel) in filled
    assert str(far) not in filled
    desk.save(begun.revision_id, {}, lines((parcel, "10000.00"), (far, "10000.00")))
    with pytest.raises(Rejected) as refused:
        desk.submit(begun.revision_id)
    assert [(one.code, one.field) for one in refused.value.findings] == [
        ("PRJ-02", "parcels"),
        ("PRJ-02", "parcels.2.parcel_id"),
    ]
    assert "闵行区" in refused.value.findings[1].message
    desk.submit(begun.revision_id, {"PRJ-02": "两区合作开发，项目用地面积随后更新"})


@pytest.mark.row(59)
def test_the_same_parcel_twice_is_refused(land: Land) -> None:
    parcel, project = land.given("P-1"), land.project("P-1")
    desk = Desk(land, "project_parcels")
    begun = desk.begin(project, {}, lines((parcel, "5000"), (parcel, "5000")))
    with pytest.raises(Rejected) as refused:
        desk.submit(begun.revision_id)
    assert "KEY" in {one.code for one in refused.value.findings}


@pytest.mark.row(59)
def test_two_projects_share_a_parcel_no_further_than_it_goes(land: Land) -> None:
    parcel = land.given("P-1")
    first, second = land.project("P-1"), land.project("P-1")
    desk = Desk(land, "project_parcels")
    desk.effective(first, {}, lines((parcel, "6000.00")))
    begun = desk.begin(second, {}, lines((parcel, "4050.01")))
    with pytest.raises(Rejected) as refused:
        desk.submit(begun.revision_id)
    assert [(one.code, one.field) for one in refused.value.findings] == [("PRJ-02", "parcels.1.used_area")]
    desk.save(begun.revision_id, {}, lines((parcel, "4050.00")))
    desk.submit(begun.revision_id)
    desk.approve(begun.revision_id)


@pytest.mark.row(59)
def test_two_projects_say_why_they_build_more_together_than_the_contract_allows(land: Land) -> None:
    parcel = land.given("P-1")
    desk = Desk(land, "project_parcels")
    line = {"parcel_id": str(parcel), "used_area": "5000.00", "far_area_part": "16000.00"}
    desk.effective(land.project("P-1"), {}, {"parcels": [line]})
    begun = desk.begin(land.project("P-1"), {}, {"parcels": [line]})
    with pytest.raises(Rejected) as refused:
        desk.submit(begun.revision_id)
    (found,) = refused.value.findings
    assert (found.code, found.field) == ("PRJ-03", "parcels.1.far_area_part")
    assert "其他项目已填写16,000" in found.message
    desk.submit(begun.revision_id, {"PRJ-03": "规划调整后另行签订补充协议"})


@pytest.mark.row(59)
def test_of_two_lists_under_review_the_second_is_measured_again(land: Land) -> None:
    parcel = land.given("P-1")
    desk = Desk(land, "project_parcels")
    one = desk.begin(land.project("P-1"), {}, lines((parcel, "6000.00")))
    other = desk.begin(land.project("P-1"), {}, lines((parcel, "6000.00")))
    for begun in (one, other):
        desk.submit(begun.revision_id)
    desk.approve(one.revision_id)
    with pytest.raises(Rejected) as refused:
        desk.approve(other.revision_id, "pdshen02")
    assert "PRJ-02" in {found.code for found in refused.value.findings}


@pytest.mark.row(59)
def test_the_last_parcel_and_a_foreign_parcel_are_refused(land: Land) -> None:
    desk = Desk(land, "project_parcels")
    begun = desk.begin(land.project("P-1"), {}, lines())
    with pytest.raises(Rejected) as empty:
        desk.submit(begun.revision_id)
    assert {one.field for one in empty.value.findings} == {"parcels"}
    unlinked, foreign = land.parcel(head="H-1"), land.parcel(head="H-2")
    for parcel in (unlinked, foreign):
        desk.save(begun.revision_id, {}, lines((parcel, "100.00")))
        with pytest.raises(Rejected) as refused:
            desk.submit(begun.revision_id)
        assert {one.field for one in refused.value.findings} == {"parcels.1.parcel_id"}


@pytest.mark.row(59)
def test_a_parcel_that_was_updated_afterwards_shows_and_changes_nothing(land: Land) -> None:
    parcel, project = land.given("P-1"), land.project("P-1")
    desk = Desk(land, "project_parcels")
    begun = desk.effective(project, {}, lines((parcel, "10000.00")))
    assert desk.ask(list_changes, "binjiang01", begun.record_id) == ()
    land.market.world.rewrite(Parcel, Parcel.id == parcel, version_no=2, land_area=Decimal(9000))
    (changed,) = desk.ask(list_changes, "binjiang01", begun.record_id)
    assert changed.endswith("已更新到第2版")
    assert land.market.row(ProjectParcels, begun.record_id).used_area_total == Decimal(10000)
    with pytest.raises(NotFound):
        desk.ask(list_changes, "xincheng01", begun.record_id)


@pytest.mark.row(59)
def test_a_project_has_one_list(land: Land) -> None:
    parcel, project = land.given("P-1"), land.project("P-1")
    desk = Desk(land, "project_parcels")
    begun = desk.begin(project, {}, lines((parcel, "100.00")))
    with pytest.raises(Conflict):
        desk.begin(project, {})
    desk.submit(begun.revision_id)
    desk.approve(begun.revision_id)
    with pytest.raises(Conflict) as refused:
        desk.begin(project, {})
    assert land.market.row(ProjectParcels, begun.record_id).record_no in refused.value.message
    again = desk.update(begun.record_id)
    desk.save(again.revision_id, {}, lines((parcel, "200.00")))
    desk.submit(again.revision_id)
    desk.approve(again.revision_id)
    assert land.market.row(ProjectParcels, begun.record_id).used_area_total == Decimal(200)


# ------------------------------------------------------------------ investors (row 60)


def change_registry(land: Land, **change: Any) -> None:
    url = f"{land.market.world.simulators.base_url('legal_entities')}/sim/change"
    httpx.post(url, json=change).raise_for_status()


@pytest.mark.row(60)
def test_the_registered_holders_fill_the_list(land: Land) -> None:
    project = land.project("P-1")
    desk = Desk(land, "project_investors")
    begun = desk.begin(project, {})
    desk.fill_in(begun.revision_id, OWN)
    view = desk.view(begun.revision_id)
    assert view.source == "法人库"
    (line,) = view.children["investors"]
    assert (line["name"], line["ratio"], line["source"]) == ("申浦置业集团有限公司", "100", str(LineSource.REGISTRY))
    assert line["is_head_group"] is True
    desk.submit(begun.revision_id)
    desk.approve(begun.revision_id)
    assert land.market.row(ProjectInvestors, begun.record_id).registered_capital == Decimal(200000000)


@pytest.mark.row(60)
def test_a_new_holder_is_told_while_a_draft_is_open_and_own_lines_stay(land: Land) -> None:
    uscc = "91310104MAYPA0022Q"
    project = land.project("P-2", district="310104")
    desk = Desk(land, "project_investors", "xian01", "xian_admin")
    begun = desk.begin(project, {})
    desk.fill_in(begun.revision_id, uscc)
    before = desk.view(begun.revision_id).children["investors"]
    own = {
        "kind": "FOREIGN",
        "name": "Harbour View Holdings Ltd.",
        "foreign_id": "HK-1234567",
        "country": "中国香港",
        "subscribed_amount": "0.00",
        "ratio": "0",
        "source": "MANUAL",
    }
    desk.save(begun.revision_id, {}, {"investors": [*before, own]})
    assert "SUB-08" not in _trial(desk, begun.revision_id)
    change_registry(
        land,
        uscc=uscc,
        holders=[
            {"name": "申浦置业集团有限公司", "uscc": "91310115MAYHA0017M", "ratio": "60"},
            {"name": "华亭城市建设发展有限公司", "uscc": OTHER, "ratio": "40"},
        ],
    )
    try:
        assert "SUB-08" in _trial(desk, begun.revision_id)
        desk.fill_in(begun.revision_id, uscc)
        after = desk.view(begun.revision_id).children["investors"]
        assert "Harbour View Holdings Ltd." in {line["name"] for line in after}
        assert "华亭城市建设发展有限公司" in {line["name"] for line in after}
        assert "SUB-08" not in _trial(desk, begun.revision_id)
    finally:
        change_registry(land, uscc=uscc, undo=True)


def _trial(desk: Desk, revision_id: UUID) -> set[str]:
    return {one.code for one in desk.ask(acts(desk.kind).trial, desk.submitter, revision_id)}


@pytest.mark.row(60)
def test_what_another_company_registered_is_not_told(land: Land) -> None:
    desk = Desk(land, "project_investors")
    begun = desk.begin(land.project("P-1"), {})
    said = desk.fill_in(begun.revision_id, "91310104MAYPA0030K")
    assert "只能带入本项目公司的登记信息" in [one.message for one in said.findings]
    assert not desk.view(begun.revision_id).children.get("investors")


@pytest.mark.row(60)
def test_a_silent_registry_leaves_it_to_be_filled_by_hand(land: Land) -> None:
    desk = Desk(land, "project_investors")
    begun = desk.begin(land.project("P-1"), {})
    land.market.world.fault("legal_entities", "error")
    said = desk.fill_in(begun.revision_id, OWN)
    assert any("未核验" in one.message for one in said.findings)


@pytest.mark.row(60)
def test_a_person_is_sealed_and_masked(land: Land) -> None:
    project = land.project("P-1")
    holders = {
        "investors": [
            {
                "kind": "PERSON",
                "name": "孙小舟",
                "id_no": "310101199003079013",
                "subscribed_amount": "200000000.00",
                "ratio": "100",
                "is_head_group": False,
                "source": "MANUAL",
            }
        ]
    }
    desk = Desk(land, "project_investors")
    begun = desk.effective(project, {"registered_capital": "200000000.00"}, holders)
    seen = str(desk.ask(acts("project_investors").record, "shenpu01", begun.record_id).children)
    assert "310101199003079013" not in seen
    assert "孙小舟" not in seen

    def read(work: Any) -> Any:
        return work.session.exec(select(InvestorLine).where(InvestorLine.record_id == begun.record_id)).one()

    line = land.market.world.read(read)
    assert line.id_no.token.startswith("e1")
    assert line.id_no.plain == "310101199003079013"


# ------------------------------------------------------------------ builders (row 61)


@pytest.mark.row(61)
def test_no_builder_at_all_takes_effect(land: Land) -> None:
    Desk(land, "project_builders").effective(land.project("P-1"), {"has_agent": False})


@pytest.mark.row(61)
def test_builders_are_filled_one_by_one_by_their_codes(land: Land) -> None:
    desk = Desk(land, "project_builders")
    begun = desk.begin(land.project("P-1"), {})
    desk.fill_in(begun.revision_id, OTHER)
    desk.fill_in(begun.revision_id, "91310115MAYHA0017M")
    view = desk.view(begun.revision_id)
    assert [line["uscc"] for line in view.children["builders"]] == [OTHER, "91310115MAYHA0017M"]
    assert view.values["has_agent"] is True


@pytest.mark.row(61)
def test_an_unknown_code_is_accepted_with_a_reason_and_a_silent_registry_with_a_mark(land: Land) -> None:
    line = {
        "name": "外地代建有限公司",
        "uscc": credit_code(77777, "330106"),
        "mode": "COMMERCIAL",
        "work_scope": "全过程代建",
        "source": "MANUAL",
    }
    desk = Desk(land, "project_builders")
    begun = desk.begin(land.project("P-1"), {"has_agent": True}, {"builders": [line]})
    with pytest.raises(Rejected) as refused:
        desk.submit(begun.revision_id)
    assert [(one.code, one.severity.value) for one in refused.value.findings] == [("PRJ-15", "WARN")]
    land.market.world.fault("legal_entities", "error")
    desk.submit(begun.revision_id)
    findings = desk.view(begun.revision_id, "pdshen01").findings
    assert [(one.code, one.severity.value) for one in findings] == [("PRJ-15", "PENDING")]


@pytest.mark.row(61)
def test_every_builder_of_a_long_list_is_looked_up(land: Land) -> None:
    """As many as a list may have; none passes because nobody asked about it."""
    lines = [
        {
            "name": f"外地代建第{number}有限公司",
            "uscc": credit_code(70_000 + number, "330106"),
            "mode": "COMMERCIAL",
            "work_scope": f"第{number}标段",
            "source": "MANUAL",
        }
        for number in range(50)
    ]
    desk = Desk(land, "project_builders")
    begun = desk.begin(land.project("P-1"), {"has_agent": True}, {"builders": lines})
    with pytest.raises(Rejected) as refused:
        desk.submit(begun.revision_id)
    assert {one.field for one in refused.value.findings if one.code == "PRJ-15"} == {
        f"builders.{number}.uscc" for number in range(1, 51)
    }


@pytest.mark.row(61)
def test_a_cancelled_company_is_pointed_out(land: Land) -> None:
    line = {
        "name": "上海旧港房地产开发有限公司",
        "uscc": "91310112MAYCA0047G",
        "mode": "COMMERCIAL",
        "work_scope": "全过程代建",
        "source": "MANUAL",
    }
    desk = Desk(land, "project_builders")
    begun = desk.begin(land.project("P-1"), {"has_agent": True}, {"builders": [line]})
    with pytest.raises(Rejected) as refused:
        desk.submit(begun.revision_id)
    assert "吊销" in refused.value.findings[0].message
    desk.submit(begun.revision_id, {"PRJ-15": "合同签订时尚未吊销"})
