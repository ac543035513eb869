"""Kept records over HTTP for who is signed in: schema, lists and records as JSON, sheets as PDF, attachments to look at."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from services.documents.attachments import open_attachment
from services.engine.door import Door
from services.engine.kind_listing import list_of
from services.engine.kinds import Kind
from services.engine.listings import Line, ListRows
from services.engine.look_ups import known_id
from services.engine.paging import Paging
from services.engine.refusals import Rejected
from services.records.api import ReadRecord, filters_of, known_kind, plain, read_record, schema_of
from services.records.record_paper import record_pdf
from ui.record_uploads import uploads_router
from ui.shell.files import NOTHING_RUNS, handed_out, pdf_of

RECORDS, SHEETS, FILES = "/records/", "/records/print/", "/records/file/"
#: Thumbnails of photos, served by the area whose intake makes them.
THUMBNAILS = "/photos/"
#: A browser draws no PDF in a sandbox; its own viewer runs nothing of the file, which was found free of anything active.
_PDF_ONLY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_PAGING = ("sort", "page", "size")


def records_router(door: Door) -> APIRouter:
    """`GET /records/{kind}`, `…/{kind}/schema`, `…/{kind}/{id}`, `/records/print/{version}.pdf`, `/records/file/{id}`, uploads."""
    router = uploads_router(door)

    def file(name: str, request: Request) -> Response:
        opened = door.ask(open_attachment, request.state.caller, known_id(name))
        is_pdf = opened.showable and opened.media_type == "application/pdf"
        return handed_out(opened, _PDF_ONLY if is_pdf else NOTHING_RUNS)

    def schema(kind: str, request: Request) -> Response:
        return JSONResponse(door.ask(schema_of, request.state.caller, kind))

    def page(kind: str, request: Request) -> Response:
        known = known_kind(kind)
        found = door.ask(list_of(known).query, request.state.caller, _asked(known, request))
        lines = [_line(known, line) for line in found.lines]
        return JSONResponse({"total": found.total, "more": found.more, "records": lines})

    def record(kind: str, name: str, request: Request) -> Response:
        return JSONResponse(door.ask(read_record, request.state.caller, ReadRecord(kind, known_id(name))))

    for address, answer in (
        (SHEETS + "{name}", pdf_of(door, record_pdf)),
        (FILES + "{name}", file),
        (RECORDS + "{kind}/schema", schema),
        (RECORDS + "{kind}", page),
        (RECORDS + "{kind}/{name}", record),
    ):
        router.add_api_route(address, answer, methods=["GET"])
    return router


def _asked(kind: Kind, request: Request) -> ListRows:
    """Return what the address asks for: `text`, `sort`, `page`, `size`, and filters by field; a range is `from..to`."""
    params = request.query_params
    criteria = {name: "|".join(params.getlist(name)) for name in params if name not in _PAGING}
    paging = Paging(_whole(params.get("page"), 1), _whole(params.get("size"), 50), params.get("sort", ""))
    return ListRows(filters_of(kind, criteria), paging)


def _whole(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise Rejected("页码不正确")
    return int(text)


def _line(kind: Kind, line: Line) -> dict[str, Any]:
    return {
        "id": str(line.id),
        "record_no": line.record_no,
        "title": line.title,
        "version_no": line.version_no,
        "in_force": plain(line.in_force),
        "effective_from": plain(line.effective_from),
        "cells": {name: plain(getattr(line, name)) for name in kind.look.grid},
        "open": {"version_no": line.way[1], "state": str(line.way[2])} if line.way else None,
    }
