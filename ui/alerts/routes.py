"""The notice of an alert as PDF and the files of its explanations, for who is signed in and sees the alert."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.alerts.life import AlertFile, open_file
from services.alerts.notice_paper import alert_pdf
from services.engine.door import Door
from services.engine.look_ups import known_id
from services.files.names import content_disposition

NOTICES, FILES = "/alerts/print/", "/alerts/file/"
#: Whatever the bytes turn out to be, they run nothing, load nothing and belong to no origin.
_NOTHING_RUNS = "default-src 'none'; sandbox"


def alerts_router(door: Door) -> APIRouter:
    """`GET /alerts/print/{alert}.pdf`, `/alerts/file/{alert}/{file}`; the right is checked at the door."""
    router = APIRouter()

    def notice(name: str, request: Request) -> Response:
        alert_id = known_id(name.removesuffix(".pdf"))
        content = alert_pdf(door, request.state.caller, alert_id)
        headers = {"content-disposition": f'inline; filename="{alert_id}.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)

    def file(alert: str, name: str, request: Request) -> Response:
        opened = door.ask(open_file, request.state.caller, AlertFile(known_id(alert), known_id(name)))
        headers = {
            "content-disposition": content_disposition(opened.file_name, inline=opened.showable),
            "content-security-policy": _NOTHING_RUNS,
            "x-content-type-options": "nosniff",
        }
        return Response(opened.content, media_type=opened.media_type, headers=headers)

    router.add_api_route(NOTICES + "{name}", notice, methods=["GET"])
    router.add_api_route(FILES + "{alert}/{name}", file, methods=["GET"])
    return router
