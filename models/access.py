"""Accounts, offices, grants of roles and scopes, sessions, and grants of single records."""

import unicodedata
from datetime import date, datetime
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Placed, Row, Stamped, Table
from models.codes import Code
from models.columns import (
    blind_index,
    code,
    day,
    flag,
    ident,
    integer,
    letters_key,
    loose_ref,
    moment,
    ref,
    sealed,
    sealed_json,
    text,
)
from models.labels import Label
from models.machines import Machine
from models.sealed import Sealed


class Role(Code):
    """Roles of decision 6. The scope is a column of the grant."""

    STREET_CLERK = "STREET_CLERK", "街镇窗口人员"
    DISTRICT_CLERK = "DISTRICT_CLERK", "区中心窗口人员"
    DISTRICT_BUREAU = "DISTRICT_BUREAU", "区房管局"
    CITY_CENTER = "CITY_CENTER", "市租赁管理事务中心"
    CITY_BUREAU = "CITY_BUREAU", "市房管局"
    ENTERPRISE_USER = "ENTERPRISE_USER", "企业经办人"
    ENTERPRISE_ADMIN = "ENTERPRISE_ADMIN", "企业管理员"
    CITY_HANDLER = "CITY_HANDLER", "市级经办"
    CITY_REVIEWER = "CITY_REVIEWER", "市级审核"
    DIST_HANDLER = "DIST_HANDLER", "区级经办"
    DIST_REVIEWER = "DIST_REVIEWER", "区级审核"
    HEAD_ADMIN = "HEAD_ADMIN", "总公司管理员"
    HEAD_USER = "HEAD_USER", "总公司经办人"
    PROJ_ADMIN = "PROJ_ADMIN", "项目公司管理员"
    PROJ_USER = "PROJ_USER", "项目公司经办人"
    SPATIAL_OPERATOR = "SPATIAL_OPERATOR", "空间数据作业员"
    SPATIAL_REVIEWER = "SPATIAL_REVIEWER", "空间数据审核员"
    ANALYST = "ANALYST", "统计分析员"
    PARTNER = "PARTNER", "对接系统"
    SYS_ADMIN = "SYS_ADMIN", "系统管理员"
    SEC_ADMIN = "SEC_ADMIN", "安全管理员"
    AUDITOR = "AUDITOR", "审计管理员"
    SYSTEM = "SYSTEM", "系统任务"


#: The market roles by their workspaces (market 3.7).
CITY_AUTHORITY = frozenset({Role.CITY_HANDLER, Role.CITY_REVIEWER})
DISTRICT_AUTHORITY = frozenset({Role.DIST_HANDLER, Role.DIST_REVIEWER})
AUTHORITY = CITY_AUTHORITY | DISTRICT_AUTHORITY
HEAD_OFFICE = frozenset({Role.HEAD_ADMIN, Role.HEAD_USER})
PROJECT_OFFICE = frozenset({Role.PROJ_ADMIN, Role.PROJ_USER})
SPATIAL_OFFICE = frozenset({Role.SPATIAL_OPERATOR, Role.SPATIAL_REVIEWER})
MARKET = AUTHORITY | HEAD_OFFICE | PROJECT_OFFICE
#: The authority of the rental market, of the city and of the districts.
LEASING_CITY = frozenset({Role.CITY_CENTER, Role.CITY_BUREAU})
LEASING_DISTRICT = frozenset({Role.DISTRICT_BUREAU})
LEASING_AUTHORITY = LEASING_CITY | LEASING_DISTRICT
#: Who keeps records, in either market.
KEEPERS = MARKET | LEASING_AUTHORITY


class ScopeKind(Code):
    CITY = "CITY", "全市"
    DISTRICT = "DISTRICT", "区"
    STREET = "STREET", "街镇"
    ORGANISATION = "ORGANISATION", "机构"
    PROJECT = "PROJECT", "项目"


class UnitKind(Code):
    STREET_CENTER = "STREET_CENTER", "社区事务受理服务中心"
    DISTRICT_CENTER = "DISTRICT_CENTER", "区住房租赁服务中心"
    DISTRICT_BUREAU = "DISTRICT_BUREAU", "区房屋管理局"
    CITY_CENTER = "CITY_CENTER", "市住房租赁管理事务中心"
    CITY_BUREAU = "CITY_BUREAU", "市房屋管理局"
    ENTERPRISE = "ENTERPRISE", "企业"


class AccountState(Code):
    ACTIVE = "ACTIVE", "正常", "good"
    DISABLED = "DISABLED", "停用", "muted"


ACCOUNT = Machine(
    {
        "disable": {AccountState.ACTIVE: AccountState.DISABLED},
        # The nightly job and an exit may come upon an account that was disabled meanwhile.
        "put_out": dict.fromkeys(AccountState, AccountState.DISABLED),
        "enable": {AccountState.DISABLED: AccountState.ACTIVE},
        # An account unused for too long is still active and comes back the same way.
        "bring_back": dict.fromkeys(AccountState, AccountState.ACTIVE),
    }
)


class AccountSort(Code):
    """Purpose of an account. All sorts except staff end on a day set when the account is made."""

    STAFF = "STAFF", "在编人员"
    TEMPORARY = "TEMPORARY", "临时人员"
    PARTNER = "PARTNER", "对接系统"


class OrgUnit(Placed, table=True):
    """An office: who accepts cases, with the address and hours a citizen is sent to."""

    unit_code: str = text("单位编码", max=32, unique=True)
    name: str = text("单位名称", max=80)
    name_letters: str | None = letters_key("单位名称", "name", max=80)
    kind: UnitKind = code(UnitKind, "单位类别")
    address: str = text("办公地址", "", max=120)
    phone: str = text("联系电话", "", max=32)
    hours: str = text("办公时间", "", max=60)
    enterprise_id: UUID | None = loose_ref("企业", None)


def login_key(login: str) -> str:
    """Return the spelling by which login names are compared."""
    return unicodedata.normalize("NFKC", login).casefold().strip()


class Account(Stamped, table=True):
    """A person who may sign in. `link_digest` is set until a first password was chosen by a one-time link."""

    login: str = text("登录名", max=64)
    login_key: str = text("登录名唯一键", max=64, unique=True)
    name: Sealed = sealed("姓名", domain="name", mask="name")
    name_index: str | None = blind_index("姓名")
    id_no: Sealed | None = sealed("身份证号码", None, domain="id_no", mask="id")
    id_no_index: str | None = blind_index("身份证号码")
    mobile: Sealed | None = sealed("手机号", None, domain="phone", mask="phone")
    mobile_index: str | None = blind_index("手机号")
    unit_id: UUID = ref("org_unit", "所属单位")
    window: str = text("窗口", "", max=20)
    password: Sealed = sealed("口令记录", family="dek.auth")
    password_changed_at: datetime = moment("口令修改时间")
    one_time_until: datetime | None = moment("初始口令有效至", None)
    link_digest: str | None = text("首次口令链接摘要", None, max=64, index=True, unique=True)
    state: AccountState = code(AccountState, "状态", AccountState.ACTIVE)
    valid_to: date | None = day("有效期至", None)
    sort: AccountSort = code(AccountSort, "账号类别", AccountSort.STAFF)
    clearance: Label = code(Label, "安全标记", Label.INTERNAL)
    failures: int = integer("连续失败次数", 0)
    first_failure_at: datetime | None = moment("首次失败时间", None)
    locked_until: datetime | None = moment("锁定至", None)
    last_seen_at: datetime | None = moment("最近登录", None)
    cert_fingerprint: str | None = text("证书指纹", None, max=64)
    demo: bool = flag("演示账号", False)


#: How many earlier passwords of an account may not be used again.
PASSWORDS_KEPT = 5


class OldPassword(Row, table=True):
    """An earlier password of an account; the newest five may not be used again."""

    account_id: UUID = ref("account", "账号")
    password: Sealed = sealed("口令记录", family="dek.auth")
    set_at: datetime = moment("设置时间")


class AccountRole(Stamped, table=True):
    """A grant: this account holds this role over this scope."""

    account_id: UUID = ref("account", "账号")
    role: Role = code(Role, "角色")
    scope_kind: ScopeKind = code(ScopeKind, "数据范围类别")
    scope_code: str = text("数据范围", "", max=64)
    valid_from: date = day("生效日期")
    valid_to: date | None = day("失效日期", None)
    reason: str = text("授权依据", "", max=200)
    policy_id: UUID | None = loose_ref("委托开户策略", None)
    ended_at: datetime | None = moment("收回时间", None)
    end_reason: str = text("收回原因", "", max=200)


class SignInSession(Row, table=True):
    """Our own session: the cookie's digest, never the cookie; it alone decides."""

    # Touched once a minute without loading it; an idle session is ended by its start too.
    __table_args__ = ({"info": {"mac_skips": ("seen_at",)}},)

    digest: str = text("会话摘要", max=64, unique=True)
    account_id: UUID = ref("account", "账号")
    started_at: datetime = moment("登录时间")
    seen_at: datetime = moment("最近活动")
    ended_at: datetime | None = moment("结束时间", None)
    end_reason: str = text("结束原因", "", max=20)
    address: str = text("登录地址", "", max=64)


class RecordGrant(Row, table=True):
    """Access of one clerk to one record until the day ends, by an exact match at the counter (decision 7)."""

    __table_args__ = (UniqueConstraint("account_id", "object_kind", "object_id", "until_day"),)

    account_id: UUID = loose_ref("账号")
    object_kind: str = text("对象类别", max=32)
    object_id: UUID = loose_ref("对象")
    reason: str = text("依据", max=200)
    until_day: date = day("有效至")
    granted_at: datetime = moment("授予时间")


class PersonGrant(Row, table=True):
    """The full number of this person was read or typed at this counter today (decision 8)."""

    __table_args__ = (UniqueConstraint("account_id", "id_no_index", "until_day"),)

    account_id: UUID = loose_ref("账号")
    id_no_index: str = text("证件号码索引", max=96, index=True)
    how: str = text("方式", max=20)
    until_day: date = day("有效至")
    granted_at: datetime = moment("授予时间")


class Reveal(Row, table=True):
    """Unmasking of a single field with its reason; counts against the quota of the role."""

    account_id: UUID = loose_ref("账号")
    object_kind: str = text("对象类别", max=32)
    object_id: UUID = loose_ref("对象")
    field: str = text("字段", max=40)
    reason: Sealed = sealed_json("理由")
    on_day: date = day("日期", index=True)
    at: datetime = moment("时间")


class AddressFailure(Table, table=True):
    """Failed sign-ins from a network address, to slow guessing that is spread over accounts."""

    __table_args__ = (
        {
            "info": {
                "unprotected": "a count of failed sign-ins of a day; each failure is in the audit and counts at its account too"
            }
        },
    )

    id: UUID = ident()
    address: str = text("地址", max=64, unique=True)
    failures: int = integer("失败次数", 0)
    since: datetime = moment("起始时间")
