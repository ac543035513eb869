"""A question over the page: who looked at a record or a lease until the end of a day."""

from uuid import UUID

from services.records.looks import MOST, Until, looks
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.dialogs import answer_of, question
from ui.shell.fields import date_field
from ui.shell.form import Form, ask_form
from ui.shell.parts import note
from ui.shell.rows import Rows
from ui.shell.sheet import Column


async def show_looks(title: str, record_id: UUID) -> None:
    """Ask for a day and show who opened the record until its end."""

    def draw(form: Form) -> None:
        form.add(date_field("day", "截至日期", required=True))

    asked = await ask_form("查阅记录", draw, yes="查看", told=["列出当日终了以前打开过此项内容的人员。"])
    found = (await call(looks, Until(record_id, asked["day"]))).or_end()
    with question(f"{title}：截至{asked['day']}的查阅记录", classes="sf-outcomes") as dialog:
        lines = Rows(
            (
                Column("at", "时间", width=130),
                Column("unit", "单位"),
                Column("role", "岗位", width=120),
                Column("name", "姓名", width=80),
                Column("act", "查阅内容", width=140),
            ),
            label="查阅记录",
            empty="截至当日没有人打开过",
        )
        lines.show(found)
        if len(found) == MOST:
            note(f"只列出最近{MOST}次，更早的由审计管理员按对象编号查询。")
        main_button("关闭", lambda: dialog.submit(None)).props("autofocus").mark("looks-close")
    await answer_of(dialog, object)
