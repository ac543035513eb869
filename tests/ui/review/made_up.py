"""A made-up kind of record with a queue: sheets of paper that wait for somebody's word, kept in memory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from typing import Any
from uuid import UUID, uuid4

from nicegui.elements.mixins.text_element import TextElement

from models.access import Role
from services.engine.list_bulk import perform_each
from services.engine.list_pages import lines_of, page_of
from services.engine.listings import Bulk, BulkRows, Column, Filter, Line, Listing, ListPage, ListRows, RowResult, named
from services.engine.refusals import Conflict, NotFound
from services.engine.registry import Action, Query
from services.engine.work import Work
from ui.review.declaration import Decision, Hold, Queue, Standing
from ui.review.queue import review_module
from ui.shell.place import Place

REVIEWERS = frozenset({Role.DISTRICT_BUREAU, Role.CITY_CENTER})
#: Only these may decide; the city looks on.
DECIDERS = frozenset({Role.DISTRICT_BUREAU})


@dataclass
class Sheet:
    """One sheet of paper."""

    name: str
    state: str = "等待"
    holder: UUID | None = None
    holder_name: str = ""
    since: datetime | None = None
    words: str = ""
    blocked: bool = False
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Word:
    id: UUID
    words: str = ""


#: While this is not set, no record opens.
OPENING = Event()
OPENING.set()
SHEETS: dict[UUID, Sheet] = {}
#: What was decided, in order: letter and name.
SPOKEN: list[tuple[str, str]] = []


def lay_out(count: int) -> list[Sheet]:
    """So many fresh sheets, and nothing spoken yet."""
    SHEETS.clear()
    SPOKEN.clear()
    made = [Sheet(f"材料{number}") for number in range(1, count + 1)]
    SHEETS.update({one.id: one for one in made})
    return made


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    me = work.caller.account_id
    return {"waits": lambda one: one.state == "等待", "mine": lambda one: one.holder is not None and one.holder == me}


def _sheet(work: Work, row_id: UUID) -> tuple[Line, Sheet]:
    OPENING.wait(5)
    one = _of(row_id)
    return lines_of(work, LISTING, [one])[0], one


def _of(row_id: UUID) -> Sheet:
    if row_id not in SHEETS:
        raise NotFound
    return SHEETS[row_id]


def _waiting(work: Work, row_id: UUID) -> Sheet:
    one = _of(row_id)
    if one.state != "等待":
        raise Conflict("这份材料已由他人办理")
    if one.holder is not None and one.holder != work.caller.account_id:
        raise Conflict(f"{one.holder_name}正在处理这份材料")
    return one


def _take(work: Work, row_id: UUID) -> None:
    one = _waiting(work, row_id)
    one.holder, one.holder_name = work.caller.account_id, work.caller.name
    one.since = datetime(2027, 3, 1, 2, 30, tzinfo=UTC)


def _release(work: Work, row_id: UUID) -> None:
    one = _waiting(work, row_id)
    one.holder, one.holder_name, one.since = None, "", None


def _say(letter: str, state: str) -> Callable[[Work, Word], None]:
    def say(work: Work, order: Word) -> None:
        one = _waiting(work, order.id)
        one.state, one.words = state, order.words
        SPOKEN.append((letter, one.name))

    return say


def _is_not_blocked(work: Work, line: Line) -> str:
    if _of(line.id).blocked:
        raise Conflict("核验尚未返回，已跳过")
    return ""


PAGE: Query[ListRows, ListPage] = Query(
    "made_up.list", "试验队列", REVIEWERS, lambda work, order: page_of(work, LISTING, order)
)
SHEET: Query[Any, Any] = Query("made_up.sheet", "试验材料", REVIEWERS, _sheet)
TAKE: Action[Any, None] = Action("made_up.take", "领取", DECIDERS, _take)
RELEASE: Action[Any, None] = Action("made_up.release", "放回", DECIDERS, _release)
PASS: Action[Any, None] = Action("made_up.pass", "通过", DECIDERS, _say("p", "通过"))
RETURN: Action[Any, None] = Action("made_up.return", "退回", DECIDERS, _say("r", "退回"))
EACH: Action[BulkRows, tuple[RowResult, ...]] = Action(
    "made_up.each",
    "批量办理",
    DECIDERS,
    lambda work, order, results: results,
    gather=lambda gathering, order: perform_each(gathering, LISTING, order),
    event="",
)


class MadeUpListing(Listing):
    """A listing whose query and actions no registry knows."""

    @property
    def query(self) -> Query[ListRows, ListPage]:
        return PAGE

    @property
    def each(self) -> Action[BulkRows, tuple[RowResult, ...]]:
        return EACH


LISTING: Listing = MadeUpListing(
    name="made-up",
    label="试验审核",
    roles=REVIEWERS,
    items=lambda work: list(SHEETS.values()),
    columns=(Column("name", "名称"), Column("state", "状态", width=80), Column("holder_name", "领取人", width=80)),
    filters=(
        named(
            "view",
            "范围",
            {
                "": ("待办", lambda work: lambda one: one.state == "等待"),
                "done": ("已办", lambda work: lambda one: one.state != "等待"),
            },
        ),
        Filter("name", "名称", lambda work, text: lambda one: text in one.name),
    ),
    look_up=_cells,
    counts="view",
    exporters=frozenset(),
    bulk=(
        Bulk(
            PASS,
            lambda line, given: Word(line.id),
            label="批量通过",
            icon="done_all",
            key="f8",
            check=_is_not_blocked,
            question="通过全部勾选的材料？",
        ),
    ),
)


def _draw(place: Place, found: tuple[Line, Sheet]) -> None:
    TextElement(tag="p", text=f"这是{found[1].name}的内容").mark("evidence")


MADE_UP = Queue(
    LISTING,
    "fact_check",
    free=lambda line: line.waits and (not line.holder_name or line.mine),
    sheet=SHEET,
    standing=lambda found: Standing(
        title=found[0].name,
        state=found[0].state,
        waits=found[0].waits,
        holder=found[0].holder_name,
        mine=found[0].mine,
        since=found[1].since,
        bar="这份材料由您提交，请他人办理" if found[1].words == "own" else "",
    ),
    draw=_draw,
    decisions=(
        Decision(PASS, "通过", "p", lambda row_id, words, version: Word(row_id), "已通过"),
        Decision(
            RETURN,
            "退回",
            "r",
            lambda row_id, words, version: Word(row_id, words),
            "已退回",
            reason="退回原因",
            phrases=("照片不清晰，请重新上传", "姓名与证件不一致"),
        ),
    ),
    hold=Hold(TAKE, RELEASE, lambda row_id: row_id),
)
MODULE = review_module(MADE_UP)
