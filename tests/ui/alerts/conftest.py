"""The market in the world of all pages, with an alert about a company of each head."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from models.alerts import AlertGrade
from services.alerts.alert_states import raise_alert
from services.alerts.signs import Line, Sign, Subject
from services.engine.kinds import Owner
from tests.market import Market, market
from tests.world import World

Raise = Callable[..., UUID]


@pytest.fixture(scope="session")
def companies(world: World) -> Market:
    return market(world)


@pytest.fixture
def raised(companies: Market) -> Raise:
    """Put an alert about a project company of the demo; another each time."""

    def act(company: str = "P-1", grade: AlertGrade = AlertGrade.YELLOW, title: str = "法定代表人变更") -> UUID:
        line = companies.lines[company]
        owner = Owner(line["district_code"], companies.ids[line["parent"]], companies.ids[company])

        def put(work: Any) -> UUID:
            words = "法定代表人由“严文清”变更为“沈听澜”。"
            compared = (Line("法定代表人", "严文清", "沈听澜"),)
            sign = Sign(grade, title, words, compared, "任何变更", uuid4().hex)
            about = Subject("project_company", companies.ids[company], owner, line["name"])
            return raise_alert(work, "SUB-07", about, sign).id

        alert_id: UUID = companies.world.act(put)
        return alert_id

    return act


@pytest.fixture
def registry(companies: Market) -> Callable[..., None]:
    """Change what the registry says of a company of the demo."""

    def change(company: str, **said: Any) -> None:
        url = f"{companies.world.simulators.base_url('legal_entities')}/sim/change"
        httpx.post(url, json={"uscc": companies.lines[company]["uscc"], **said}).raise_for_status()

    return change
