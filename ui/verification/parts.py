"""Parts that pages of verification share: the code as a picture, reasons, the rows of a workbook's report."""

from collections.abc import Sequence
from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from printing.qr import modules
from services.verification.views import ToldReason
from ui.shell.buttons import plain_button
from ui.shell.parts import note
from ui.shell.rows import Rows
from ui.shell.sheet import Column

TAKEN = {True: Toned("已接收", "good"), False: Toned("未接收", "bad")}


def draw_qr(text: str, label: str) -> None:
    """Draw a QR code as a picture of its modules."""
    size, cells = modules(text)
    squares = "".join(f'<rect x="{x}" y="{y}" width="{width}" height="1"/>' for x, y, width in cells)
    svg = (
        f'<svg viewBox="-4 -4 {size + 8} {size + 8}" width="148" height="148" role="img" aria-label="{label}" '
        f'xmlns="http://www.w3.org/2000/svg"><rect x="-4" y="-4" width="{size + 8}" height="{size + 8}" fill="#fff"/>'
        f"{squares}</svg>"
    )
    web.html(svg, sanitize=False)


def draw_reasons(reasons: Sequence[ToldReason]) -> None:
    """List every reason of a failed request with what to do about it."""
    Rows(
        (
            Column("message", "原因", value=lambda one: f"{one.code} {one.message}"),
            Column("bring", "需要的材料"),
            Column("where", "办理地点", width=96),
            Column("forceable", "可强制核验", width=60, show=lambda yes: "是" if yes else "否"),
        ),
        list(reasons),
        label="未通过的原因",
        wraps=True,
        empty="没有未通过的原因",
        id_of=lambda one: one.code,
    )


class ReportBox:
    """The report of a workbook above a list; hidden until there is one."""

    def __init__(self, label: str) -> None:
        self.box = web.element("section").props(f"aria-label={label}")
        self.box.set_visibility(False)

    def begin(self, title: str, mark: str) -> None:
        """Empty and show the box, with a title and a button to fold it."""
        self.box.clear()
        self.box.set_visibility(True)
        with self.box, web.element("div").classes("sf-head"):
            TextElement(tag="span", text=title).mark(mark)
            plain_button("收起", lambda: self.box.set_visibility(False), icon="expand_less")

    def say(self, text: str) -> None:
        """Add a note."""
        with self.box:
            note(text)

    def show(self, columns: Sequence[Column], lines: Sequence[Any], label: str) -> None:
        """Add a table."""
        with self.box:
            Rows(tuple(columns), list(lines), label=label, wraps=True)
