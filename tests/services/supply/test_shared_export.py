"""The shared export, loaded through the product's own kinds, gives every figure of both months (row 83)."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col

from models.places_data import districts_by_code
from models.sales import PresalePermit
from models.sales_plans import SalesPlan, SoldBuilding
from models.supply import SupplyDoubt
from services.engine.callers import SYSTEM
from services.engine.work import Work
from services.legacy.market_export import Export
from services.legacy.market_load import load_export
from services.sales.plan_facts import permits_under
from services.supply import indicators, reports, stock
from services.supply.answer import answer
from services.supply.doubt_list import doubtful_at
from services.supply.facts import Facts
from services.supply.figures import Figures
from services.supply.indicators import doubtful
from services.supply.kept_book import Asked, KeptBook
from services.supply.months import Series, month_named
from services.supply.register import facts_of
from services.supply.sum_updates import rebuild_all_stale
from tests.commands import run_main
from tests.databases import Databases
from tests.world import World, running_world

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "market"
pytestmark = [
    pytest.mark.night,
    pytest.mark.row(83),
    pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here"),
]


Loaded = tuple[World, Facts]


@pytest.fixture(scope="module")
def loaded(databases: Databases) -> Iterator[Loaded]:
    url = databases.new("sqlite")
    with running_world(url, houses=False, few=True) as world:
        load_id = load_export(world.door, SHARED)
        names = Export(SHARED, load_id).names()
        rebuild_all_stale(world.door)
        yield world, world.door.look(SYSTEM, lambda work: facts_of(work, lambda one: names.get(one, str(one))))
    databases.drop(url)


@pytest.mark.parametrize("month", ["2025-12", "2026-05"])
def test_every_figure_agrees(loaded: Loaded, month: str) -> None:
    expected = json.loads((SHARED / "expected" / f"supply_{month.replace('-', '')}.json").read_text(encoding="utf-8"))
    assert answer(loaded[1], month_named(month), districts_by_code()) == expected


@pytest.mark.parametrize("month", ["2025-12", "2026-05"])
def test_kept_sums_give_every_figure(loaded: Loaded, month: str) -> None:
    expected = json.loads((SHARED / "expected" / f"supply_{month.replace('-', '')}.json").read_text(encoding="utf-8"))
    for series in Series:
        asked = Asked(month_named(month), series)
        told = loaded[0].door.look(SYSTEM, lambda work: kept_answer(work, asked))  # noqa: B023
        wanted = {name: value for name, value in expected[series.value].items() if name in told}
        # The register knows districts that list for the first time later; sums of a month end do not.
        wanted["R3"] = {place: lines for place, lines in wanted["R3"].items() if place in told["R3"]}
        assert told == wanted


@pytest.mark.row(76)
def test_sales_plans_of_an_export_are_kept_plans(loaded: Loaded) -> None:
    with (SHARED / "sales_plans.csv").open(encoding="utf-8-sig", newline="") as lines:
        told = {row["plan_no"]: row for row in csv.DictReader(lines) if row["state"] == "EFFECTIVE"}

    def read(work: Work) -> tuple[dict[str, SalesPlan], int, tuple[str, ...]]:
        plans = {row.plan_no: row for row in work.rows(SalesPlan)}
        permit = work.first(PresalePermit, PresalePermit.sales_plan_no != "", col(PresalePermit.voided_at).is_(None))
        assert permit is not None
        return plans, len(work.rows(SoldBuilding)), permits_under(work, permit.sales_plan_no)

    plans, buildings, permits = loaded[0].door.look(SYSTEM, read)
    assert set(plans) == set(told)
    assert {no: plan.sets_for_sale for no, plan in plans.items()} == {
        no: int(row["sets_for_sale"]) for no, row in told.items()
    }
    assert buildings == sum(len(row["building_ids"].split(";")) for row in told.values())
    assert permits


@pytest.mark.parametrize("month", ["2024-03", "2025-12", "2026-05"])
def test_kept_doubts_of_a_past_month_are_those_the_records_give(loaded: Loaded, month: str) -> None:
    wanted = month_named(month)

    def kept(work: Work) -> Counter[tuple[str, str]]:
        return Counter((str(row.doubt.value), row.entity) for row in work.rows(SupplyDoubt, doubtful_at(wanted)))

    told = {(code, entity, one) for code, entity, one, _ in doubtful(Figures(loaded[1], Series.RESTATED), wanted)}
    assert loaded[0].door.look(SYSTEM, kept) == Counter((code, entity) for code, entity, _ in told)


def kept_answer(work: Work, asked: Asked) -> dict[str, Any]:
    book, month = KeptBook(work, asked), asked.month
    whole = asked.series is Series.PUBLISHED
    told: dict[str, Any] = {
        "R1": reports.by_district(book, month, districts_by_code()),
        "R3": reports.monthly(book, month, districts=whole),
        "indicators": indicators.indicators(book, month),
        "stock_identity": stock.identity(book, month),
    }
    if whole:
        told |= {
            "R2": reports.by_ring(book, month),
            "R5": reports.by_plate(book, month),
            "R8": stock.structure(book, month),
        }
    return told


def test_a_month_that_is_none_is_refused_in_a_sentence(tmp_path: Path) -> None:
    ended = run_main(tmp_path, "market", "supply", str(SHARED), "--as-of", "5月", MODE="demo", DATA_DIR=str(tmp_path))
    assert (ended.code, ended.out) == (2, "")
    assert "--as-of 请写成" in ended.err
