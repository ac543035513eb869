"""The table of street users: its ten columns, what is repaired, what is refused and why (row 50)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from models.normal import half_width, without_blanks
from models.streets import LinkDuty, LinkState, state_on
from services.imports.sheets import (
    Cell,
    Checks,
    ImportedRow,
    Level,
    Says,
    Sheet,
    SheetColumn,
    Verdict,
    one_of,
    read_day,
)
from services.streets.link_rules import Administrator, Span, faults_of
from services.streets.registry import Registry

DUTIES = {one.label: one for one in LinkDuty}
_YES, _NO = "是", "否"


def _plain(cell: Cell, says: Says) -> str:
    return half_width(without_blanks(cell.text))


def _name(cell: Cell, says: Says) -> str:
    return without_blanks(cell.text)


def _code(cell: Cell, says: Says) -> str:
    value = _plain(cell, says)
    if not (value.isdigit() and len(value) == 9):
        says.error("STREET_CODE", "街镇代码为九位数字，请核对")
        return ""
    return value


COLUMNS = (
    SheetColumn("用户工号", _plain, "登录名", "login", ("工号", "登录名"), required=True, width=14),
    SheetColumn("姓名", _name, "与账号登记的姓名一致", "name", ("用户姓名",), required=True, mask="name", width=12),
    SheetColumn(
        "角色",
        one_of(tuple(DUTIES), "ROLE_UNKNOWN"),
        "在该街镇的角色",
        "duty",
        ("关联角色",),
        required=True,
        choices=tuple(DUTIES),
        width=8,
    ),
    SheetColumn("街镇名称", _name, "全称；与代码至少填写一项，不一致时不能导入", "street", ("街镇",), width=20),
    SheetColumn("街镇代码", _code, "九位数字", "street_code", ("代码",), width=14),
    SheetColumn("区", _name, "区的全称；名称有重复时必须填写", "district", ("所属区",), width=12),
    SheetColumn(
        "是否主关联",
        one_of((_YES, _NO), "PRIMARY_VALUE"),
        "同一期间只能有一个主关联",
        "main",
        ("主关联",),
        required=True,
        choices=(_YES, _NO),
        width=10,
    ),
    SheetColumn("生效日期", read_day, "当日起有效，例如2026-03-01", "valid_from", required=True, shape="day", width=12),
    SheetColumn("失效日期", read_day, "最后一天；长期有效的不填", "valid_to", shape="day", width=12),
    SheetColumn("授权管理员", _plain, "市级或该区管理员的登录名", "by", ("管理员",), required=True, width=14),
)
LABELS = {column.name: column.label for column in COLUMNS}
SHEET = Sheet("街镇用户关联", COLUMNS)


class _Judge:
    """Judges rows in the order of the table: links of earlier rows that can be imported count as there."""

    def __init__(self, registry: Registry, today: date) -> None:
        self.registry, self.today = registry, today
        self._taken: dict[str, list[Span]] = defaultdict(list)

    def judge(self, row: ImportedRow) -> None:
        """Find everything that is wrong with a row, then whether it repeats an earlier one."""
        values = {name: row.values.get(label, "") for name, label in LABELS.items()}
        self._user(row, values)
        reach = self._administrator(row, values["by"])
        span = self._span(row, values)
        if span is None:
            return
        others = [*self._taken[values["login"]], *self._links_of(values["login"])]
        for fault in faults_of(span, others, reach):
            row.find(_COLUMN_OF[fault.code], Level.ERROR, fault.code, fault.message)
        if state_on(self.today, span.valid_from, span.valid_to) is LinkState.ENDED and not row.failed(*LABELS.values()):
            row.find(LABELS["valid_to"], Level.WARNING, "LINK_ENDED", "失效日期已过，导入后即为已结束")
        if row.verdict is not Verdict.REJECT:
            self._taken[values["login"]].append(span)

    def _links_of(self, login: str) -> list[Span]:
        user = self.registry.user(login) if login else None
        return [] if user is None else list(user.spans)

    def _user(self, row: ImportedRow, values: Mapping[str, str]) -> None:
        if not values["login"] or not values["name"]:
            return
        user = self.registry.user(values["login"])
        if user is None:
            row.find(LABELS["login"], Level.ERROR, "USER_NOT_FOUND", "没有这个用户，请核对工号")
        elif not user.enabled:
            row.find(LABELS["login"], Level.ERROR, "USER_DISABLED", "该用户已停用，请先启用")
        elif without_blanks(user.name) != values["name"]:
            row.find(LABELS["name"], Level.ERROR, "USER_NAME", "姓名与账号登记的不一致，请核对")

    def _administrator(self, row: ImportedRow, number: str) -> Administrator:
        """Return how far the administrator of the row reaches, and not further than who brings the table."""
        found = self.registry.administrator(number) if number else Administrator()
        if found is None:
            row.find(LABELS["by"], Level.ERROR, "ADMIN_NOT_FOUND", "没有这个管理员，请核对登录名")
            found = Administrator()
        importer = self.registry.importer()
        if importer is None or not importer.district_code:
            return found
        return importer if found.district_code in ("", importer.district_code) else _NOWHERE

    def _span(self, row: ImportedRow, values: Mapping[str, str]) -> Span | None:
        begins = date.fromisoformat(values["valid_from"]) if values["valid_from"] else None
        ends = date.fromisoformat(values["valid_to"]) if values["valid_to"] else None
        if row.failed(LABELS["street_code"]):
            return None
        told = self.registry.names.find(values["street"], values["street_code"], values["district"], begins)
        for one in told.found:
            row.find(LABELS["street" if values["street"] else "street_code"], one.level, one.code, one.message)
        if told.place is None or begins is None or row.failed(LABELS["valid_to"]):
            return None
        # The street that is meant is kept and shown.
        row.values |= {LABELS["street_code"]: told.place.code, LABELS["street"]: told.place.name}
        return Span(told.place.code, values["main"] == _YES, begins, ends)


_NOWHERE = Administrator("-")
_COLUMN_OF = {
    "DATE_ORDER": LABELS["valid_to"],
    "ADMIN_SCOPE": LABELS["by"],
    "DUP_LINK": LABELS["street"],
    "TWO_PRIMARIES": LABELS["main"],
}


def checks_of(registry: Registry, today: date) -> Checks:
    """Return the checks of a table against users, administrators and streets."""
    judge = _Judge(registry, today)

    def rows(found: object) -> None:
        for row in found:  # type: ignore[attr-defined]
            judge.judge(row)

    return Checks(rows=rows)


def link_state(values: Mapping[str, str], today: date) -> LinkState:
    """Return the state that the link of a row has on a day."""
    ends = values[LABELS["valid_to"]]
    return state_on(
        today,
        date.fromisoformat(values[LABELS["valid_from"]]),
        date.fromisoformat(ends) if ends else None,
    )
