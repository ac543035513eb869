"""Ways from a construction permit and a project to the grid of unit works and to their ties; an estate's figures compared."""

from functools import partial

from models.records import RevisionState
from services.engine.cycle_orders import RevisionView
from services.planning.community_figures import community_figures
from ui.construction import ties_page, unit_sheet_page
from ui.records.beside import beside
from ui.records.record_page import RecordPage
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import question


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


@beside("community")
def compare_figures(page: RecordPage, view: RevisionView) -> None:
    """An estate's figures are shown beside those of its planned buildings."""
    page.place.command("对照规划建筑物", partial(_compare, page, view), icon="compare")


async def _compare(page: RecordPage, view: RevisionView) -> None:
    if page.saver is not None and not await page.saver.save():
        return
    with page.root:
        figures = (await call(community_figures, view.revision_id)).or_end()
        told = {
            one.label: f"填报 {one.estate or '未填'}，规划建筑物合计 {one.planned}{'（不一致）' if one.differs else ''}"
            for one in figures
        }
        with question("小区数据对照规划建筑物", told) as dialog:
            plain_button("关闭", lambda: dialog.submit(None))
        await dialog
        dialog.delete()
