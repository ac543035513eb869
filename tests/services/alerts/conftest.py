"""The market with an alert or two, on both engines."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from models.alerts import Alert, AlertAction, AlertGrade
from services.alerts.alert_states import raise_alert, settle_alert
from services.alerts.listings import ALERTS
from services.alerts.signs import Line, Sign, Subject
from services.engine.kinds import Owner
from services.engine.listings import ListPage, ListRows
from services.engine.paging import Paging
from tests.market import Market, market_world
from tests.world import World

DETAIL = "法定代表人由“甲”变更为“乙”。"
LINE = Line("法定代表人", "甲", "乙")


@dataclass
class Desk:
    """The market and the way alerts come into it."""

    market: Market
    made: int = field(default=0)

    @property
    def world(self) -> World:
        return self.market.world

    def raised(
        self,
        code: str = "SUB-07",
        grade: AlertGrade = AlertGrade.YELLOW,
        *,
        company: str = "P-1",
        key: str | None = None,
        detail: str = DETAIL,
        happened: bool = False,
    ) -> UUID:
        """An alert about a project company (or head) of the demo; another key each time unless one is given."""
        self.made += 1
        used = f"k{self.made}" if key is None else key
        row_id = self.market.ids[company]
        line = self.market.lines[company]
        head = self.market.ids[line["parent"]] if company.startswith("P") else row_id
        owner = Owner(line["district_code"], head, row_id if company.startswith("P") else None)
        subject = "project_company" if company.startswith("P") else "head_company"

        def act(work: Any) -> UUID:
            sign = Sign(grade, "法定代表人变更", detail, (LINE,), "任何变更", used)
            about = Subject(subject, row_id, owner)
            return raise_alert(work, code, about, sign, happened=happened).id

        made: UUID = self.world.act(act)
        return made

    def settled(self, code: str, company: str, key: str) -> None:
        self.world.act(lambda work: settle_alert(work, code, self.market.ids[company], key, "已恢复"))

    def row(self, alert_id: UUID) -> Alert:
        row: Alert = self.market.row(Alert, alert_id)
        return row

    def acts(self, alert_id: UUID) -> list[str]:
        statement = select(AlertAction).where(AlertAction.alert_id == alert_id).order_by(col(AlertAction.id))
        return [str(row.act) for row in self.world.read(lambda work: work.session.exec(statement).all())]

    def do(self, action: Any, login: str, order: Any) -> Any:
        return self.world.door.perform(action, self.market.caller(login), order)

    def ask(self, query: Any, login: str, order: Any) -> Any:
        return self.world.door.ask(query, self.market.caller(login), order)

    def listed(self, login: str, filters: dict[str, str], paging: Paging | None = None) -> ListPage:
        return self.world.door.ask(ALERTS.query, self.market.caller(login), ListRows(filters, paging or Paging()))


@pytest.fixture(scope="module")
def open_desk(database_url: str) -> Iterator[Desk]:
    with market_world(database_url) as market:
        yield Desk(market)


@pytest.fixture
def desk(open_desk: Desk) -> Iterator[Desk]:
    """Everybody at work on Monday 1 March 2027."""
    open_desk.world.stand_at(2027, 3, 1)
    yield open_desk
    open_desk.world.heal()
