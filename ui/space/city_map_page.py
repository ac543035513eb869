"""城市一张图: the projects a person sees on a map without tiles, by stage and alert, with the same as a list (row 80)."""

from collections.abc import Callable
from dataclasses import asdict
from uuid import UUID

from nicegui import events
from nicegui.element import Element

from models.alerts import AlertGrade
from models.land_codes import ProjectStage
from services.space.city_map import CityMap, OnMap, city_map
from services.space.planes import Pair
from services.space.red_line import RED_LINE
from ui.shell.call import call
from ui.shell.modules import Module
from ui.shell.parts import empty, note
from ui.shell.place import Place
from ui.space.outline_box import pairs_of
from ui.space.overlay_page import outline_words

KEY = "city_map"
#: A colour for each stage, all readable under black words, and a sign for each grade of alert.
_COLOURS = {
    ProjectStage.LAND: "#b8b8b8",
    ProjectStage.PLANNING: "#8fb8e8",
    ProjectStage.CONSTRUCTION: "#f2c14e",
    ProjectStage.PRESALE: "#7bc67e",
    ProjectStage.COMPLETION: "#c7a3e0",
    ProjectStage.DELIVERY: "#5fb8b0",
    ProjectStage.CLOSED: "#e3e3e3",
}
_MARKS = {AlertGrade.RED: "▲", AlertGrade.YELLOW: "◆", AlertGrade.BLUE: "●"}
#: The whole city in zone 40.
_CITY = (582e3, 3398e3, 716e3, 3530e3)


class CityMapView(Element, component="city_map.js", esm={"shenfang-map": "map", "shenfang-outline": "outline"}):
    """The map with its list; `opened(project_id)` is called for the project a person wants to see, `outlined(points)`
    with a polygon that was drawn."""

    def __init__(
        self,
        shown: CityMap,
        *,
        told: str,
        opens: str,
        opened: Callable[[UUID], object],
        outlined: Callable[[list[Pair]], object],
    ) -> None:
        super().__init__()
        known = {str(one.project_id): one.project_id for one in shown.projects}
        self._props["label"] = "城市一张图"
        self._props["note"] = told
        self._props["way"] = opens
        self._props["projects"] = [_project(one) for one in shown.projects]
        self._props["parcels"] = [
            {
                "no": one.parcel_no,
                "name": one.name,
                "told": f"{one.district}　{one.plate}　{one.area:,.2f}㎡",
                "centre": one.centre,
                "within": one.within,
            }
            for one in shown.parcels
        ]
        self._props["districts"] = [asdict(one) for one in shown.districts]
        self._props["stages"] = [
            {"key": stage.value, "label": stage.label, "colour": colour} for stage, colour in _COLOURS.items()
        ]
        self._props["grades"] = [
            {"key": grade.value, "label": grade.label, "mark": mark} for grade, mark in _MARKS.items()
        ]
        self._props["opens"] = _CITY
        self.mark("city-map")

        def chosen(event: events.GenericEventArguments) -> object:
            project_id = known.get(str(event.args))
            return opened(project_id) if project_id is not None else None

        self.on("open", chosen)
        self.on("area", lambda event: outlined(pairs_of(event.args)))


def _project(one: OnMap) -> dict[str, object]:
    return {
        "id": str(one.project_id),
        "name": one.name,
        "district": one.district,
        "stage": one.stage.value,
        "stageLabel": one.stage.label,
        "colour": _COLOURS[one.stage],
        "grade": one.grade.value if one.grade is not None else "",
        "gradeTone": one.grade.tone if one.grade is not None else "",
        "gradeLabel": one.grade.label if one.grade is not None else "",
        "mark": _MARKS[one.grade] if one.grade is not None else "",
        "alerts": one.alerts,
        "area": f"{one.area:,.2f}",
        "centre": one.centre,
        "polygons": one.polygons,
    }


async def build(place: Place) -> None:
    answer = await call(city_map, quiet=True)
    if not answer.ok:
        empty(answer.message)
        return
    shown = answer.value
    place.command("项目空间范围", lambda: place.open("list-red_line"), icon="list_alt", key="f8")
    place.command("空间分析范围", lambda: place.open("list-spatial_area"), icon="category")
    place.command("坐标转换参数", lambda: place.open("list-plane_transform"), icon="transform")
    place.command("公开地图底图", lambda: place.open("list-base_map"), icon="public")
    place.command("叠加分析", lambda: place.open("overlay"), icon="layers")
    place.command("刷新", lambda: place.open(KEY), icon="refresh", key="f3")
    base = f"底图审图号：{shown.approval_no}。" if shown.approval_no else "区界为示意，仅供内部工作使用，不得对外公开。"
    without = f"另有{shown.without}个项目没有已入库的空间范围。" if shown.without else ""
    # Who draws models has no project page of his own: a project leads to its models.
    to, name = next((key, name) for key, name in _PAGES.items() if key in place.workspace.modules)
    CityMapView(
        shown,
        opens=f"打开{name}",
        told=f"共{len(shown.projects)}个项目",
        opened=lambda project_id: place.open(to, id=str(project_id)),
        outlined=lambda points: place.open("overlay", points=outline_words(points)),
    )
    note(base + without)


#: Where a project of the map leads, by what the user may open.
_PAGES = {"cockpit": "项目总览", "building-models": "三维建模", KEY: "城市一张图"}

CITY_MAP = Module(KEY, "城市一张图", "map", "space", RED_LINE.makers.offices.readers, build, order=80)
