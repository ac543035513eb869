"""Commands on the page of a reported place: propose conversion, withdraw the proposal, note the managed project (row 37)."""

from functools import partial
from typing import Any

from nicegui import ui as web

from models.records import RevisionState
from models.unmanaged import UnmanagedState
from services.engine.cycle_orders import RevisionView
from services.engine.steps import is_available
from services.unmanaged.conversion import (
    Convert,
    GiveUp,
    Standing,
    convert,
    give_up_conversion,
    propose_conversion,
    standing_of,
)
from ui.records.beside import beside
from ui.records.record_page import RecordPage
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm


@beside("unmanaged_report")
def conversion(page: RecordPage, view: RevisionView) -> None:
    """A report in force may be proposed for the managed library; its stage is asked for when the page is drawn."""
    if view.state is RevisionState.EFFECTIVE:
        with page.root:
            web.timer(0.1, partial(_offer, page, view), once=True)


async def _offer(page: RecordPage, view: RevisionView) -> None:
    answer = await call(standing_of, view.record_id, quiet=True)
    if not answer.ok:
        return
    standing: Standing = answer.value
    page.place.say(_told(standing), "warn" if standing.late else "info")
    ways: tuple[tuple[Any, str, Any, str], ...] = (
        (propose_conversion, "提议转入纳管", _propose, "move_up"),
        (convert, "登记已转入", _convert, "task_alt"),
        (give_up_conversion, "撤回纳管提议", _give_up, "undo"),
    )
    for action, label, run, icon in ways:
        if is_available(page.place.caller, action, standing):
            page.place.command(label, partial(run, page, view), icon=icon)


def _told(standing: Standing) -> str:
    if standing.stage is UnmanagedState.CONVERTED:
        return f"已转入纳管，项目编号{standing.managed_as}；历史记录保留"
    told = f"{standing.stage.label}；距上次更新{standing.days}天"
    return f"{told}，已超过更新期限，请尽快更新" if standing.late else told


async def _propose(page: RecordPage, view: RevisionView) -> None:
    with page.root:
        told = {"项目": f"{view.record_no} {view.title}", "说明": "将通知市中心安排入库，报备记录和历史全部保留"}
        await confirm("提议将该项目转入纳管？", summary=told, yes="提议")
        (await call(propose_conversion, view.record_id)).or_end()
        await page.reload("已提议转入纳管，已通知市中心")


async def _convert(page: RecordPage, view: RevisionView) -> None:
    with page.root:
        told = {"项目": f"{view.record_no} {view.title}", "说明": "登记后本记录不再更新，历史保留"}
        number = await ask_reason("登记已转入纳管", summary=told, yes="登记", label="集中式项目编号")
        if number and (await call(convert, Convert(view.record_id, number))).ok:
            await page.reload("已登记转入纳管")


async def _give_up(page: RecordPage, view: RevisionView) -> None:
    with page.root:
        reason = await ask_reason("撤回纳管提议", yes="撤回", least=5, label="撤回原因")
        if reason and (await call(give_up_conversion, GiveUp(view.record_id, reason))).ok:
            await page.reload("已撤回提议")
