"""使用手册: the pages of docs/manual inside the product, and which of them belongs to a module (F1)."""

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import markdown2
from fastapi import APIRouter, Request
from starlette.responses import FileResponse, HTMLResponse, Response

from models.access import Role
from services.engine.refusals import NotFound
from ui.plain import page

_FOLDER = Path(__file__).resolve().parent.parent / "docs" / "manual"
CONTENTS = "README"
#: Below a heading: the modules it is about, and, where several pages are about one, for which roles.
_MARK = re.compile(r"<!-- F1(?:（([A-Z_ ]+)）)?: ([a-z0-9_\- ]+) -->")
_HEADING = re.compile(r"^#+ (.+)$")
_EXTRAS = ["tables", "fenced-code-blocks", "cuddled-lists", "break-on-newline"]


@dataclass(frozen=True)
class Part:
    """A part of the manual: its page, the anchor of its heading, and the roles it is for; none: all."""

    name: str
    anchor: str
    roles: frozenset[str]


def anchor_of(heading: str) -> str:
    """Return the anchor of a heading as links name it: lower case, blanks as dashes, punctuation left out."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@cache
def _parts() -> dict[str, list[Part]]:
    """The parts of the manual by module."""
    found: dict[str, list[Part]] = {}
    for path in sorted(_FOLDER.glob("*.md")):
        anchor = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if heading := _HEADING.match(line):
                anchor = anchor_of(heading[1])
            elif mark := _MARK.fullmatch(line):
                for module in mark[2].split():
                    part = Part(path.stem, anchor, frozenset((mark[1] or "").split()))
                    found.setdefault(module, []).append(part)
    return found


def part_about(module: str, roles: Set[Role]) -> Part | None:
    """Return the part of the manual about a module: one for the user's role before one for all."""
    mine = {role.name for role in roles}
    # A list of a kind that no page names belongs to the page about records.
    told = _parts().get(module) or _parts().get("record" if module.startswith("list-") else "", [])
    return next((one for one in told if one.roles & mine), next((one for one in told if not one.roles), None))


def modules_on(name: str) -> tuple[str, ...]:
    """The keys of the modules that a page of the manual is about."""
    return tuple(module for module, parts in _parts().items() if any(part.name == name for part in parts))


def pages() -> tuple[str, ...]:
    """The names of all pages."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.md")))


@cache
def html_of(name: str) -> str:
    """Return a page of the manual as HTML, its links and pictures leading to their addresses in the product."""
    text = _MARK.sub("", (_FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    html = str(markdown2.markdown(text, extras=_EXTRAS))
    html = re.sub(
        r"<h([1-6])>(.*?)</h\1>",
        lambda found: f'<h{found[1]} id="{anchor_of(re.sub("<[^>]+>", "", found[2]))}">{found[2]}</h{found[1]}>',
        html,
    )
    html = re.sub(r'href="([a-z0-9-]+|README)\.md', r'href="/manual/\1', html)
    # What leads out of the manual, such as to the administrators' papers, is not served.
    html = re.sub(r'<a href="\.\./[^"]*">(.*?)</a>', r"\1", html)
    return html.replace('src="pictures/', 'loading="lazy" src="/manual/pictures/')


def title_of(name: str) -> str:
    """Return the heading of a page."""
    first = (_FOLDER / f"{name}.md").read_text(encoding="utf-8").split("\n", 1)[0]
    return first.lstrip("# ").strip()


def router() -> APIRouter:
    """The routes of the manual, for users who are signed in."""
    routes = APIRouter(prefix="/manual")
    routes.add_api_route("", contents, methods=["GET"])
    routes.add_api_route("/about/{module}", told_about, methods=["GET"])
    routes.add_api_route("/{name}", shown, methods=["GET"])
    routes.add_api_route("/pictures/{name}", picture, methods=["GET"])
    return routes


def contents() -> Response:
    """The table of contents."""
    return shown(CONTENTS)


def shown(name: str) -> Response:
    """A page of the manual."""
    if name not in pages():
        raise NotFound
    values: dict[str, Any] = {"content": html_of(name), "title": title_of(name), "contents": name != CONTENTS}
    return page("manual.html", **values)


def told_about(module: str, request: Request) -> Response:
    """The part of the manual about a module, for an empty list to show: without pictures and without its heading."""
    part = part_about(module, request.state.caller.roles)
    if part is None:
        raise NotFound
    return HTMLResponse(text_of(part), headers={"cache-control": "private, max-age=3600"})


def text_of(part: Part) -> str:
    """Return the HTML of a part, from below its heading to the next heading of its rank."""
    html = html_of(part.name)
    begun = re.search(rf'<h([1-6]) id="{re.escape(part.anchor)}">.*?</h\1>', html)
    if begun is None:
        return ""
    rest = html[begun.end() :]
    over = re.search(rf"<h[1-{begun[1]}] ", rest)
    # A sentence that led to its picture ends where the picture is left out.
    return re.sub(
        r"(：</p>\s*)?<p><img[^>]*></p>", lambda led: "。</p>" if led[1] else "", rest[: over.start()] if over else rest
    )


def picture(name: str) -> Response:
    """A picture of the manual."""
    if name not in _pictures():
        raise NotFound
    return FileResponse(_FOLDER / "pictures" / name, headers={"cache-control": "private, max-age=86400"})


@cache
def _pictures() -> frozenset[str]:
    return frozenset(path.name for path in (_FOLDER / "pictures").glob("*.png"))
