"""管理记录审核: one queue for what waits for a reviewer's word, of every kind (market 3.3)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from nicegui import Client
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from models.records import INTERNAL_STEPS, RevisionState, StepVerdict
from services.engine.cycle import acts, any_revision
from services.engine.cycle_orders import Comparison, Decide, OneRevision, RevisionView
from services.engine.cycle_queue import QUEUE, REVIEWERS
from services.engine.field_types.field import Field
from services.engine.kinds import KINDS, Kind
from services.engine.listings import Line
from services.engine.orders import OneRow
from services.engine.registry import Action, Chosen
from services.engine.undo import seconds_left, undo
from services.records.looks import looks
from ui.records.beside import below_of
from ui.records.consulted import consulted_box
from ui.records.files import draw_files
from ui.records.history import History
from ui.records.record_page import open_record
from ui.records.shown import (
    FINDING_WORDS,
    compare,
    draw_beside,
    draw_changed_lines,
    draw_changes,
    draw_values,
    reason_label,
)
from ui.review.declaration import Decision, Hold, Queue, Standing, TakeBack
from ui.review.queue import review_module
from ui.shell.buttons import plain_button
from ui.shell.findings import draw_findings
from ui.shell.modules import Module
from ui.shell.parts import head, note
from ui.shell.place import Place
from ui.shell.values import shown

#: Steps that change nothing about what a level has to decide.
_BESIDE = INTERNAL_STEPS - {StepVerdict.HANDED_BACK}
RETURN_PHRASES = (
    "与附件不一致，请核对后修改",
    "附件不清晰或不完整，请重新上传",
    "与来源登记信息不一致，请说明原因或更正",
    "数值计算有误，请核对",
)
REJECT_PHRASES = ("不符合办理条件，不予通过", "重复填报，不予通过")
#: What a reviewer points at, by page and by version, with how often that had been returned before.
_POINTED: "WeakKeyDictionary[Client, dict[UUID, tuple[int, set[str]]]]" = WeakKeyDictionary()


def free(line: Line) -> bool:
    """Tell whether a version waits and no other reviewer has taken it."""
    return line.state is RevisionState.SUBMITTED and not line.bar and (not line.holder or line.mine)


def standing(view: RevisionView) -> Standing:
    level = f"（{view.level}）" if view.level else ""
    return Standing(
        title=f"{view.title}　{view.record_no} 第{view.version_no}版",
        state=f"{view.state.label}{level}",
        waits=view.state is RevisionState.SUBMITTED,
        holder=view.holder,
        mine=view.mine,
        since=view.taken_at,
        overdue=bool(view.holder) and not view.mine and "take" in view.ways,
        bar=view.bar or ("" if view.mine or view.ways & {"take", "approve"} or view.holder else "当前环节不由您审核"),
        version=view.version,
    )


def pointed(revision_id: UUID, returned: int | None = None) -> set[str]:
    """Return what the reviewer of this page points at in a version; a version returned since begins anew."""
    kept = _POINTED.setdefault(web.context.client, {})
    if revision_id not in kept or returned not in (None, kept[revision_id][0]):
        kept[revision_id] = (returned or 0, set())
    return kept[revision_id][1]


async def draw(place: Place, view: RevisionView) -> None:
    """Return what is to be decided: what is new first, then all of it, what was found, files, history."""
    kind = KINDS[view.kind]
    waits = view.state is RevisionState.SUBMITTED
    changed = await compare(kind, view.record_id, view.based_on, view.version_no) if view.based_on else None
    with web.element("div").classes("sf-record-told"):
        TextElement(tag="span", text=kind.label).classes("sf-badge sf-info")
        author = next((one.author for one in view.versions if one.revision_id == view.revision_id), "")
        about = view.about if view.about != view.title else ""
        words = [f"期限 {view.due.isoformat()}" if view.due else "", f"{author} 填报" if author else "", about]
        TextElement(tag="span", text="　".join(word for word in words if word)).classes("sf-help")
        web.space()
        plain_button("打开记录", lambda: open_record(place, kind.name, view.record_id, view.revision_id)).mark(
            "open-record"
        )
    if view.since_returned is not None:
        _draw_since_returned(kind, view.since_returned)
    # The history shows it too, but below all content.
    last = next((one for one in reversed(view.steps) if one.verdict not in _BESIDE), None)
    if waits and last is not None and last.verdict is StepVerdict.HANDED_BACK:
        head("退回上一级", Toned(f"{last.level}退回，请重新审核", "warn"))
        note(f"{last.opinion}（{last.by}，{shown(last.at)}）")
    if view.based_on:
        note(f"{kind.look.change}原因：{view.change_reason}")
        note(_told(view.based_on, changed))
    if view.findings:
        head("提交时核验结果")
        draw_findings(view.findings, words=FINDING_WORDS)
        for finding in view.findings:
            draw_beside(finding)
        for code, reason in view.reasons.items():
            note(f"{reason_label(code)}：{reason}")
    if view.source:
        note(
            f"来源：{view.source}，有{len(view.differences)}处与来源不一致"
            if view.differences
            else f"来源：{view.source}"
        )
    if waits:
        note("可勾选需要修改的栏目，退回时一并指出。")
    draw_values(kind, view, changed=changed, beside=_pointer(view) if waits else None)
    draw_files(kind, view)
    if (box := consulted_box(place, view)) is not None:
        await box.load()
    for draw_part in below_of(kind.name):
        await draw_part(place, view)
    History(
        kind,
        view,
        lambda revision_id: open_record(place, kind.name, view.record_id, revision_id),
        asks=place.may(looks),
    )


def _draw_since_returned(kind: Kind, found: Comparison) -> None:
    many = len(found.fields) + len(found.lines)
    head("与退回时相比", Toned(f"{many}处变化" if many else "没有变化", "warn"))
    if found.fields:
        draw_changes(("项目", "退回时", "本次提交", "变化"), found.fields)
    for child in kind.children:
        if lines := [line for line in found.lines if line.child == child.name]:
            note(f"{child.label}：{len(lines)}行有变化")
            draw_changed_lines(lines)


def _told(based_on: int, changed: Comparison | None) -> str:
    if changed is None:
        return f"暂时无法与第{based_on}版比对，请逐项核对全部内容，或刷新后再试。"
    many = len(changed.fields) + len(changed.lines)
    return f"与生效的第{based_on}版相比有{many}处变化，在下方标出。" if many else "与生效版本内容相同。"


def _pointer(view: RevisionView) -> Callable[[Field], None]:
    chosen = pointed(view.revision_id, sum(one.verdict is StepVerdict.RETURNED for one in view.steps))

    def beside(field: Field) -> None:
        box = web.checkbox(value=field.name in chosen).props("dense tabindex=-1").classes("sf-point")
        box.props["aria-label"] = f"指出{field.label}"
        box.mark(f"point-{field.name}")
        box.on_value_change(lambda event: chosen.add(field.name) if event.value else chosen.discard(field.name))

    return beside


def decide(row_id: UUID, words: str, version: int) -> Decide:
    return Decide(row_id, version, words, tuple(sorted(pointed(row_id))))


def of_kind(verb: str) -> Callable[[Any], Action[Any, Any]]:
    """The action of a record's kind."""
    return lambda record: getattr(acts(record.kind), verb)


def chosen(verb: str) -> Chosen:
    return Chosen(REVIEWERS, of_kind(verb))


def record_review() -> Module:
    """Return the module of the review queue, for reviewers of any kind; called when every kind is known."""
    return review_module(
        Queue(
            QUEUE,
            "rule",
            sheet=any_revision,
            free=free,
            standing=standing,
            draw=draw,
            roles=frozenset(role for kind in KINDS.values() for level in kind.review for role in level.roles),
            decisions=(
                Decision(
                    chosen("approve"), "通过", "p", lambda row_id, words, version: Decide(row_id, version), "审核通过"
                ),
                Decision(
                    chosen("send_back"), "退回", "r", decide, "已退回修改", reason="退回意见", phrases=RETURN_PHRASES
                ),
                Decision(
                    chosen("step_back"),
                    "退回上一级",
                    "b",
                    decide,
                    "已退回上一级重新审核",
                    reason="退回上一级的意见",
                    when=lambda view: "step_back" in view.ways,
                ),
                Decision(
                    chosen("reject"),
                    "不予通过",
                    "n",
                    decide,
                    "不予通过",
                    reason="不予通过的意见",
                    phrases=REJECT_PHRASES,
                    danger=True,
                ),
            ),
            hold=Hold(chosen("take"), chosen("release"), OneRevision),
            take_back=TakeBack(undo, seconds_left, OneRow),
        )
    )
