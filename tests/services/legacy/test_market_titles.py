"""Records of an export have the titles that their kinds would give them; a load signs the audit as it goes (issue 16)."""

from datetime import timedelta
from pathlib import Path

import pytest

from models.audit import AuditCheckpoint
from models.records import Revision
from services.engine.clock import system_now
from services.engine.kinds import KINDS, Owner
from services.engine.proposals import form_of
from services.engine.work import Work
from services.legacy.market_load import load_export
from tests.databases import Databases
from tests.services.supply.small_town import MOMENT, write_town
from tests.world import running_world

NAMED_BY_OTHERS = {"project_parcels", "unit_engineering", "progress_report", "sales_plan"}


@pytest.mark.row(75)
def test_an_export_names_records_as_their_kinds_do(databases: Databases, tmp_path: Path) -> None:
    told = {"project_id": "P1", "effective_from": f"2026-06-01{MOMENT}"}
    report = {"id": "R1", "period": "2026-05", "report_on": "2026-06-01", **told}
    plan = {"id": "S1", "plan_no": "TEST-FA-1", "sale_kind": "PRESALE", "building_ids": "NB1", **told}
    folder = write_town(tmp_path / "export", progress_reports=[report], sales_plans=[plan])

    def titles(work: Work) -> list[tuple[str, str, str]]:
        found = []
        for row in work.rows(Revision):
            look = KINDS[row.kind].look
            if look.titled is not None:
                values = form_of(KINDS[row.kind], row.payload.json()).values
                found.append((row.kind, row.title.json(), look.titled(work, Owner.of(row), values)))
        return found

    url = databases.new("sqlite")
    with running_world(url, houses=False, few=True) as world:
        load_export(world.door, folder)
        found = world.read(titles)
    databases.drop(url)
    assert {kind for kind, _, _ in found} == NAMED_BY_OTHERS
    assert all(loaded == named for _, loaded, named in found)
    assert "未命名" not in str(found)


@pytest.mark.row(83)
def test_a_long_load_has_the_audit_signed_as_it_goes(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, url = write_town(tmp_path / "export"), databases.new("sqlite")
    later = system_now() + timedelta(hours=1)
    monkeypatch.setattr("services.audit.checkpoints.system_now", lambda: later)
    monkeypatch.setattr("services.legacy.market_load.SIGNED", 5)
    with running_world(url, houses=False, few=True) as world:
        load_export(world.door, folder)
        signed = world.read(lambda work: len(work.rows(AuditCheckpoint)))
    databases.drop(url)
    assert signed >= 4, "before it and after every fifth portion"
