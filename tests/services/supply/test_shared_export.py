"""The shared export, loaded through the product's own kinds, gives every figure of both months (row 83)."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.places_data import districts_by_code
from services.engine.callers import SYSTEM
from services.legacy.market_export import Export
from services.legacy.market_load import load_export
from services.supply.answer import answer
from services.supply.facts import Facts
from services.supply.months import month_named
from services.supply.register import facts_of
from tests.commands import run_main
from tests.databases import Databases
from tests.world import running_world

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "market"
pytestmark = [pytest.mark.row(83), pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")]


@pytest.fixture(scope="module")
def loaded(databases: Databases) -> Iterator[Facts]:
    url = databases.new("sqlite")
    with running_world(url, houses=False, few=True) as world:
        load_id = load_export(world.door, SHARED)
        names = Export(SHARED, load_id).names()
        yield world.door.look(SYSTEM, lambda work: facts_of(work, lambda one: names.get(one, str(one))))
    databases.drop(url)


@pytest.mark.parametrize("month", ["2025-12", "2026-05"])
def test_every_figure_agrees(loaded: Facts, month: str) -> None:
    expected = json.loads((SHARED / "expected" / f"supply_{month.replace('-', '')}.json").read_text(encoding="utf-8"))
    assert answer(loaded, month_named(month), districts_by_code()) == expected


def test_a_month_that_is_none_is_refused_in_a_sentence(tmp_path: Path) -> None:
    ended = run_main(tmp_path, "market", "supply", str(SHARED), "--as-of", "5月", MODE="demo", DATA_DIR=str(tmp_path))
    assert (ended.code, ended.out) == (2, "")
    assert "--as-of 请写成" in ended.err
