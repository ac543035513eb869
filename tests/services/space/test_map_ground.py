"""What areas are drawn over: districts in the plane asked for, and only the red lines that a caller sees (rows 80, 82)."""

from uuid import UUID

import pytest

from models.projects import Project
from models.space_models import ModelPlane
from services.engine.references import FindReferences, find_references
from services.homes.queries import my_home
from services.space.map_ground import overlay_ground
from services.space.planes import GK40, SH2000
from services.space.red_line_views import Around
from tests.land import Land
from tests.red_lines import red_line, square
from tests.site import Site


@pytest.mark.row(82)
def test_only_red_lines_that_the_caller_sees_lie_on_the_ground(land: Land) -> None:
    site = Site.begun(land)
    site.put("red_line", red_line(square(60)))
    name = land.market.row(Project, site.project).name

    def ground(login: str, plane: ModelPlane) -> list[Around]:
        found: list[Around] = land.market.world.door.ask(overlay_ground, land.market.caller(login), plane)
        return found

    for plane, own in ((ModelPlane.SH2000, SH2000), (ModelPlane.CGCS2000_GK3_40, GK40)):
        drawn = ground("binjiang01", plane)
        assert len([one for one in drawn if one.kind == "district"]) > 10
        assert all(
            own.box.has_all(ring) for one in drawn if one.kind == "neighbour" for p in one.polygons for ring in p
        )
    mine, theirs = (
        {one.name for one in ground(login, ModelPlane.SH2000) if one.kind == "neighbour"}
        for login in ("binjiang01", "xincheng01")
    )
    assert name in mine
    assert name not in theirs


def test_a_surveyors_home_counts_the_red_lines_of_each_stage(land: Land) -> None:
    def counted() -> dict[str, tuple[int, int]]:
        view = land.market.world.door.ask(my_home, land.market.caller("pdkj01"), None)
        panel = next(one for one in view.panels() if one.title == "各阶段入库情况")
        chips = [(entry.label, str(entry.chip).split("/")) for entry in panel.entries]
        return {label: (int(drawn), int(whole)) for label, (drawn, whole) in chips}

    before = counted()
    site = Site.begun(land)
    stage = land.market.row(Project, site.project).stage.label
    drawn, whole = before.get(stage, (0, 0))
    assert counted()[stage] == (drawn, whole + 1)
    site.put("red_line", red_line(square(61)))
    assert counted()[stage] == (drawn + 1, whole + 1)


def test_a_surveyor_finds_the_projects_of_his_district_to_begin_with(land: Land) -> None:
    """The first thing his F2 asks for is the project."""
    site = Site.begun(land)
    name = land.market.row(Project, site.project).name

    def found(login: str) -> list[UUID]:
        lines = land.market.world.door.ask(find_references, land.market.caller(login), FindReferences("project", name))
        return [one.id for one in lines]

    assert site.project in found("pdkj01")
    assert found("xhkj01") == []
