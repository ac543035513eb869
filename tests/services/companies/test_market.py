"""The demo's market: loaded once, everybody in his role and over his part."""

import pytest
from sqlmodel import select

from models.access import Account, Role
from models.companies import AdmissionState, HeadCompany, HeadShareholder, ProjectCompany
from models.records import Revision
from models.rights import DelegationPolicy
from tests.market import LOGINS, Market, market


def test_loading_twice_changes_nothing(town: Market) -> None:
    def count(table: type) -> int:
        return len(town.world.read(lambda work: work.session.exec(select(table)).all()))

    tables = (HeadCompany, ProjectCompany, HeadShareholder, Revision, Account, DelegationPolicy)
    before = [count(table) for table in tables]
    assert market(town.world).ids == town.ids
    assert [count(table) for table in tables] == before


@pytest.mark.parametrize("login", LOGINS)
def test_everybody_of_the_market_has_his_place(town: Market, login: str) -> None:
    caller = town.caller(login)
    assert caller.roles
    if caller.has(Role.HEAD_ADMIN, Role.HEAD_USER, Role.PROJ_ADMIN, Role.PROJ_USER):
        assert caller.enterprise_id in set(town.ids.values())


def test_another_project_company_stands_admitted_under_its_head(town: Market) -> None:
    made = town.row(ProjectCompany, town.project_company("H-2", district="310104"))
    assert (made.head_company_id, made.project_company_id) == (town.jianghai, made.id)
    assert made.admission_state is AdmissionState.ADMITTED
    assert made.record_no.startswith("PCO310104")
