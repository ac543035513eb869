"""公开地图底图: pictures of the city that were approved for publication, each with its number (row 80)."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import col

from models.documents import Attachment
from models.normal import half_width
from models.records import InForceState, RevisionFile
from models.red_lines import PlaneSystem
from models.spatial_areas import BaseMap
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import Facts, Kind, Look, Makers, Proposal, Slot
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT
from services.engine.work import Work
from services.files.pictures import picture_of as picture_in
from services.space.red_line_checks import plane_of
from services.space.transforms import OPERATORS, SPATIAL_LEVEL, district_of_operator, readers

SLOT = "picture"
_OTHERS, _FILES, _SIZE = "others", "files", "size"
#: Metres of a side of a map of the city, and bytes of a picture that a phone loads.
_NARROWEST, _WIDEST, _LARGEST = 2_000, 200_000, 4 << 20
#: By how much the shape of a picture may differ from that of its frame: an approved map is not drawn wider or higher.
_STRETCH = 0.01


def look(work: Work, base_map: Proposal) -> Mapping[str, Any]:
    """Look up the base map in force with this number, and the width and height of its picture."""
    files = work.rows(Attachment, col(Attachment.id).in_(base_map.files.get(SLOT, ())))
    return {
        _FILES: len(files),
        _SIZE: _size(work, files[0]) if len(files) == 1 else None,
        _OTHERS: work.has(
            BaseMap,
            BaseMap.approval_no == base_map["approval_no"],
            BaseMap.in_force == InForceState.EFFECTIVE,
            BaseMap.id != base_map.record_id,
        ),
    }


def _size(work: Work, file: Attachment) -> tuple[int, int] | None:
    """Width and height of a picture that a page can show; None of another file."""
    if file.media_type not in ("image/png", "image/jpeg") or file.size > _LARGEST:
        return None
    picture = picture_in(work.sealer.open_file(file.content, str(file.id)))
    return (picture.width, picture.height) if picture is not None else None


@rule(FORMAT, "底图完整，日期和图幅正确", Severity.REFUSE, "底图不完整")
def map_is_whole(base_map: Proposal) -> Iterator[Fault]:
    if base_map.found.get(_FILES) and base_map.found.get(_SIZE) is None:
        yield Fault("approval_no", f"底图文件应为一个PNG或JPEG图片，不超过{_LARGEST >> 20}MB")
    if base_map.found.get(_OTHERS):
        yield Fault("approval_no", "该审图号已有生效的底图，请更新原记录")
    yield from _frame_faults(base_map)


def _frame_faults(base_map: Proposal) -> Iterator[Fault]:
    system = base_map["plane_system"]
    if system is PlaneSystem.SH_OLD:
        yield Fault("plane_system", "底图应使用上海2000坐标系或CGCS2000坐标")
        return
    sides = [base_map[name] for name in ("west", "south", "east", "north")]
    if system is None or None in sides:
        return
    west, south, east, north = (float(one) for one in sides)
    if not (_NARROWEST <= east - west <= _WIDEST and _NARROWEST <= north - south <= _WIDEST):
        yield Fault("east", "图幅的东西、南北范围不正确：东边应大于西边，北边应大于南边，边长2至200公里")
    elif not plane_of(system).box.has(((west + east) / 2, (south + north) / 2)):
        yield Fault("west", "图幅中心不在上海，请核对坐标系和四边坐标")
    elif (size := base_map.found.get(_SIZE)) is not None:
        ratio = (east - west) / (north - south) / (size[0] / size[1])
        if abs(ratio - 1) > _STRETCH:
            yield Fault("east", f"图片为{size[0]}×{size[1]}像素，与图幅的长宽比不符，请填写图片四边（不是图廓）的坐标")


BASE_MAP = kept(
    Kind(
        name="base_map",
        label="公开地图底图",
        row=80,
        prefix="DT",
        table=BaseMap,
        makers=Makers(draft=OPERATORS, submit=OPERATORS, owner=district_of_operator, also_seen=readers),
        look=Look(
            title="approval_no",
            grid=("approval_no", "map_title", "issuer", "approved_on", "valid_to"),
            filters=("approval_no", "approved_on"),
            sections={"approval_no": "审核批准", "plane_system": "图幅"},
            purpose="经审核批准的底图，供公开地图使用",
        ),
        review=(SPATIAL_LEVEL,),
        slots=(
            Slot(SLOT, "底图文件（PNG或JPEG）", least=1, help="与批准的图件一致，不改动，图上保留审图号"),
            Slot("approval", "审核批准书"),
        ),
        rules=rules_in(vars()),
        facts=Facts(look=look),
    )
)


def base_map_of(work: Work, number: str) -> BaseMap | None:
    """The base map in force today with this number."""
    row = work.first(BaseMap, BaseMap.approval_no == half_width(number), BaseMap.in_force == InForceState.EFFECTIVE)
    return row if row is not None and (row.valid_to or date.max) >= work.today and _drawn(row) else None


def _drawn(row: BaseMap) -> bool:
    return plane_of(row.plane_system).has_map and row.east > row.west and row.north > row.south


def picture_of(work: Work, row: BaseMap) -> Attachment | None:
    """The picture of a base map."""
    cited = work.first(RevisionFile, RevisionFile.revision_id == row.revision_id, RevisionFile.slot == SLOT)
    return work.first(Attachment, Attachment.id == cited.attachment_id) if cited is not None else None


def share_of(value: float, low: Decimal, high: Decimal) -> float:
    """The place of a coordinate between two sides of a map: 0 at the first, 1 at the second."""
    return (value - float(low)) / float(high - low)
