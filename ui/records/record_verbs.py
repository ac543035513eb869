"""Verbs of a record beside editing: withdraw, update, drop, void."""

from typing import TYPE_CHECKING
from uuid import UUID

from services.engine.cycle_orders import NextPeriod, OneRevision, StartUpdate, Void
from services.engine.cycle_reassignment import Reassign
from services.engine.cycle_reassignment import reassign as give_away
from services.engine.findings import Finding
from ui.records.reassignment import ask_who
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.parts import uuid_of

if TYPE_CHECKING:
    from ui.records.record_page import RecordPage


async def withdraw(page: "RecordPage") -> None:
    """Back into the maker's hands, while no reviewer has looked at it."""
    view = page.view
    assert view is not None
    if await confirm("撤回后可继续修改，须重新提交。确定撤回？", yes="撤回"):
        answer = await call(page.acts.withdraw, OneRevision(view.revision_id, view.version))
        if answer.ok:
            await page.reload("已撤回，可继续修改")


async def update(page: "RecordPage") -> None:
    """A new version on top of the one in force, which stays until the new one is approved."""
    view = page.view
    assert view is not None
    change = page.kind.look.change
    told = {"记录": f"{view.record_no} 第{view.version_no}版", "说明": "审核通过前，现行版本继续有效"}
    reason = await ask_reason(f"{change}这条记录", summary=told, yes=change, least=5, label=f"{change}原因")
    if reason is not None:
        answer = await call(page.acts.update, StartUpdate(view.record_id, reason))
        if answer.ok:
            page.place.keep(revision="")
            await page.reload("已生成新的草稿，请修改后提交")


async def next_period(page: "RecordPage") -> None:
    """Begin the record of the next month and open it."""
    view = page.view
    assert view is not None
    assert page.acts.next_period is not None
    answer = await call(page.acts.next_period, NextPeriod(view.record_id))
    if answer.ok and answer.value is not None:
        page.place.keep(id=answer.value.record_id, revision="")
        await page.reload("已生成下期草稿，请填写后提交")


async def reassign(page: "RecordPage") -> None:
    """The step in hand to another reviewer, or back to the queue."""
    view = page.view
    assert view is not None
    who = view.holder or view.assigned
    told = f"{page.kind.label}“{view.title}”{view.record_no} 第{view.version_no}版，{view.level}"
    told += f"，现由{who}办理。" if who else "，无人领取。"
    wanted = await ask_who([view.revision_id], told, held=bool(who or view.once_assigned))
    if wanted is not None:
        answer = await call(give_away, Reassign(view.revision_id, view.version, wanted.to, wanted.reason))
        if answer.ok:
            await page.reload("已转交" if wanted.to else "已放回待审")


async def drop(page: "RecordPage") -> None:
    """A draft that was never submitted goes away; what is in force stays."""
    view = page.view
    assert view is not None
    summary = {"记录": f"{view.title} 第{view.version_no}版"}
    if await confirm("删除这份草稿？删除后不能恢复。", summary=summary, yes="删除", danger=True):
        answer = await call(page.acts.drop, OneRevision(view.revision_id, view.version))
        if answer.ok:
            if page.saver is not None:
                page.saver.stop()
            page.place.say("草稿已删除", "good")
            if view.based_on:
                page.place.keep(revision="")
                await page.reload("草稿已删除，现行版本不变")
            else:
                await page.place.close()


async def void(page: "RecordPage") -> None:
    """Void a record as the authority, after listing its dependants."""
    view = page.view
    assert view is not None
    summary = {"记录": f"{view.record_no} {view.title}", "说明": "作废后不再有效，历史仍可查看"}
    reason = await ask_reason("作废这条记录？", summary=summary, yes="作废", least=5, danger=True, label="作废原因")
    if reason is None:
        return
    named: list[UUID] = []
    while not (answer := await call(page.acts.void, Void(view.record_id, reason, tuple(named)))).ok:
        resting = [one for one in map(_resting, answer.findings) if one is not None and one not in named]
        words = {str(number): finding.message for number, finding in enumerate(answer.findings, 1)}
        question = "以下生效记录以本记录为依据，须一并作废。确定全部作废？"
        if not resting or not await confirm(question, summary=words, yes="全部作废", danger=True):
            return
        # What rests on these in turn is asked about when its turn comes.
        named.extend(resting)
    await page.reload("已作废")


def _resting(finding: Finding) -> UUID | None:
    return uuid_of(str(finding.evidence.get("record_id", "")))
