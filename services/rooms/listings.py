"""Lists of projects, rooms in the library, applications and their lines (rows 33-36)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from models.enterprise import Enterprise
from models.name_search import holds_text
from models.places_data import districts_by_code
from models.rooms import (
    ApplyKind,
    CentralProject,
    CentralRoom,
    CentralRoomState,
    CentralTitle,
    LineKind,
    LineState,
    OpeningState,
    ProjectKind,
    ProjectOpening,
    ProjectState,
    RoomApply,
    RoomApplyLine,
    RoomApplyState,
)
from models.sealed import Sealed
from services.engine.findings import rule_names
from services.engine.listings import (
    NAMES,
    Bulk,
    Column,
    Filter,
    Listing,
    about,
    choice,
    exact,
    flag,
    listed,
    named,
    numbers,
    part,
)
from services.engine.look_ups import values_by
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.rooms.applications import withdraw_apply
from services.rooms.library import room_name
from services.rooms.opinion_paper import content_words
from services.rooms.orders import OneApply
from services.rooms.visibility import DISTRICT, READERS

_NONE = "未开盘"


def words_of(value: Sealed | None) -> str:
    """Return a kept text, or nothing."""
    return "" if value is None else str(value.json())


def _firm_names(work: Work, rows: Sequence[Any], *columns: str) -> Mapping[Any, str]:
    return values_by(work, Enterprise.id, Enterprise.name, (getattr(row, one) for row in rows for one in columns))


def _project_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    firms = _firm_names(work, rows, "enterprise_id", "owner_id")
    live = select(ProjectOpening.project_id, ProjectOpening.state).where(
        col(ProjectOpening.project_id).in_([row.id for row in rows]), ProjectOpening.state != OpeningState.CLOSED
    )
    openings: dict[Any, Any] = dict(work.session.exec(live).all())
    return {
        "enterprise": lambda row: firms.get(row.owner_id or row.enterprise_id, ""),
        "operator": lambda row: firms.get(row.enterprise_id, ""),
        "opening": lambda row: openings.get(row.id) or (OpeningState.OPENED if row.opened else _NONE),
    }


def _by_firm() -> Filter:
    def where(work: Work, text: str) -> Any:
        named_so = select(Enterprise.id).where(holds_text(search_word(text, 60), Enterprise.name))
        return col(CentralProject.enterprise_id).in_(named_so) | col(CentralProject.owner_id).in_(named_so)

    return Filter("firm", "企业名称", where, width=200)


PROJECTS = listed(
    Listing(
        name="central_projects",
        label="集中式项目",
        roles=READERS,
        table=CentralProject,
        columns=(
            Column("project_no", "项目编号", width=150, sortable=True),
            Column("name", "项目名称", wraps=True, width=112),
            Column("state", "状态", width=66),
            Column("opening", "开盘", width=66),
            Column("enterprise", "企业名称", wraps=True, width=112),
            Column("operator", "运营主体", wraps=True, width=112),
            Column("room_total", "房间数", number=True, sortable=True, total=True, width=62),
            Column("kind", "类别", width=120, shown=False),
            Column("managed", "纳管", width=56, shown=False),
            Column("operate_to", "经营期止", width=92, shown=False),
            Column("district_code", "区", lambda row: districts_by_code().get(row.district_code, ""), shown=False),
            Column("address", "地址", shown=False),
        ),
        filters=(
            exact("number", "项目编号", CentralProject.project_no, width=170, finds=numbers("XM")),
            part("name", "项目名称", CentralProject.name, width=160, finds=NAMES),
            _by_firm(),
            choice("kind", "类别", CentralProject.kind, ProjectKind, width=150),
            choice("state", "状态", CentralProject.state, ProjectState, width=110),
            flag("opened", "已开盘", col(CentralProject.opened).is_(True)),
        ),
        sort="project_no",
        also=("version",),
        look_up=_project_cells,
        empty="没有符合条件的项目",
    )
)


def _room_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    projects = values_by(work, CentralProject.id, CentralProject.name, (row.project_id for row in rows))
    titles = values_by(work, CentralTitle.id, CentralTitle.title_ref, (row.title_id for row in rows))
    return {
        "project": lambda row: projects.get(row.project_id, ""),
        "title": lambda row: titles.get(row.title_id, ""),
    }


ROOM_LIST = listed(
    Listing(
        name="central_rooms",
        label="集中式房源",
        roles=READERS,
        table=CentralRoom,
        columns=(
            Column("project", "项目", wraps=True, width=112),
            Column("building", "楼栋", width=60),
            Column("room_no", "房号", width=62, sortable=True),
            Column("state", "房态", width=62),
            Column("layout", "户型", width=86),
            Column("usable_area", "使用面积（㎡）", number=True, width=96),
            Column("list_rent", "月租金（元）", number=True, width=88),
            Column("managed", "纳管", width=50),
            Column("floor", "楼层", number=True, width=56, shown=False),
            Column("build_area", "建筑面积（㎡）", number=True, width=100, shown=False),
            Column("max_persons", "最多人数", number=True, width=72, shown=False),
            Column("beds", "床位数", number=True, shown=False),
            Column("title", "权属文件", width=150, shown=False),
            Column("room_code", "房间编码", shown=False),
        ),
        filters=(
            about("project_id", "项目", CentralRoom.project_id),
            exact("building", "楼栋", CentralRoom.building, width=100),
            exact("room", "房号", CentralRoom.room_no, width=100),
            choice("state", "房态", CentralRoom.state, CentralRoomState, width=110),
            named(
                "show",
                "范围",
                {
                    "": ("在库", CentralRoom.state != CentralRoomState.CANCELLED),
                    "all": ("含已注销", None),
                },
                width=110,
            ),
        ),
        sort="room_no",
        first=(col(CentralRoom.project_id), col(CentralRoom.building), col(CentralRoom.floor)),
        also=("project_id",),
        look_up=_room_cells,
        empty="没有符合条件的房间",
    )
)


def _apply_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    projects = values_by(work, CentralProject.id, CentralProject.name, (row.project_id for row in rows))
    firms = _firm_names(work, rows, "enterprise_id")
    kept = select(RoomApplyLine.apply_id, RoomApplyLine.state).where(
        col(RoomApplyLine.apply_id).in_([row.id for row in rows]), RoomApplyLine.state != LineState.WITHDRAWN
    )
    states: dict[Any, list[Any]] = {}
    for apply_id, state in work.session.exec(kept).all():
        states.setdefault(apply_id, []).append(state)
    return {
        "project": lambda row: projects.get(row.project_id, ""),
        "operator": lambda row: firms.get(row.enterprise_id, ""),
        "lines": lambda row: len(states.get(row.id, ())),
        "applied": lambda row: states.get(row.id, []).count(LineState.APPLIED),
    }


APPLIES = listed(
    Listing(
        name="room_applies",
        label="房源申请",
        roles=READERS,
        table=RoomApply,
        columns=(
            Column("apply_no", "申请编号", width=158, sortable=True),
            Column("kind", "类别", width=60),
            Column("project", "项目", wraps=True),
            Column("operator", "运营主体", wraps=True, width=100, shown=DISTRICT),
            Column("lines", "行数", number=True, width=50),
            Column("applied", "生效", number=True, width=50),
            Column("state", "状态", width=72),
            Column("submitted_at", "提交时间", sortable=True, width=90),
            Column("reviewed_at", "审核时间", width=126, shown=False),
            Column("opinion", "审核意见", lambda row: words_of(row.opinion), wraps=True, shown=False),
        ),
        filters=(
            exact("number", "申请编号", RoomApply.apply_no, width=200, finds=numbers("RK", "BG")),
            choice("kind", "类别", RoomApply.kind, ApplyKind, width=110),
            choice("state", "状态", RoomApply.state, RoomApplyState, width=120),
            about("project_id", "项目", RoomApply.project_id),
        ),
        sort="-apply_no",
        counts="state",
        also=("version", "project_id", "paper_no"),
        look_up=_apply_cells,
        bulk=(Bulk(withdraw_apply, lambda line, words: OneApply(line.id), label="撤回所选", icon="undo"),),
        empty="没有符合条件的申请",
    )
)


def _line_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    numbers = values_by(work, RoomApply.id, RoomApply.apply_no, (row.apply_id for row in rows))
    return {
        "apply_no": lambda row: numbers.get(row.apply_id, ""),
        "room": lambda row: room_name(row.building, row.room_no),
        "content": content_words,
    }


APPLY_LINES = listed(
    Listing(
        name="room_apply_lines",
        label="申请的行",
        roles=READERS,
        table=RoomApplyLine,
        columns=(
            Column("apply_no", "申请编号", width=190),
            Column("line_no", "行号", number=True, width=56, sortable=True),
            Column("kind", "类别", width=60),
            Column("room", "房间", width=110),
            Column("content", "内容", width=220, wraps=True),
            Column("library", "备案库", width=96),
            Column("codes", "规则", lambda row: rule_names(row.codes.split()), width=96),
            Column("found", "核验情况", wraps=True),
            Column("state", "状态", width=76),
            Column("review_codes", "审核时规则", lambda row: rule_names(row.review_codes.split()), shown=False),
        ),
        filters=(
            about("id", "申请", RoomApplyLine.apply_id),
            exact("room", "房号", RoomApplyLine.room_no, width=100),
            choice("kind", "类别", RoomApplyLine.kind, LineKind, width=100),
            choice("state", "状态", RoomApplyLine.state, LineState, width=110),
        ),
        sort="line_no",
        first=(col(RoomApplyLine.apply_id).desc(),),
        also=("apply_id",),
        look_up=_line_cells,
        empty="还没有行",
    )
)
