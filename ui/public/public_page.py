"""Drawing of the public pages: their templates and common headers."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from starlette.responses import HTMLResponse, Response

from services.public_check.answers import chinese_day

HERE = Path(__file__).resolve().parent
#: For the browser that has no Chinese font of its own; another one never asks for it.
FONT = HERE.parent / "static" / "fonts" / "NotoSansSC-Interface.woff2"

# The code in the address must not leave the page; with `no-referrer` the form would be sent as from a foreign page.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


class Drawing:
    """The templates of the public pages, read once; `folders` hold further pages of the same look."""

    def __init__(self, *folders: Path) -> None:
        self._templates = Environment(
            loader=FileSystemLoader([*folders, HERE / "templates"]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals["style"] = hashlib.sha256((HERE / "page.css").read_bytes()).hexdigest()[:12]
        self._templates.filters["day"] = chinese_day

    def filters(self, **filters: Callable[[Any], str]) -> None:
        """Add filters that templates of further folders use."""
        self._templates.filters.update(filters)

    def template(self, name: str) -> Template:
        return self._templates.get_template(name)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """Return a page that must not be cached on the way."""
        return self.answer(self.template(template).render(**values), status)

    def answer(self, body: str, status: int = 200) -> Response:
        return HTMLResponse(body, status, HEADERS)

    def too_many(self, wait: int, message: str = "您所在的网络查询过于频繁，请稍等片刻再扫描核验。") -> Response:
        """Return the answer to an address that asks too often; `wait` is in seconds."""
        response = self.page("message.html", 429, title="查询过于频繁", message=message)
        response.headers["Retry-After"] = str(wait)
        return response
