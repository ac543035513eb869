"""Decision 10: firms and city handlers open certain accounts themselves, under a policy in the signed list, within its quota."""

from collections.abc import Iterator
from itertools import count
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from models.access import Account, AccountRole, OrgUnit, Role, ScopeKind, UnitKind
from models.columns import new_id
from services.access.acl import change, stands
from services.access.delegation import POLICIES, MakePolicy, OpenDelegated, end_policy, make_policy, open_delegated
from services.access.holders import Holder
from services.access.passwords import LinkGiven
from services.engine.callers import Caller
from services.engine.listings import ListRows
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected, TooMany
from services.engine.work import Work
from tests.people_made import id_number
from tests.services.access.hands import REASON, by_sql, events, granted, made
from tests.world import World, at_once

pytestmark = pytest.mark.proves("D06")
HOLDER = Holder("钱进", id_number(4401), "19300004401")
_LOGINS = (f"xiangmu{number:03d}" for number in count(1))


@pytest.fixture
def firms(world: World) -> Iterator[tuple[UUID, UUID]]:
    """Two firms' units; every policy of the test ends with it."""

    def make(work: Work) -> tuple[UUID, UUID]:
        units = [
            OrgUnit(
                id=new_id(),
                unit_code=f"QY{uuid4().hex[:10]}",
                name="某置业有限公司",
                kind=UnitKind.ENTERPRISE,
                enterprise_id=uuid4(),
                district_code="310115",
            )
            for _ in range(2)
        ]
        for unit in units:
            change(work, "unit", unit.id, "test.act")
            work.add(unit)
        return units[0].id, units[1].id

    yield world.act(make)
    for line in world.door.ask(POLICIES.query, world.caller("anquan01"), ListRows()).lines:
        if line.ended_at is None:
            world.door.perform(end_policy, world.caller("anquan01"), Reasoned(line.id, REASON))


def head_admin(world: World, unit: UUID) -> Caller:
    """A firm's own administrator, made and granted by hand."""
    code = world.read(lambda work: work.session.exec(select(OrgUnit.unit_code).where(OrgUnit.id == unit)).one())
    account = made(world, unit=code)
    granted(world, account.account_id, Role.HEAD_ADMIN, ScopeKind.ORGANISATION, "")
    return world.caller(account.login)


def city_handler(world: World) -> Caller:
    account = made(world, unit="CB310000")
    granted(world, account.account_id, Role.CITY_HANDLER, ScopeKind.CITY, "")
    return world.caller(account.login)


def policy(world: World, grantor: Role, grantee: Role, quota: int = 2, enterprise: UUID | None = None) -> UUID:
    order = MakePolicy(grantor, grantee, quota, "按开户管理办法", enterprise)
    return world.door.perform(make_policy, world.caller("anquan01"), order)


def opened(world: World, caller: Caller, role: Role, unit: UUID | None = None) -> LinkGiven:
    return world.door.perform(open_delegated, caller, OpenDelegated(next(_LOGINS), HOLDER, role, unit))


def test_a_firm_opens_project_accounts_of_its_own_within_the_quota(world: World, firms: tuple[UUID, UUID]) -> None:
    caller = head_admin(world, firms[0])
    row = policy(world, Role.HEAD_ADMIN, Role.PROJ_ADMIN)
    first = opened(world, caller, Role.PROJ_ADMIN)
    opened(world, caller, Role.PROJ_ADMIN)
    with pytest.raises(TooMany, match="名额2个已用完"):
        opened(world, caller, Role.PROJ_ADMIN)
    made_caller = world.caller(first.login)
    assert (made_caller.unit_id, made_caller.enterprise_id) == (firms[0], caller.enterprise_id)
    assert made_caller.roles == {Role.PROJ_ADMIN}
    opened(world, head_admin(world, firms[1]), Role.PROJ_ADMIN)
    line = next(
        line for line in world.door.ask(POLICIES.query, world.caller("shenji01"), ListRows()).lines if line.id == row
    )
    assert (line.quota, line.used) == (2, 3)
    told = events(world, "ACL.CHANGE", about=first.account_id)
    assert [event["act"] for event in told] == ["delegation.open"]
    assert "钱进" not in str(told)
    assert first.token not in str(told)


def test_a_city_handler_opens_head_accounts_of_firms_only(world: World, firms: tuple[UUID, UUID]) -> None:
    caller = city_handler(world)
    policy(world, Role.CITY_HANDLER, Role.HEAD_ADMIN)
    account = opened(world, caller, Role.HEAD_ADMIN, firms[0])
    grant = world.read(
        lambda work: work.session.exec(select(AccountRole).where(AccountRole.account_id == account.account_id)).one()
    )
    assert (grant.role, grant.scope_kind) == (Role.HEAD_ADMIN, ScopeKind.ORGANISATION)
    with pytest.raises(NotFound):
        opened(world, caller, Role.HEAD_ADMIN, caller.unit_id)
    with pytest.raises(NotAllowed):
        opened(world, caller, Role.PROJ_ADMIN, firms[0])


def test_without_a_policy_nothing_is_opened(world: World, firms: tuple[UUID, UUID]) -> None:
    with pytest.raises(NotAllowed, match="没有生效的委托开户策略"):
        opened(world, head_admin(world, firms[0]), Role.PROJ_USER)


def test_a_policy_for_one_firm_is_not_anothers(world: World, firms: tuple[UUID, UUID]) -> None:
    first, second = (head_admin(world, unit) for unit in firms)
    policy(world, Role.HEAD_ADMIN, Role.PROJ_USER, 1, first.enterprise_id)
    opened(world, first, Role.PROJ_USER)
    with pytest.raises(NotAllowed):
        opened(world, second, Role.PROJ_USER)


def test_a_foreign_firm_is_answered_like_one_that_is_not_there(world: World, firms: tuple[UUID, UUID]) -> None:
    caller = head_admin(world, firms[0])
    policy(world, Role.HEAD_ADMIN, Role.PROJ_USER)
    told = []
    for unit in (firms[1], uuid4()):
        with pytest.raises(NotFound) as refused:
            opened(world, caller, Role.PROJ_USER, unit)
        told.append(refused.value.message)
    assert told[0] == told[1]


def test_two_at_once_do_not_pass_the_quota(world: World, firms: tuple[UUID, UUID]) -> None:
    caller = head_admin(world, firms[0])
    row = policy(world, Role.HEAD_ADMIN, Role.PROJ_USER, 1)
    results = at_once([lambda: opened(world, caller, Role.PROJ_USER)] * 3)
    assert sum(isinstance(result, LinkGiven) for result in results) == 1, results
    grants = select(AccountRole.id).where(AccountRole.policy_id == row)
    assert len(world.read(lambda work: work.session.exec(grants).all())) == 1


@pytest.mark.proves("H71", "M5")
def test_a_policy_changed_by_sql_opens_nothing(world: World, firms: tuple[UUID, UUID]) -> None:
    caller = head_admin(world, firms[0])
    row = policy(world, Role.HEAD_ADMIN, Role.PROJ_ADMIN, 1)
    opened(world, caller, Role.PROJ_ADMIN)
    by_sql(world, "UPDATE delegation_policy SET quota = 900 WHERE id = :id", id=row)
    assert not world.read(lambda work: stands(work.session, "policy", row))
    with pytest.raises(Conflict, match="完整性校验未通过"):
        opened(world, caller, Role.PROJ_ADMIN)
    by_sql(world, "UPDATE delegation_policy SET quota = 1 WHERE id = :id", id=row)


@pytest.mark.proves("H71", "M5")
def test_a_policy_that_ended_is_not_revived_by_its_old_row(world: World, firms: tuple[UUID, UUID]) -> None:
    caller = head_admin(world, firms[0])
    row = policy(world, Role.HEAD_ADMIN, Role.PROJ_USER)
    old = world.read(
        lambda work: (
            work.session.connection()
            .exec_driver_sql("SELECT mac, version, updated_at FROM delegation_policy ORDER BY id DESC LIMIT 1")
            .mappings()
            .one()
        )
    )
    world.door.perform(end_policy, world.caller("anquan01"), Reasoned(row, REASON))
    by_sql(
        world,
        "UPDATE delegation_policy SET ended_at = NULL, updated_by = NULL, mac = :mac, version = :version,"
        " updated_at = :updated_at WHERE id = :id",
        id=row,
        **dict(old),
    )
    with pytest.raises(NotAllowed, match="与已签名的访问控制清单不一致"):
        opened(world, caller, Role.PROJ_USER)
    by_sql(world, "DELETE FROM delegation_policy WHERE id = :id", id=row)


@pytest.mark.parametrize(
    ("grantor", "grantee"),
    [
        (Role.HEAD_ADMIN, Role.HEAD_ADMIN),
        (Role.CITY_HANDLER, Role.SEC_ADMIN),
        (Role.CITY_BUREAU, Role.HEAD_ADMIN),
        (Role.SEC_ADMIN, Role.AUDITOR),
    ],
)
def test_a_policy_delegates_nothing_else(world: World, grantor: Role, grantee: Role) -> None:
    with pytest.raises(Rejected, match="只能委托"):
        policy(world, grantor, grantee)


def test_nobody_but_the_security_administrator_makes_policies(world: World) -> None:
    order = MakePolicy(Role.HEAD_ADMIN, Role.PROJ_USER, 5, "按开户管理办法")
    for login in ("xitong01", "shenji01", "shiju01"):
        with pytest.raises(NotAllowed):
            world.door.perform(make_policy, world.caller(login), order)
    assert world.read(lambda work: work.session.exec(select(Account.id).where(Account.login == "nobody")).all()) == []
