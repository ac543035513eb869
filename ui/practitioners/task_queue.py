"""信息卡待办: hits on the list, differences, objections and reports a district looks into (rows 43, 44, 46, 48)."""

from models.practitioner_codes import TaskKind, TaskState
from services.access.visibility import CITY
from services.engine.paging import Paging
from services.practitioners.desk_views import task_counts
from services.practitioners.orders import Told
from services.practitioners.tasks import (
    TaskFilter,
    TaskLine,
    close_task,
    confirm_task,
    lift_task,
    list_tasks,
    open_task,
)
from services.practitioners.visibility import DISTRICT
from ui.practitioners.parts import told
from ui.review.declaration import Decision, Queue, Standing
from ui.review.queue import VIEW, review_module
from ui.shell.grid import Filter, View
from ui.shell.parts import head, note
from ui.shell.place import Place
from ui.shell.sheet import Column
from ui.shell.values import shown

#: What a district has to find out, by the kind of task.
_ASKED = {
    TaskKind.BLACKLIST: "信息卡已自动暂停。请与行业协会核对名单：属实的核实并注销；不属实或已解除的恢复信息卡。",
    TaskKind.TWO_FACTOR: "请与企业核对持卡人证件：不属实的核实并注销；登记已更新的，写明情况后办结或恢复。",
    TaskKind.ASSOC_CONFLICT: "请核对本系统与诚信平台的记录，按核实的情况处理。",
    TaskKind.FIRM_ENDED: "企业备案已注销，其信息卡随之注销。请核对后办结。",
    TaskKind.DISPUTE: "企业对注销提出异议。异议不影响注销效力，请核实后写明处理情况。",
    TaskKind.REPORT: "请核实公众反映的情况，写明处理结果。",
}


def order_of(view: View) -> TaskFilter:
    return TaskFilter(
        kind=view.text("kind"),
        state=TaskState.DONE.value if view.text(VIEW) == "done" else TaskState.OPEN.value,
        card_no=view.text("card_no"),
        paging=Paging(view.page, view.size, view.sort),
    )


def standing(line: TaskLine) -> Standing:
    return Standing(
        title=" ".join(part for part in (line.kind_label, line.card_no) if part),
        state=line.state,
        waits=line.state == TaskState.OPEN.label,
        version=line.version,
    )


def draw(place: Place, line: TaskLine) -> None:
    """Return what was found, about which card, and what became of it."""
    note(_ASKED[TaskKind.of(line.kind)])
    told(
        {
            "事由": line.kind_label,
            "提出时间": shown(line.raised_at),
            "信息卡": line.card_no,
            "卡片状态": line.card_state,
            "持卡人": line.holder,
            "企业": line.firm,
        }
    )
    head("情况说明")
    for words in line.words.splitlines() or ["没有其他说明"]:
        note(words)
    if line.done_at is not None:
        head("处理结果")
        told({"处理时间": shown(line.done_at), "处理人": line.done_by, "结论": line.outcome}, columns=1)


TASKS = review_module(
    Queue(
        key="card_tasks",
        title="信息卡待办",
        icon="assignment_late",
        roles=frozenset(DISTRICT | CITY),
        page=list_tasks,
        order=order_of,
        free=lambda line: line.state == TaskState.OPEN.label,
        columns=(
            Column("kind_label", "事由", width=130),
            Column("card_no", "信息卡", width=130),
            Column("holder", "持卡人", width=76),
            Column("firm", "企业"),
            Column("card_state", "卡片状态", width=80),
            Column("raised_at", "提出时间", width=126),
        ),
        filters=(
            Filter("kind", "事由", options=TaskKind.labels(), width=190),
            Filter("card_no", "信息卡编号", width=220),
        ),
        views={"": "待处理", "done": "已处理"},
        counts=task_counts,
        counted=lambda counts: {"": counts[TaskState.OPEN.value], "done": counts[TaskState.DONE.value]},
        sheet=open_task,
        standing=standing,
        draw=draw,
        decisions=(
            Decision(
                confirm_task,
                "核实并注销",
                "c",
                lambda row_id, words, version: Told(row_id, words, version),
                "信息卡已注销",
                reason="核查结论",
                phrases=("经核查，名单情况属实", "经核查，持卡人身份信息不实"),
                danger=True,
            ),
            Decision(
                lift_task,
                "核查无误并恢复",
                "l",
                lambda row_id, words, version: Told(row_id, words, version),
                "已恢复",
                reason="核查结论",
                phrases=("经核查，名单记录不是持卡人本人", "经核查，名单记录已解除"),
            ),
            Decision(
                close_task,
                "办结",
                "d",
                lambda row_id, words, version: Told(row_id, words, version),
                "已办结",
                reason="处理情况",
                phrases=("已与企业核对，情况属实", "已核实，无需处理"),
            ),
        ),
        empty="没有待处理的事项",
    )
)
