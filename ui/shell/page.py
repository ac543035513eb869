"""The one page of the workspace, `/`: a frame first, then the module its address names."""

from collections.abc import Sequence

from nicegui import events, run
from nicegui import ui as web
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.access.own_account import must_change_password
from services.access.sessions import SessionBook
from services.engine.callers import Caller
from services.engine.door import Door
from ui.plain import asset
from ui.shell.desk import Desk
from ui.shell.frame import draw_frame
from ui.shell.modules import Module, modules_for


def register_workspace(
    door: Door, book: SessionBook, modules: Sequence[Module], *, banner: str = "", demo: bool = False
) -> None:
    """Register the page; registering again replaces it."""

    async def workspace(request: Request) -> Response | None:
        caller: Caller = request.state.caller
        if not caller.roles:
            return RedirectResponse("/street", 303)
        if await run.io_bound(door.ask, must_change_password, caller):
            return RedirectResponse("/password", 303)
        desk = Desk(door, book, request.state.token, caller)
        # The scope's own dictionary: what Starlette hands out as `request.state` is another view of it.
        request.scope["state"]["desk"] = desk
        for sheet in (
            "theme.css",
            "guided.css",
            "review.css",
            "imports.css",
            "records.css",
            "alerts.css",
            "companies.css",
            "buildings.css",
            "parcels.css",
            "construction.css",
            "space.css",
            "models.css",
            "desk.css",
            "homes.css",
        ):
            web.add_head_html(f'<link rel="stylesheet" href="{asset(sheet)}">')
        for script in ("keys.js", "line.js", "tour.js"):
            web.add_head_html(f'<script src="{asset(script)}" defer></script>')
        mine = modules_for(caller, modules)
        frame = draw_frame(desk, mine, banner=banner, demo=demo)

        request.scope["state"]["workspace"] = frame

        async def hotkey(event: events.GenericEventArguments) -> None:
            if isinstance(event.args, str):
                await frame.hotkey(event.args)

        web.on("hotkey", hotkey)

        def lost(event: events.GenericEventArguments) -> None:
            """Say that the page was opened anew, and what became of the fields typed in since it was saved."""
            told = event.args if isinstance(event.args, dict) else {}
            words = "与服务器的连接中断过，页面已按最近一次保存的内容重新打开"
            for became, sentence in (("back", "，已放回最后填写的"), ("check", "，请核对最后填写的")):
                if isinstance(labels := told.get(became), list) and labels:
                    words += f"{sentence}“{'、'.join(str(one)[:20] for one in labels[:5])}”"
            desk.say(words, "warn")

        web.on("lost", lost)
        await web.context.client.connected()
        params = dict(request.query_params)
        first = params.pop("open", "")
        # A user who follows an address of another's is refused, and begins where he would without it.
        if (not first or await frame.open(first, params) is None) and mine:
            shown = [module for module in mine if not module.hidden]
            # Work begins a workspace, not a report.
            start = next((module for module in shown if module.group != "report"), next(iter(shown), None))
            if start is not None:
                await frame.open(start.key)
        await frame.on_opened()
        return None

    web.page("/")(workspace)
