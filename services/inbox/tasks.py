"""The inbox of a user: tasks of every source, overdue first, including those of colleagues whose deputy the user is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.access import MARKET
from models.working_days import calendar
from services.engine.clock import SHANGHAI
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.inbox.delegations import standing_in_for
from services.inbox.sources import SOURCES, Source, Task, Whose

_MOST = 200
_SORTS = frozenset({"", "due", "-due", "since", "-since", "title", "-title"})


@dataclass(frozen=True)
class TaskFilter:
    """`view` is "", overdue, mine or others (tasks as a deputy); `source` is a type of task."""

    view: str = ""
    source: str = ""
    text: str = ""
    sort: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class TaskLine:
    """`left` is how many working days remain, today not counted; below zero it is overdue. `whose` names a colleague."""

    id: str
    source: str
    label: str
    title: str
    what: str
    due: date | None
    left: int | None
    since: datetime | None
    waited: int
    mine: bool
    whose: str
    module: str
    params: Mapping[str, str]

    @property
    def overdue(self) -> bool:
        return self.left is not None and self.left < 0


@dataclass(frozen=True)
class TaskPage:
    """`counts` by source and `views` by view, over all tasks regardless of the filter."""

    total: int
    lines: tuple[TaskLine, ...]
    counts: Mapping[str, int]
    views: Mapping[str, int]


@query("inbox.tasks", "待办列表", roles=set(MARKET))
def my_tasks(work: Work, order: TaskFilter) -> TaskPage:
    """A page of what waits for the caller: overdue first, then by its day, then by how long it has waited."""
    if order.sort not in _SORTS:
        raise Rejected("不支持按该列排序")
    if order.source and order.source not in SOURCES:
        raise Rejected("筛选条件不正确，请重新选择")
    everything = _everything(work)
    word = search_word(order.text).casefold()
    found = [
        line
        for line in everything
        if (not order.source or line.source == order.source)
        and (not word or word in f"{line.title} {line.what}".casefold())
        and _in_view(line, order.view)
    ]
    size = min(max(order.size, 1), _MOST)
    start = (max(order.page, 1) - 1) * size
    return TaskPage(
        len(found),
        tuple(_sorted(found, order.sort)[start : start + size]),
        Counter(line.source for line in everything),
        {view: sum(_in_view(line, view) for line in everything) for view in ("", "overdue", "mine", "others")},
    )


@query("inbox.counts", "待办数量", roles=set(MARKET))
def task_counts(work: Work, order: None) -> Mapping[str, int]:
    """Return how many wait, and how many of them are overdue."""
    everything = _everything(work)
    return {"": len(everything), "overdue": sum(line.overdue for line in everything)}


def _in_view(line: TaskLine, view: str) -> bool:
    if view == "overdue":
        return line.overdue
    if view == "mine":
        return line.mine and not line.whose
    if view == "others":
        return bool(line.whose)
    if view:
        raise Rejected("筛选条件不正确，请重新选择")
    return True


def _everything(work: Work) -> list[TaskLine]:
    own = list(_lines(work, Whose(work.caller.account_id), ""))
    known = {(line.source, line.id) for line in own}
    for account in standing_in_for(work):
        others = _lines(work, Whose(account.id, personal=True), account.name.plain)
        own.extend(line for line in others if (line.source, line.id) not in known)
    return own


def _lines(work: Work, whose: Whose, name: str) -> Iterable[TaskLine]:
    for source in SOURCES.values():
        if source.roles & work.caller.roles:
            for task in source.tasks(work, whose):
                yield _line(work, source, task, name)


def _line(work: Work, source: Source, task: Task, name: str) -> TaskLine:
    return TaskLine(
        id=f"{source.name}:{task.id}" + (f":{name}" if name else ""),
        source=source.name,
        label=source.label,
        title=task.title,
        what=task.what,
        due=task.due,
        left=_left(work.today, task.due),
        since=task.since,
        waited=_waited(work.today, task.since),
        mine=task.mine,
        whose=name,
        module=task.module,
        params=task.params,
    )


def _left(today: date, due: date | None) -> int | None:
    if due is None:
        return None
    if due >= today:
        return calendar().working_days_between(today, due)
    return min(-1, -calendar().working_days_between(due, today))


def _waited(today: date, since: datetime | None) -> int:
    if since is None:
        return 0
    first = since.astimezone(SHANGHAI).date()
    return calendar().working_days_between(first, today) if first < today else 0


_NEVER = date.max - timedelta(days=1)


def _sorted(lines: list[TaskLine], sort: str) -> list[TaskLine]:
    name = sort.removeprefix("-")
    if name == "title":
        lines = sorted(lines, key=lambda line: (line.title, line.id), reverse=sort.startswith("-"))
    elif name == "since":
        lines = sorted(lines, key=lambda line: (str(line.since or ""), line.id), reverse=sort.startswith("-"))
    elif sort == "-due":
        lines = sorted(lines, key=lambda line: (line.due or date.min, line.id), reverse=True)
    else:
        lines = sorted(lines, key=lambda line: (line.due or _NEVER, str(line.since or "9"), line.id))
    return lines
