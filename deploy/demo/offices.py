"""Offices and named demo accounts, one for each way of working."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import select

from models.access import Account, AccountRole, OrgUnit, Role, ScopeKind, UnitKind, login_key
from models.sealed import Sealed
from services.access.acl import change
from services.engine.registry import action
from services.engine.work import Work


@dataclass(frozen=True)
class Office:
    code: str
    name: str
    kind: UnitKind
    district: str
    street: str
    address: str
    phone: str


OFFICES = (
    Office(
        "ST310115005",
        "花木街道社区事务受理服务中心",
        UnitKind.STREET_CENTER,
        "310115",
        "310115005",
        "浦东新区牡丹路1号",
        "021-00000101",
    ),
    Office(
        "ST310104016",
        "龙华街道社区事务受理服务中心",
        UnitKind.STREET_CENTER,
        "310104",
        "310104016",
        "徐汇区云锦路2号",
        "021-00000102",
    ),
    Office(
        "DC310115",
        "浦东新区住房租赁服务中心",
        UnitKind.DISTRICT_CENTER,
        "310115",
        "",
        "浦东新区南泉北路3号",
        "021-00000103",
    ),
    Office(
        "DC310104",
        "徐汇区住房租赁服务中心",
        UnitKind.DISTRICT_CENTER,
        "310104",
        "",
        "徐汇区漕溪北路4号",
        "021-00000104",
    ),
    Office(
        "DB310115", "浦东新区房屋管理局", UnitKind.DISTRICT_BUREAU, "310115", "", "浦东新区世纪大道5号", "021-00000105"
    ),
    Office("DB310104", "徐汇区房屋管理局", UnitKind.DISTRICT_BUREAU, "310104", "", "徐汇区南宁路6号", "021-00000106"),
    Office(
        "CC310000",
        "上海市住房租赁管理事务中心",
        UnitKind.CITY_CENTER,
        "310000",
        "",
        "浦东新区南泉北路7号",
        "021-00000107",
    ),
    Office("CB310000", "上海市房屋管理局", UnitKind.CITY_BUREAU, "310000", "", "黄浦区延安东路8号", "021-00000108"),
)


@dataclass(frozen=True)
class Person:
    login: str
    name: str
    office: str
    role: Role
    scope: ScopeKind
    code: str
    window: str = ""


PEOPLE = (
    Person("huamu01", "李敏", "ST310115005", Role.STREET_CLERK, ScopeKind.STREET, "310115005", "5号窗口"),
    Person("huamu02", "周颖", "ST310115005", Role.STREET_CLERK, ScopeKind.STREET, "310115005", "6号窗口"),
    Person("longhua01", "钱峰", "ST310104016", Role.STREET_CLERK, ScopeKind.STREET, "310104016", "2号窗口"),
    Person("pudong01", "沈佳", "DC310115", Role.DISTRICT_CLERK, ScopeKind.DISTRICT, "310115", "1号窗口"),
    Person("pudong02", "陆伟", "DC310115", Role.DISTRICT_CLERK, ScopeKind.DISTRICT, "310115", "3号窗口"),
    Person("xuhui01", "唐宁", "DC310104", Role.DISTRICT_CLERK, ScopeKind.DISTRICT, "310104", "1号窗口"),
    Person("pdju01", "顾宏", "DB310115", Role.DISTRICT_BUREAU, ScopeKind.DISTRICT, "310115"),
    Person("xhju01", "方琳", "DB310104", Role.DISTRICT_BUREAU, ScopeKind.DISTRICT, "310104"),
    Person("shi01", "徐明", "CC310000", Role.CITY_CENTER, ScopeKind.CITY, ""),
    Person("shi02", "何静", "CC310000", Role.CITY_CENTER, ScopeKind.CITY, ""),
    Person("shiju01", "郑国", "CB310000", Role.CITY_BUREAU, ScopeKind.CITY, ""),
    Person("xitong01", "高远", "CB310000", Role.SYS_ADMIN, ScopeKind.CITY, ""),
    Person("anquan01", "沈静", "CB310000", Role.SEC_ADMIN, ScopeKind.CITY, ""),
    Person("shenji01", "马骏", "CB310000", Role.AUDITOR, ScopeKind.CITY, ""),
)


@action("demo.offices", "建立演示机构与账号", roles={Role.SYSTEM}, event="CFG.CHANGE")
def load_offices(work: Work, order: None) -> int:
    """Offices and accounts that are not there yet; demo accounts have passwords nobody knows."""
    units = {unit.unit_code: unit for unit in work.session.exec(select(OrgUnit)).all()}
    for office in OFFICES:
        if office.code not in units:
            unit = OrgUnit(
                unit_code=office.code,
                name=office.name,
                kind=office.kind,
                district_code=office.district,
                street_code=office.street,
                address=office.address,
                phone=office.phone,
                hours="周一至周五 9:00—17:00",
            )
            change(work, "unit", unit.id, "demo.offices")
            units[office.code] = work.add(unit)
    known = set(work.session.exec(select(Account.login_key)).all())
    unknown = work.sealer.hash_password(secrets.token_urlsafe(32))
    made = 0
    for person in PEOPLE:
        if login_key(person.login) not in known:
            add_account(work, person, units[person.office], unknown)
            made += 1
    return made


def add_account(work: Work, person: Person, unit: OrgUnit, password: str, *, demo: bool = True) -> Account:
    """Return an account with one grant."""
    account = Account(
        login=person.login,
        login_key=login_key(person.login),
        name=Sealed.of(person.name),
        unit_id=unit.id,
        window=person.window,
        password=Sealed.of(password),
        password_changed_at=work.at,
        demo=demo,
    )
    change(work, "account", account.id, "demo.offices")
    work.add(account)
    work.add(
        AccountRole(
            account_id=account.id,
            role=person.role,
            scope_kind=person.scope,
            scope_code=person.code,
            # The demo's date moves back too; who loses his role by that could never put it right.
            valid_from=date(2020, 1, 1) if demo else work.today - timedelta(days=1),
        )
    )
    return account
