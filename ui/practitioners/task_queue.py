"""信息卡待办: hits on the list, differences, objections and reports a district looks into (rows 43, 44, 46, 48)."""

from functools import partial

from models.practitioner_codes import TaskKind
from services.engine.listings import Line
from services.engine.steps import starts
from services.practitioners.orders import Told
from services.practitioners.tasks import TASKS as CARD_TASKS
from services.practitioners.tasks import close_task, confirm_task, lift_task, open_task
from ui.practitioners.parts import told
from ui.review.declaration import Decision, Queue, Standing
from ui.review.queue import review_module
from ui.shell.parts import head, note
from ui.shell.place import Place

#: What a district has to find out, by the kind of task.
_ASKED = {
    TaskKind.BLACKLIST: "信息卡已自动暂停。请与行业协会核对名单：属实的核实并注销；不属实或已解除的恢复信息卡。",
    TaskKind.TWO_FACTOR: "请与企业核对持卡人证件：不属实的核实并注销；登记已更新的，写明情况后办结或恢复。",
    TaskKind.ASSOC_CONFLICT: "请核对本系统与诚信平台的记录，按核实的情况处理。",
    TaskKind.FIRM_ENDED: "企业备案已注销，其信息卡随之注销。请核对后办结。",
    TaskKind.DISPUTE: "企业对注销提出异议。异议不影响注销效力，请核实后写明处理情况。",
    TaskKind.REPORT: "请核实公众反映的情况，写明处理结果。",
}


def standing(line: Line) -> Standing:
    title = f"{line.kind.label} {line.card_no}".strip()
    return Standing(title, line.state.label, waits=starts(close_task, line), version=line.version)


def draw(place: Place, line: Line) -> None:
    """Draw what was found, about which card, and what became of it."""
    note(_ASKED[line.kind])
    told(
        {
            "事由": line.kind,
            "提出时间": line.raised_at,
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
        told({"处理时间": line.done_at, "处理人": line.done_by, "结论": line.outcome}, columns=1)


TASKS = review_module(
    Queue(
        CARD_TASKS,
        "assignment_late",
        sheet=open_task,
        free=partial(starts, close_task),
        standing=standing,
        draw=draw,
        decisions=(
            Decision(
                confirm_task,
                "核实并注销",
                "c",
                Told,
                "信息卡已注销",
                reason="核查结论",
                phrases=("经核查，名单情况属实", "经核查，持卡人身份信息不实"),
                danger=True,
            ),
            Decision(
                lift_task,
                "核查无误并恢复",
                "l",
                Told,
                "已恢复",
                reason="核查结论",
                phrases=("经核查，名单记录不是持卡人本人", "经核查，名单记录已解除"),
            ),
            Decision(
                close_task,
                "办结",
                "d",
                Told,
                "已办结",
                reason="处理情况",
                phrases=("已与企业核对，情况属实", "已核实，无需处理"),
            ),
        ),
    )
)
