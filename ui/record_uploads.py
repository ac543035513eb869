"""Files of a record in parts, so that an upload from a telephone goes on where its connection broke off (row 74)."""

import re
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from services.documents.attachments import KeptAttachment
from services.engine.callers import Caller
from services.engine.door import Door
from services.engine.look_ups import known_id
from services.engine.refusals import Refusal, Rejected
from services.records.attachments import LARGEST, AttachFile, attach_file

UPLOADS = "/records/upload/"
#: Bytes of a part; the body limit of the address is a little more.
PART = 512 * 1024
#: Parts that wait for the rest of their file, in the memory of this process: what is dropped begins anew.
MOST_WAITING = 96 << 20
_LASTS = 30 * 60.0
_MOST = 2_000
_RANGE = re.compile(r"bytes (\d{1,9})-(\d{1,9})/(\d{1,9})")
_KEY = re.compile(r"[0-9a-f]{8,32}")
_LONGEST_NAME = 200


@dataclass
class Upload:
    """A file on its way: what came of it, then the attachment it became or the sentence it was refused with."""

    name: str
    content: bytearray = field(default_factory=bytearray)
    at: float = 0.0
    busy: bool = False
    kept: KeptAttachment | None = None
    size: int = 0
    refused: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """Return how far the upload is, for the page that sends it."""
        done = self.kept is not None or bool(self.refused)
        return {"have": len(self.content), "busy": self.busy, "done": done, "refused": self.refused}


class Uploads:
    """Uploads by account, version, slot and the sender's key; only the event loop touches them."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[Any, ...], Upload] = OrderedDict()

    def find(self, caller: Caller, revision_id: UUID, slot: str, key: str) -> Upload | None:
        """Return an upload of the caller."""
        return self._held.get((caller.account_id, revision_id, slot, key))

    def begin(self, caller: Caller, revision_id: UUID, slot: str, key: str, name: str) -> Upload:
        """Return an upload of the caller, begun when it is not there or was refused."""
        place = (caller.account_id, revision_id, slot, key)
        found = self._held.get(place)
        if found is None or found.refused:
            found = self._held[place] = Upload(name)
        found.at = time.monotonic()
        self._held.move_to_end(place)
        self._make_room()
        return found

    def _make_room(self) -> None:
        """Drop the oldest uploads beyond what may wait."""
        now, waiting = time.monotonic(), sum(len(one.content) for one in self._held.values())
        for place, one in list(self._held.items())[:-1]:
            if one.busy or not (waiting > MOST_WAITING or len(self._held) > _MOST or now - one.at > _LASTS):
                continue
            waiting -= len(one.content)
            del self._held[place]


#: Uploads of this process; a page reads from it what became of those it sends.
UPLOADING = Uploads()


def uploads_router(door: Door) -> APIRouter:
    """`GET` and `PUT /records/upload/{version}/{slot}/{key}`: how much of a file is there, and its next part."""
    router = APIRouter()

    async def state(revision: str, slot: str, key: str, request: Request) -> Response:
        found = UPLOADING.find(request.state.caller, known_id(revision), slot, _known(key))
        return JSONResponse(found.told if found is not None and not found.refused else Upload("").told)

    async def take(revision: str, slot: str, key: str, request: Request) -> Response:
        begin, end, size = _range_of(request)
        name = unquote(request.headers.get("x-file-name", ""))[:_LONGEST_NAME]
        caller, revision_id = request.state.caller, known_id(revision)
        body = await request.body()
        one = UPLOADING.begin(caller, revision_id, slot, _known(key), name)
        if one.busy or one.kept is not None:
            return JSONResponse(one.told)
        if begin != len(one.content) or len(body) != end - begin + 1:
            return JSONResponse(one.told, 409)
        one.content += body
        if len(one.content) == size:
            await _attach(door, caller, one, AttachFile(revision_id, slot, one.name, bytes(one.content)))
        return JSONResponse(one.told)

    router.add_api_route(UPLOADS + "{revision}/{slot}/{key}", state, methods=["GET"])
    router.add_api_route(UPLOADS + "{revision}/{slot}/{key}", take, methods=["PUT"])
    return router


async def _attach(door: Door, caller: Caller, one: Upload, order: AttachFile) -> None:
    """Hand a whole file in; its parts are forgotten, whatever becomes of it."""
    one.busy, one.size = True, len(order.content)
    one.content = bytearray()
    try:
        one.kept = await run_in_threadpool(door.perform, attach_file, caller, order)
    except Refusal as no:
        one.refused = no.message
    finally:
        one.busy = False
    if one.kept is not None and not one.kept.usable:
        one.refused, one.kept = one.kept.note, None


def _known(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise Rejected("上传编号不正确，请刷新页面后重新选择照片")
    return key


def _range_of(request: Request) -> tuple[int, int, int]:
    """Return first and last byte of a part and the size of its file."""
    found = _RANGE.fullmatch(request.headers.get("content-range", ""))
    begin, end, size = (int(one) for one in found.groups()) if found else (0, -1, 0)
    if not begin <= end < size or size > LARGEST or end - begin >= PART:
        raise Rejected("照片为空或超过50MB，请重新选择")
    return begin, end, size
