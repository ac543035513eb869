"""A hundred thousand mandates: every page holds its lines once, however deep, and new ones shift none (row 23)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import SQLModel

from models.direct_pay import Entrustment
from models.sealed import Sealed
from services.direct_pay.progress import PROGRESS
from services.engine.work import Work
from tests.services.direct_pay.mandates import Mandates
from tests.world import World, running_world

pytestmark = [pytest.mark.row(23), pytest.mark.soak]
MANY, AT_ONCE, PAGE = 100_000, 5_000, 200


@pytest.fixture(scope="module")
def world(database_url: str) -> Iterator[World]:
    with running_world(database_url, houses=False) as running:
        running.stand_at(2027, 3, 1)
        mandates = Mandates(running)
        first = mandates.row(Entrustment, mandates.mandate("310104"))
        for start in range(0, MANY, AT_ONCE):
            running.act(lambda work, start=start: _put(work, first, start))  # type: ignore[misc]
        yield running


def _put(work: Work, first: Entrustment, start: int) -> None:
    """Copies of a mandate under numbers of their own, a minute apart, sealed anew each."""
    plain = {"id", "mac", "version", "entrust_no", "filing_no", "contract_no", "received_at", "district_code"}
    kept = {name: getattr(first, name) for name in _columns(Entrustment) if name not in plain}

    def anew() -> dict[str, Any]:
        """A sealed value belongs to one row; another row gets another one."""
        return {name: Sealed.of(value.plain) if isinstance(value, Sealed) else value for name, value in kept.items()}

    for place in range(max(start, 1), min(start + AT_ONCE, MANY)):
        work.add(
            Entrustment(
                **anew(),
                entrust_no=f"VL{place:08d}",
                filing_no=f"VF{place:08d}",
                contract_no=f"VC{place:08d}",
                district_code="310115" if place % 2 else "310104",
                received_at=first.received_at - timedelta(minutes=place // 3),
            )
        )


def _columns(table: type[SQLModel]) -> list[str]:
    return [column.name for column in table.__table__.columns]  # type: ignore[attr-defined]


def walked(world: World, login: str) -> list[UUID]:
    seen: list[UUID] = []
    while True:
        lines = world.listed(PROGRESS, login, size=PAGE, after=str(seen[-1]) if seen else "").lines
        seen += [line.id for line in lines]
        if len(lines) < PAGE:
            return seen


@pytest.fixture(scope="module")
def turned(world: World) -> list[UUID]:
    """Every page there is, as the city turns them."""
    return walked(world, "shi01")


def test_the_city_turns_all_five_hundred_pages(world: World, turned: list[UUID]) -> None:
    assert len(turned) == len(set(turned)) == MANY
    assert world.listed(PROGRESS, "shi01").total == MANY


def test_a_district_turns_its_half(world: World) -> None:
    seen = walked(world, "pudong01")
    assert len(seen) == len(set(seen)) == MANY // 2


def test_a_deep_page_opened_by_its_address_is_the_page_that_is_turned_to(world: World, turned: list[UUID]) -> None:
    page = world.listed(PROGRESS, "shi01", page=401, size=PAGE)
    assert [line.id for line in page.lines] == turned[400 * PAGE : 401 * PAGE]


def test_one_of_them_is_found_by_its_number(world: World) -> None:
    for number in ("VL00054321", "VF00054321", "VC00054321"):
        (line,) = world.listed(PROGRESS, "shi01", number=number).lines
        assert line.entrust_no == "VL00054321"
