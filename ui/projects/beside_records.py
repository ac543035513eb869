"""Additions to the pages of parcels, projects and their lists: holders, changed parcels, the relaxed order."""

from functools import partial

from nicegui import ui as web

from models.records import RevisionState
from services.engine.cycle_orders import RevisionView
from services.projects.order_relaxation import RelaxOrder, order_is_relaxed, relax_order
from services.projects.parcel_changes import list_changes
from ui.records.beside import beside
from ui.records.record_page import RecordPage
from ui.shell.call import call
from ui.shell.dialogs import ask_reason

_SHOWN = 3


@beside("parcel")
def open_links(page: RecordPage, view: RevisionView) -> None:
    """A parcel in force has links and payments."""
    if view.state is not RevisionState.EFFECTIVE:
        return
    number = str(view.values.get("parcel_no") or "")
    keys = page.place.workspace.modules
    for key, label, icon in (
        ("parcel_links", "关联记录", "link"),
        ("parcel_assignments", "指派记录", "account_tree"),
        ("parcel_calendar", "价款日历", "calendar_month"),
    ):
        if key in keys:
            page.place.command(label, partial(page.place.open, key, text=number), icon=icon)


@beside("project_parcels")
def warn_of_changes(page: RecordPage, view: RevisionView) -> None:
    """A parcel that was updated after the list was approved is pointed out; nothing is taken over by itself."""
    if view.based_on is not None or view.state is RevisionState.EFFECTIVE:
        with page.root:
            web.timer(0.1, partial(_warn, page, view), once=True)


async def _warn(page: RecordPage, view: RevisionView) -> None:
    answer = await call(list_changes, view.record_id, quiet=True)
    if not answer.ok or not answer.value:
        return
    changed = answer.value
    more = f"等{len(changed)}处" if len(changed) > _SHOWN else ""
    page.place.say("地块有变动：" + "；".join(changed[:_SHOWN]) + more + "，请核对后更新本清单", "warn")


@beside("project")
def loosen_order(page: RecordPage, view: RevisionView) -> None:
    """The authority may let an old project's records come in another order."""
    if view.state is RevisionState.EFFECTIVE and page.place.may(relax_order):
        page.place.command("补录顺序", partial(_loosen, page, view), icon="low_priority")


async def _loosen(page: RecordPage, view: RevisionView) -> None:
    with page.root:
        relaxed = (await call(order_is_relaxed, view.record_id)).or_end()
        question = "恢复按规定顺序填报？" if relaxed else "允许本项目补录时放宽填报顺序？前置记录未生效时只提示、不阻止"
        reason = await ask_reason(question, summary={"项目": view.title}, yes="确定", least=5, label="原因")
        if (await call(relax_order, RelaxOrder(view.record_id, not relaxed, reason))).ok:
            page.place.say("已恢复按规定顺序填报" if relaxed else "已放宽填报顺序", "good")
