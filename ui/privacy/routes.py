"""Files of privacy on the outer app: exports to download and the sheet of looks; rights are checked at the door."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from services.engine.door import Door
from services.engine.look_ups import known_id
from services.engine.refusals import Unavailable
from services.privacy.export_download import DownloadExport, download_export
from services.privacy.who_looked import access_sheet_pdf
from ui.shell.files import files_router, pdf_of

_ONE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})", re.ASCII)


@dataclass(frozen=True)
class Part:
    """The bytes from `start` up to `end` of a file of `size`; `whole` when nothing less was asked for."""

    start: int
    end: int
    size: int

    @property
    def whole(self) -> bool:
        return (self.start, self.end) == (0, self.size)

    @property
    def told(self) -> str:
        """The value of the `Content-Range` header."""
        return f"bytes {self.start}-{self.end - 1}/{self.size}"


def goes_on(wanted: str) -> bool:
    """Return whether `Range` asks for one part that does not begin with the file."""
    found = _ONE.fullmatch(wanted.strip())
    return found is not None and found[0] != "bytes=-" and not (found[1] and int(found[1]) == 0)


def asked_part(wanted: str, only_of: str, tag: str, size: int) -> Part | None:
    """Return what `Range` wants of the file with this tag and size; None when it has no such bytes.

    More than one range, or what is none, is answered with the whole, and so is a range of another file (`If-Range`).
    """
    found = _ONE.fullmatch(wanted.strip())
    if found is None or found[0] == "bytes=-" or (only_of and only_of != tag):
        return Part(0, size, size)
    if not found[1]:
        return Part(max(0, size - int(found[2])), size, size) if int(found[2]) and size else None
    start = int(found[1])
    end = min(int(found[2]) + 1, size) if found[2] else size
    if found[2] and int(found[2]) < start:
        return Part(0, size, size)
    return Part(start, end, size) if start < size else None


def privacy_router(door: Door) -> APIRouter:
    """`GET /exports/{id}` and `GET /privacy/looks/{id}.pdf`."""

    def export(name: str, request: Request) -> Response:
        asked = request.headers
        wanted = asked.get("range", "")
        file = door.ask(download_export, request.state.caller, DownloadExport(known_id(name), goes_on(wanted)))
        if file.fault:
            raise Unavailable(f"文件不能使用：{file.fault}。已报告安全管理员，请重新申请导出")
        tag = f'"{file.digest}"'
        headers = {
            "content-disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
            "accept-ranges": "bytes",
            "etag": tag,
        }
        part = asked_part(wanted, asked.get("if-range", ""), tag, file.size)
        if part is None:
            return Response(status_code=416, headers={"content-range": f"bytes */{file.size}"})
        headers["content-length"] = str(part.end - part.start)
        if not part.whole:
            headers["content-range"] = part.told
        # A piece that fails now (and is logged), or goes with its file that is over, breaks the download off: the
        # length says so.
        body = file.read(part.start, part.end)
        return StreamingResponse(body, 200 if part.whole else 206, headers, media_type=file.media_type)

    return files_router({"/exports/": export, "/privacy/looks/": pdf_of(door, access_sheet_pdf)})
