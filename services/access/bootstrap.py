"""The first three administrators of an installation: each his own duty, each a one-time password (security.md D05, D06)."""

from datetime import timedelta

from sqlmodel import col, select

from models.access import Account, AccountRole, OrgUnit, Role, ScopeKind, UnitKind, login_key
from models.sealed import Sealed
from services.access.acl import change
from services.access.passwords import ONE_TIME_HOURS, one_time_password
from services.engine.door import Gathering
from services.engine.refusals import Conflict
from services.engine.registry import action
from services.engine.work import Work

ADMINISTRATORS = (
    ("xitong", "系统管理员", Role.SYS_ADMIN),
    ("anquan", "安全管理员", Role.SEC_ADMIN),
    ("shenji", "审计管理员", Role.AUDITOR),
)


def _secrets(gathering: Gathering, order: None) -> list[tuple[str, str]]:
    """Make one-time passwords with their records; the slow hashing is done outside the transaction."""
    made = [one_time_password() for _ in ADMINISTRATORS]
    return [(secret, gathering.sealer.hash_password(secret)) for secret in made]


@action("access.bootstrap", "建立三名管理员", roles={Role.SYSTEM}, gather=_secrets, event="ACL.CHANGE")
def make_administrators(work: Work, order: None, made: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Exactly three named administrators, and only where there is none yet."""
    held = [role for _, _, role in ADMINISTRATORS]
    if work.session.exec(select(AccountRole.id).where(col(AccountRole.role).in_(held))).first():
        raise Conflict("管理员已经建立，不能再次初始化")
    unit = work.session.exec(select(OrgUnit).where(OrgUnit.kind == UnitKind.CITY_BUREAU)).first()
    if unit is None:
        unit = OrgUnit(unit_code="CB310000", name="上海市房屋管理局", kind=UnitKind.CITY_BUREAU, district_code="310000")
        change(work, "unit", unit.id, "access.bootstrap")
        work.add(unit)
    shown = []
    for (login, name, role), (secret, record) in zip(ADMINISTRATORS, made, strict=True):
        account = Account(
            login=login,
            login_key=login_key(login),
            name=Sealed.of(name),
            unit_id=unit.id,
            password=Sealed.of(record),
            password_changed_at=work.at,
            one_time_until=work.at + timedelta(hours=ONE_TIME_HOURS),
        )
        change(work, "account", account.id, "access.bootstrap")
        work.add(account)
        work.add(
            AccountRole(
                account_id=account.id, role=role, scope_kind=ScopeKind.CITY, scope_code="", valid_from=work.today
            )
        )
        shown.append((login, secret))
    return shown
