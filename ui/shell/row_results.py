"""Results of an action on many rows: a line for each, those that were refused first."""

from collections.abc import Sequence

from nicegui import ui as web

from models.codes import Toned
from services.engine.listings import RowResult
from ui.shell.buttons import main_button
from ui.shell.dialogs import answer_of, question
from ui.shell.rows import Rows
from ui.shell.sheet import Column

_DONE = {True: Toned("完成", "good"), False: Toned("未办理", "bad")}


def in_words(results: Sequence[RowResult]) -> str:
    """Say how many rows were done and how many were refused."""
    done = sum(one.done for one in results)
    return f"完成 {done} 件" + (f"，未办理 {len(results) - done} 件" if done < len(results) else "")


async def show_results(title: str, results: Sequence[RowResult]) -> None:
    """Show the results over the page until the user closes them."""
    with question(f"{title}：{in_words(results)}", classes="sf-outcomes") as dialog:
        rows = Rows(
            (
                Column("label", "编号", width=190),
                Column("done", "结果", width=70, show=_DONE.__getitem__),
                Column("message", "说明"),
            ),
            label=f"{title}结果",
        )
        rows.table.classes("sf-wrap")
        rows.show(sorted(results, key=lambda one: one.done))
        with web.element("div").classes("sf-buttons"):
            main_button("关闭", lambda: dialog.submit(None)).props("autofocus").mark("outcomes-close")
    await answer_of(dialog, object)
