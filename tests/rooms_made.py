"""A project, its titles and library as files, and tables of rooms drawn for it."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from services.rooms.import_columns import COLUMNS
from services.rooms.registry import FromFiles

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "leasing"
TODAY = date(2026, 6, 30)
HEADS = [column.label for column in COLUMNS]
FIRM = "91310115MA1K000016"
_PROJECT = (
    "{no},试住公寓,{kind},{paper},{firm},沪寓公寓管理有限公司,2024-01-01,2034-12-31,310115,{area},{manager},{state}"
)
_HEAD = "project_no,name,kind,recognition_paper,operator_uscc,operator_name,operate_from,operate_to,district_code"


def registry(*, library: bool = True) -> FromFiles:
    """Answers about seven projects: two of the market, a builders' home, one not recognised, a small one, others."""
    kinds = [
        ("JZ001", "MARKET", "RD-1", FIRM, "26000", "李安", "OPENED"),
        ("JZ002", "AFFORDABLE", "RD-2", FIRM, "26000", "李安", "OPENED"),
        ("JZ004", "BUILDER_HOME", "RD-4", FIRM, "26000", "李安", "OPENED"),
        ("JZ005", "MARKET", "", FIRM, "26000", "李安", "OPENED"),
        ("JZ006", "MARKET", "RD-6", FIRM, "120", "", "OPENED"),
        ("JZ007", "MARKET", "RD-7", FIRM, "26000", "李安", "CLOSED"),
        ("JZ008", "MARKET", "RD-8", "91310104MA7A000029", "26000", "李安", "OPENED"),
    ]
    names = ("no", "kind", "paper", "firm", "area", "manager", "state")
    projects = [_PROJECT.format(**dict(zip(names, one, strict=True))) for one in kinds]
    buildings = [f"{one[0]},{k}号楼,{18 if k % 2 else 12}" for one in kinds for k in range(1, 10)]
    titles = [
        f"TF-{one[0][2:]}-{k},{one[0]},不动产权证书,{end},文件.pdf"
        for one in kinds
        for k, end in ((1, "2046-12-31"), (2, "2026-06-30"), (3, "2026-06-29"))
    ]
    room = "JZ001,9号楼,{},{},1室1厅1卫,42.00,31.00,2,,3100.00,{},是,TF-001-1,1"
    rooms = [room.format(2, "202", "FREE"), room.format(2, "201", "CANCELLED")]
    return FromFiles(
        _csv(f"{_HEAD},total_build_area,safety_manager,state", projects),
        _csv("project_no,building,floors", buildings),
        _csv("title_ref,project_no,kind,valid_to,file_name", titles),
        _csv(
            "project_no,building,floor,room_no,layout,build_area,usable_area,max_persons,bed_count,list_rent,state,"
            "managed,title_ref,version",
            rooms,
        )
        if library
        else b"",
    )


def _csv(head: str, lines: list[str]) -> bytes:
    return "\n".join([head, *lines]).encode()


def room(number: Any = "1203", **changed: Any) -> dict[str, Any]:
    """A sound room of the first project."""
    return {
        "项目编号": "JZ001",
        "楼栋": "1号楼",
        "楼层": 12,
        "房号": number,
        "户型": "1室1厅1卫",
        "建筑面积": 45.5,
        "使用面积": 33.2,
        "最多居住人数": 2,
        "床位数": None,
        "月租金": 3600,
        "房态": "空置",
        "是否纳管": "是",
        "权属文件编号": "TF-001-1",
        "备注": None,
    } | changed


def book(*rooms: dict[str, Any], merged: str = "") -> bytes:
    """A workbook of rooms; texts are text cells."""
    made = Workbook()
    page: Any = made.active
    page.title = "房间"
    page.append(HEADS)
    for at, one in enumerate(rooms, 2):
        for place, head in enumerate(HEADS, 1):
            value = one.get(head)
            cell = page.cell(at, place, value)
            if isinstance(value, str) and value.startswith("="):
                cell.data_type = "s" if head == "备注" else "f"
    if merged:
        page.merge_cells(merged)
    whole = BytesIO()
    made.save(whole)
    return whole.getvalue()
