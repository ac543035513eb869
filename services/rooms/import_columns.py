"""The table of rooms: its fourteen columns, what is repaired, what is refused and why (row 33)."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import partial
from typing import Any

from models.normal import BadText, clean_text, half_width, is_invisible, without_blanks
from models.rooms import CentralRoomState
from services.imports.measures import was_text
from services.imports.sheets import (
    Cell,
    Checks,
    FileFinding,
    ImportedRow,
    Level,
    Reader,
    Says,
    Sheet,
    SheetColumn,
    Verdict,
    one_of,
)
from services.rooms.registry import Registry
from services.rooms.room_judgement import LAYOUTS, Limits, ProjectFacts, RoomForm, area_fault, faults_of, title_faults

#: From so many residents on a project names its safety manager (Z10).
MANAGED_PERSONS = 15
STATES = {
    "空置": CentralRoomState.FREE,
    "预订": CentralRoomState.RESERVED,
    "已租": CentralRoomState.LET,
    "停用": CentralRoomState.OUT,
}
_STATE_SAME = {
    **dict.fromkeys(("空房", "空", "未租", "未出租"), "空置"),
    **dict.fromkeys(("已预订", "预留", "已定"), "预订"),
    **dict.fromkeys(("已出租", "在租", "出租"), "已租"),
    **dict.fromkeys(("停租", "已停用"), "停用"),
}
_YES_NO_SAME = {
    **dict.fromkeys(("Y", "y", "YES", "Yes", "yes", "√", "纳管", "已纳管"), "是"),
    **dict.fromkeys(("N", "n", "NO", "No", "no", "×", "未纳管", "不纳管"), "否"),
}
_DIGITS = str.maketrans("零〇一二三四五", "0012345")
_QUOTES = "'`‘’＇\""
_NUMBER = r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?"
_AREA = re.compile(rf"({_NUMBER})(?:㎡|平方米|平米|m2|m²|M2|M²)?")
_RENT = re.compile(rf"[¥￥]?({_NUMBER})(?:元)?(?:/月|每月|/月·间)?")
_CENT = Decimal("0.01")
_ROOM = re.compile(r"[0-9A-Z\u4e00-\u9fff]+(?:-[0-9A-Z\u4e00-\u9fff]+)*")
_SEVERAL = re.compile(r"[0-9A-Z]+(?:[/、,;~至][0-9A-Z]+)+|\d{3,}(?:-\d{3,})+")
_SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?E[+-]?\d+")
_DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}月\d{1,2}日")
_BUILDING_WORD = re.compile(r"(?:号楼|幢|栋|座|楼|#|号)$")
_LONGEST_NO = 20


def _plain(cell: Cell) -> str:
    """Return the text of a cell without blanks, invisible signs and quotation marks, in half width."""
    visible = "".join(char for char in cell.text if not is_invisible(char))
    return half_width(without_blanks(visible)).strip(_QUOTES)


def _as_told(code: str, told: str) -> Reader:
    """Read a number in capitals and half width."""

    def read(cell: Cell, says: Says) -> str:
        value = _plain(cell).upper()
        if value != cell.text:
            says.note(code, told)
        return value

    return read


def _building(cell: Cell, says: Says) -> str:
    return _plain(cell)


def _room_no(cell: Cell, says: Says) -> str:
    if cell.kind == "d" or _DAY.fullmatch(_plain(cell)):
        says.error("ROOM_DATE", "房号已被表格软件变成日期，请把单元格设为文本后重新填写")
        return ""
    value = _plain(cell).upper()
    if cell.kind == "n":
        return _numeric_room(value, cell, says)
    value = re.sub(r"(?<=[0-9A-Z])[室号房]$", "", value)
    if _SEVERAL.fullmatch(value):
        says.error("ROOM_SEVERAL", "一格填写了多间，请逐间填写")
        return ""
    if _SCIENTIFIC.fullmatch(value) or not _ROOM.fullmatch(value) or len(value) > _LONGEST_NO:
        says.error("ROOM_INVALID", "房号应为数字、字母或汉字，最多20个字，请核对")
        return ""
    if value != cell.text:
        says.note("ROOM_FORMAT", "已去掉空格、引号、后缀和看不见的字符，统一为半角")
    if value.startswith("0"):
        says.note("ROOM_LEADING_ZERO", "房号开头的0已保留")
    return value


def _numeric_room(value: str, cell: Cell, says: Says) -> str:
    if not value.isdigit() or int(value) == 0 or len(value) > _LONGEST_NO:
        says.error("ROOM_INVALID", "房号不是整数，请核对")
        return ""
    if cell.formula:
        return value
    if len(value) >= 4:
        says.note("ROOM_NUMERIC", "房号是数值，已按文本读取")
    else:
        says.warn("ROOM_NUMERIC_SHORT", "房号是数值且不足四位，开头的0可能已丢失，请核对")
    return value


def _layout(cell: Cell, says: Says) -> str:
    return one_of(tuple(LAYOUTS), "LAYOUT_UNKNOWN", {_plain(cell): _plain(cell).translate(_DIGITS)})(cell, says)


def _whole(code: str, units: str) -> Reader:
    """Read a whole number, with or without a unit."""
    shape = re.compile(units)

    def read(cell: Cell, says: Says) -> str:
        found = shape.fullmatch(_plain(cell))
        number = int(found[1]) if found else 0
        if found is None or number < (0 if code == "BED" else 1) or number > 999:
            says.error(f"{code}_INVALID", f"{says.column}应为正整数，请核对")
            return ""
        if str(number) != cell.text:
            says.note(f"{code}_FORMAT", f"{says.column}已整理为数字")
        return str(number) if number else ""

    return read


def _decimal(shape: re.Pattern[str], cell: Cell) -> Decimal | None:
    found = shape.fullmatch(_plain(cell))
    try:
        return Decimal(found[1].replace(",", "")).quantize(_CENT, ROUND_HALF_UP) if found else None
    except InvalidOperation:
        return None


def _area_of(name: str) -> Reader:
    def read(cell: Cell, says: Says) -> str:
        value = _decimal(_AREA, cell)
        if value is None:
            says.error("AREA_INVALID", "面积不是数，请填写数字，例如45.50")
            return ""
        if fault := area_fault(name, value):
            says.error(fault.code, fault.message)
            return ""
        if was_text(cell):
            says.note("AREA_FORMAT", "面积已整理为数字")
        return f"{value}"

    return read


def _rent(cell: Cell, says: Says) -> str:
    value = _decimal(_RENT, cell)
    if value is None or not 0 < value < 10_000_000:
        says.error("RENT_INVALID", "月租金应为大于0的数，请核对")
        return ""
    if was_text(cell):
        says.note("RENT_FORMAT", "月租金已整理为数字")
    return f"{value}"


def _note(cell: Cell, says: Says) -> str:
    try:
        value = clean_text(cell.text, 200)
    except BadText as bad:
        says.error("REMARK_TEXT", bad.sentence)
        return ""
    if value[:1] in ("=", "+", "-", "@"):
        says.note("REMARK_TEXT", "以公式符号开头，已照原样作为文字读取")
    return value


def _column(
    name: str, label: str, read: Reader, hint: str, aliases: str = "", choices: Sequence[str] = (), **more: Any
) -> SheetColumn:
    return SheetColumn(label, read, hint, name, tuple(filter(None, aliases.split("|"))), choices=choices, **more)


_YES_NO = one_of(("是", "否"), "MANAGED_VALUE", _YES_NO_SAME)
COLUMNS = (
    _column(
        "project_no",
        "项目编号",
        _as_told("PROJECT_FORMAT", "项目编号已统一为半角大写"),
        "本企业运营的项目的编号",
        required=True,
    ),
    _column("building", "楼栋", _building, "与项目资料中的楼栋名一致，例如1号楼", "楼号|幢号", required=True),
    _column("floor", "楼层", _whole("FLOOR", r"第?(-?\d+)(?:层|F|f|楼)?"), "数字，不大于楼栋的总层数", required=True),
    _column("room_no", "房号", _room_no, "文本格式，保留开头的0，一行一间", "室号|房间号", required=True),
    _column("layout", "户型", _layout, "从下拉列表选择", choices=tuple(LAYOUTS), required=True),
    _column("build_area", "建筑面积", _area_of("build_area"), "平方米，1到2000", "面积建筑面积", required=True),
    _column(
        "usable_area",
        "使用面积",
        _area_of("usable_area"),
        "平方米，不大于建筑面积，人均不少于5平方米",
        "面积使用面积",
        required=True,
    ),
    _column(
        "max_persons",
        "最多居住人数",
        _whole("PERSONS", r"(-?\d+)(?:人|个人)?"),
        "每室最多2人（建设者管理者之家除外）",
        "居住人数|最多人数",
        required=True,
    ),
    _column("beds", "床位数", _whole("BED", r"(-?\d+)(?:张|床|个)?"), "仅建设者管理者之家填写，且必填", "床位"),
    _column("list_rent", "月租金", _rent, "元/月，选填", "租金"),
    _column(
        "state",
        "房态",
        one_of(tuple(STATES), "STATE_UNKNOWN", _STATE_SAME),
        "从下拉列表选择，不填为空置",
        "房间状态",
        tuple(STATES),
        literal=True,
    ),
    _column(
        "managed",
        "是否纳管",
        _YES_NO,
        "从下拉列表选择；填“是”的项目须有纳管认定文件",
        "纳管",
        ("是", "否"),
        wanted=True,
    ),
    _column(
        "title_ref",
        "权属文件编号",
        _as_told("TITLE_FORMAT", "权属文件编号已统一为半角大写"),
        "项目资料中权属文件的编号，须在有效期内",
        "权属文件|权属证明编号",
        required=True,
    ),
    _column("note", "备注", _note, "选填", "说明", literal=True),
)
LABELS: Mapping[str, str] = {one.name: one.label for one in COLUMNS}


def room_key(values: Mapping[str, str]) -> str:
    """Return what a room is known by in a table; empty while a part of it is missing."""
    parts = [values[LABELS[name]] for name in ("project_no", "building", "room_no")]
    return "|".join(parts) if all(parts) else ""


SHEET = Sheet("房间", COLUMNS, key=LABELS["room_no"], identity=room_key, merged_rows=True)


def checks_of(registry: Registry, today: date, own_code: str = "", limits: Limits = Limits()) -> Checks:
    """The checks of the table; `own_code` is the credit code of the firm that brings it, which brings its own rooms only."""
    return Checks(
        row=partial(_check_row, registry=registry, today=today, own_code=own_code, limits=limits),
        whole=lambda rows: whole_findings(rows, registry),
    )


def form_of(row: ImportedRow) -> RoomForm:
    """Return the room of a row, without what could not be read."""

    def read(name: str, kind: Callable[[str], object]) -> object:
        text = row.values.get(LABELS[name], "")
        return kind(text) if text and not row.failed(LABELS[name]) else None

    read_as: dict[str, Callable[[str], object]] = {
        **dict.fromkeys(("floor", "max_persons", "beds"), int),
        **dict.fromkeys(("build_area", "usable_area"), Decimal),
        "managed": lambda text: text == "是",
    }
    given = {name: read(name, kind) for name, kind in read_as.items()}
    texts = {name: read(name, str) or "" for name in ("building", "room_no", "layout")}
    return RoomForm(**given, **texts)  # type: ignore[arg-type]


def _check_row(row: ImportedRow, *, registry: Registry, today: date, own_code: str, limits: Limits) -> None:
    if not row.values["是否纳管"] and not row.failed("是否纳管"):
        row.find("是否纳管", Level.ERROR, "MANAGED_BLANK", "请选择是否纳管")
    project = _project(row, registry, own_code)
    if project is not None:
        _name_building(row, project)
        room = form_of(row)
        for fault in faults_of(room, project, limits):
            # A cell that could not be read has its finding already.
            if not row.failed(LABELS[fault.field]) and not (fault.code == "BED_MISSING" and row.failed("床位数")):
                row.find(LABELS[fault.field], Level.ERROR, fault.code, fault.message)
        if (room.building, room.room_no) in project.taken:
            row.find("房号", Level.ERROR, "ALREADY_IN_LIBRARY", "这间房间已在库中，信息有变动的请办理变更")
        _compare_floor(row, room)
    if title_ref := row.values["权属文件编号"]:
        for fault in title_faults(title_ref, registry.title(title_ref), project, today):
            row.find("权属文件编号", Level.ERROR, fault.code, fault.message)


def _project(row: ImportedRow, registry: Registry, own_code: str) -> ProjectFacts | None:
    number = row.values["项目编号"]
    if not number:
        return None
    project = registry.project(number)
    if project is None:
        row.find("项目编号", Level.ERROR, "PROJECT_NOT_FOUND", "没有这个项目，请核对项目编号")
    elif own_code and project.operator != own_code:
        row.find("项目编号", Level.ERROR, "PROJECT_OTHER_FIRM", "这个项目由其他企业运营，只能导入本企业运营的项目")
    elif project.closed:
        row.find("项目编号", Level.ERROR, "PROJECT_CLOSED", "这个项目已关闭，不能入库房间")
    else:
        return project
    return None


def _name_building(row: ImportedRow, project: ProjectFacts) -> None:
    """Give the building the name it has in its project, where it is written another way."""
    written = row.values["楼栋"]
    if not written or row.failed("楼栋"):
        return
    name = named_building(project, written)
    if name is not None:
        row.values["楼栋"] = name
        if name != row.cells["楼栋"].text:
            row.find("楼栋", Level.NOTE, "BUILDING_FORMAT", f"已按“{name}”读取")


def named_building(project: ProjectFacts, written: str) -> str | None:
    """Return the project's building that a text means, if it means just one."""
    if written in project.buildings:
        return written
    bare = _BUILDING_WORD.sub("", written).upper()
    same = [name for name in project.buildings if _BUILDING_WORD.sub("", name).upper() == bare]
    return same[0] if len(same) == 1 else None


def _compare_floor(row: ImportedRow, room: RoomForm) -> None:
    """Warn where a number of three or four digits begins with another floor."""
    number = room.room_no
    if room.floor is None or not number.isdigit() or len(number) not in (3, 4) or row.failed("楼层", "房号"):
        return
    if int(number[:-2]) != room.floor:
        row.find("楼层", Level.WARNING, "FLOOR_ROOM", "房号与楼层不一致，请核对")


def whole_findings(rows: Sequence[ImportedRow], registry: Registry) -> list[FileFinding]:
    """Compare the rooms of each project, with those in the library, to its area and its residents (Z09, Z10)."""
    rooms: dict[str, list[RoomForm]] = defaultdict(list)
    for row in rows:
        if row.verdict is not Verdict.REJECT:
            rooms[row.values["项目编号"]].append(form_of(row))
    found: list[FileFinding] = []
    for number, forms in sorted(rooms.items()):
        if (project := registry.project(number)) is not None:
            found += project_findings(project, forms)
    return found


def project_findings(project: ProjectFacts, forms: Sequence[RoomForm]) -> list[FileFinding]:
    """Z09 and Z10 of a project with the rooms that are to come into its library."""
    where, found = f"project {project.project_no}", []
    area = project.library_area + sum((one.build_area or Decimal(0) for one in forms), Decimal(0))
    persons = project.library_persons + sum(one.max_persons or 0 for one in forms)
    if project.build_area is not None and area > project.build_area:
        told = f"项目{project.project_no}的房间面积合计{area:.2f}平方米，超过项目面积{project.build_area:.2f}平方米，请核对"
        found.append(FileFinding("Z09", where, told))
    if persons >= MANAGED_PERSONS and not project.has_manager:
        told = f"项目{project.project_no}居住人数合计{persons}人，请在项目资料中补填安全管理人员后确认"
        found.append(FileFinding("Z10", where, told))
    return found
