"""The market with a registry that changes on demand, on both engines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, select

from models.alerts import Alert
from models.companies import ProjectCompany
from models.monitoring import CompanyChange, CompanySnapshot, CompanyWatch
from services.monitoring.nightly import watch_now
from tests.market import Market, market_world
from tests.world import World


@dataclass
class Watching:
    """The market, the registry's knobs and the night. Companies go by their fixture ids, new ones by N-1, N-2 ..."""

    market: Market
    codes: dict[str, str] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.market.world

    def company(self, ratio: str = "51") -> str:
        """Another project company of 申浦, on record with us and with the registry, looked at once."""
        made = self.market.project_company(ratio=ratio)
        row = self.market.row(ProjectCompany, made)
        name, head = f"N-{len(self.ids) + 1}", self.market.lines["H-1"]
        self.ids[name], self.codes[name] = made, row.uscc
        holders = [{"name": head["name"], "uscc": head["uscc"], "ratio": ratio}]
        if Decimal(ratio) < 100:
            holders.append({"name": "浦汇基金", "ratio": str(100 - Decimal(ratio))})
        self.send(
            uscc=row.uscc,
            name=row.name,
            legal_rep="严文清",
            capital="100000000",
            established_on="2024-01-08",
            holders=holders,
            changed_on="2027-01-04",
            published_on="2027-01-05",
            new=True,
        )
        self.night()
        return name

    def registry(self, name: str, *, days: int = 0, **change: Any) -> None:
        """Change what the registry says of a company, as of so many days from today."""
        on = (self.world.door.clock.today() + timedelta(days=days)).isoformat()
        self.send(uscc=self._code(name), **{"changed_on": on, "published_on": on, **change})

    def send(self, **change: Any) -> None:
        url = f"{self.world.simulators.base_url('legal_entities')}/sim/change"
        httpx.post(url, json=change).raise_for_status()

    def night(self, days: int = 0) -> int:
        """Let so many days pass, then the night."""
        self.world.let_pass(days=days)
        return watch_now(self.world.door)

    def alerts(self, name: str = "", code: str = "") -> Sequence[Alert]:
        """Every alert of a company, oldest first."""
        where = [Alert.subject_id == self.id(name)] if name else []
        where += [Alert.rule_code == code] if code else []
        return self._all(select(Alert).where(*where).order_by(col(Alert.first_seen), col(Alert.id)))

    def alert(self, name: str, code: str) -> Alert:
        """The one there is."""
        (found,) = self.alerts(name, code)
        return found

    def snapshots(self, name: str) -> Sequence[CompanySnapshot]:
        return self._all(select(CompanySnapshot).where(CompanySnapshot.company_id == self.id(name)))

    def changes(self, name: str) -> Sequence[CompanyChange]:
        statement = select(CompanyChange).where(CompanyChange.company_id == self.id(name))
        return self._all(statement.order_by(col(CompanyChange.id)))

    def watch(self, name: str) -> CompanyWatch:
        (row,) = self._all(select(CompanyWatch).where(CompanyWatch.company_id == self.id(name)))
        return row  # type: ignore[no-any-return]

    def id(self, name: str) -> UUID:
        return self.ids.get(name) or self.market.ids[name]

    def _code(self, name: str) -> str:
        return self.codes.get(name) or self.market.lines[name]["uscc"]

    def _all(self, statement: Any) -> Sequence[Any]:
        return self.world.read(lambda work: work.session.exec(statement).all())  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def watched_market(database_url: str) -> Iterator[Watching]:
    with market_world(database_url) as market:
        yield Watching(market)


@pytest.fixture
def watching(watched_market: Watching) -> Iterator[Watching]:
    """The next day, every company looked at, the registry well."""
    watched_market.night(days=1)
    yield watched_market
    watched_market.world.heal()


@pytest.fixture
def firm(watching: Watching) -> str:
    """A project company of this test alone, of which 申浦 holds 51 %."""
    return watching.company()
