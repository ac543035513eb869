"""The notice of an alert as PDF and the files of its explanations, for who is signed in and sees the alert."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.alerts.life import AlertFile, open_file
from services.alerts.notice_paper import alert_pdf
from services.engine.door import Door
from services.engine.look_ups import known_id
from ui.shell.files import files_router, handed_out, pdf_of

NOTICES, FILES = "/alerts/print/", "/alerts/file/"


def alerts_router(door: Door) -> APIRouter:
    """`GET /alerts/print/{alert}.pdf`, `/alerts/file/{alert}/{file}`; the right is checked at the door."""

    def file(alert: str, name: str, request: Request) -> Response:
        return handed_out(door.ask(open_file, request.state.caller, AlertFile(known_id(alert), known_id(name))))

    router = files_router({NOTICES: pdf_of(door, alert_pdf)})
    router.add_api_route(FILES + "{alert}/{name}", file, methods=["GET"])
    return router
