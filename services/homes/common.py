"""Tiles of several homes: drafts to resume, messages, tasks with their clocks (issue 19)."""

from datetime import date, datetime
from typing import Any

from sqlmodel import col

from models.codes import Toned
from models.engine import Draft
from models.working_days import calendar
from services.engine.clock import SHANGHAI
from services.engine.drafts import BESIDE_A_RECORD
from services.engine.figures import Figure
from services.engine.homes import Choice, Entry, Panel
from services.engine.list_pages import page_of
from services.engine.listings import Line, ListPage, ListRows
from services.engine.notices import my_notices
from services.engine.paging import Paging
from services.engine.work import Work
from services.inbox.tasks import TASKS, due_words

#: The module that resumes a draft of a kind, where its name differs from the kind's.
DRAFT_PAGES = {"filing": "filing_form"}
_MOST, _MOST_TASKS, _FULL = 6, 8, 10
_INBOX = "home.inbox"


def moment_words(at: datetime, today: date) -> str:
    """Return a moment as short as it is clear: the hour of today, else the day."""
    local = at.astimezone(SHANGHAI)
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{local.month}月{local.day}日" if local.year == today.year else f"{local:%Y-%m-%d}"


def clock(due: date | None, today: date) -> str:
    """Return how many working days are left, in its tone."""
    if due is None:
        return ""
    if due < today:
        return Toned(f"超{max(1, calendar().working_days_between(due, today))}个工作日", "bad")
    left = calendar().working_days_between(today, due)
    return Toned(f"还有{left}个工作日", "warn" if left <= 1 else "info") if left else Toned("今日到期", "warn")


def spent(due: date | None, today: date) -> float | None:
    """Return how much of the last ten working days before a day has passed."""
    if due is None:
        return None
    return 1.0 if due <= today else max(0.05, 1 - calendar().working_days_between(today, due) / _FULL)


def day_words(day: date | None) -> str:
    """Return a day as 11月25日."""
    return f"{day.month}月{day.day}日" if day else ""


def drafts(work: Work) -> Panel:
    """Return the drafts to resume, the newest first."""
    rows = work.rows(
        work.visible(Draft),
        col(Draft.closed).is_(False),
        col(Draft.kind).not_like(f"{BESIDE_A_RECORD}%"),
        by=col(Draft.updated_at).desc(),
        most=_MOST,
    )
    entries = tuple(
        Entry(
            row.title or "未命名的草稿",
            Figure(str(row.id), row.title, opens=DRAFT_PAGES.get(row.kind, row.kind), filters={"id": str(row.id)}),
            under=f"{moment_words(row.updated_at, work.today)}保存",
            act="继续",
        )
        for row in rows
    )
    words = "没有未完成的草稿。填写中的办理每隔几秒自动保存在这里，可随时继续。"
    return Panel("lines", "接着办", (Choice("", entries),), "未完成的草稿", empty=words)


def drafts_if_any(work: Work) -> Panel | None:
    """Return the drafts to resume, None when there are none."""
    found = drafts(work)
    return found if found.entries else None


def messages(work: Work) -> Panel:
    """Messages, the unread first."""
    told = sorted(my_notices(work, 30), key=lambda one: one.read)[:_MOST]
    entries = tuple(
        Entry(
            one.subject,
            Figure(
                str(one.id),
                one.subject,
                filters={"notice": str(one.id), "about": one.object_kind, "id": str(one.object_id or "")},
            ),
            under=one.body,
            chip="" if one.read else Toned("未读", "info"),
            beside=moment_words(one.at, work.today),
        )
        for one in told
    )
    return Panel("lines", "消息", (Choice("", entries),), empty="没有消息")


def _task(work: Work, line: Line) -> Entry:
    words: Any = due_words(line.left)
    opened = Figure(line.id, line.title, listing=TASKS.name, opens="inbox", filters={"id": line.id})
    under = " · ".join(part for part in (line.label, line.what, day_words(line.due)) if part)
    return Entry(line.title, opened, under=under, chip=words or Toned("待办"), act="办理")


def _inbox(work: Work) -> ListPage:
    """The first page of the inbox with its counts, read once for a home: each look opens every sealed row that waits."""
    found: ListPage | None = work.session.info.get(_INBOX)
    if found is None:
        found = work.session.info[_INBOX] = page_of(work, TASKS, ListRows(paging=Paging(size=_MOST_TASKS)))
    return found


def tasks(work: Work) -> Panel:
    """The first tasks of the inbox, overdue ones first."""
    entries = tuple(_task(work, line) for line in _inbox(work).lines)
    words = "今日已办完，没有待办事项"
    return Panel("lines", "待办", (Choice("", entries),), "超期的在前，按工作日", waiting(work), empty=words)


def waiting(work: Work) -> Figure:
    """All tasks of the inbox."""
    return Figure("inbox", "待办", _inbox(work).counts[""], TASKS.name, unit="项", said="本人和本单位")


def overdue(work: Work) -> Figure:
    """Tasks whose day has passed."""
    count = _inbox(work).counts["overdue"]
    tone = "bad" if count else ""
    return Figure("overdue", "待办超期", count, TASKS.name, {"view": "overdue"}, unit="项", said="请先办理", tone=tone)
