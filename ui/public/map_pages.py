"""`/c/map`: stages of projects over the approved base map, without sign-in, script or connection; off without one (row 80)."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from models.land_codes import ProjectStage
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.refusals import Refusal
from services.space.public_map import PublicMap, public_map, public_map_picture, stages_of
from ui.public.form_pages import FormPages, Page
from ui.public.public_page import HEADERS
from ui.public.router import PublicPages, address_of
from ui.public.throttle import Throttle

#: A colour and a letter for each stage, so that colour is not the only sign; black letters are read on all of them.
_SIGNS = {
    ProjectStage.LAND: ("#b8b8b8", "地"),
    ProjectStage.PLANNING: ("#8fb8e8", "规"),
    ProjectStage.CONSTRUCTION: ("#f2c14e", "建"),
    ProjectStage.PRESALE: ("#7bc67e", "售"),
    ProjectStage.COMPLETION: ("#c7a3e0", "竣"),
    ProjectStage.DELIVERY: ("#5fb8b0", "交"),
    ProjectStage.CLOSED: ("#e3e3e3", "结"),
}
#: Units of the picture's width; names of so many projects are listed at once.
_WIDTH, _LISTED = 1_000, 500


class MapPages(FormPages):
    """The public map and its picture."""

    often = "您所在的网络查询过于频繁，请稍等片刻再查看。"
    busy = "查看的人较多，请稍后再试"

    def __init__(self, door: Door, public: PublicPages) -> None:
        super().__init__(door, public, threads=1, most_waiting=20)
        self._pictures = Throttle(4 * public.settings.lookups_per_minute)

    def _routes(self) -> list[tuple[str, str, Page]]:
        return [("/c/map", "GET", self.map), ("/c/map/{picture}", "GET", self.picture)]

    async def map(self, request: Request) -> Response:
        """Draw the whole city, or the projects of the district that the address names."""
        if wait := self._public.throttle.wait(address_of(request)):
            return self._draw.too_many(wait, self.often)
        try:
            shown = await self._ask(request, public_map)
        except Refusal as refusal:
            return self._draw.page("message.html", refusal.status, title="暂时不能查看", message=refusal.message)
        if shown is None:
            return self._draw.page(
                "message.html",
                404,
                title="公开地图未开放",
                message="本市房地产开发项目分布图尚未开放，请以后再来查看。",
            )
        return self._drawn(shown, request.query_params.get("district", ""))

    def _drawn(self, shown: PublicMap, code: str) -> Response:
        names = {one: name for one, name, _ in shown.districts}
        code = code if code in names else ""
        chosen = shown.in_district(code) if code else shown.projects
        height = round(_WIDTH / shown.ratio)
        return self._draw.page(
            "map.html",
            map=shown,
            district=names.get(code, ""),
            listed=chosen[:_LISTED] if code else (),
            total=len(chosen),
            width=_WIDTH,
            height=height,
            marks=[
                (round(one.across * _WIDTH, 1), round(one.down * height, 1), *_SIGNS[one.stage], one) for one in chosen
            ],
            legend=[(*_SIGNS[stage], stage.label, count) for stage, count in stages_of(chosen)],
            at=self._public.settings.now().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        )

    async def picture(self, request: Request) -> Response:
        """The approved picture itself, unchanged."""
        if wait := self._pictures.wait(address_of(request)):
            return Response(status_code=429, headers={**HEADERS, "Retry-After": str(wait)})
        try:
            picture_id = UUID(hex=request.path_params["picture"])
            found = await self._ask(request, public_map_picture, picture_id)
        except ValueError:
            found = None
        except Refusal as refusal:
            return Response(status_code=refusal.status, headers=HEADERS)
        if found is None:
            return Response(status_code=404, headers=HEADERS)
        return Response(found[1], media_type=found[0], headers=HEADERS | {"Cache-Control": "private, max-age=3600"})
