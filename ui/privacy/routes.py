"""Files of privacy on the outer app: exports to download and the sheet of looks; rights are checked at the door."""

from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.engine.door import Door
from services.engine.refusals import NotFound, Unavailable
from services.privacy.export_files import download_export
from services.privacy.who_looked import access_sheet_pdf


def privacy_router(door: Door) -> APIRouter:
    """`GET /exports/{id}` and `GET /privacy/looks/{id}.pdf`."""
    router = APIRouter()

    def export(name: str, request: Request) -> Response:
        file = door.ask(download_export, request.state.caller, _id(name))
        if not file.content:
            raise Unavailable("文件的存储内容与生成时的摘要不一致，已停止使用并报告安全管理员")
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
        return Response(file.content, media_type=file.media_type, headers=headers)

    def looks(name: str, request: Request) -> Response:
        look_id = _id(name.removesuffix(".pdf"))
        content = access_sheet_pdf(door, request.state.caller, look_id)
        headers = {"content-disposition": f'inline; filename="{look_id}.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)

    router.add_api_route("/exports/{name}", export, methods=["GET"])
    router.add_api_route("/privacy/looks/{name}", looks, methods=["GET"])
    return router


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as problem:
        raise NotFound("没有这份文件") from problem
