"""`/c` and `/c/{token}`: public check of a paper; no sign-in, no cookie, no script (decision 32)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from hmac import compare_digest
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from models.sealing import Sealer
from services.engine.clock import SHANGHAI, system_now
from services.engine.refusals import Unavailable
from services.public_check.answers import Standing, card_lines, lines, photo_address
from services.public_check.code_answers import code_lines
from services.public_check.reader import PublicReader
from services.public_check.token_check import Checked, check_token
from ui.front import Front
from ui.headers import HSTS
from ui.plain import broken_page, note
from ui.public.public_page import FONT, HEADERS, HERE, Drawing
from ui.public.throttle import Throttle
from ui.public.upload import UploadRefused, digest_of_upload

__all__ = ["HEADERS", "SCANNED", "PublicPages", "PublicSettings", "address_of"]

NO_FRONT = Front()
#: Where the address of a scanned code begins.
SCANNED = "/c/q1."


@dataclass(frozen=True)
class PublicSettings:
    """`lookups_per_minute` of one address, 0 switches the throttle off; `now` is the business clock.

    `reports_per_minute` are what one address may send in.
    """

    lookups_per_minute: int = 30
    reports_per_minute: int = 2
    now: Callable[[], datetime] = system_now


class PublicPages:
    """The public pages over a reader that main.py starts and stops."""

    def __init__(self, sealer: Sealer, reader: PublicReader, settings: PublicSettings) -> None:
        self._sealer, self._reader, self.settings = sealer, reader, settings
        self.throttle = Throttle(settings.lookups_per_minute)
        self.drawing = Drawing()
        self._check_page = self.drawing.template("check.html")
        self._card_page = self.drawing.template("scanned_card.html")
        self._code_page = self.drawing.template("scanned_code.html")

    def router(self) -> APIRouter:
        """Every page, as routes of the outer app."""
        router = APIRouter()
        # Plain routes: what the framework does for typed parameters takes as long as the rest of the page.
        pages = {
            "/c": self.explain,
            "/c/": self.explain,
            "/c/page.css": _file("page.css", "text/css"),
            "/c/icon.svg": _file("icon.svg", "image/svg+xml"),
            "/c/font.woff2": _file(FONT, "font/woff2"),
            "/c/{token}": self.check,
        }
        for path, page in pages.items():
            router.add_route(path, page, methods=["GET"], include_in_schema=False)
        router.add_route("/c/{token}", self.compare, methods=["POST"], include_in_schema=False)
        return router

    def before(self, app: ASGIApp, front: Front = NO_FRONT) -> ASGIApp:
        """`app` behind the check of a scanned code, which needs neither guard nor framework: no session, no body.

        What `front` says of gateways counts here too: whose address is throttled, and that nothing is answered past them.
        """

        async def first(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(SCANNED):
                await app(scope, receive, send)
                return
            if front.gateways or front.required:
                entry = front.enter(scope)
                if front.required and not (entry.by_gateway and entry.encrypted):
                    # The guard refuses and logs it.
                    await app(scope, receive, send)
                    return
            try:
                answer = await self._looked_up(scope["path"][3:], (scope.get("client") or ("",))[0])
            except Exception as problem:
                answer = broken_page(scope, note(problem, "/c/"))
            if scope.get("scheme") == "https":
                answer.headers["Strict-Transport-Security"] = HSTS
            await answer(scope, receive, send)

        return first

    async def explain(self, request: Request) -> Response:
        return self.drawing.page("explain.html")

    async def check(self, request: Request) -> Response:
        return await self._looked_up(request.path_params["token"], address_of(request))

    async def _looked_up(self, token: str, address: str) -> Response:
        if wait := self.throttle.wait(address):
            return self.drawing.too_many(wait)
        try:
            return self._answer(token, await self._checked(token))
        except Unavailable as refusal:
            return self.drawing.page("message.html", 503, title="暂时不能核验", message=refusal.message)

    async def compare(self, request: Request) -> Response:
        """Compare an uploaded file with the issued paper by digest; any other file is reported as different."""
        token: str = request.path_params["token"]
        if wait := self.throttle.wait(address_of(request)):
            return self.drawing.too_many(wait)
        try:
            checked = await self._checked(token)
            if checked.paper is None:
                return self._answer(token, checked)
            digest = await digest_of_upload(request)
        except Unavailable as refusal:
            return self.drawing.page("message.html", 503, title="暂时不能核验", message=refusal.message)
        except UploadRefused as refused:
            return self._answer(token, checked, refused.status, upload=("refused", "不能核对", refused.message))
        except ClientDisconnect:
            return Response(status_code=400)
        if not checked.paper.digest:
            told = ("refused", "暂时不能核对", "原件正在生成，请过几分钟再核对。")
        elif compare_digest(digest, checked.paper.digest):
            told = ("same", "与原件一致", "您选择的文件与签发的电子原件逐字节相同。")
        else:
            told = ("altered", "与原件不一致", "您选择的文件不是签发的电子原件，或者签发以后被改动过，请勿采信。")
        return self._answer(token, checked, upload=told)

    async def _checked(self, token: str) -> Checked:
        return await check_token(self._sealer, token, self._reader, self._today())

    def _today(self) -> date:
        return self.settings.now().astimezone(SHANGHAI).date()

    def _answer(
        self, token: str, checked: Checked, status: int = 200, upload: tuple[str, str, str] | None = None
    ) -> Response:
        at = self.settings.now().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        if checked.of_card:
            return self.drawing.answer(self._card(checked, at), status)
        if checked.of_code:
            return self.drawing.answer(self._code(checked, at), status)
        body = self._check_page.render(
            verdict=checked.verdict,
            paper=checked.paper,
            lines=lines(checked.paper) if checked.paper else (),
            token=token if checked.paper else "",
            upload=upload,
            good=checked.verdict.standing is Standing.VALID,
            at=at,
        )
        return self.drawing.answer(body, status)

    def _code(self, checked: Checked, at: str) -> str:
        shown = code_lines(checked.code, self._today()) if checked.code else ()
        return self._code_page.render(verdict=checked.verdict, lines=shown, at=at)

    def _card(self, checked: Checked, at: str) -> str:
        card = checked.card
        return self._card_page.render(
            verdict=checked.verdict,
            lines=card_lines(card.public) if card else (),
            card_no=card.card_no if card and card.public.get("card_no") else "",
            photo=photo_address(self._sealer, card.id, system_now()) if card and card.shows_photo else "",
            at=at,
        )


def _file(name: str | Path, kind: str) -> Callable[[Request], Awaitable[Response]]:
    content = (HERE / name).read_bytes()
    headers = {"Cache-Control": "public, max-age=604800", "X-Content-Type-Options": "nosniff"}

    async def answer(request: Request) -> Response:
        return Response(content, media_type=kind, headers=headers)

    return answer


def address_of(request: Request) -> str:
    """Return the network address a request comes from."""
    return request.client.host if request.client else ""
