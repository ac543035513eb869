"""The frame of the workspace: menu bar, toolbar, tree, tabs, findings, message area and status bar."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from itertools import groupby

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.places_data import street as one_street
from services.engine.callers import Caller
from services.engine.findings import Finding
from ui.shell.announcement import ANNOUNCED
from ui.shell.bell import Bell
from ui.shell.buttons import icon_button, plain_button
from ui.shell.desk import Desk
from ui.shell.finder import open_finder
from ui.shell.findings import draw_findings
from ui.shell.help import open_help
from ui.shell.menus import Entry, Menu, Menus
from ui.shell.message import MessageArea
from ui.shell.modules import GROUPS, Branch, Module
from ui.shell.own_desk import OwnDesk
from ui.shell.tour import TourOffer, show_tour
from ui.shell.tree import Tree
from ui.shell.workspace import Workspace

HELP = (
    ("F1", "本页的使用手册"),
    ("F2", "新建"),
    ("F3", "查询"),
    ("F4", "读卡"),
    ("F6", "核验、清点"),
    ("F8", "提交"),
    ("F9", "批准、注销等，见按钮旁"),
    ("F10", "到本页按钮，← → 选择"),
    ("Ctrl+K", "查找功能、编号、企业或项目"),
    ("Ctrl+S", "保存"),
    ("Ctrl+P", "打印"),
    ("PgUp / PgDn，Alt+← / →", "上一步 / 下一步"),
    ("Esc", "保存草稿并关闭向导"),
    ("Alt+1…9", "切换已打开的页面"),
    ("Alt+0", "关闭当前页面"),
    ("Alt+字母", "打开菜单"),
    ("Alt+N", "消息与待办"),
    ("Ctrl+回车", "填写理由后确定"),
    ("回车 / Shift+回车", "下一栏 / 上一栏"),
    ("↓", "从查询栏到列表"),
    ("↑ ↓ 回车", "在列表中选择并打开"),
    ("→ / ←", "从一行到右侧详情 / 回到这一行"),
    ("X", "勾选列表中的一行"),
    ("S", "功能列表中：收藏或取消收藏"),
    ("J K P R S", "审核队列中移动、通过、退回、跳过，见列表下方"),
)


#: Entries of the system's menu with the functions of keys.js that they call.
_SYSTEM_MENU = (("切换深色", "sfTheme"), ("修改口令", "sfPassword"), ("退出登录", "sfSignOut"))


def _system_menu(caller: Caller) -> tuple[tuple[str, str], ...]:
    """The entries of the system's menu; a user of several streets may change over."""
    several = (("切换街镇", "sfStreet"),) if len(caller.streets) > 1 else ()
    return (*several, *_SYSTEM_MENU)


def draw_frame(desk: Desk, modules: Sequence[Module], *, banner: str, demo: bool) -> Workspace:
    """Draw the whole page and give the workspace that opens its tabs."""
    workspace = Workspace(desk, modules)
    workspace.on_find = partial(open_finder, workspace)
    workspace.on_help = partial(open_help, workspace)
    own = OwnDesk()
    shown = [module for module in modules if not module.hidden]
    groups = groupby(_sorted(shown), lambda module: module.group)
    branches = tuple((GROUPS[key], tuple(members)) for key, members in groups)
    with web.element("div").classes("sf"):
        TextElement(tag="a", text="跳到主要内容").classes("sf-skip").props("href=#sf-main")
        if banner:
            TextElement(tag="div", text=banner).classes("sf-banner").props("role=note")
        ANNOUNCED.draw()
        _menu_bar(desk, workspace, branches, demo=demo)
        offer = TourOffer(own, desk.caller.name)
        toolbar = web.element("div").classes("sf-toolbar").props("role=toolbar aria-label=常用操作")
        with web.element("div").classes("sf-body"):
            tree = _tree(workspace, branches, own)
            # The framework draws the page's main landmark around all of this.
            with web.element("section").classes("sf-main").props("id=sf-main aria-label=打开的功能"):
                workspace.draw(toolbar)
        findings = web.element("section").classes("sf-findings").props("aria-label=核验结果")
        findings.set_visibility(False)
        _status_bar(desk, workspace, modules, demo=demo)
    desk.on_findings = _findings_shower(findings)

    async def opened() -> None:
        """Show what the user keeps, once the first page is drawn."""
        if await own.load():
            tree.show()
            offer.offer()

    workspace.on_opened = opened
    return workspace


def _sorted(modules: Sequence[Module]) -> list[Module]:
    order = {key: place for place, key in enumerate(GROUPS)}
    return sorted(modules, key=lambda module: order[module.group])


def _menu_bar(desk: Desk, workspace: Workspace, branches: tuple[Branch, ...], *, demo: bool) -> None:
    with web.element("header").classes("sf-menubar"):
        tree_button = icon_button("menu", "功能列表").props("aria-controls=sf-tree").classes("sf-only-narrow")
        tree_button.on("click", js_handler="() => sfTree()")
        TextElement(tag="strong", text="申房").classes("sf-brand")
        Menus(branches, workspace.open, _more_menus(desk, workspace))
        with plain_button("查找", workspace.on_find, icon="search").classes("sf-find"):
            TextElement(tag="kbd", text="Ctrl+K")
        Bell(workspace)
        if demo:
            TextElement(tag="span", text="演示环境").classes("sf-demo")
        with web.element("span").classes("sf-who"):
            if desk.caller.window:
                TextElement(tag="span", text=f"{desk.caller.window} · ").classes("sf-who-window")
            TextElement(tag="span", text=desk.caller.name)
        icon_button("logout", "退出登录").on("click", js_handler="() => sfSignOut()")


def _more_menus(desk: Desk, workspace: Workspace) -> list[Menu]:
    system = [Entry(script, title, script=script) for title, script in _system_menu(desk.caller)]
    helping = [
        Entry("?manual", "本页的使用手册（F1）", workspace.on_help),
        Entry("?keys", "快捷键", _show_keys),
        Entry("?tour", "看一遍桌面", show_tour),
    ]
    return [Menu("系统", "S", system), Menu("帮助", "H", helping)]


def _tree(workspace: Workspace, branches: tuple[Branch, ...], own: OwnDesk) -> Tree:
    with web.element("nav").classes("sf-tree").props("id=sf-tree aria-label=功能列表"):
        tree = Tree(workspace, branches, own).mark("tree")
        with web.element("details").props("open").classes("sf-only-narrow"):
            with web.element("summary"):
                web.icon("settings").props("aria-hidden=true")
                TextElement(tag="span", text="系统")
            for text, script in _system_menu(workspace.desk.caller):
                TextElement(tag="button", text=text).props("type=button").on("click", js_handler=f"() => {script}()")
    return tree


def _typing_key(desk: Desk) -> str:
    """Return the key that seals in the browser what was typed while the line was down: the same for a whole session."""
    return b64encode(sha256(b"typed " + desk.token.encode()).digest()).decode()


def _status_bar(desk: Desk, workspace: Workspace, modules: Sequence[Module], *, demo: bool) -> None:
    caller = desk.caller
    with web.element("footer").classes("sf-status"):
        with web.element("span").props("id=sf-line").classes("sf-line") as line:
            line.props["data-key"] = _typing_key(desk)
            TextElement(tag="span", text="已连接")
        TextElement(tag="span", text=f"机构：{caller.unit_name}").classes("sf-wide")
        TextElement(tag="span", text="岗位：" + "、".join(sorted(role.label for role in caller.roles))).classes(
            "sf-wide"
        )
        if caller.duty is not None and (street := one_street(caller.street_code)) is not None:
            TextElement(tag="span", text=f"街镇：{street.name}（{caller.duty.label}）").classes("sf-wide")
        if caller.window:
            TextElement(tag="span", text=f"窗口：{caller.window}").classes("sf-wide")
        message = MessageArea()
        for module in modules:
            if module.status is not None:
                module.status(workspace)
        moved = TextElement(tag="span", text="演示日期").classes("sf-demo")
        clock = web.element("time").classes("sf-clock").props("id=sf-clock")

    def follow() -> None:
        shift = int(desk.door.clock.shift.total_seconds())
        if clock.props.get("data-shift") != shift:
            clock.props["data-shift"] = shift
            clock.update()
            moved.set_visibility(bool(shift))

    follow()
    if demo:
        web.timer(2.0, follow)
    desk.on_say, desk.on_moved, desk.on_settled = message.say, message.leave_behind, message.settle
    desk.on_acted.append(message.forgive)


def _findings_shower(box: web.element) -> Callable[[tuple[Finding, ...]], None]:
    def show(findings: tuple[Finding, ...]) -> None:
        box.clear()
        box.set_visibility(bool(findings))
        if findings:
            with box:
                with web.element("div").classes("sf-head"):
                    TextElement(tag="span", text=f"核验结果（{len(findings)}项）")
                    icon_button("close", "收起核验结果", lambda: show(()))
                draw_findings(findings)

    return show


def _show_keys() -> None:
    with web.dialog(value=True) as dialog, web.card().classes("sf-dialog"):
        TextElement(tag="h2", text="快捷键")
        with web.element("dl").classes("sf-summary"):
            for key, text in HELP:
                TextElement(tag="dt", text=key)
                TextElement(tag="dd", text=text)
        with web.element("div").classes("sf-buttons"):
            plain_button("关闭", dialog.close).props("autofocus")
    dialog.on("hide", dialog.delete)
