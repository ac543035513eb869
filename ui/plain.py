"""Plain HTML pages of the outer app: sign-in, errors; drawn by templates, without a socket."""

import hashlib
import logging
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from secrets import token_hex

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from services.access.passwords import PATH

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
log = logging.getLogger("shenfang.ui")

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(default=True), trim_blocks=True
)

TITLES = {
    400: "请求有误",
    401: "请先登录",
    403: "无权访问",
    404: "页面不存在",
    405: "请求方式不对",
    408: "没有传完",
    409: "记录已变化",
    413: "内容过大",
    422: "填写有误",
    429: "操作过于频繁",
    500: "系统出错",
    503: "暂时不能服务",
}
SENTENCES = {
    400: "浏览器发来的请求不完整，请返回重试",
    401: "登录已失效，请重新登录",
    403: "您的账号不能进行此操作",
    404: "没有这个页面，请从菜单重新进入",
    405: "不支持这种请求方式",
    408: "提交的内容没有传完，请检查网络后重试",
    413: "提交的内容过大，请缩小后重试",
    422: "提交的内容不完整或格式不对，请返回检查",
}


@cache
def static_digest() -> str:
    """Return the hash of all static files, which is part of their address, so that they may be cached for ever."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def use_banner(text: str, announced: Callable[[], str]) -> None:
    """Set what every plain page says at its top, and what gives the sentence about a coming stop."""
    _templates.globals["banner"], _templates.globals["announced"] = text, announced


def asset(name: str) -> str:
    """The address of a static file."""
    return f"/static/{static_digest()}/{name}"


def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A plain page."""
    return HTMLResponse(_templates.get_template(template).render(asset=asset, **values), status)


def refuse(scope: Scope, status: int, message: str = "", reference: str = "") -> Response:
    """A refusal in Chinese: a page for people, JSON for programs."""
    message = message or SENTENCES.get(status, "请求未能完成，请稍后再试")
    accept = dict(scope["headers"]).get(b"accept", b"").decode("latin-1")
    if "text/html" in accept:
        return page(
            "error.html", status, title=TITLES.get(status, "请求未能完成"), message=message, reference=reference
        )
    content = {"message": message} | ({"reference": reference} if reference else {})
    return JSONResponse(content, status)


def broken(request: Request, problem: Exception) -> Response:
    """Our fault: a page with a reference number; where it broke is in the log only."""
    return broken_page(request.scope, note(problem, request.scope["path"]))


def broken_page(scope: Scope, reference: str) -> Response:
    return refuse(scope, 500, "系统出错，未能完成操作。请稍后重试；如再次出现，请把编号告诉管理员", reference)


def note(problem: BaseException, place: str) -> str:
    """Write to the log where something broke, without the values it broke on or a link's secret; gives the reference number."""
    reference = token_hex(4).upper()
    if place.startswith(PATH):
        place = f"{PATH}…"
    frames = "".join(traceback.format_tb(problem.__traceback__))
    log.error("%s at %s: %s\n%s", reference, place, type(problem).__qualname__, frames, extra={"cause": problem})
    return reference
