"""A night in which everybody changes: the job goes through, each company has its alert, and the list is answered (row 54)."""

import httpx
import pytest
from sqlmodel import func, select

from models.alerts import Alert
from models.companies import HeadCompany
from services.alerts.listings import ALERTS
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.work import Work
from services.monitoring.nightly import watch_now
from tests.market import admitted_project_company, credit_code
from tests.services.monitoring.conftest import Watching


@pytest.mark.row(54)
@pytest.mark.parametrize("companies", [90, pytest.param(1_000, marks=pytest.mark.soak)])
def test_everybody_changes_in_one_night(watching: Watching, companies: int) -> None:
    # The soak has a thousand beside the ninety; each run has codes of its own.
    first = 50_000 + companies
    codes = [credit_code(first + number) for number in range(companies)]
    _admit(watching, codes)
    _registered(watching, codes)
    assert watch_now(watching.world.door) >= companies
    _changes(watching, [{"uscc": code, "legal_rep": "沈听澜", "capital": "40000000"} for code in codes])
    watching.world.let_pass(days=1)
    assert watch_now(watching.world.door) >= companies
    raised = select(func.count()).select_from(Alert).where(Alert.rule_code == "SUB-07", Alert.hits == 1)
    assert watching.world.read(lambda work: work.session.exec(raised).one()) >= companies
    city = watching.market.caller("shichu01")
    page = watching.world.door.ask(ALERTS.query, city, ListRows(paging=Paging(1, 50)))
    assert (len(page.lines), page.total >= 2 * companies) == (50, True)
    assert page.counts[""] == page.total


def _admit(watching: Watching, codes: list[str]) -> None:
    def make(work: Work) -> None:
        head = work.session.exec(select(HeadCompany).where(HeadCompany.id == watching.market.shenpu)).one()
        for code in codes:
            admitted_project_company(work, head, f"上海风暴{code[-6:]}置业有限公司", code, district="310115")

    watching.world.act(make)


def _registered(watching: Watching, codes: list[str]) -> None:
    head = watching.market.lines["H-1"]
    holders = [{"name": head["name"], "uscc": head["uscc"], "ratio": "100"}]
    known = {"legal_rep": "严文清", "capital": "50000000", "holders": holders, "new": True}
    _changes(watching, [{"uscc": code, "name": f"上海风暴{code[-6:]}置业有限公司", **known} for code in codes])


def _changes(watching: Watching, changes: list[dict[str, object]]) -> None:
    url = f"{watching.world.simulators.base_url('legal_entities')}/sim/changes"
    httpx.post(url, json={"changes": changes}, timeout=60).raise_for_status()
