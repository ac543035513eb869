"""Files of privacy on the outer app: exports to download and the sheet of looks; rights are checked at the door."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from services.engine.door import Door
from services.engine.look_ups import known_id
from services.engine.refusals import Unavailable
from services.privacy.export_download import DownloadExport, download_export
from services.privacy.who_looked import access_sheet_pdf
from ui.privacy.ranges import asked_part, goes_on
from ui.shell.files import files_router, pdf_of


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
