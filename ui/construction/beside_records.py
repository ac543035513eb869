"""Ways from a construction permit and a project to the grid of unit works and to their ties."""

from functools import partial

from models.records import RevisionState
from services.engine.cycle_orders import RevisionView
from ui.construction import ties_page, unit_sheet_page
from ui.records.beside import beside
from ui.records.record_page import RecordPage


@beside("construction_permit")
def open_units(page: RecordPage, view: RevisionView) -> None:
    """A permit in force has its unit works in a grid."""
    if view.state is RevisionState.EFFECTIVE:
        page.place.command(
            "单位工程", partial(page.place.open, unit_sheet_page.KEY, id=str(view.record_id)), icon="grid_on"
        )


@beside("project")
def open_ties(page: RecordPage, view: RevisionView) -> None:
    """A project in force has the board of its unit works and planned buildings."""
    if view.state is RevisionState.EFFECTIVE:
        page.place.command(
            "关联规划建筑物", partial(page.place.open, ties_page.KEY, id=str(view.record_id)), icon="link"
        )
