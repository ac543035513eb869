"""Delegation: under a policy in the access list, firms and city handlers open certain accounts themselves (decision 10)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, or_, select

from models.access import Account, AccountRole, OrgUnit, Role, ScopeKind, UnitKind
from models.codes import Toned
from models.dialect import locked
from models.rights import DelegationPolicy
from services.access.accounts import new_account
from services.access.acl import change, stands
from services.access.grants import new_grant
from services.access.holders import Holder, check_holder
from services.access.passwords import LinkGiven, MadeLink, first_link, make_link
from services.access.places import take_place
from services.engine.listings import Column, Listing, listed
from services.engine.look_ups import values_by
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected, TooMany
from services.engine.registry import action
from services.engine.words import enough_words
from services.engine.work import Work, visible_rows

#: Who may open what, if a policy says so.
MAY_OPEN: dict[Role, frozenset[Role]] = {
    Role.HEAD_ADMIN: frozenset({Role.PROJ_ADMIN, Role.PROJ_USER}),
    Role.CITY_HANDLER: frozenset({Role.HEAD_ADMIN}),
}
_LARGEST = 10_000


@visible_rows(DelegationPolicy)
def policies(work: Work, table: Any) -> Any:
    """The security administrator and the auditor see all; a grantor those of his role."""
    caller = work.caller
    if caller.has(Role.SEC_ADMIN, Role.AUDITOR, Role.SYSTEM):
        return sa.true()
    own = [role for role in MAY_OPEN if caller.has(role)]
    return col(table.grantor_role).in_(own) if own else sa.false()


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    ids = [row.id for row in rows]
    used = dict(
        work.session.exec(
            select(col(AccountRole.policy_id), sa.func.count())
            .where(col(AccountRole.policy_id).in_(ids), col(AccountRole.ended_at).is_(None))
            .group_by(col(AccountRole.policy_id))
        ).all()
    )
    firms = values_by(work, OrgUnit.enterprise_id, OrgUnit.name, (row.enterprise_id for row in rows))
    return {
        "enterprise": lambda row: firms.get(row.enterprise_id, "") if row.enterprise_id else "不限",
        "used": lambda row: used.get(row.id, 0),
    }


POLICIES = listed(
    Listing(
        name="delegation",
        label="委托开户策略",
        roles={Role.SEC_ADMIN, Role.AUDITOR},
        table=DelegationPolicy,
        columns=(
            Column("grantor_role", "开户岗位", width=110),
            Column("grantee_role", "可授岗位", width=120),
            Column("enterprise", "限定企业"),
            Column("quota", "名额", number=True, width=70),
            Column("used", "已用", number=True, width=70),
            Column("valid_from", "生效日期", shown=False),
            Column("valid_to", "失效日期", width=100, show=lambda day: day.isoformat() if day else "长期"),
            Column("state", "状态", lambda row: Toned("已终止") if row.ended_at else Toned("生效", "good"), width=80),
            Column("note", "依据", shown=False),
            Column("created_at", "建立时间", shown=False),
        ),
        sort="-created_at",
        look_up=_cells,
        also=("ended_at",),
        exporters=set(),
        empty="没有委托开户策略，企业和市级经办不能自行开户",
    )
)


@dataclass(frozen=True)
class MakePolicy:
    """`enterprise_id` narrows it to one firm; without it the quota counts for each firm by itself."""

    grantor_role: Role
    grantee_role: Role
    quota: int
    note: str
    enterprise_id: UUID | None = None
    valid_to: date | None = None


@action("delegation.make", "建立委托开户策略", roles={Role.SEC_ADMIN}, event="ACL.CHANGE")
def make_policy(work: Work, order: MakePolicy) -> UUID:
    """Make a delegation policy; it takes effect once the access list with it is signed."""
    if order.grantee_role not in MAY_OPEN.get(order.grantor_role, frozenset()):
        raise Rejected("只能委托：总公司管理员开立项目公司账号，市级经办开立总公司管理员账号")
    if not 1 <= order.quota <= _LARGEST:
        raise Rejected("名额应为1至10000")
    note = enough_words(order.note, "依据", least=4)
    if order.valid_to is not None and order.valid_to < work.today:
        raise Rejected("失效日期不能早于今天")
    row = DelegationPolicy(
        grantor_role=order.grantor_role,
        grantee_role=order.grantee_role,
        enterprise_id=order.enterprise_id,
        quota=order.quota,
        valid_from=work.today,
        valid_to=order.valid_to,
        note=order.note.strip()[:200],
    )
    change(work, "policy", row.id, "delegation.make", reason=note)
    work.add(row)
    return row.id


@action("delegation.end", "终止委托开户策略", roles={Role.SEC_ADMIN}, event="ACL.CHANGE")
def end_policy(work: Work, order: Reasoned) -> None:
    """No more accounts under it; those that are open stay until they are taken back one by one."""
    row = work.get(DelegationPolicy, order.id)
    if row.ended_at is not None:
        raise Conflict("该策略已经终止")
    reason = enough_words(order.reason, "原因", least=4)
    change(work, "policy", row.id, "delegation.end", reason=reason)
    row.ended_at = work.at
    work.add(row)


@dataclass(frozen=True)
class OpenDelegated:
    """`unit_id` names the firm a city handler opens an account for; a firm opens them for itself."""

    login: str
    holder: Holder
    role: Role
    unit_id: UUID | None = None
    valid_to: date | None = None


@action("delegation.open", "委托开户", roles=set(MAY_OPEN), gather=make_link, event="ACL.CHANGE")
def open_delegated(work: Work, order: OpenDelegated, made: MadeLink) -> LinkGiven:
    """Open an account with a grant in a firm, within its number and a policy's quota; it waits for its certificate."""
    grantors = [role for role, may in MAY_OPEN.items() if work.caller.has(role) and order.role in may]
    if not grantors:
        raise NotAllowed("您的岗位不能开立此类账号")
    return open_for(work, grantors[0], _firm(work, order, grantors[0]), order, made)


def open_for(work: Work, grantor: Role, unit: OrgUnit, order: OpenDelegated, made: MadeLink) -> LinkGiven:
    """Open an account in a firm that the grantor has been found to serve."""
    take_place(work, unit.enterprise_id)
    policy = policy_for(work, grantor, order.role, unit)
    used = work.session.exec(
        select(sa.func.count())
        .select_from(AccountRole)
        .where(AccountRole.policy_id == policy.id, col(AccountRole.ended_at).is_(None), *_counted_for(unit))
    ).one()
    if used >= policy.quota:
        raise TooMany(f"名额{policy.quota}个已用完，请联系安全管理员调整策略")
    holder = check_holder(work, order.holder, whole=True)
    account = new_account(work, unit, order.login, holder, made, valid_to=order.valid_to, act="delegation.open")
    new_grant(
        work,
        account,
        order.role,
        ScopeKind.ORGANISATION,
        str(unit.enterprise_id),
        order.valid_to,
        policy.note,
        policy_id=policy.id,
        act="delegation.open",
    )
    return first_link(work, account, made, "delegation.open")


def _firm(work: Work, order: OpenDelegated, grantor: Role) -> OrgUnit:
    if grantor is Role.HEAD_ADMIN:
        wanted = work.caller.unit_id
        if order.unit_id not in {None, wanted}:
            raise NotFound
    else:
        wanted = order.unit_id
    return work.find(
        OrgUnit,
        OrgUnit.id == wanted,
        OrgUnit.kind == UnitKind.ENTERPRISE,
        col(OrgUnit.enterprise_id).is_not(None),
        missing=NotFound("没有查到该企业"),
    )


def policy_for(work: Work, grantor: Role, grantee: Role, unit: OrgUnit) -> DelegationPolicy:
    """The policy in force for this firm, held until the end so that two at once do not pass its quota together."""
    found = work.session.exec(
        locked(
            work.session,
            work.visible(DelegationPolicy)
            .where(
                DelegationPolicy.grantor_role == grantor,
                DelegationPolicy.grantee_role == grantee,
                col(DelegationPolicy.ended_at).is_(None),
                DelegationPolicy.valid_from <= work.today,
                or_(col(DelegationPolicy.valid_to).is_(None), col(DelegationPolicy.valid_to) >= work.today),
                or_(
                    col(DelegationPolicy.enterprise_id).is_(None), DelegationPolicy.enterprise_id == unit.enterprise_id
                ),
            )
            .order_by(col(DelegationPolicy.enterprise_id).is_(None), col(DelegationPolicy.created_at).desc()),
        )
    ).first()
    if found is None:
        raise NotAllowed("没有生效的委托开户策略，请联系安全管理员")
    policy: DelegationPolicy = found
    if not stands(work.session, "policy", policy.id):
        raise NotAllowed("委托开户策略与已签名的访问控制清单不一致，已停止办理，请联系安全管理员核查")
    return policy


def _counted_for(unit: OrgUnit) -> tuple[Any, ...]:
    same = select(Account.id).where(
        col(Account.unit_id).in_(select(OrgUnit.id).where(OrgUnit.enterprise_id == unit.enterprise_id))
    )
    return (col(AccountRole.account_id).in_(same),)
