"""Dated changes of streets, kept by the city: from their day on links and sight lead on to the new street (row 50)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from models.access import Role
from models.places_data import district, street
from models.streets import StreetChange, StreetChangeKind
from services.access.street_scope import StreetChanges
from services.engine.findings import Finding
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import action
from services.engine.search_terms import search_word
from services.engine.words import enough_words
from services.engine.work import Work

KEEPERS = {Role.CITY_CENTER}


@dataclass(frozen=True)
class AddChange:
    """A street that is merged into another, or renamed, from a day on."""

    old_code: str
    old_name: str
    change: StreetChangeKind
    new_code: str
    new_name: str
    effective: date


@action("streets.add_change", "登记街镇变更", roles=KEEPERS, event="CFG.CHANGE")
def add_change(work: Work, order: AddChange) -> UUID:
    """Keep a change; users of the old street work in the new one from its day on."""
    row = StreetChange(
        old_code=order.old_code.strip(),
        old_name=search_word(order.old_name, 40),
        district_code=order.old_code.strip()[:6],
        change=order.change,
        new_code=order.new_code.strip(),
        new_name=search_word(order.new_name, 40),
        effective=order.effective,
    )
    if findings := _faults(work, row):
        raise Rejected("；".join(one.message for one in findings), findings)
    work.add(row)
    return row.id


def _faults(work: Work, row: StreetChange) -> list[Finding]:
    found = []
    for field, code, name in (("old_code", row.old_code, row.old_name), ("new_code", row.new_code, row.new_name)):
        if not (code.isascii() and code.isdigit() and len(code) == 9) or district(code[:6]) is None:
            found.append(Finding("STREET_CODE", "街镇代码为本市的九位代码", field))
        elif (known := street(code)) is not None and known.name != name and not _renames(row, field):
            found.append(Finding("STREET_NAME", f"{code}是{known.name}，与名称不一致", field.replace("code", "name")))
        if len(name) < 2:
            found.append(Finding("STREET_NAME", "请填写街镇全称", field.replace("code", "name")))
    if row.old_code[:6] != row.new_code[:6]:
        found.append(Finding("OTHER_DISTRICT", "街镇只能在同一个区内并入或更名", "new_code"))
    if row.old_code == row.new_code:
        found.append(Finding("SAME_CODE", "变更后的街镇应有另一代码；只改名称的，由地名字典维护", "new_code"))
    elif StreetChanges.on(work.session, date.max).now(row.new_code) == row.old_code:
        found.append(Finding("CIRCLE", "变更后的街镇又变更为原街镇，请核对", "new_code"))
    if work.has(StreetChange, StreetChange.old_code == row.old_code):
        found.append(Finding("CHANGED_ALREADY", "该街镇已登记过变更", "old_code"))
    return found


def _renames(row: StreetChange, field: str) -> bool:
    return field == "new_code" and row.change is StreetChangeKind.RENAMED


@action("streets.drop_change", "撤销街镇变更", roles=KEEPERS, event="CFG.CHANGE")
def drop_change(work: Work, order: Reasoned) -> None:
    """Take back a change before its day; afterwards records lead on by it."""
    row = work.hold(StreetChange, order.id)
    reason = enough_words(order.reason, "撤销原因")
    if row.effective <= work.today:
        raise Conflict("变更已经生效，不能撤销")
    work.trail.tell("CFG.CHANGE", "streets.drop_change", about=row, reason=reason[:60])
    work.session.delete(row)
