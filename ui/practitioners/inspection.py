"""信息卡验看 and 信息卡待办: the district's queues; the evidence of an application, tasks it looks into (rows 40, 43-48)."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from models.places_data import district
from models.practitioner_codes import FaceSeen, TaskKind
from models.practitioners import Practitioner
from models.tenancy_codes import IdType
from services.engine.findings import rule_number
from services.engine.listings import Line
from services.engine.orders import OneRow
from services.engine.steps import starts
from services.practitioners.card_files import preview_card
from services.practitioners.faces import SENTENCES
from services.practitioners.identity_checks import check_again
from services.practitioners.inspection import (
    inspection_undo_left,
    pass_apply,
    release,
    return_apply,
    take,
    undo_inspection,
)
from services.practitioners.inspection_views import INSPECTIONS, CheckLine, InspectionSheet, inspection_sheet
from services.practitioners.orders import PersonData, Told
from services.practitioners.records import Opinion
from services.practitioners.tasks import TASKS as CARD_TASKS
from services.practitioners.tasks import close_task, confirm_task, lift_task, open_task, task_undo_left, undo_task
from ui.practitioners.faces import show_faces
from ui.practitioners.parts import is_free, portrait, rows_under, standing_by, told
from ui.review.declaration import Decision, Hold, Queue, Standing, TakeBack
from ui.review.queue import review_module
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import question
from ui.shell.parts import draw_cells, head, note
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import shown

RESULTS = {
    "PASS": Toned("通过", "good"),
    "FAIL": Toned("未通过", "bad"),
    "WARN": Toned("提示", "warn"),
    "UNKNOWN": Toned("核验中", "info"),
    "OPEN": Toned("未核验"),
}


_CHECKS = (
    Column("code", "规则", width=54, show=rule_number),
    Column("label", "核验内容", width=148),
    Column("result", "结果", width=70, show=lambda result: RESULTS.get(result, result)),
    Column("words", "说明"),
)


def person_values(person: PersonData) -> dict[str, Any]:
    """The data of a person by the labels of their columns."""
    columns = sa.inspect(Practitioner).columns
    kind = IdType.labels().get(person.id_type, person.id_type)
    return {columns[name].info["label"]: value for name, value in {**asdict(person), "id_type": kind}.items()}


def draw_sheet(place: Place, sheet: InspectionSheet) -> None:
    """Draw the evidence of an application, critical parts first."""
    person, line, firm = sheet.person, sheet.line, sheet.firm
    of = district(firm.district_code)
    with web.element("div").classes("sf-with-portrait"):
        with web.element("div").classes("sf-portraits"):
            portrait(line.portrait_id, person.name, large=True)
            draw_face(sheet)
            if sheet.before_portrait_id is not None and sheet.before_portrait_id != line.portrait_id:
                TextElement(tag="small", text="原照片").classes("sf-help")
                portrait(sheet.before_portrait_id, f"{person.name}原")
        told(person_values(person))
    if place.may(check_again, line):
        _draw_waiting(place, sheet)
    if sheet.before is not None:
        draw_differences(person_values(sheet.before), person_values(person))
    told(
        {
            "企业": firm.name,
            "信用代码": firm.uscc,
            "备案状态": firm.record_state.label + (f"（{of.name}）" if of else ""),
            "服务状态": firm.service_state,
            "申请类别": f"{line.kind.label}，{line.channel.label}",
            "提交时间": shown(line.submitted_at) + (f"（已等{line.waited_days}天）" if line.waited_days else ""),
            **({"信息卡": sheet.card_no} if sheet.card_no else {}),
        }
    )
    if place.may(pass_apply, line):
        with web.element("div").classes("sf-buttons sf-pad"):
            order = Told(line.id, "", line.version)
            plain_button("预览信息卡", partial(show_card, place, order), icon="badge").mark("preview-card")
    draw_checks(sheet.checks, when=shown(line.checked_at))
    if sheet.decisions:
        head("本申请以往意见")
        draw_decisions(sheet.decisions)
    head("同一人员的其他申请和信息卡")
    draw_past(sheet.of_person, "同一人员", "该人员没有其他申请和信息卡", whose="企业")
    head("同一企业近期验看")
    draw_past(sheet.of_firm, "同一企业", "该企业近期没有验看记录", whose="人员")


async def show_card(place: Place, order: Told) -> None:
    """Show the card that passing this application draws up; no number is used up."""
    picture = (await call(preview_card, order)).or_end()
    with question("预览信息卡：编号和二维码在通过后生成") as dialog:
        image = web.element("img").props("alt=信息卡正面预览").classes("sf-card-preview")
        image.props["src"] = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
        with web.element("div").classes("sf-buttons"):
            main_button("关闭", lambda: dialog.submit(None)).props("autofocus").mark("card-close")
    await dialog
    dialog.delete()


def draw_face(sheet: InspectionSheet) -> None:
    """Return what the detector made of the portrait, below it; the eye decides."""
    if sheet.line.portrait_id is None:
        return
    words = sheet.face.label if sheet.face is not None else "未作人脸检测"
    tone = "muted" if sheet.face is None else "good" if sheet.face is FaceSeen.ONE else "warn"
    badge = TextElement(tag="span", text=words).classes(f"sf-badge sf-{tone}").mark("face-seen")
    if sheet.face in SENTENCES:
        badge.tooltip(SENTENCES[sheet.face])


def _draw_waiting(place: Place, sheet: InspectionSheet) -> None:
    """Police or association are silent: asked again by the system, or at once."""

    async def again() -> None:
        if (await call(check_again, OneRow(sheet.line.id), button=button)).ok:
            place.say("已重新安排核验，请稍后刷新查看", "good")

    note("身份或黑名单核验尚未得到应答，系统会自动重试；应答后转为待验看。")
    with web.element("div").classes("sf-buttons sf-pad"):
        button = plain_button("立即重新核验", again, icon="sync").mark("check-again")


def draw_checks(checks: Sequence[CheckLine], *, when: str = "") -> None:
    """A line for each rule: its code, what it looks at, what it said, its basis."""
    rows_under("核验结果" + (f"（{when}）" if when else ""), _CHECKS, checks, label="核验结果")


def draw_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Draw the values a change replaces, in the order of the form."""
    found = [
        SimpleNamespace(label=label, before=value, after=after[label])
        for label, value in before.items()
        if value != after[label]
    ]
    if not found:
        return
    head(f"变更内容（{len(found)}项）")
    rows = Rows(
        (Column("label", "项目", width=110), Column("before", "原信息"), Column("after", "变更为")),
        found,
        label="变更内容",
        wraps=True,
    )
    rows.table.classes("sf-differences")


def draw_decisions(said: Sequence[Opinion]) -> None:
    """Decisions, the latest first."""
    with web.element("ul").classes("sf-said").props("aria-label=验看意见"):
        for one in reversed(said):
            with web.element("li"):
                TextElement(tag="time", text=shown(one.at))
                words = "：".join(part for part in (f"{one.by} {one.decision}", one.words) if part)
                TextElement(tag="span", text=words)


def draw_past(past: Sequence[Line], label: str, none: str, *, whose: str) -> None:
    """Earlier applications and cards, each with `whose` it is."""
    if not past:
        note(none)
        return
    Rows(
        (
            Column("what", "事项", width=70),
            Column("number", "编号", width=152),
            Column("state", "状态", width=76),
            Column("at", "日期", width=88, show=lambda at: shown(at)[:10]),
            Column("firm", whose, width=0 if whose == "企业" else 60),
            Column("words", "意见"),
        ),
        past,
        label=label,
        wraps=True,
    )


PHRASES = (
    "照片不清晰，请上传清晰的近期证件照",
    "照片不是本人，请核对后重新上传",
    "姓名与证件不一致，请按证件填写",
    "岗位或从业信息不完整，请补全",
    "劳动合同起止日期有误，请核对",
    "入职日期与劳动合同不符，请核对",
)


INSPECTION = review_module(
    Queue(
        INSPECTIONS,
        "badge",
        group="practitioners",
        sheet=inspection_sheet,
        free=is_free(pass_apply),
        standing=standing_by(
            pass_apply,
            lambda sheet: f"{sheet.person.name}　{sheet.line.apply_no}",
            own="这份申请由您本人提交，请由其他同事验看",
            line_of=lambda sheet: sheet.line,
        ),
        draw=draw_sheet,
        decisions=(
            Decision(pass_apply, "通过", "p", Told, "验看通过"),
            Decision(return_apply, "退回", "r", Told, "已退回企业", reason="退回原因", phrases=PHRASES),
        ),
        hold=Hold(take, release, OneRow),
        take_back=TakeBack(undo_inspection, inspection_undo_left, OneRow),
        overview=show_faces,
    )
)


#: What a district has to find out, by the kind of task.
_ASKED = {
    TaskKind.BLACKLIST: "信息卡已自动暂停。请与行业协会核对名单：属实的核实并注销；不属实或已解除的恢复信息卡。",
    TaskKind.TWO_FACTOR: "请与企业核对持卡人证件：不属实的核实并注销；登记已更新的，写明情况后办结或恢复。",
    TaskKind.ASSOC_CONFLICT: "请核对本系统与诚信平台的记录，按核实的情况处理。",
    TaskKind.FIRM_ENDED: "企业备案已注销，其信息卡随之注销。请核对后办结。",
    TaskKind.DISPUTE: "企业对注销提出异议。异议不影响注销效力，请核实后写明处理情况。",
    TaskKind.REPORT: "请核实公众反映的情况，写明处理结果。",
}


def task_standing(line: Line) -> Standing:
    title = f"{line.kind.label} {line.card_no}".strip()
    return Standing(title, line.state.label, waits=starts(close_task, line), version=line.version)


def draw_task(place: Place, line: Line) -> None:
    """Draw what was found, about which card, and what became of it."""
    note(_ASKED[line.kind])
    draw_cells(CARD_TASKS, line, without=("state", "done_at", "done_by", "outcome"), columns=2)
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
        group="practitioners",
        sheet=open_task,
        free=partial(starts, close_task),
        standing=task_standing,
        draw=draw_task,
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
        take_back=TakeBack(undo_task, task_undo_left, OneRow),
    )
)
