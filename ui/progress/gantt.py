"""The plan of a project beside what was reached: a chart by building, and a table that says the same (row 75)."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from html import escape

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from services.engine.listings import Line
from services.progress.building_lines import Bar, GanttLine
from ui.shell.parts import empty, note
from ui.shell.rows import Rows
from ui.shell.sheet import Column

_LEFT, _WIDTH, _ROW, _TOP = 170, 780, 36, 30
_COLUMNS = (
    Column("milestone", "节点"),
    Column("planned", "计划日期", width=96),
    Column("reached", "实际日期", width=96),
    Column("state", "情况", width=110),
    Column("earlier", "调整前的计划"),
)


def draw_gantt(lines: Sequence[GanttLine], today: date, of: str) -> None:
    """Draw planned and reached days of each work or building, `of` which the head speaks, and the table below."""
    label = f"各{of}的计划与实际"
    days = [day for line in lines for bar in line.bars for day in (bar.planned, bar.reached) if day is not None]
    if not days:
        empty("还没有节点计划。项目公司填报“进度计划”并审核生效后，在此显示。")
        return
    note("上条为计划，下条为实际；绿色已完成，橙色晚于计划完成，红色逾期未完成；竖线为今天。")
    scale = _Scale(min(*days, today) - timedelta(days=15), max(*days, today) + timedelta(days=15))
    height = _TOP + len(lines) * _ROW + 10
    parts = [
        *scale.quarters(height),
        *(part for row, line in enumerate(lines) for part in _line(scale, row, line, today)),
    ]
    now = scale.at(today)
    parts.append(f'<line class="sf-gantt-today" x1="{now:.0f}" x2="{now:.0f}" y1="{_TOP - 8}" y2="{height}"/>')
    width = _LEFT + _WIDTH + 20
    with web.element("div").classes("sf-gantt").props(f"role=img tabindex=0 aria-label={label}"):
        web.html(
            f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}">{"".join(parts)}</svg>',
            sanitize=False,
        )
    with web.element("details").classes("sf-gantt-table"):
        TextElement(tag="summary", text="按列表查看")
        table = Rows((Column("name", of), *_COLUMNS), label=label, empty="没有节点")
        table.show(
            [
                Line(
                    name=line.name,
                    milestone=bar.milestone.label,
                    planned=bar.planned or "",
                    reached=bar.reached or "",
                    state=_state(bar, today),
                    earlier="、".join(map(str, bar.earlier)),
                )
                for line in lines
                for bar in line.bars
            ]
        )


def _state(bar: Bar, today: date) -> Toned:
    if bar.overdue(today):
        assert bar.planned is not None
        return Toned(f"逾期{(today - bar.planned).days}天", "bad")
    if bar.reached is None:
        return Toned("未到期" if bar.planned else "未计划", "muted")
    return Toned(f"晚{bar.days_late}天完成", "warn") if bar.days_late else Toned("已完成", "good")


class _Scale:
    """Days across the chart."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self._step = _WIDTH / max((last - first).days, 1)

    def at(self, day: date) -> float:
        return _LEFT + (day - self.first).days * self._step

    def quarters(self, height: int) -> Iterator[str]:
        """Yield a line for each quarter, each half year named where there is little room."""
        months = (self.last - self.first).days / 30
        every = 3 if months <= 30 else 6 if months <= 60 else 12
        year, month = self.first.year, 1
        while (day := date(year, month, 1)) <= self.last:
            if day >= self.first:
                x = self.at(day)
                yield f'<line class="sf-gantt-month" x1="{x:.0f}" x2="{x:.0f}" y1="{_TOP - 8}" y2="{height}"/>'
                yield f'<text class="sf-gantt-name" x="{x + 3:.0f}" y="{_TOP - 12}">{day:%Y-%m}</text>'
            month += every
            year, month = year + (month - 1) // 12, (month - 1) % 12 + 1


def _line(scale: _Scale, row: int, line: GanttLine, today: date) -> Iterator[str]:
    top = _TOP + row * _ROW
    done = f" {line.percent}%" if line.percent is not None else ""
    yield f'<text x="4" y="{top + 20}">{escape(line.name[:11])}<tspan class="sf-gantt-name">{done}</tspan></text>'
    planned = [bar.planned for bar in line.bars if bar.planned]
    if planned:
        yield _bar(scale, "sf-gantt-plan", min(planned), max(planned), top + 8)
    reached = [bar.reached for bar in line.bars if bar.reached]
    if reached:
        ended = all(bar.reached for bar in line.bars)
        yield _bar(scale, "sf-gantt-done", min(reached), max(reached) if ended else max(*reached, today), top + 20)
    overdue = [bar.planned for bar in line.bars if bar.overdue(today) and bar.planned]
    if overdue:
        yield _bar(scale, "sf-gantt-late", min(overdue), today, top + 20)
    for bar in line.bars:
        told = f"{line.name} {bar.milestone.label}：计划{bar.planned or '—'}，实际{bar.reached or '—'}"
        told += f"，原计划{'、'.join(map(str, bar.earlier))}" if bar.earlier else ""
        if bar.planned is not None:
            tone = "sf-gantt-late" if bar.overdue(today) else "sf-gantt-plan"
            yield _mark(scale, tone, bar.planned, top + 10, told)
        if bar.reached is not None:
            yield _mark(scale, "sf-gantt-slow" if bar.days_late else "sf-gantt-done", bar.reached, top + 22, told)


def _bar(scale: _Scale, tone: str, begin: date, end: date, top: int) -> str:
    left, right = scale.at(begin), scale.at(end)
    return f'<rect class="{tone}" x="{left:.0f}" y="{top}" width="{max(right - left, 2):.0f}" height="4"/>'


def _mark(scale: _Scale, tone: str, day: date, top: int, told: str) -> str:
    place = f'cx="{scale.at(day):.0f}" cy="{top}" r="5"'
    return f'<circle class="{tone}" {place}><title>{escape(told)}</title></circle>'
