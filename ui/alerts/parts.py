"""Parts of pages with alerts: grades and states, the alerts of a company."""

from collections.abc import Sequence
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.alerts import AlertGrade
from services.alerts.listings import ALERTS
from services.engine.listings import Line, ListRows
from services.engine.paging import Paging
from ui.shell.call import call
from ui.shell.parts import badge, empty
from ui.shell.place import Place


def grade_badge(grade: AlertGrade, words: str = "") -> None:
    badge(words or grade, grade.tone)


async def draw_alerts_of(place: Place, subject_id: UUID, *, most: int = 50) -> None:
    """Draw every alert about a subject, open ones first; each opens. For the pages of companies and projects."""
    box = web.element("section").props("aria-label=预警").classes("sf-alerts-of")
    order = ListRows({"view": "all", "subject": str(subject_id)}, Paging(1, most, "-first_seen"))
    answer = await call(ALERTS.query, order, quiet=True)
    if box.is_deleted:
        return
    with box:
        if not answer.ok:
            empty(answer.message)
            return
        _draw(place, answer.value.lines)


def _draw(place: Place, lines: Sequence[Line]) -> None:
    if not lines:
        empty("没有预警")
        return
    with web.element("ul").classes("sf-alert-lines"):
        for line in sorted(lines, key=lambda one: not one.standing):
            with web.element("li"):
                grade_badge(line.grade)
                link = TextElement(tag="button", text=f"{line.title}（{line.rule_code}）")
                link.classes("sf-link").props("type=button")
                link.on("click", lambda _, alert=line.id: place.open("alerts", id=alert))
                words = f"{line.state.label}，首次 {line.first_seen:%Y-%m-%d}，处理期限 {line.due_on.isoformat()}"
                TextElement(tag="span", text=words).classes("sf-help")
