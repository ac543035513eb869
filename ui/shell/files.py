"""Files of the outer app, by the id in their address; the right is checked, and the look logged, at the door."""

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from services.documents.attachments import open_attachment
from services.engine.callers import Caller
from services.engine.door import Door
from services.engine.look_ups import known_id
from services.engine.registry import Query
from services.files.names import content_disposition

#: Whatever the bytes turn out to be, they run nothing, load nothing and belong to no origin.
NOTHING_RUNS = "default-src 'none'; sandbox"
Draw = Callable[[Door, Caller, UUID], bytes]
Handler = Callable[[str, Request], Response]


class Opened(Protocol):
    """A file on its way out."""

    @property
    def file_name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def content(self) -> bytes | Iterator[bytes]: ...
    @property
    def showable(self) -> bool: ...


def pdf_of(door: Door, draw: Draw) -> Handler:
    """Serve `{id}.pdf` from a function that gives the bytes or refuses."""

    def show(name: str, request: Request) -> Response:
        row_id = known_id(name.removesuffix(".pdf"))
        content = draw(door, request.state.caller, row_id)
        headers = {"content-disposition": f'inline; filename="{row_id}.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)

    return show


def file_of(door: Door, query: Query[UUID, Opened]) -> Handler:
    """Serve the file of an id from a query."""

    def show(name: str, request: Request) -> Response:
        return handed_out(door.ask(query, request.state.caller, known_id(name)))

    return show


def handed_out(opened: Opened, policy: str = NOTHING_RUNS) -> Response:
    """Hand out a file: shown in a page when it may be, else a download; one that is made part by part is sent so."""
    headers = {
        "content-disposition": content_disposition(opened.file_name, inline=opened.showable),
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
    }
    content = opened.content
    if not isinstance(content, bytes):
        return StreamingResponse(content, media_type=opened.media_type, headers=headers)
    return Response(content, media_type=opened.media_type, headers=headers)


def files_router(handlers: Mapping[str, Handler]) -> APIRouter:
    """Serve files by address: `{"/papers/": pdf_of(...)}` serves `GET /papers/{name}`."""
    router = APIRouter()
    for address, handler in handlers.items():
        router.add_api_route(address + "{name}", handler, methods=["GET"])
    return router


ATTACHMENTS = "/attachments/"


def attachments_router(door: Door) -> APIRouter:
    """`GET /attachments/{id}`; the right is checked and the look audited at the door."""
    return files_router({ATTACHMENTS: file_of(door, open_attachment)})
