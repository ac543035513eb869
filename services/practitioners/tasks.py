"""Tasks of a district about cards: blacklist hits, differences, objections, reports (rows 43, 44, 46, 48)."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.access import Role
from models.enterprise import Enterprise
from models.practitioner_codes import TASK, CardEnd, CardPause, CardState, TaskKind, TaskState
from models.practitioners import CardTask, InfoCard
from models.sealed import Sealed
from services.access.visibility import CITY, ENTERPRISE
from services.engine.paging import Paging, ordering
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.registry import Step, action, query
from services.engine.search_terms import chosen, search_word
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work
from services.practitioners.cards import cancel_card, put_back
from services.practitioners.orders import Told
from services.practitioners.records import card_number, held, tell_district, tell_firm
from services.practitioners.visibility import DISTRICT
from services.tenancy.paper_words import clerk_name

_TITLES = {
    TaskKind.BLACKLIST: "在用信息卡命中黑名单，请核查",
    TaskKind.TWO_FACTOR: "在用信息卡身份核验不再通过，请核查",
    TaskKind.ASSOC_CONFLICT: "信息卡与诚信平台不一致，请核对",
    TaskKind.FIRM_ENDED: "企业备案已注销，其信息卡已注销",
    TaskKind.DISPUTE: "企业对信息卡注销提出异议",
    TaskKind.REPORT: "公众反映信息卡问题",
}

#: Which findings end a card when the district confirms them, and with what reason.
_ENDS = {
    TaskKind.BLACKLIST: CardEnd.BLACKLIST,
    TaskKind.TWO_FACTOR: CardEnd.CHANGED,
    TaskKind.ASSOC_CONFLICT: CardEnd.ASSOCIATION,
}


def raise_task(
    work: Work,
    kind: TaskKind,
    *,
    card: InfoCard | None = None,
    firm: Enterprise | None = None,
    detail: dict[str, Any] | None = None,
    district_code: str = "",
) -> CardTask:
    """Put something before the district; while one of a kind about a card is open, it stays the only one.

    `detail` is sealed; `words` in it is what is shown first.
    """
    if card is not None:
        standing = work.session.exec(
            select(CardTask).where(CardTask.card_id == card.id, CardTask.kind == kind, CardTask.state == TaskState.OPEN)
        ).first()
        if standing is not None and kind is not TaskKind.REPORT:
            standing.detail = Sealed.of_json(_with_earlier_words(standing, detail or {}))
            work.add(standing)
            return standing
        firm = firm or work.session.exec(select(Enterprise).where(Enterprise.id == card.enterprise_id)).first()
    task = CardTask(
        kind=kind,
        card_id=card.id if card else None,
        enterprise_id=firm.id if firm else None,
        detail=Sealed.of_json(detail or {}),
        raised_at=work.now,
        district_code=firm.district_code if firm else district_code or "310000",
        street_code=firm.street_code if firm else "",
    )
    work.add(task)
    named = f"信息卡{card.card_no}。" if card is not None and not card.card_no.startswith("~") else ""
    tell_district(work, task.district_code, _TITLES[kind], f"{_TITLES[kind]}。{named}", task)
    work.trail.tell("DATA.CREATE", "practitioners.task", about=task, detail={"kind": str(kind)})
    return task


def _with_earlier_words(task: CardTask, detail: dict[str, Any]) -> dict[str, Any]:
    """Append new information about an open task below the earlier one."""
    said = str(task.detail.json().get("words", "")).splitlines() if task.detail is not None else []
    new = [line for line in str(detail.get("words", "")).splitlines() if line not in said]
    return {**detail, "words": "\n".join([*said, *new])}


# Acts


def _open(work: Work, order: Told) -> CardTask:
    task = held(work, CardTask, order.id, order.version)
    if task.state is TaskState.DONE:
        raise Conflict("该待办已处理")
    return task


def _close(work: Work, task: CardTask, outcome: str, words: str) -> None:
    take_step(work, task, TASK, "close", log=False)
    task.done_at, task.done_by = work.now, work.caller.account_id
    task.outcome = Sealed.of_json({"outcome": outcome, "words": words})
    work.add(task)
    work.trail.tell("DATA.STATE", "practitioners.task_done", about=task, detail={"outcome": outcome})


@action("practitioners.task_confirm", "核实并注销信息卡", roles=DISTRICT, step=Step(TASK, "close"))
def confirm_task(work: Work, order: Told) -> None:
    """The district confirms what was found: the card is cancelled, for a hit with the reason 黑名单 (decision 29)."""
    words = enough_words(order.reason, "核查结论", most=500)
    task = _open(work, order)
    end = _ENDS.get(task.kind)
    if end is None:
        raise Rejected("该待办不涉及注销信息卡，请选择“办结”")
    card = _card(work, task)
    if card is None:
        raise Conflict("该待办没有对应的信息卡，请选择“办结”")
    if card.live:
        cancel_card(work, card, end)
        body = f"信息卡{card.card_no}经区房屋管理部门核查已注销，请停止使用并收回。有异议的，可以对该卡提出异议。"
        tell_firm(work, card.enterprise_id, "信息卡已注销", body, card)
    _close(work, task, "confirmed", words)


@action("practitioners.task_lift", "核查无误并恢复信息卡", roles=DISTRICT, step=Step(TASK, "close"))
def lift_task(work: Work, order: Told) -> None:
    """Close a task as unfounded: a suspended card is in force again, and this entry counts as a hit no more."""
    words = enough_words(order.reason, "核查结论", most=500)
    task = _open(work, order)
    _close(work, task, "lifted", words)
    card = _card(work, task)
    if task.kind is TaskKind.BLACKLIST and card is not None and card.state is CardState.SUSPENDED:
        put_back(work, card, _earlier_pause(task))
        told = _LIFTED.get(card.pause, "已恢复有效")
        tell_firm(work, card.enterprise_id, "信息卡核查已结束", f"信息卡{card.card_no}{told}。", card)


#: What a firm is told of a card that stays suspended though the hit was lifted.
_LIFTED: dict[CardPause | None, str] = {
    CardPause.FIRM: "核查已结束，企业恢复服务后自动恢复",
    CardPause.INQUIRY: "名单核查已结束，因区房屋管理部门另有调查仍为暂停，请等待调查结果",
}


def _earlier_pause(task: CardTask) -> CardPause | None:
    """Return what the card was suspended for when the hit came."""
    kept = task.detail.json().get("pause", "") if task.detail is not None else ""
    return CardPause.of(kept) if kept else None


@action("practitioners.task_close", "办结待办", roles=DISTRICT | {Role.CITY_CENTER}, step=Step(TASK, "close"))
def close_task(work: Work, order: Told) -> None:
    """Close a task that only needs to be examined; the city closes tasks without a district (row 48)."""
    words = enough_words(order.reason, "处理情况", most=500)
    task = _open(work, order)
    if not _is_to_close(work, task):
        raise NotAllowed("该待办由企业备案所在区的房屋管理部门办结")
    if task.kind is TaskKind.BLACKLIST:
        raise Rejected("黑名单命中须核实注销或核查恢复，不能直接办结")
    _close(work, task, "closed", words)


@action("practitioners.dispute", "提出异议", roles=ENTERPRISE, event="DATA.CREATE")
def dispute(work: Work, order: Told) -> UUID:
    """A firm objects to what was done with a card of its own; it is noted and looked at, and nothing waits for it (row 43)."""
    words = enough_words(order.reason, "异议内容", most=500)
    card = work.get(InfoCard, order.id)
    if card.enterprise_id != work.caller.enterprise_id:
        raise NotFound
    return raise_task(work, TaskKind.DISPUTE, card=card, detail={"words": words}).id


def _card(work: Work, task: CardTask) -> InfoCard | None:
    if task.card_id is None:
        return None
    found = work.session.exec(select(InfoCard).where(InfoCard.id == task.card_id)).first()
    return held(work, InfoCard, found.id) if found is not None else None


# Lists


@dataclass(frozen=True)
class TaskFilter:
    """`kind` and `state` are values of their codes, empty for all."""

    kind: str = ""
    state: str = TaskState.OPEN.value
    card_no: str = ""
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class TaskLine:
    """A task with its card, the holder's name masked."""

    id: UUID
    version: int
    kind: str
    kind_label: str
    card_id: UUID | None
    card_no: str
    card_state: str
    holder: str
    firm: str
    words: str
    raised_at: datetime
    done_at: datetime | None
    done_by: str
    outcome: str
    state: str


@dataclass(frozen=True)
class TaskPage:
    total: int
    lines: tuple[TaskLine, ...] = ()


@query("practitioners.tasks", "信息卡待办", roles=DISTRICT | CITY)
def list_tasks(work: Work, order: TaskFilter) -> TaskPage:
    """The visible tasks of a filter, the oldest open ones first."""
    offset, size = order.paging.bounds()
    rows = work.visible(CardTask)
    if order.kind:
        rows = rows.where(CardTask.kind == chosen(TaskKind, order.kind))
    if order.state:
        rows = rows.where(CardTask.state == chosen(TaskState, order.state))
    if number := search_word(order.card_no):
        named = select(InfoCard.id).where(InfoCard.card_no == card_number(number))
        rows = rows.where(col(CardTask.card_id).in_(named))
    total = work.session.exec(select(func.count()).select_from(rows.subquery())).one()
    newest_first = order.state == TaskState.DONE.value
    way = ordering(order.paging.sort, {"raised_at": CardTask.raised_at}, "-raised_at" if newest_first else "raised_at")
    found = work.session.exec(rows.order_by(way, col(CardTask.id)).offset(offset).limit(size)).all()
    return TaskPage(total, tuple(task_lines(work, found)))


@query("practitioners.task", "查看信息卡待办", roles=DISTRICT | CITY, personal=True)
def open_task(work: Work, task_id: UUID) -> TaskLine:
    """Return a task in whole; what a citizen wrote may name people and numbers, so the look is audited."""
    row = work.get(CardTask, task_id)
    line = task_lines(work, [row])[0]
    return replace(line, words=_reported(work, row)) if row.kind is TaskKind.REPORT else line


def _reported(work: Work, row: CardTask) -> str:
    """Return a citizen's report (row 48) with a line for each part; contact details only for those who answer."""
    told = row.detail.json() if row.detail else {}
    parts = {"reason": "反映的问题", "text": "具体情况", "card_no": "所填卡号"}
    if _is_to_close(work, row):
        parts["contact"] = "联系方式"
    return "\n".join(f"{label}：{told[key]}" for key, label in parts.items() if told.get(key))


def _is_to_close(work: Work, task: CardTask) -> bool:
    """A task about a firm is its district's; the others are the city's."""
    return task.enterprise_id is None or work.caller.has(*DISTRICT)


def task_lines(work: Work, rows: Any) -> list[TaskLine]:
    cards = {
        card.id: card
        for card in work.session.exec(
            select(InfoCard).where(col(InfoCard.id).in_({row.card_id for row in rows if row.card_id}))
        ).all()
    }
    firms = dict(
        work.session.exec(
            select(Enterprise.id, Enterprise.name).where(
                col(Enterprise.id).in_({row.enterprise_id for row in rows if row.enterprise_id})
            )
        ).all()
    )
    return [_line(work, row, cards.get(row.card_id), firms.get(row.enterprise_id, "")) for row in rows]


def _line(work: Work, row: CardTask, card: InfoCard | None, firm: str) -> TaskLine:
    detail = row.detail.json() if row.detail else {}
    outcome = row.outcome.json() if row.outcome else {}
    return TaskLine(
        id=row.id,
        version=row.version,
        kind=str(row.kind),
        kind_label=row.kind.label,
        card_id=row.card_id,
        card_no=card.card_no if card else "",
        card_state=card.state.label if card else "",
        holder=card.name.masked() if card else "",
        firm=firm,
        words=str(detail.get("words") or detail.get("reason", "")),
        raised_at=row.raised_at,
        done_at=row.done_at,
        done_by=clerk_name(work, row.done_by) if row.done_by else "",
        outcome=str(outcome.get("words", "")),
        state=row.state.label,
    )
