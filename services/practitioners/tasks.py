"""Tasks of a district about cards: blacklist hits, differences, objections, reports (rows 43, 44, 46, 48)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.enterprise import Enterprise
from models.practitioner_codes import CARD, TASK, CardEnd, CardPause, CardState, TaskKind, TaskState
from models.practitioners import CardTask, InfoCard
from models.sealed import Sealed
from services.access.visibility import CITY, ENTERPRISE
from services.engine.list_pages import lines_of
from services.engine.listings import Column, Line, Listing, choice, listed, named, through
from services.engine.look_ups import held, row_by, rows_by
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.registry import Step, action, query
from services.engine.steps import take_step
from services.engine.undo import keep_for_undo, undoing
from services.engine.words import enough_words
from services.engine.work import Work
from services.practitioners.cards import cancel_card, put_back
from services.practitioners.orders import Told
from services.practitioners.records import firm_names, numbered, tell_district, tell_firm
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
        standing = work.first(
            CardTask, CardTask.card_id == card.id, CardTask.kind == kind, CardTask.state == TaskState.OPEN
        )
        if standing is not None and kind is not TaskKind.REPORT:
            standing.detail = Sealed.of_json(_with_earlier_words(standing, detail or {}))
            return work.add(standing)
        firm = firm or row_by(work, Enterprise, card.enterprise_id)
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


def open_task_id(work: Work, card_id: UUID, kind: TaskKind) -> UUID | None:
    """The newest open task of a kind about a card; the row itself is not read."""
    rows = select(CardTask.id).where(
        CardTask.card_id == card_id, CardTask.kind == kind, CardTask.state == TaskState.OPEN
    )
    return work.session.exec(rows.order_by(col(CardTask.raised_at).desc(), col(CardTask.id)).limit(1)).first()


def _with_earlier_words(task: CardTask, detail: dict[str, Any]) -> dict[str, Any]:
    """Append new information about an open task below the earlier one."""
    said = str(task.detail.json().get("words", "")).splitlines() if task.detail is not None else []
    new = [line for line in str(detail.get("words", "")).splitlines() if line not in said]
    return {**detail, "words": "\n".join([*said, *new])}


# Acts


def _open(work: Work, order: Told, verb: str) -> CardTask:
    task = held(work, CardTask, order.id, order.version)
    if task.state is TaskState.DONE:
        raise Conflict("该待办已处理")
    keep_for_undo(work, task, verb)
    return task


undo_task, task_undo_left = undoing(
    CardTask,
    TASK,
    "practitioners.task",
    "待办处理决定",
    DISTRICT | {Role.CITY_CENTER},
    about=lambda task: (task.card_id,),
)


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
    task = _open(work, order, "confirm")
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
    task = _open(work, order, "lift")
    _close(work, task, "lifted", words)
    card = _card(work, task)
    if task.kind is TaskKind.BLACKLIST and card is not None and card.state is CardState.SUSPENDED:
        put_back(work, card, _earlier_pause(task))
        told = _LIFTED.get(card.pause, "已恢复有效")
        tell_firm(work, card.enterprise_id, "信息卡核查已结束", f"信息卡{card.card_no}{told}。", card)


#: Message to a firm about a card that stays suspended though the hit was lifted.
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
    task = _open(work, order, "close")
    if not _is_to_close(work, task):
        raise NotAllowed("该待办由企业备案所在区的房屋管理部门办结")
    if task.kind is TaskKind.BLACKLIST:
        raise Rejected("黑名单命中须核实注销或核查恢复，不能直接办结")
    _close(work, task, "closed", words)


@action("practitioners.dispute", "提出异议", roles=ENTERPRISE, step=Step(CARD, "dispute"), event="DATA.CREATE")
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
    found = row_by(work, InfoCard, task.card_id)
    return held(work, InfoCard, found.id) if found is not None else None


# Lists


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    cards = rows_by(work, InfoCard, (row.card_id for row in rows))
    details = {row.id: row.detail.json() if row.detail else {} for row in rows}

    def of_card(key: str) -> Callable[[Any], Any]:
        return lambda row: getattr(cards[row.card_id], key) if row.card_id in cards else ""

    return {
        "card_no": of_card("card_no"),
        "card_state": of_card("state"),
        "holder": of_card("name"),
        "firm": firm_names(work, rows),
        "words": lambda row: str(details[row.id].get("words") or details[row.id].get("reason", "")),
        "done_by": lambda row: clerk_name(work, row.done_by) if row.done_by else "",
        "outcome": lambda row: str(row.outcome.json().get("words", "")) if row.outcome else "",
    }


TASKS = listed(
    Listing(
        name="card_tasks",
        label="信息卡待办",
        roles=DISTRICT | CITY,
        table=CardTask,
        columns=(
            Column("kind", "事由", width=130),
            Column("card_no", "信息卡", width=130),
            Column("holder", "持卡人", width=76),
            Column("firm", "企业"),
            Column("card_state", "卡片状态", width=80),
            Column("raised_at", "提出时间", sortable=True, width=126),
            Column("state", "状态", shown=False),
            Column("done_at", "处理时间", shown=False),
            Column("done_by", "处理人", shown=False),
            # What a citizen wrote may name people: it is shown with the task alone, where the look is logged.
            Column("outcome", "结论", shown=False, exported=False),
        ),
        filters=(
            named(
                "view",
                "范围",
                {
                    "": ("待处理", col(CardTask.state) == TaskState.OPEN),
                    "done": ("已处理", col(CardTask.state) == TaskState.DONE),
                },
                sorts={"done": "-raised_at"},
            ),
            choice("kind", "事由", CardTask.kind, TaskKind, width=190),
            through(CardTask.card_id, InfoCard.id, numbered("card_no", "信息卡编号", InfoCard.card_no, width=220)),
        ),
        sort="raised_at",
        look_up=_cells,
        also=("version", "card_id"),
        counts="view",
        empty="没有待处理的事项",
    )
)


@query("practitioners.task", "查看信息卡待办", roles=DISTRICT | CITY, personal=True)
def open_task(work: Work, task_id: UUID) -> Line:
    """Return a task in whole; what a citizen wrote may name people and numbers, so the look is audited."""
    row = work.get(CardTask, task_id)
    line = lines_of(work, TASKS, [row])[0]
    if row.kind is TaskKind.REPORT:
        line.words = _reported(work, row)
    return line


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
