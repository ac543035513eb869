"""街镇用户关联: the links on the left; linking a user, and the link in hand, on the right (row 50)."""

from datetime import date

from nicegui import ui as web

from models.access import Role
from models.places_data import streets
from models.streets import LinkDuty, LinkState
from services.engine.listings import Line
from services.engine.orders import OneRow, Reasoned
from services.streets.links import ChangeLink, LinkUser, change_link, end_link, link_user, make_main
from services.streets.listings import LINKS as LINK_LIST
from services.streets.listings import UNLINKED as UNLINKED_LIST
from services.streets.registry import ADMINISTRATORS
from ui.records.workbooks import TableUpload
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.fields import choice_field, date_field, flag_field, reason_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.list_view import list_module
from ui.shell.parts import head, note
from ui.shell.place import Place

_OPEN = "请先选择一条未结束的关联"


class Links(ListDesk[Line]):
    """A link is adjusted or ended from the toolbar; F2 makes another, F6 brings a table of them."""

    listing = LINK_LIST
    part = "关联详情"

    def begin(self) -> None:
        if not self.place.caller.has(*ADMINISTRATORS):
            return
        self.place.command("关联用户", self.begin_form, icon="person_add", key="f2")
        self.place.command("批量导入", self.begin_import, icon="upload_file", key="f6")
        self.command("调整", self.adjust, icon="edit", key="f4", needs=_OPEN, when=_is_open)
        self.command(
            "设为主关联",
            self.lead,
            icon="star",
            needs="请先选择一条非主关联",
            when=lambda line: _is_open(line) and not line.main,
        )
        self.command("解除关联", self.end, icon="link_off", key="f8", needs=_OPEN, when=_is_open)

    def begin_form(self, login: str = "") -> None:
        """Draw the form of a link beside the list."""
        self.draw_over(lambda: self._draw_form(login))

    def _draw_form(self, login: str) -> None:
        head("关联街镇用户")
        with Form(columns=2) as form:
            form.add(
                text_field("login", "用户工号", value=login, required=True, longest=64, help="登录名"),
                choice_field(
                    "street_code", "街镇", self._streets(), required=True, help="输入区名、街镇名、代码或拼音首字母查找"
                ),
                choice_field("duty", "关联角色", LinkDuty.labels(), value=LinkDuty.HANDLE.value, required=True),
                flag_field("main", "主关联"),
                date_field("valid_from", "生效日期", required=True),
                date_field("valid_to", "失效日期", help="最后一天；长期有效的不填"),
            )
        note("用户下一次操作起生效：功能按岗位和关联角色，数据只限所关联的街镇。")

        async def send(values: dict[str, object]) -> None:
            order = LinkUser(
                str(values["login"]),
                str(values["street_code"]),
                LinkDuty.of(values["duty"]),
                _day(values["valid_from"]) or date.min,
                _day(values["valid_to"]),
                bool(values["main"]),
            )
            answer = await call(link_user, order)
            if not answer.ok:
                form.mark(answer.findings)
                return
            await self.take(answer.value)
            self.place.say("已关联，用户下一次操作起生效", "good")

        with web.element("div").classes("sf-buttons sf-pad"):
            form.sends("关联", send, mark="link-user")

    def _streets(self) -> dict[str, str]:
        own = {scope.code for scope in self.place.caller.scope_of(Role.DISTRICT_BUREAU)}
        if self.place.caller.has(Role.CITY_CENTER):
            own = set()
        return {
            one.code: f"{one.district_name} {one.name}"
            for one in streets()
            if one.official and (not own or one.district_code in own)
        }

    def begin_import(self) -> None:
        """Draw the upload of a table of links beside the list."""
        self.draw_over(self._draw_import)

    def _draw_import(self) -> None:
        head("批量导入街镇用户关联")
        with web.element("div").classes("sf-pad"):
            TableUpload(self.place, "street_users", sent=self.reload)
        note("先下载模板填写。上传后逐行核验并列出问题，核对无误的行再提交；提交前不会改变任何关联。")

    async def adjust(self, line: Line) -> None:
        """Draw the form that adjusts the link in hand."""
        self.draw_over(lambda: self._draw_adjust(line))

    def _draw_adjust(self, line: Line) -> None:
        head(f"调整关联：{line.login} · {line.street}")
        with Form(columns=2) as form:
            form.add(
                choice_field("duty", "关联角色", LinkDuty.labels(), value=LinkDuty.of(line.duty).value, required=True),
                flag_field("main", "主关联", value=bool(line.main)),
                date_field("valid_to", "失效日期", value=line.valid_to, help="最后一天；长期有效的不填"),
                reason_field("调整原因", least=4),
            )

        async def send(values: dict[str, object]) -> None:
            order = ChangeLink(
                line.id,
                LinkDuty.of(values["duty"]),
                _day(values["valid_to"]),
                bool(values["main"]),
                str(values["reason"]),
                line.version,
            )
            answer = await call(change_link, order)
            if not answer.ok:
                form.mark(answer.findings)
                return
            await self.take(line.id)
            self.place.say("已调整，用户下一次操作起生效", "good")

        with web.element("div").classes("sf-buttons sf-pad"):
            form.sends("保存", send, mark="adjust-link")

    async def lead(self, line: Line) -> None:
        """Make the link in hand the user's main one."""
        await confirm("设为该用户的主关联？原主关联改为非主关联", summary=_of(line), yes="设为主关联")
        await self.act(make_main, OneRow(line.id, line.version), "已设为主关联")

    async def end(self, line: Line) -> None:
        """End the link in hand."""
        words = await ask_reason("解除关联？解除后用户立即不能使用该街镇的功能和数据", summary=_of(line), yes="解除")
        if words is not None:
            await self.act(end_link, Reasoned(line.id, words, line.version), "关联已解除")


def _is_open(line: Line) -> bool:
    return line.state is not LinkState.ENDED


def _of(line: Line) -> dict[str, str]:
    return {"用户": f"{line.login} {line.name}", "街镇": f"{line.district}{line.street}"}


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


LINKS = desk_module(Links, "street_links", "diversity_3", "streets")


async def _link(place: Place, line: Line) -> None:
    opened = await place.open("street_links")
    if opened is not None:
        place.say(f"按 F2 为 {line.login} 办理关联")


UNLINKED = list_module(UNLINKED_LIST, "street_unlinked", "no_accounts", "streets", on_enter=_link)
