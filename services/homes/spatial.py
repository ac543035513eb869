"""Homes of surveyors and analysts: what is drawn and what is not, supply of the districts (issue 19)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from models.access import SPATIAL_OFFICE, Role
from models.codes import Toned
from models.land_codes import ProjectStage
from models.projects import Project
from models.records import InForceState
from models.red_lines import RedLine
from models.space_models import BuildingModel
from services.engine.figures import Figure
from services.engine.home_tiles import Places
from services.engine.homes import Choice, Column, Entry, Home, Made, Panel, home
from services.engine.work import Work
from services.homes.common import drafts_if_any, messages
from services.homes.market import REVIEW_BAND, REVIEWS
from services.homes.supply_tiles import supply, supply_map

_MOST = 12


def drawn(work: Work) -> Panel:
    """Red lines and models in force, and projects with what they still lack; each opens where that is drawn."""
    return Panel(
        "lines",
        "空间数据",
        (Choice("", tuple(_drawn(work))),),
        "本岗位范围内，生效的",
        _map("城市一张图"),
        empty="没有空间数据",
    )


def _map(words: str, page: str = "city_map") -> Figure:
    return Figure(f"{page}:{words}", words, opens=page, shown=" ")


def _drawn(work: Work) -> Iterator[Entry]:
    yield Entry(
        "项目空间范围", _map("项目空间范围"), "在城市一张图上查看", Toned(f"{_counted(work, RedLine)}个", "info")
    )
    yield Entry(
        "三维模型",
        _map("三维模型", "overlay"),
        "与业务空间叠加分析",
        Toned(f"{_counted(work, BuildingModel)}幢", "info"),
    )
    lines, models = _areas(work), _buildings(work)
    seen = work.rows(work.visible(Project), Project.in_force == InForceState.EFFECTIVE, by=Project.name)
    # What is to be drawn comes before what is to be built, and both before what is there.
    for row in sorted(seen, key=lambda one: (one.id in lines, one.id in models))[:_MOST]:
        told = [f"{row.stage.label}阶段"]
        told += [f"空间范围{lines[row.id]:,.2f}㎡"] if lines.get(row.id) else []
        told += [f"三维模型{models[row.id]}幢"] if row.id in models else []
        chip = Toned("未划定范围", "warn") if row.id not in lines else Toned("未建模", "info")
        # To the drawing that is missing, or to the models there are.
        page = "building-models" if row.id in lines else "list-red_line"
        figure = Figure(
            f"{page}:{row.id}", row.name, filters={"id": str(row.id)} if row.id in lines else {}, opens=page, shown=" "
        )
        yield Entry(row.name, figure, " · ".join(told), Toned("已入库", "good") if row.id in models else chip)


def _areas(work: Work) -> Mapping[UUID, Decimal | None]:
    """Return the computed areas of the red lines in force by their projects; their geometry is not read."""
    found = work.visible(RedLine).where(col(RedLine.in_force) == InForceState.EFFECTIVE)
    asked = found.with_only_columns(col(RedLine.project_id), col(RedLine.area_computed))
    return {project: area for project, area in work.session.connection().execute(asked) if project}


def _buildings(work: Work) -> Mapping[UUID, int]:
    """Count the models in force by their projects."""
    seen = work.visible(BuildingModel).where(col(BuildingModel.in_force) == InForceState.EFFECTIVE).subquery()
    return dict(work.session.exec(select(seen.c.project_id, func.count()).group_by(seen.c.project_id)).all())


def _counted(work: Work, table: type[RedLine] | type[BuildingModel]) -> int:
    """Count the records in force; their geometry is not read."""
    rows = work.visible(table).where(col(table.in_force) == InForceState.EFFECTIVE)
    return work.session.exec(select(func.count()).select_from(rows.subquery())).one()


def covered(work: Work) -> Panel:
    """The projects of each stage, and how many of them have a red line and a model in force."""
    seen = work.visible(Project).where(Project.in_force == InForceState.EFFECTIVE).subquery()

    def by_stage(*having: Any) -> dict[Any, int]:
        counted = select(seen.c.stage, func.count()).where(*having).group_by(seen.c.stage)
        return dict(work.session.exec(counted).all())

    whole = by_stage()
    drawn = by_stage(seen.c.id.in_(_projects_of(RedLine)))
    built = by_stage(seen.c.id.in_(_projects_of(BuildingModel)))
    entries = tuple(
        Entry(
            stage.label,
            _map(f"{stage.label}阶段"),
            f"三维模型 {built.get(stage, 0)} 个项目",
            Toned(f"{drawn.get(stage, 0)}/{count}", "good" if drawn.get(stage, 0) == count else "warn"),
            share=drawn.get(stage, 0) / count,
            tone="good" if drawn.get(stage, 0) == count else "warn",
        )
        for stage in ProjectStage
        if (count := whole.get(stage, 0))
    )
    return Panel("gauges", "各阶段入库情况", (Choice("", entries),), "已划定空间范围的项目", empty="没有项目")


def _projects_of(table: type[RedLine] | type[BuildingModel]) -> Any:
    return select(table.project_id).where(table.in_force == InForceState.EFFECTIVE)


SPATIAL = home(
    Home(
        "spatial",
        SPATIAL_OFFICE,
        (
            REVIEW_BAND,
            (Column(7, (REVIEWS, Made(drawn), Made(drafts_if_any))), Column(5, (Made(covered), Made(messages)))),
        ),
        order=34,
    )
)
ANALYST = home(
    Home(
        "analyst",
        frozenset({Role.ANALYST}),
        ((Column(8, (Places("各区", (supply_map,)),)), Column(4, (Made(messages),))), (Column(12, (Made(supply),)),)),
        order=35,
    )
)
