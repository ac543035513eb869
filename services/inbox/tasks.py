"""The inbox of a user: tasks of every source, overdue first, including those of colleagues whose deputy the user is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.access import MARKET, Role
from models.codes import Toned
from models.working_days import calendar
from services.engine.clock import SHANGHAI
from services.engine.listings import Column, Filter, Listing, listed, named
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.search_terms import WRONG, search_word
from services.engine.work import Work
from services.inbox.delegations import standing_in_for
from services.inbox.sources import SOURCES, Source, Task, Whose


@dataclass(frozen=True)
class Waiting:
    """A task that waits for a user on a day; `whose` names the colleague whose deputy he is."""

    origin: Source
    task: Task
    whose: str
    today: date

    @property
    def id(self) -> str:
        return f"{self.origin.name}:{self.task.id}" + (f":{self.whose}" if self.whose else "")

    @property
    def left(self) -> int | None:
        """Return how many working days remain, today not counted; below zero it is overdue."""
        due = self.task.due
        if due is None:
            return None
        if due >= self.today:
            return calendar().working_days_between(self.today, due)
        return min(-1, -calendar().working_days_between(due, self.today))

    @property
    def waited(self) -> int:
        """Return how many working days it has waited."""
        since = self.task.since
        first = self.today if since is None else since.astimezone(SHANGHAI).date()
        return calendar().working_days_between(first, self.today) if first < self.today else 0

    @property
    def overdue(self) -> bool:
        return self.left is not None and self.left < 0


#: From so many working days on a task is shown in amber; from its last day on in red.
_SOON = 5


def due_words(left: int | None) -> str:
    """Return how long there is, in working days."""
    if left is None:
        return ""
    if left < 0:
        return Toned(f"超期{-left}个工作日", "bad")
    if left == 0:
        return Toned("今天到期", "bad")
    return Toned(f"还有{left}个工作日", "warn" if left <= _SOON else "")


def _who(one: Waiting) -> str:
    return f"代{one.whose}" if one.whose else "本人" if one.task.mine else "本单位"


def _of_source(work: Work, text: str) -> Any:
    if text not in SOURCES:
        raise Rejected(WRONG)
    return lambda one: one.origin.name == text


def _with_word(work: Work, text: str) -> Any:
    word = search_word(text).casefold()
    return lambda one: word in f"{one.task.title} {one.task.what}".casefold()


def _sources(roles: frozenset[Role]) -> Mapping[str, str]:
    return {name: one.label for name, one in SOURCES.items() if one.roles & roles}


#: Returned work first, then by their day with the overdue ahead, then by how long they have waited.
TASKS = listed(
    Listing(
        name="inbox",
        label="待办",
        roles=set(MARKET),
        items=lambda work: sorted(_everything(work), key=_usual),
        columns=(
            Column("left", "期限", sortable=True, sql=lambda one: one.task.due, width=108, show=due_words),
            Column("label", "类型", lambda one: one.origin.label, width=118),
            Column("title", "事项", lambda one: one.task.title, sortable=True, wraps=True),
            Column("what", "需要做什么", lambda one: one.task.what, width=128),
            Column("who", "归属", _who, width=76),
            Column("due", "截止日期", lambda one: one.task.due, width=90),
            Column(
                "since",
                "到达",
                lambda one: one.task.since.astimezone(SHANGHAI).date() if one.task.since else None,
                sortable=True,
                sql=lambda one: one.task.since,
                width=84,
            ),
        ),
        filters=(
            named(
                "view",
                "范围",
                {
                    "": ("全部", lambda work: lambda one: True),
                    "overdue": ("已超期", lambda work: lambda one: one.overdue),
                    "mine": ("我本人的", lambda work: lambda one: one.task.mine and not one.whose),
                    "others": ("代同事办理", lambda work: lambda one: bool(one.whose)),
                },
                width=150,
            ),
            Filter("source", "类型", _of_source, options_for=_sources, width=170),
            Filter("text", "查找", _with_word, secret=True, width=200),
        ),
        counts="view",
        look_up=lambda work, rows: {"source": lambda one: one.origin.name, "task": lambda one: one.task},
        also=("overdue", "waited", "whose"),
        exporters=set(),
        empty="没有待办事项",
    )
)


@query("inbox.counts", "待办数量", roles=set(MARKET))
def task_counts(work: Work, order: None) -> Mapping[str, int]:
    """Return how many wait, and how many of them are overdue."""
    everything = _everything(work)
    return {"": len(everything), "overdue": sum(line.overdue for line in everything)}


def _everything(work: Work) -> list[Waiting]:
    own = list(_waiting(work, Whose(work.caller.account_id), ""))
    known = {line.id for line in own}
    for account in standing_in_for(work):
        others = _waiting(work, Whose(account.id, personal=True), account.name.plain)
        own.extend(one for one in others if f"{one.origin.name}:{one.task.id}" not in known)
    return own


def _waiting(work: Work, whose: Whose, name: str) -> Iterable[Waiting]:
    for source in SOURCES.values():
        if source.roles & work.caller.roles:
            for task in source.tasks(work, whose):
                yield Waiting(source, task, name, work.today)


def _usual(one: Waiting) -> Any:
    return not one.task.returned, one.task.due or date.max, str(one.task.since or "9"), one.id
