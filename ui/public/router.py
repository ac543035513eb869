"""`/c` and `/c/{token}`: anybody may check a paper; no sign-in, no cookie, no script (decision 32)."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response

from services.engine.clock import SHANGHAI, system_now
from services.engine.refusals import Unavailable
from services.public_check.answers import Standing, chinese_day, lines
from services.public_check.checking import Checked, check_token
from services.public_check.reader import PublicReader
from ui.public.throttle import Throttle
from ui.public.upload import UploadRefused, digest_of_upload

HERE = Path(__file__).resolve().parent

# The code in the address must reach nobody else; with `no-referrer` the form would be sent as from a foreign page.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


@dataclass(frozen=True)
class PublicSettings:
    """`lookups_per_minute` of one address, 0 switches the throttle off; `now` is the business clock."""

    lookups_per_minute: int = 30
    now: Callable[[], datetime] = system_now


def public_router(reader: PublicReader, settings: PublicSettings) -> APIRouter:
    """The public pages over a reader that main.py starts and stops."""
    pages = _Pages(reader, settings)
    router = APIRouter()
    # Plain routes: what the framework does for typed parameters takes as long as the rest of the page.
    router.add_route("/c", pages.explain, methods=["GET"], include_in_schema=False)
    router.add_route("/c/", pages.explain, methods=["GET"], include_in_schema=False)
    router.add_route("/c/page.css", _file("page.css", "text/css"), methods=["GET"], include_in_schema=False)
    router.add_route("/c/icon.svg", _file("icon.svg", "image/svg+xml"), methods=["GET"], include_in_schema=False)
    router.add_route("/c/{token}", pages.check, methods=["GET"], include_in_schema=False)
    router.add_route("/c/{token}", pages.compare, methods=["POST"], include_in_schema=False)
    return router


class _Pages:
    def __init__(self, reader: PublicReader, settings: PublicSettings) -> None:
        self._reader, self._settings = reader, settings
        self._throttle = Throttle(settings.lookups_per_minute)
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals["style"] = hashlib.sha256((HERE / "page.css").read_bytes()).hexdigest()[:12]
        self._templates.filters["day"] = chinese_day
        self._check_page = self._templates.get_template("check.html")

    async def explain(self, request: Request) -> Response:
        return self._page("explain.html")

    async def check(self, request: Request) -> Response:
        if wait := self._throttle.wait(_address(request)):
            return self._too_many(wait)
        try:
            return self._answer(request, await self._checked(request))
        except Unavailable as refusal:
            return self._page("message.html", 503, title="暂时不能核验", message=refusal.message)

    async def compare(self, request: Request) -> Response:
        """The original is what has the digest of the issued bytes; anything else is told to differ."""
        if wait := self._throttle.wait(_address(request)):
            return self._too_many(wait)
        try:
            checked = await self._checked(request)
            if checked.paper is None:
                return self._answer(request, checked)
            digest = await digest_of_upload(request)
        except Unavailable as refusal:
            return self._page("message.html", 503, title="暂时不能核验", message=refusal.message)
        except UploadRefused as refused:
            return self._answer(request, checked, refused.status, upload=("refused", "不能核对", refused.message))
        except ClientDisconnect:
            return Response(status_code=400)
        if not checked.paper.digest:
            told = ("refused", "暂时不能核对", "原件正在生成，请过几分钟再核对。")
        elif compare_digest(digest, checked.paper.digest):
            told = ("same", "与原件一致", "您选择的文件与签发的电子原件逐字节相同。")
        else:
            told = ("altered", "与原件不一致", "您选择的文件不是签发的电子原件，或者签发以后被改动过，请勿采信。")
        return self._answer(request, checked, upload=told)

    async def _checked(self, request: Request) -> Checked:
        today = self._settings.now().astimezone(SHANGHAI).date()
        return await check_token(request.path_params["token"], self._reader, today)

    def _answer(
        self, request: Request, checked: Checked, status: int = 200, upload: tuple[str, str, str] | None = None
    ) -> Response:
        body = self._check_page.render(
            verdict=checked.verdict,
            paper=checked.paper,
            lines=lines(checked.paper) if checked.paper else (),
            token=request.path_params["token"] if checked.paper else "",
            upload=upload,
            good=checked.verdict.standing is Standing.VALID,
            at=self._settings.now().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
        )
        return HTMLResponse(body, status, HEADERS)

    def _too_many(self, wait: int) -> Response:
        message = "您所在的网络查询过于频繁，请稍等片刻再扫描核验。"
        response = self._page("message.html", 429, title="查询过于频繁", message=message)
        response.headers["Retry-After"] = str(wait)
        return response

    def _page(self, template: str, status: int = 200, **values: Any) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(**values), status, HEADERS)


def _file(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    content = (HERE / name).read_bytes()
    headers = {"Cache-Control": "public, max-age=604800", "X-Content-Type-Options": "nosniff"}

    async def answer(request: Request) -> Response:
        return Response(content, media_type=kind, headers=headers)

    return answer


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
