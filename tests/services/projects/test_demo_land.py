"""The demo's parcels and projects: loaded once, sound by the rules, in every state (rows 55-62)."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from deploy.demo.land import load_land
from deploy.demo.land_drafts import load_drafts
from deploy.demo.lives import load_deliveries
from deploy.demo.progress import load_progress
from deploy.demo.recorded_papers import tell_registers
from deploy.demo.sales import load_ground
from integrations.one_map.contract import TYPES
from models.alerts import Alert, AlertGrade
from models.building_tables import HouseUnit, NaturalBuilding, UnitNaturalLink
from models.completion import CompletionFiling, DeliveryPermit
from models.construction import ConstructionPermit, UnitEngineering
from models.land_codes import ProjectStage
from models.parcels import Parcel, ParcelHeadLink, ParcelProjectLink
from models.planning import EngineeringPlanningPermit, LandPlanningPermit, RealtyCertificate
from models.projects import Project
from models.records import PactState, Revision, RevisionState
from services.engine.callers import SYSTEM
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, FillIn, OneRevision
from services.engine.findings import Severity, judge
from services.engine.kind_listing import list_of
from services.engine.kinds import KINDS, Owner, Proposal
from services.engine.listings import ListRows
from services.engine.proposals import form_of
from services.engine.work import Work
from services.parcels.parcel_watches import watch_parcels
from services.planning.nightly import refresh_certificates, watch_planning
from services.progress.board import BOARD, SOUND
from services.projects.certificate_refresh import refresh_permits
from services.projects.project_watches import watch_projects
from services.sales.watch import watch_all
from tests.market import Market, market_world

KINDS_HERE = (
    "parcel",
    "project",
    "project_parcels",
    "project_investors",
    "project_builders",
    "relocation",
    "land_planning_permit",
    "realty_certificate",
    "engineering_planning_permit",
    "community",
    "construction_permit",
    "unit_engineering",
    "planning_acceptance",
    "completion_filing",
    "delivery_permit",
)


@pytest.fixture(scope="module")
def loaded(database_url: str) -> Iterator[Market]:
    with market_world(database_url) as standing:
        door = standing.world.door
        door.perform(load_land, SYSTEM, None)
        load_drafts(door)
        door.perform(load_progress, SYSTEM, None)
        door.perform(load_ground, SYSTEM, None)
        door.perform(load_deliveries, SYSTEM, None)
        yield standing


@pytest.mark.night
def test_a_second_load_changes_nothing(loaded: Market) -> None:
    door = loaded.world.door
    assert door.perform(load_land, SYSTEM, None) == 0
    assert load_drafts(door) == 0


def test_there_is_something_in_every_state(loaded: Market) -> None:
    def read(work: Work) -> tuple[int, set[PactState], set[PactState], set[RevisionState]]:
        return (
            len(work.session.exec(select(Parcel.id)).all()),
            {link.state for link in work.session.exec(select(ParcelHeadLink)).all()},
            {link.state for link in work.session.exec(select(ParcelProjectLink)).all()},
            {one.state for one in work.session.exec(select(Revision).where(Revision.kind == "project")).all()},
        )

    parcels, heads, projects, versions = loaded.world.read(read)
    assert parcels >= 40
    assert heads == projects == {PactState.OFFERED, PactState.CONFIRMED}
    assert versions == {
        RevisionState.DRAFT,
        RevisionState.SUBMITTED,
        RevisionState.RETURNED,
        RevisionState.EFFECTIVE,
    }


@pytest.mark.parametrize("name", KINDS_HERE)
def test_nothing_in_force_breaks_a_rule_of_its_form(loaded: Market, name: str) -> None:
    kind = KINDS[name]

    def read(work: Work) -> list[str]:
        rows = work.session.exec(
            select(Revision).where(Revision.kind == name, Revision.state == RevisionState.EFFECTIVE)
        ).all()
        assert rows
        told = []
        for row in rows:
            form = form_of(kind, row.payload.json())
            owner = Owner(row.district_code, row.head_company_id, row.project_company_id, row.project_id)
            # The papers of the demo are not handed in; everything else is as its makers would have filled it in.
            files = {"deal": (row.id,)}
            proposal = Proposal(
                name, row.record_id, 1, form.values, form.children, files, owner, work.today, work.thresholds
            )
            if kind.facts.look is not None:
                proposal = replace(proposal, found=kind.facts.look(work, proposal))
            stops = [one for one in judge(proposal, kind.rules).findings if one.severity is Severity.REFUSE]
            told += [f"{row.title.json()}: {one.message}" for one in (*form.findings, *stops)]
        return told

    assert loaded.world.read(read) == []


def test_projects_stand_in_every_stage_and_their_days_follow_each_other(loaded: Market) -> None:
    """From the land contract to the keys: no paper is of a day before the one it rests on, and none is of tomorrow."""

    def read(work: Work) -> tuple[set[ProjectStage], int, list[str]]:
        projects = work.rows(Project)
        told, told_of = [], 0
        for project in projects:
            days = list(_days(work, project))
            told_of += len(days) >= 5
            told += [f"{project.name}: {one} {other}" for one, other in itertools.pairwise(days) if one[1] > other[1]]
            told += [f"{project.name}: {name} {on}" for name, on in days if on > work.today]
        return {one.stage for one in projects}, told_of, told

    stages, long_lives, told = loaded.world.read(read)
    assert told == []
    assert long_lives >= 12
    wanted = {ProjectStage.LAND, ProjectStage.PLANNING, ProjectStage.CONSTRUCTION}
    assert stages >= wanted | {ProjectStage.COMPLETION, ProjectStage.DELIVERY}


def _days(work: Work, project: Project) -> Iterator[tuple[str, date]]:
    """The days of a project's papers and works in their order, as far as they have come."""
    papers: tuple[tuple[Any, str], ...] = (
        (LandPlanningPermit, "issued_on"),
        (RealtyCertificate, "registered_on"),
        (EngineeringPlanningPermit, "issued_on"),
        (ConstructionPermit, "issued_on"),
    )
    for table, column in papers:
        for row in work.rows(table, table.project_id == project.id):
            yield table.__tablename__, getattr(row, column)
    units = work.rows(UnitEngineering, UnitEngineering.project_id == project.id)
    for name in ("actual_start", "actual_topout"):
        if days := [on for row in units if (on := getattr(row, name)) is not None]:
            yield name, min(days)
    for filing in work.rows(CompletionFiling, CompletionFiling.project_id == project.id):
        yield "accepted", filing.accepted_on
        yield "filed", filing.filed_on
    for row in work.rows(DeliveryPermit, DeliveryPermit.project_id == project.id):
        yield "delivered", row.issued_on


def test_each_head_sees_its_own_and_the_city_all(loaded: Market) -> None:
    def total(login: str) -> int:
        found: int = loaded.world.door.ask(list_of(KINDS["parcel"]).query, loaded.caller(login), ListRows()).total
        return found

    city, ours, theirs = total("shichu01"), total("shenpu01"), total("jianghai01")
    assert city >= 40
    assert 0 < ours < city
    assert 0 < theirs < city


def test_the_watches_find_something_of_each_grade(loaded: Market) -> None:
    watch_parcels(loaded.world.door)
    watch_projects(loaded.world.door)
    codes = loaded.world.read(lambda work: {one.rule_code for one in work.session.exec(select(Alert)).all()})
    assert {"PAR-06", "PAR-08", "PRJ-06", "PRJ-07", "PRJ-08"} <= codes


def test_the_board_is_green_yellow_and_red_each_for_its_reason(loaded: Market) -> None:
    door = loaded.world.door
    watch_projects(door)
    watch_all(door)
    door.perform(watch_planning, SYSTEM, None)
    lines = door.ask(BOARD.query, loaded.caller("shichu01"), ListRows()).lines
    lights: dict[Any, set[str]] = {}
    for one in lines:
        lights.setdefault(one.light, set()).add(one.name)
    # Works that stand still, and months that were not reported.
    assert lights[AlertGrade.RED] == {"申浦云汀府", "江海周浦新苑"}
    # Paid too little; records not in the archives; a contract's start and another's end gone by.
    assert lights[AlertGrade.YELLOW] == {"申浦星河湾里", "江海临港澜庭", "江海新城一期", "江海汇景苑"}
    assert len(lights[AlertGrade.BLUE]) >= 3
    assert len(lights[SOUND]) >= 6


def test_a_building_is_as_large_as_its_works(loaded: Market) -> None:
    def read(work: Work) -> list[str]:
        works = {row.id: row for row in work.rows(UnitEngineering)}
        buildings: dict[UUID | None, NaturalBuilding] = {row.id: row for row in work.rows(NaturalBuilding)}
        told = []
        for link in work.rows(UnitNaturalLink):
            unit, building = works[link.unit_engineering_id], buildings[link.natural_building_id]
            units = work.rows(HouseUnit, HouseUnit.natural_building_id == building.id)
            homes = sum((one.forecast_gross or Decimal(0) for one in units), Decimal(0))
            for area in (building.forecast_area or Decimal(0), homes):
                if abs(area - unit.gfa) > unit.gfa * 3 / 100:
                    told.append(f"{unit.name}: {unit.gfa} and {area}")
        return told

    assert loaded.world.read(read) == []


def test_the_registers_know_every_paper_of_the_demo_as_it_is(loaded: Market) -> None:
    world = loaded.world
    assert tell_registers(world.door, world.simulators.urls()) > 60
    refresh_permits(world.door)
    refresh_certificates(world.door)

    def read(work: Work) -> list[str]:
        told = []
        for kind in TYPES:
            for one in work.rows(Revision, Revision.kind == kind, Revision.state == RevisionState.EFFECTIVE):
                said = one.source_snapshot.json() if one.source_snapshot is not None else {}
                other = one.prefill_diff.json() if one.prefill_diff is not None else None
                if said.get("state") != "HIT" or other:
                    told.append(f"{kind} {one.title.json()}: {said.get('state')} {other}")
        told += [one.cert_no for one in work.rows(RealtyCertificate) if one.checked_at is None]
        return told

    assert world.read(read) == []


@pytest.mark.parametrize(
    ("project", "login", "kind", "number"),
    [
        ("申浦望江庭", "binjiang01", "land_planning_permit", "地字第310115002026YG0000902号"),
        ("江海曹路家园", "lingang01", "land_planning_permit", "地字第310115002026YG0000921号"),
        ("申浦西岸华庭", "xian01", "construction_permit", "310104202611010801"),
        ("江海汇景苑", "xincheng01", "completion_filing", "徐竣备0015号"),
        ("江海汇景苑", "xincheng01", "delivery_permit", "徐交付0015号"),
        ("申浦星河湾里", "binjiang01", "completion_filing", "浦竣备0005号"),
    ],
)
def test_the_next_paper_of_a_project_is_filled_in(
    loaded: Market, project: str, login: str, kind: str, number: str
) -> None:
    door, caller = loaded.world.door, loaded.caller(login)
    own = loaded.world.read(lambda work: work.only(Project.id, Project.name == project))
    begun = door.perform(acts(kind).begin, caller, Begin(own, {}, {}))
    fill_in = acts(kind).fill_in
    assert fill_in is not None
    said = door.perform(fill_in, caller, FillIn(begun.revision_id, begun.version, number))
    assert said.findings == ()
    view = door.ask(acts(kind).revision, caller, begun.revision_id)
    assert view.source.startswith("资源共享平台")
    assert "未核验" not in view.source
    # A platform that names no planning permit means the only one of the project.
    assert len(view.children.get("plannings", [1])) == 1
    door.perform(acts(kind).drop, caller, OneRevision(begun.revision_id, said.version))
