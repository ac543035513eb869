"""Two firms with users, an inspector and two clerks in the world of pages, and people who apply today."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from deploy.demo.offices import Person, add_account
from models.access import Account, OrgUnit, Role, ScopeKind, UnitKind
from models.enterprise import Enterprise, EnterpriseKind, RecordState
from services.access.access_list_signature import sign_pending
from services.access.acl import change
from services.engine.work import Work
from services.practitioners.orders import PersonData
from tests.services.practitioners.desks.people import ANJU, HUYU, Desks, somebody
from tests.world import World, sealer

FIRM, OTHER_FIRM = "huyu01", "anju01"
INSPECTOR, FOREIGN, CLERK, SECOND, CITY = "pdju01", "xhju01", "pudong01", "pudong02", "shi01"


@pytest.fixture(scope="session")
def desks(world: World) -> Desks:
    """Everybody at work, whatever firms other tests have made in this world before."""
    world.act(_found_firms)
    sign_pending(world.door)
    return Desks(world)


def _found_firms(work: Work) -> None:
    for uscc, name, district, login in (
        (HUYU, "沪寓公寓管理有限公司", "310115", FIRM),
        (ANJU, "安居经纪有限公司", "310104", OTHER_FIRM),
    ):
        firm = work.session.exec(select(Enterprise).where(Enterprise.uscc == uscc)).first()
        if firm is None:
            firm = work.add(
                Enterprise(
                    name=name,
                    kind=EnterpriseKind.RENTAL,
                    uscc=uscc,
                    record_state=RecordState.RECORDED,
                    district_code=district,
                )
            )
        if work.session.exec(select(Account.id).where(col(Account.login) == login)).first() is None:
            _sign_up(work, firm, login)


def _sign_up(work: Work, firm: Enterprise, login: str) -> None:
    unit = OrgUnit(
        unit_code=f"QY{firm.uscc[-9:]}",
        name=firm.name,
        kind=UnitKind.ENTERPRISE,
        enterprise_id=firm.id,
        district_code=firm.district_code,
        street_code="",
    )
    change(work, "unit", unit.id, "test.act")
    work.add(unit)
    person = Person(login, "许文", unit.unit_code, Role.ENTERPRISE_USER, ScopeKind.ORGANISATION, firm.uscc)
    add_account(work, person, unit, sealer().hash_password("not-to-be-typed-by-anybody"))


@pytest.fixture
def person(desks: Desks) -> PersonData:
    """Somebody hired last week who fits every rule."""
    return hired_lately(desks)


def hired_lately(desks: Desks, name: str = "顾晓晨", **changes: Any) -> PersonData:
    today = desks.today
    days = {
        "hired_on": today - timedelta(days=7),
        "contract_from": today - timedelta(days=7),
        "contract_to": today + timedelta(days=700),
    }
    return replace(somebody(name), **(days | changes))
