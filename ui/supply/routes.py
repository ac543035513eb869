"""Reports of supply as files, and the printed monthly report, for who is signed in; what they hold is what they may see."""

from dataclasses import fields
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.engine.door import Door
from services.engine.refusals import NotFound
from services.supply.exports import ExportReport, export_report
from services.supply.monthly_paper import print_monthly
from services.supply.report_forms import AskReport
from ui.shell.files import files_router, handed_out
from ui.supply.supply_page import FILES


def supply_router(door: Door) -> APIRouter:
    """`GET /supply/report.xlsx`, `GET /supply/report.csv`, `GET /supply/monthly.pdf`, with the filters of the page."""

    def hand_out(name: str, request: Request) -> Response:
        caller, order = request.state.caller, _order(request)
        if name == "monthly.pdf":
            return handed_out(door.perform(print_monthly, caller, order))
        stem, _, form = name.rpartition(".")
        if stem != "report":
            raise NotFound
        return handed_out(door.perform(export_report, caller, ExportReport(order, form)))

    return files_router({FILES: hand_out})


def _order(request: Request) -> AskReport:
    known: dict[str, Any] = {one.name: request.query_params.get(one.name, "")[:200] for one in fields(AskReport)}
    return AskReport(**{name: value for name, value in known.items() if value})
