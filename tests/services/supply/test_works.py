"""Works are added up from the register as their facts are: R6 of works that stand still (row 83)."""

from pathlib import Path
from typing import Any

import pytest

from services.engine.work import Work
from services.legacy.market_load import load_export
from services.supply import construction
from services.supply.lean import lives_of, visible_projects
from services.supply.months import Series, month_named
from services.supply.register import facts_of
from tests.databases import Databases
from tests.services.supply.small_town import MOMENT, write_town
from tests.world import running_world


@pytest.mark.row(83)
def test_works_that_stand_still_are_added_up_as_their_facts_are(databases: Databases, tmp_path: Path) -> None:
    told = {"project_id": "P1", "effective_from": f"2026-01-01{MOMENT}"}
    report = {"id": "R1", "period": "2025-12", "report_on": "2026-01-01", **told}
    stop = {"report_id": "R1", "unit_engineering_id": "UE1", "status": "停工", "stop_from": "2025-10-05"}
    folder = write_town(tmp_path / "export", progress_reports=[report], progress_lines=[stop])

    def both(work: Work) -> list[tuple[Any, Any]]:
        found = []
        for month in (month_named("2025-11"), month_named("2026-05")):
            lives = lives_of(work, visible_projects(work), month, Series.RESTATED)
            from_facts = construction.progress(facts_of(work).works, month, Series.RESTATED)
            found.append((construction.lines_of(*lives, month), from_facts))
        return found

    url = databases.new("sqlite")
    with running_world(url, houses=False, few=True) as world:
        load_export(world.door, folder)
        [before, after] = world.read(both)
    databases.drop(url)
    assert before[0] == before[1]
    assert after[0] == after[1]
    still = [lines[0][7]["month"]["actual"] for lines in (before, after)]
    assert still[0] != still[1], "a work that stands still is not under construction"
