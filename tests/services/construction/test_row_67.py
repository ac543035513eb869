"""施工许可证管理: filled in by number, CON-01 to CON-04, extensions, stops and restarts, status derived (row 67)."""

from typing import Any

import pytest

from models.building_codes import PermitStatus
from models.construction import ConstructionPermit
from models.land_codes import ProjectStage
from models.projects import Project
from services.engine.cycle import acts
from services.engine.cycle_orders import Void
from services.engine.references import FindReferences, find_references
from services.engine.refusals import Conflict, Rejected
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.site import BUILDINGS, USCC, Site, construction_permit

pytestmark = pytest.mark.row(67)
KIND = "construction_permit"
OURS, THEIRS, OTHER_PROJECT = "310115202606010201", "310104202606010202", "310115202606010203"


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, KIND)


@pytest.fixture
def site(land: Land) -> Site:
    return Site.begun(land)


def named(*plannings: Any) -> list[dict[str, str]]:
    return [{"planning_permit_id": str(one)} for one in plannings]


def event(kind: str, on: str, **more: str) -> dict[str, str]:
    return {"event": kind, "on_day": on, **more}


def found(desk: Desk, site: Site, values: Any, *events: dict[str, str], plannings: Any = None) -> dict[str, str]:
    lists = {"plannings": named(site.planning()) if plannings is None else plannings, "events": list(events)}
    begun = desk.begin(site.project, values, lists)
    try:
        desk.submit(begun.revision_id)
    except Rejected as no:
        return {one.code: str(one.severity) for one in no.findings}
    return {}


def test_a_permit_is_filled_in_with_the_planning_permits_it_names(desk: Desk, site: Site, land: Land) -> None:
    planning = site.planning(permit_no="建字第3101152026GG0000201号")
    begun = desk.begin(site.project, {})
    assert not desk.fill_in(begun.revision_id, OURS).findings
    view = desk.view(begun.revision_id)
    assert view.children["plannings"] == [{"planning_permit_id": str(planning)}]
    assert (view.values["contractor"], view.values["works_area"]) == ("上海示例建设有限公司", "27000.00")
    desk.save(begun.revision_id, view.values, {"plannings": []})
    # A line that the source has and the form has not is named as people know it.
    (gone,) = desk.view(begun.revision_id).differences
    assert (gone.label, gone.given, gone.now) == ("所依据的工程规划许可证", "建字第3101152026GG0000201号", "")
    desk.save(begun.revision_id, view.values, {"plannings": named(planning)})
    desk.submit(begun.revision_id)
    desk.approve(begun.revision_id)
    row = land.market.row(ConstructionPermit, begun.record_id)
    assert (row.status, row.extension_count, row.extended_to) == (PermitStatus.VALID, 0, None)
    assert land.market.row(Project, site.project).stage is ProjectStage.CONSTRUCTION
    # Voided, so that the number is free for the other engine's run.
    desk.perform(acts(KIND).void, "pdshen01", Void(begun.record_id, "证书已被发证机关撤销"))
    assert land.market.row(ConstructionPermit, begun.record_id).status is PermitStatus.CANCELLED
    desk.perform(acts("engineering_planning_permit").void, "pdshen01", Void(planning, "证书已被发证机关撤销"))


def test_only_the_planning_permits_of_its_project_are_offered(desk: Desk, site: Site, land: Land) -> None:
    own, other = site.planning(), Site.begun(land).planning()
    caller, asked = land.market.caller("binjiang01"), FindReferences("engineering_planning_permit", "", site.project)
    offered = [one.id for one in land.market.world.door.ask(find_references, caller, asked)]
    assert own in offered
    assert other not in offered


def test_a_permit_of_another_company_or_project_is_not_filled_in(desk: Desk, site: Site) -> None:
    for number, told in ((THEIRS, "权利人不一致"), (OTHER_PROJECT, "其他项目")):
        begun = desk.begin(site.project, {})
        said = desk.fill_in(begun.revision_id, number)
        assert [told in one.message for one in said.findings] == [True]
        values = desk.view(begun.revision_id).values
        assert set(values) <= {"permit_no", "builder", "builder_uscc"}
        assert values["builder_uscc"] == USCC


@pytest.mark.parametrize("fault", ["half", "twice", "mismatch"])
def test_half_an_answer_two_answers_and_anothers_are_none(desk: Desk, site: Site, land: Land, fault: str) -> None:
    begun = desk.begin(site.project, {})
    land.market.world.fault("one_map", fault)
    said = desk.fill_in(begun.revision_id, OURS)
    land.market.world.heal()
    assert [str(one.severity) for one in said.findings] == ["PENDING"]


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        ({"permit_no": "31011520260601010"}, "PLN-01", "REFUSE"),
        ({"permit_no": "3101152026060101010"}, "PLN-01", "REFUSE"),
        ({"permit_no": "310115202302300101"}, "PLN-01", "WARN"),
        ({"permit_no": "330681201410140101"}, "PLN-01", "WARN"),
        ({"permit_no": "310115202606020101"}, "PLN-01", "WARN"),
        ({"builder_uscc": "91310104MAYPA0022Q", "supervisor_uscc": "91310115MAYPA0014U"}, "PLN-02", "REFUSE"),
        ({"issued_on": "2027-03-02", "actual_start_on": ""}, "PLN-03", "REFUSE"),
        ({"issued_on": "2026-04-19", "permit_no": "310115202604190101"}, "PLN-03", "WARN"),
        ({"works_area": "27270.01"}, "CON-01", "WARN"),
        ({"actual_start_on": "2026-05-31"}, "CON-04", "WARN"),
        ({"contract_finish": "2026-06-09"}, "FMT", "REFUSE"),
        ({"contractor_uscc": "91310115MAYHA0017X"}, "FMT", "REFUSE"),
    ],
)
def test_what_a_submission_finds(desk: Desk, site: Site, change: dict[str, str], code: str, severity: str) -> None:
    assert found(desk, site, construction_permit(**change))[code] == severity


def test_a_legacy_number_with_its_prefix_is_taken(desk: Desk, site: Site) -> None:
    assert found(desk, site, construction_permit(permit_no="1702PD0001D01 310115202606019901")) == {}
    assert found(desk, site, construction_permit(works_area="27270.00")) == {}


def test_a_planning_permit_of_another_project_is_refused(desk: Desk, site: Site, land: Land) -> None:
    site.planning()
    other = Site.begun(land).planning()
    assert found(desk, site, construction_permit(), plannings=named(other))["CON-01"] == "REFUSE"
    assert found(desk, site, construction_permit(), plannings=[])["REQ"] == "REFUSE"


def test_two_permits_over_one_planning_permit_are_added_up(desk: Desk, site: Site) -> None:
    planning = site.planning()
    site.permit(planning, works_area="20000.00")
    ours = construction_permit(works_area="7000.00")
    assert found(desk, site, ours, plannings=named(planning)) == {}
    assert found(desk, site, {**ours, "works_area": "7270.01"}, plannings=named(planning)) == {"CON-01": "WARN"}


def test_extensions_stops_and_restarts_are_summed_up(desk: Desk, site: Site, land: Land) -> None:
    events = [
        event("EXTENSION", "2026-08-20", until="2026-12-01"),
        event("EXTENSION", "2026-11-20", until="2027-03-01"),
        event("STOP", "2026-12-10"),
    ]
    begun = desk.effective(site.project, construction_permit(), {"plannings": named(site.planning()), "events": events})
    row = land.market.row(ConstructionPermit, begun.record_id)
    assert (row.extension_count, str(row.extended_to), row.status) == (2, "2027-03-01", PermitStatus.SUSPENDED)
    again = desk.update(begun.record_id, "现场恢复施工了")
    children = desk.view(again.revision_id).children
    lists = {**children, "events": [*children["events"], event("RESTART", "2027-01-10")]}
    desk.save(again.revision_id, {}, lists)
    desk.submit(again.revision_id)
    desk.approve(again.revision_id)
    row = land.market.row(ConstructionPermit, begun.record_id)
    assert (str(row.suspended_from), str(row.resumed_on), row.status) == (
        "2026-12-10",
        "2027-01-10",
        PermitStatus.VALID,
    )


@pytest.mark.parametrize(
    ("events", "code"),
    [
        (
            [event("EXTENSION", f"2026-{month}-20", until=until) for month, until in _THREE],
            "CON-02",
        )
        for _THREE in [(("08", "2026-12-01"), ("11", "2027-03-01"), ("12", "2027-05-01"))]
    ]
    + [
        ([event("EXTENSION", "2026-08-20", until="2026-12-02")], "CON-02"),
        ([event("EXTENSION", "2026-08-20")], "CON-02"),
        ([event("STOP", "2026-05-31")], "CON-03"),
        ([event("RESTART", "2026-12-31")], "CON-03"),
        ([event("STOP", "2026-07-01"), event("STOP", "2026-08-01")], "CON-03"),
        ([event("STOP", "2027-03-02")], "CON-03"),
    ],
)
def test_events_that_cannot_be(desk: Desk, site: Site, events: Any, code: str) -> None:
    assert found(desk, site, construction_permit(), *events)[code] == "REFUSE"


def test_after_a_year_the_permit_is_checked_before_works_go_on(desk: Desk, site: Site) -> None:
    old = construction_permit(issued_on="2026-01-20", permit_no="310115202601200101")
    stop, restart = event("STOP", "2026-02-01"), event("RESTART", "2027-02-01")
    assert found(desk, site, old, stop, restart)["CON-03"] == "REFUSE"
    checked = found(desk, site, {**old, "permit_no": "310115202601200102"}, stop, {**restart, "document_no": "核验1号"})
    assert "CON-03" not in checked


def test_an_unfinished_relocation_is_pointed_out(desk: Desk, site: Site) -> None:
    site.put(
        "relocation",
        {
            "permit_or_decision_no": "浦府征〔2026〕1号",
            "relocation_scope": "花木街道",
            "households_total": 10,
            "households_signed": 10,
            "households_moved": 9,
            "compensation_total": "1000000.00",
            "compensation_paid": "900000.00",
            "resettle_mode": "MONEY",
            "start_on": "2026-01-20",
        },
    )
    assert found(desk, site, construction_permit()) == {"PRJ-14": "WARN"}


def test_a_permit_that_unit_works_rest_on_is_not_voided_alone(desk: Desk, site: Site) -> None:
    permit = site.permit(site.planning(BUILDINGS))
    unit = site.unit(permit, "1#")
    with pytest.raises(Conflict, match="单位工程1#"):
        desk.perform(acts(KIND).void, "pdshen01", Void(permit, "证书已被发证机关撤销"))
    desk.perform(acts(KIND).void, "pdshen01", Void(permit, "证书已被发证机关撤销", (unit,)))
