"""Verbs of a record beside editing: withdraw, undo, update, drop, void. Each asks, acts, and returns what to say once it is done."""

from uuid import UUID

from services.engine.cycle import acts
from services.engine.cycle_orders import OneRevision, RevisionView, StartUpdate, Void
from services.engine.cycle_reassignment import Reassign
from services.engine.cycle_reassignment import reassign as give_away
from services.engine.findings import Finding
from services.engine.kinds import Kind
from services.engine.orders import OneRow
from services.engine.undo import undo as take_back
from ui.records.record_dialogs import ask_who
from ui.shell.call import Ended, call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.parts import uuid_of
from ui.shell.place import Place


async def withdraw(place: Place, kind: Kind, view: RevisionView) -> str:
    """Back into the maker's hands, while no reviewer has looked at it."""
    await confirm("撤回后可继续修改，须重新提交。确定撤回？", yes="撤回")
    (await call(acts(kind).withdraw, OneRevision(view.revision_id, view.version))).or_end()
    return "已撤回，可继续修改"


async def undo(place: Place, kind: Kind, view: RevisionView) -> str:
    """Take back the caller's own decision of a moment ago."""
    await confirm("撤销刚才的审核决定？撤销后该件回到待审核，未发出的消息不再发送。", yes="撤销")
    (await call(take_back, OneRow(view.revision_id, view.version))).or_end()
    return "已撤销，该件回到待审核"


async def update(place: Place, kind: Kind, view: RevisionView) -> str:
    """A new version on top of the one in force, which stays until the new one is approved."""
    change = kind.look.change
    told = {"记录": f"{view.record_no} 第{view.version_no}版", "说明": "审核通过前，现行版本继续有效"}
    reason = await ask_reason(f"{change}这条记录", summary=told, yes=change, least=5, label=f"{change}原因")
    (await call(acts(kind).update, StartUpdate(view.record_id, reason))).or_end()
    place.keep(revision="")
    return "已生成新的草稿，请修改后提交"


async def next_period(place: Place, kind: Kind, view: RevisionView) -> str:
    """Begin the record of the next month and go to it."""
    begin = acts(kind).next_period
    assert begin is not None
    place.keep(id=(await call(begin, view.record_id)).or_end().record_id, revision="")
    return "已生成下期草稿，请填写后提交"


async def reassign(place: Place, kind: Kind, view: RevisionView) -> str:
    """The step in hand to another reviewer, or back to the queue."""
    who = view.holder or view.assigned
    told = f"{kind.label}“{view.title}”{view.record_no} 第{view.version_no}版，{view.level}"
    told += f"，现由{who}办理。" if who else "，无人领取。"
    wanted = await ask_who([view.revision_id], told, held=bool(who or view.once_assigned))
    (await call(give_away, Reassign(view.revision_id, view.version, wanted.to, wanted.reason))).or_end()
    return "已转交" if wanted.to else "已放回待审"


async def drop(place: Place, kind: Kind, view: RevisionView) -> str:
    """A draft that was never submitted goes away; what is in force stays. Without it the place has no record any more."""
    summary = {"记录": f"{view.title} 第{view.version_no}版"}
    await confirm("删除这份草稿？删除后不能恢复。", summary=summary, yes="删除", danger=True)
    (await call(acts(kind).drop, OneRevision(view.revision_id, view.version))).or_end()
    place.keep(revision="", id=view.record_id if view.based_on else "")
    return "草稿已删除，现行版本不变" if view.based_on else "草稿已删除"


async def void(place: Place, kind: Kind, view: RevisionView) -> str:
    """Void a record as the authority, after listing its dependants."""
    summary = {"记录": f"{view.record_no} {view.title}", "说明": "作废后不再有效，历史仍可查看"}
    reason = await ask_reason("作废这条记录？", summary=summary, yes="作废", least=5, danger=True, label="作废原因")
    named: list[UUID] = []
    while not (answer := await call(acts(kind).void, Void(view.record_id, reason, tuple(named)))).ok:
        resting = [one for one in map(_resting, answer.findings) if one is not None and one not in named]
        words = {str(number): finding.message for number, finding in enumerate(answer.findings, 1)}
        question = "以下生效记录以本记录为依据，须一并作废。确定全部作废？"
        if not resting:
            raise Ended
        await confirm(question, summary=words, yes="全部作废", danger=True)
        # What rests on these in turn is asked about when its turn comes.
        named.extend(resting)
    return "已作废"


def _resting(finding: Finding) -> UUID | None:
    return uuid_of(str(finding.evidence.get("record_id", "")))
