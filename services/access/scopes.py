"""Compatible roles, and the scopes in which each may be held (decisions 6 and 10, security.md D06)."""

from collections.abc import Collection

from models.access import OrgUnit, Role, ScopeKind
from models.places_data import districts, streets
from services.engine.refusals import Rejected

ADMINISTRATORS = frozenset({Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR})

_CITY, _DISTRICT = (ScopeKind.CITY,), (ScopeKind.DISTRICT,)
_FIRM = (ScopeKind.ORGANISATION,)

#: Role to the kinds of scope it may be held over; the system's own role is held by no account.
SCOPES: dict[Role, tuple[ScopeKind, ...]] = {
    Role.STREET_CLERK: (ScopeKind.STREET,),
    Role.DISTRICT_CLERK: _DISTRICT,
    Role.DISTRICT_BUREAU: _DISTRICT,
    Role.CITY_CENTER: _CITY,
    Role.CITY_BUREAU: _CITY,
    Role.ENTERPRISE_USER: _FIRM,
    Role.ENTERPRISE_ADMIN: _FIRM,
    Role.CITY_HANDLER: _CITY,
    Role.CITY_REVIEWER: _CITY,
    Role.DIST_HANDLER: _DISTRICT,
    Role.DIST_REVIEWER: _DISTRICT,
    Role.HEAD_ADMIN: _FIRM,
    Role.HEAD_USER: _FIRM,
    Role.PROJ_ADMIN: (ScopeKind.ORGANISATION, ScopeKind.PROJECT),
    Role.PROJ_USER: (ScopeKind.ORGANISATION, ScopeKind.PROJECT),
    Role.SPATIAL_OPERATOR: _CITY + _DISTRICT,
    Role.SPATIAL_REVIEWER: _CITY + _DISTRICT,
    Role.ANALYST: _CITY + _DISTRICT,
    Role.PARTNER: _FIRM,
    Role.SYS_ADMIN: _CITY,
    Role.SEC_ADMIN: _CITY,
    Role.AUDITOR: _CITY,
}


def excluded(held: Collection[Role], wanted: Role) -> str:
    """Return why a role does not go with those already held; empty when it does."""
    others = {role for role in held if role is not wanted}
    if not others:
        return ""
    alone = ADMINISTRATORS | {Role.PARTNER}
    if wanted in alone or others & alone:
        names = "、".join(sorted(role.label for role in others))
        return f"“{wanted.label}”不能与“{names}”由同一账号担任：三员互斥，且不得兼任业务岗位"
    return ""


def fitting_code(role: Role, kind: ScopeKind, code: str, unit: OrgUnit) -> str:
    """The scope's code as it is stored, or a refusal when role, kind and code do not fit each other or the unit."""
    if kind not in SCOPES.get(role, ()):
        fitting = "、".join(one.label for one in SCOPES.get(role, ())) or "无"
        raise Rejected(f"“{role.label}”的数据范围应为：{fitting}")
    code = code.strip()
    if kind is ScopeKind.CITY:
        return ""
    if kind is ScopeKind.DISTRICT and code not in {district.code for district in districts()}:
        raise Rejected("数据范围应为本市某个区的六位代码，如310115")
    if kind is ScopeKind.STREET and code not in {street.code for street in streets()}:
        raise Rejected("数据范围应为某个街镇的九位代码，如310115005")
    if kind is ScopeKind.ORGANISATION and role is not Role.PARTNER:
        return _of_the_unit(unit)
    if kind in {ScopeKind.ORGANISATION, ScopeKind.PROJECT} and not code:
        raise Rejected("请填写机构或项目代码")
    return code[:64]


def _of_the_unit(unit: OrgUnit) -> str:
    if unit.enterprise_id is None:
        raise Rejected("该账号不属于企业，不能授予企业岗位")
    return str(unit.enterprise_id)
