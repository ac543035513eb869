"""用地规划许可证管理: filled in by number or by hand, PLN-01 to PLN-04, several per project, updated by review (row 63)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from models.land_codes import ProjectStage
from models.parcels import Parcel
from models.planning import LandPlanningPermit
from models.projects import Project
from models.records import Revision
from services.engine.cycle import acts
from services.engine.cycle_orders import Save, Void
from services.engine.refusals import Conflict, NotFound, Rejected
from services.records.attachments import AttachFile, attach_file
from tests.files_made import png
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.site import GARAGE, Site, building

KIND = "land_planning_permit"
OURS, TWO_PARCELS, THEIRS = (
    "地字第3101152026YG0000101号",
    "地字第3101152026YG0000102号",
    "地字第3101042026YG0000103号",
)
VALUES: dict[str, Any] = {
    "permit_no": OURS,
    "project_name": "花木A1-02地块住宅项目",
    "land_user": "上海申浦滨江置业有限公司",
    "land_user_uscc": "91310115MAYPA0014U",
    "location": "东至芳甸路，南至锦绣路",
    "land_use": "居住用地",
    "land_area_text": "壹万平方米",
    "land_area_total": "10000.00",
    "scale_text": "地上建筑面积20000平方米",
    "issuer": "上海市浦东新区规划和自然资源局",
    "issued_on": "2026-03-20",
}


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, KIND)


def by_hand(number: str, **change: Any) -> dict[str, Any]:
    """A permit the platform does not know."""
    return {**VALUES, "permit_no": number, **change}


def refused(desk: Desk, project: UUID, values: dict[str, Any]) -> dict[str, str]:
    """The severities by code with which a submission without reasons is refused."""
    begun = desk.begin(project, values)
    with pytest.raises(Rejected) as no:
        desk.submit(begun.revision_id)
    return {one.code: str(one.severity) for one in no.value.findings}


def freed(desk: Desk, record_id: UUID) -> None:
    """Void a permit, so that the next test may use its number."""
    desk.perform(acts(KIND).void, "pdshen01", Void(record_id, "证书已被发证机关撤销"))


@pytest.mark.row(63)
def test_a_permit_is_filled_in_by_its_number_reviewed_and_updated(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    begun = desk.begin(project, {})
    said = desk.fill_in(begun.revision_id, "地字第３１０１１５２０２６ＹＧ００００１０１号")
    assert not said.findings
    view = desk.view(begun.revision_id)
    assert {name: view.values[name] for name in ("permit_no", "land_user", "issued_on")} == {
        name: VALUES[name] for name in ("permit_no", "land_user", "issued_on")
    }
    assert (view.values["permit_no"], view.values["land_area_net"], view.values["serial_no"]) == (
        OURS,
        "9800.00",
        "沪2026000101",
    )
    assert land.market.row(Revision, begun.revision_id).source_snapshot is not None
    desk.save(begun.revision_id, {"serial_no": "沪2026000999"})
    assert [(one.field, one.now) for one in desk.view(begun.revision_id).differences] == [("serial_no", "沪2026000999")]
    desk.submit(begun.revision_id)
    assert land.market.row(Project, project).stage is ProjectStage.LAND
    desk.approve(begun.revision_id)
    row = land.market.row(LandPlanningPermit, begun.record_id)
    assert (row.permit_no, row.land_area_total, row.version_no) == (OURS, Decimal(10000), 1)
    assert row.record_no.startswith("YG")
    assert land.market.row(Project, project).stage is ProjectStage.PLANNING
    again = desk.update(begun.record_id, "证书内容已变更")
    desk.save(again.revision_id, {"scale_text": "地上建筑面积19800平方米"})
    desk.submit(again.revision_id)
    assert land.market.row(LandPlanningPermit, begun.record_id).version_no == 1
    desk.approve(again.revision_id)
    assert land.market.row(LandPlanningPermit, begun.record_id).scale_text == "地上建筑面积19800平方米"
    freed(desk, begun.record_id)
    assert land.market.row(Project, project).stage is ProjectStage.LAND


@pytest.mark.row(63)
def test_a_permit_is_entered_by_hand_and_several_belong_to_one_project(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    numbers = ("地字第3101152026YG0000201号", "地字第3101152026YG0000202号")
    made = [desk.effective(project, by_hand(number)) for number in numbers]
    rows = [land.market.row(LandPlanningPermit, one.record_id) for one in made]
    assert {row.project_id for row in rows} == {project}


def test_the_permit_of_another_company_is_named_and_not_shown(desk: Desk, land: Land) -> None:
    begun = desk.begin(land.project("P-1"), {})
    said = desk.fill_in(begun.revision_id, THEIRS)
    assert "证照存在，权利人不一致" in [one.message for one in said.findings]
    assert set(desk.view(begun.revision_id).values) <= {"permit_no", "land_user", "land_user_uscc"}
    # Typed in by hand it is still another's: the platform says so at submission.
    desk.save(begun.revision_id, by_hand(THEIRS))
    with pytest.raises(Rejected) as no:
        desk.submit(begun.revision_id)
    assert any("证照存在，权利人不一致" in one.message for one in no.value.findings if one.code == "PLN-02")


def test_a_silent_platform_leaves_the_form_to_the_hand_and_the_permit_unchecked(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    begun = desk.begin(project, by_hand("地字第3101152026YG0000301号"))
    land.market.world.fault("one_map", "error")
    said = desk.fill_in(begun.revision_id, OURS)
    assert any("未核验" in one.message for one in said.findings)
    assert desk.view(begun.revision_id).values["scale_text"] == VALUES["scale_text"]
    desk.submit(begun.revision_id)
    marks = [(one.code, str(one.severity)) for one in desk.view(begun.revision_id).findings]
    assert ("PLN-02", "PENDING") in marks
    land.market.world.heal()
    desk.approve(begun.revision_id)
    assert not desk.view(begun.revision_id).findings


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        ({"permit_no": "沪规地2026第1号"}, "PLN-01", "WARN"),
        ({"land_user_uscc": "91310104MAYPA0022Q"}, "PLN-02", "WARN"),
        ({"land_user": "上海申浦西岸置业有限公司"}, "PLN-02", "WARN"),
        ({"issued_on": "2027-03-02"}, "PLN-03", "REFUSE"),
        ({"issued_on": "2026-01-14"}, "PLN-03", "WARN"),
        ({"land_area_total": "10100.01"}, "PLN-04", "WARN"),
        ({"land_area_total": "0.01"}, "PLN-04", "WARN"),
        ({"land_area_total": "0.0001"}, "FMT", "REFUSE"),
        ({"land_area_total": "0"}, "FMT", "REFUSE"),
        ({"land_area_net": "10000.01"}, "FMT", "REFUSE"),
        ({"land_user_uscc": "91310115MAYPA0014V"}, "FMT", "REFUSE"),
    ],
)
def test_what_a_submission_finds(desk: Desk, land: Land, change: dict[str, Any], code: str, severity: str) -> None:
    found = refused(desk, land.project("P-1"), by_hand("地字第3101152026YG0000401号", **change))
    assert found[code] == severity


@pytest.mark.parametrize(("total", "told"), [("10100.01", "请核对"), ("10300.01", "超出允许范围")])
def test_an_area_beside_the_contract_needs_a_reason(desk: Desk, land: Land, total: str, told: str) -> None:
    begun = desk.begin(land.project("P-1"), by_hand(f"地字第31011520{total[:5]}YG00005号", land_area_total=total))
    with pytest.raises(Rejected) as no:
        desk.submit(begun.revision_id)
    assert [told in one.message for one in no.value.findings] == [True]
    desk.submit(begun.revision_id, {"PLN-04": "代征道路用地一并核发"})


def test_the_same_day_and_the_bounds_are_within(desk: Desk, land: Land) -> None:
    change = {"issued_on": "2027-03-01", "land_area_total": "10100.00", "land_area_net": "10100.00"}
    begun = desk.begin(land.project("P-1"), by_hand("地字第3101152026YG0000601号", **change))
    desk.submit(begun.revision_id)


def test_a_permit_over_two_parcels_is_compared_with_both(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    parcels = [land.given("P-1") for _ in range(2)]
    lines = [{"parcel_id": str(one), "used_area": "10000.00"} for one in parcels]
    land.side("project_parcels", project, {}, {"parcels": lines})
    begun = desk.begin(project, {})
    desk.fill_in(begun.revision_id, TWO_PARCELS)
    desk.submit(begun.revision_id)
    # One that names the contract of a parcel is compared with that parcel alone.
    contract = _contract_of(land, parcels[0])
    part = desk.begin(project, by_hand("地字第3101152026YG0000701号", contract_no=f"沪({contract})"))
    desk.save(part.revision_id, {"contract_no": contract})
    desk.submit(part.revision_id)


def _contract_of(land: Land, parcel: UUID) -> str:
    number: str = land.market.row(Parcel, parcel).contract_no
    return number


@pytest.mark.row(63)
def test_an_update_that_leaves_less_land_than_the_buildings_stand_on_names_them(desk: Desk, land: Land) -> None:
    site = Site.begun(land)
    site.planning([building("1#", footprint_area="5600.00"), building("2#", footprint_area="4300.50"), GARAGE])
    permit = land.market.world.read(
        lambda work: work.only(LandPlanningPermit.id, LandPlanningPermit.project_id == site.project)
    )
    again = desk.update(permit, "证书内容已变更")
    desk.keep_files(again.revision_id)
    told = []
    for total in ("9900.50", "9900.49"):
        desk.save(again.revision_id, {"land_area_total": total})
        said = desk.ask(acts(KIND).trial, desk.drafter, again.revision_id)
        told.append([one.message for one in said if one.code == "PLN-04" and "基底" in one.message])
    assert told == [
        [],
        [
            "项目总用地面积9,900.49㎡，小于规划建筑物基底面积合计9,900.5㎡：1#（5,600㎡）、2#（4,300.5㎡），请核对或说明理由"
        ],
    ]
    desk.submit(again.revision_id, {"PLN-04": "部分用地另行办理"})


def test_a_number_is_taken_in_any_width_and_free_again_once_voided(desk: Desk, land: Land) -> None:
    first = desk.effective(land.project("P-1"), by_hand("地字第3101152026YG0000801号"))
    project = land.project("P-1")
    again = by_hand("地字第３１０１１５２０２６yg０００００８０１号".replace("０００００", "００００"))
    begun = desk.begin(project, again)
    with pytest.raises(Rejected) as no:
        desk.submit(begun.revision_id)
    assert [(one.code, str(one.severity)) for one in no.value.findings] == [("PLN-01", "REFUSE")]
    freed(desk, first.record_id)
    desk.submit(begun.revision_id)


def test_of_two_permits_of_one_number_under_review_the_second_is_stopped(desk: Desk, land: Land) -> None:
    values = by_hand("地字第3101152026YG0000901号")
    first, second = (desk.begin(land.project("P-1"), values) for _ in range(2))
    desk.submit(first.revision_id)
    desk.submit(second.revision_id)
    desk.approve(first.revision_id)
    with pytest.raises((Rejected, Conflict)):
        desk.approve(second.revision_id)


def test_a_file_handed_in_twice_is_kept_once(desk: Desk, land: Land) -> None:
    begun = desk.begin(land.project("P-1"), by_hand("地字第3101152026YG0001001号"))
    twice = [
        desk.perform(attach_file, desk.drafter, AttachFile(begun.revision_id, "annexes", name, png())).id
        for name in ("附图.png", "附图（副本）.png")
    ]
    view = desk.view(begun.revision_id)
    order = Save(begun.revision_id, view.version, view.values, view.children, {"annexes": twice})
    desk.perform(acts(KIND).save, desk.drafter, order)
    assert len(desk.view(begun.revision_id).files) == 1


def test_a_permit_is_for_its_company_and_its_authority(desk: Desk, land: Land) -> None:
    made = desk.effective(land.project("P-1"), by_hand("地字第3101152026YG0001101号"))
    for login in ("binjiang01", "shenpu01", "pdshen01", "shichu01"):
        assert desk.ask(acts(KIND).record, login, made.record_id).values["permit_no"]
    for login in ("xincheng01", "jianghai01", "xhshen01"):
        with pytest.raises(NotFound):
            desk.ask(acts(KIND).record, login, made.record_id)
