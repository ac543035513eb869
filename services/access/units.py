"""Offices and firms as the system administrator keeps them: who belongs where decides what he sees (security.md D06)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Account, OrgUnit, Role, UnitKind
from models.name_search import holds_text
from models.places_data import districts, streets
from services.access.acl import change
from services.access.places import companies_among
from services.engine.listings import Column, Filter, Listing, choice, listed
from services.engine.refusals import Rejected
from services.engine.registry import action
from services.engine.search_terms import search_word
from services.engine.work import Work, visible_rows

KEEPERS = {Role.SYS_ADMIN}
READERS = {Role.SYS_ADMIN, Role.SEC_ADMIN}


@visible_rows(OrgUnit)
def units_of_administrators(work: Work, table: Any) -> Any:
    """Show all units to administrators, to others their own."""
    if work.caller.has(*READERS, Role.SYSTEM):
        return sa.true()
    return sa.false() if work.caller.unit_id is None else table.id == work.caller.unit_id


def _named(work: Work, text: str) -> Any:
    word = search_word(text)
    code = col(OrgUnit.unit_code).startswith(word.upper(), autoescape=True)
    return sa.or_(holds_text(word, OrgUnit.name), code)


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    counted = select(col(Account.unit_id), sa.func.count()).where(col(Account.unit_id).in_([unit.id for unit in rows]))
    accounts = dict(work.session.exec(counted.group_by(col(Account.unit_id))).all())
    companies = companies_among(work, {unit.enterprise_id for unit in rows if unit.enterprise_id is not None})
    return {
        "accounts": lambda unit: accounts.get(unit.id, 0),
        # The office of a company of the property market, whose accounts need number and telephone.
        "company": lambda unit: unit.enterprise_id in companies,
    }


UNITS = listed(
    Listing(
        name="units",
        label="机构",
        roles=READERS,
        table=OrgUnit,
        columns=(
            Column("unit_code", "单位编码", width=130, sortable=True),
            Column("name", "单位名称", sortable=True),
            Column("kind", "类别", width=170),
            Column("phone", "电话", width=110),
            Column("accounts", "账号数", number=True, width=70),
        ),
        filters=(
            Filter("text", "名称或编码", _named, width=200),
            choice("kind", "类别", OrgUnit.kind, UnitKind, width=200),
        ),
        sort="unit_code",
        look_up=_cells,
        also=("district_code", "street_code", "address", "hours"),
        exporters=set(),
        empty="没有符合条件的机构",
    )
)


@dataclass(frozen=True)
class CreateUnit:
    unit_code: str
    name: str
    kind: UnitKind
    district_code: str
    street_code: str = ""
    address: str = ""
    phone: str = ""
    hours: str = ""


@action("units.create", "新建机构", roles=KEEPERS, event="ACL.CHANGE")
def create_unit(work: Work, order: CreateUnit) -> UUID:
    """A new office; a firm comes in by its admission, never here, for its accounts see its data."""
    code = order.unit_code.strip().upper()
    if order.kind is UnitKind.ENTERPRISE:
        raise Rejected("企业机构在企业准入时建立，不能在此新建")
    if not (code.isascii() and code.isalnum() and 4 <= len(code) <= 32):
        raise Rejected("单位编码由4至32位字母和数字组成")
    told = _told(order)
    _check_place(order)
    if work.has(OrgUnit, OrgUnit.unit_code == code):
        raise Rejected(f"单位编码{code}已被使用")
    unit = OrgUnit(
        unit_code=code,
        kind=order.kind,
        district_code=order.district_code,
        street_code=order.street_code,
        **told,
    )
    change(work, "unit", unit.id, "units.create")
    work.add(unit)
    return unit.id


_WIDTHS = {"name": 80, "address": 120, "phone": 32, "hours": 60}


def _told(order: "CreateUnit | EditUnit") -> dict[str, Any]:
    """Return what citizens read of an office, without characters that cannot be seen."""
    told = {name: search_word(getattr(order, name), longest) for name, longest in _WIDTHS.items()}
    if len(told["name"]) < 2:
        raise Rejected("请填写单位名称（2至80个字）")
    return told


def _check_place(order: CreateUnit) -> None:
    city = order.kind in {UnitKind.CITY_CENTER, UnitKind.CITY_BUREAU}
    known = {district.code for district in districts()}
    if city != (order.district_code == "310000") or (not city and order.district_code not in known):
        raise Rejected("市级单位的区代码为310000，其他单位请选择所在的区")
    fitting = {street.code for street in streets() if street.district_code == order.district_code}
    if order.kind is UnitKind.STREET_CENTER and order.street_code not in fitting:
        raise Rejected("社区事务受理服务中心须选择所在区的街镇")
    if order.kind is not UnitKind.STREET_CENTER and order.street_code:
        raise Rejected("只有社区事务受理服务中心填写街镇")


@dataclass(frozen=True)
class EditUnit:
    id: UUID
    name: str
    address: str
    phone: str
    hours: str


@action("units.edit", "修改机构信息", roles=KEEPERS, event="CFG.CHANGE")
def edit_unit(work: Work, order: EditUnit) -> None:
    """Edit the public data of an office; kind and place are fixed, because rights depend on them."""
    unit = work.get(OrgUnit, order.id)
    change(work, "unit", unit.id, "units.edit")
    for field, text in _told(order).items():
        setattr(unit, field, text)
    work.add(unit)
    work.trail.tell("CFG.CHANGE", "units.edit", about=unit)
