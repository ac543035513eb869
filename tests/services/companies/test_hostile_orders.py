"""Companies against who would take more than is his: two at the last place, and a hand in what one reviews (rows 53, 54)."""

from dataclasses import replace
from functools import partial
from uuid import UUID

import pytest
from sqlmodel import col, func, select

from models.access import Account, AccountState, OrgUnit, Role
from models.companies import ProjectCompany
from services.companies.accounts import OpenAccount, enable_account, open_account
from services.companies.joint import confirm
from services.engine.cycle import acts
from services.engine.cycle_orders import Decide, Void
from services.engine.orders import OneRow, Reasoned
from services.engine.refusals import Conflict, NotAllowed, TooMany
from services.parcels.link_choices import assignable
from tests.conformance.story import OPINION
from tests.market import Market
from tests.people_made import id_number
from tests.services.companies.test_row_53 import begun
from tests.world import at_once


def _order(company: UUID, login: str, role: Role = Role.PROJ_USER) -> OpenAccount:
    return OpenAccount(company, login, "郑好", role, None, id_number(5301), "19300005301")


def _used(town: Market, company: UUID) -> int:
    counted = (
        select(func.count())
        .select_from(Account)
        .join(OrgUnit, col(OrgUnit.id) == col(Account.unit_id))
        .where(OrgUnit.enterprise_id == company, Account.state == AccountState.ACTIVE)
    )
    found: int = town.world.read(lambda work: work.session.exec(counted).one())
    return found


@pytest.mark.row(54)
def test_many_at_the_last_place(town: Market) -> None:
    company = town.project_company("H-1")
    town.world.rewrite(ProjectCompany, ProjectCompany.id == company, account_quota=2)
    caller = town.caller("shenpu_admin")
    # The first brings the company's office with it, which two could not make at once.
    town.world.door.perform(open_account, caller, _order(company, "diyige01"))
    results = at_once(
        [
            partial(
                town.world.door.perform,
                open_account,
                caller,
                _order(company, f"zuihou{turn:02d}"),
            )
            for turn in range(8)
        ]
    )
    refused = [one for one in results if isinstance(one, Exception)]
    assert {type(one) for one in refused} == {TooMany}
    assert (len(refused), _used(town, company)) == (7, 2)


@pytest.mark.row(53)
def test_who_agreed_to_an_application_does_not_review_it(town: Market) -> None:
    joint = begun(town)
    application = joint.offer()
    agreed = town.caller("pdchu01")
    joint.door.perform(confirm, agreed, OneRow(application))
    both = replace(agreed, scopes=(*agreed.scopes, *town.caller("pdshen01").scopes))
    view = joint.story.view(both)
    assert not {"take", "approve"} & view.ways
    with pytest.raises(NotAllowed):
        joint.door.perform(joint.story.acts.approve, both, Decide(joint.story.revision_id, view.version, OPINION))
    joint.story.approve()


@pytest.mark.row(54)
def test_nobody_acts_for_a_company_whose_record_is_void(town: Market) -> None:
    company = town.project_company("H-1")
    order = _order(company, "zuofei01", Role.PROJ_ADMIN)
    account = town.world.door.perform(open_account, town.caller("shenpu_admin"), order).account_id
    town.world.door.perform(acts("project_company").void, town.caller("pdshen01"), Void(company, "重复登记，予以作废"))
    assert town.row(Account, account).state is AccountState.DISABLED
    with pytest.raises(Conflict):
        town.world.door.perform(open_account, town.caller("shenpu_admin"), replace(order, login="zuofei02"))
    back = Reasoned(account, "恢复使用该账号")
    with pytest.raises(Conflict):
        town.world.door.perform(enable_account, town.caller("shenpu_admin"), back)
    choices = town.world.door.ask(assignable, town.caller("shenpu_admin"))
    assert company not in choices.companies
