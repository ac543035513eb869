"""Modules made for the tests of the shell: a list, a form, buttons that are refused, break, or count."""

from dataclasses import dataclass
from threading import Event
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from nicegui import ui as web

from models.access import Role
from models.codes import Toned
from services.documents.stored_papers import open_paper
from services.engine.callers import Caller
from services.engine.door import Door
from services.engine.findings import Finding, Severity
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import Action, Query
from services.engine.work import Work
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.fields import choice_field, date_field, money_field, shown_field, text_field
from ui.shell.form import Form
from ui.shell.grid import Column, Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.place import Place

EVERYBODY = frozenset(Role)
CLERK = frozenset({Role.STREET_CLERK})
SECRET = "31010119900307125X"


@dataclass(frozen=True)
class Line:
    id: int
    name: str
    state: str


@dataclass(frozen=True)
class Answer:
    total: int
    lines: tuple[Line, ...]


#: What the probe's handlers were asked, and read values of its form.
ASKED: list[Any] = []


#: The questions without a filter that were answered.
ANSWERED: list[View] = []
#: While this is not set, the list's first page without a filter does not answer.
ANSWERING = Event()
ANSWERING.set()


def _list(work: Work, order: View) -> Answer:
    ASKED.append(order)
    if not order.text("name"):
        ANSWERING.wait(5)
        ANSWERED.append(order)
    wanted = [
        Line(number, f"房屋{number}", "有效" if number % 2 else "注销")
        for number in range(1, 121)
        if order.text("name") in f"房屋{number}"
    ]
    wanted.sort(key=lambda line: line.id, reverse=order.sort == "-id")
    start = (order.page - 1) * order.size
    return Answer(len(wanted), tuple(wanted[start : start + order.size]))


def _refuse(work: Work, order: None) -> None:
    raise Rejected("房屋已有有效备案，请先注销", [Finding("DUP-01", "该部位已备案", "name", Severity.REFUSE)])


def _break(work: Work, order: None) -> None:
    raise RuntimeError(f"broke on {SECRET}")


def _count(work: Work, order: str) -> int:
    ASKED.append(order)
    return len(ASKED)


LIST: Query[Any, Answer] = Query("probe.list", "试验列表", EVERYBODY, _list)
REFUSE: Action[Any, None] = Action("probe.refuse", "试验拒绝", EVERYBODY, _refuse)
BREAK: Action[Any, None] = Action("probe.break", "试验出错", EVERYBODY, _break)
COUNT: Action[Any, int] = Action("probe.count", "试验计数", EVERYBODY, _count)
CITY_ONLY: Action[Any, int] = Action("probe.city", "市级试验", frozenset({Role.CITY_BUREAU}), _count)


async def build_list(place: Place) -> None:
    grid = Grid(
        place,
        LIST,
        order=lambda view: View(view.page, view.size, view.sort, dict(view.filters)),
        columns=(
            Column("id", "编号", sortable=True, number=True),
            Column("name", "名称"),
            Column("state", "状态", value=lambda line: Toned(line.state, "good" if line.state == "有效" else "muted")),
        ),
        filters=(Filter("name", "名称"), Filter("id_no", "证件号码", personal=True), Filter("since", "自", day=True)),
        on_enter=lambda line: place.say(f"打开了{line.name}"),
        size=20,
    )
    await grid.load()


def build_form(place: Place) -> None:
    with Form() as form:
        form.add(
            text_field("name", "承租人", required=True, longest=20),
            date_field("from", "起租日期", required=True),
            money_field("rent", "月租金", required=True),
            choice_field(
                "kind", "证件类型", {"1": "身份证", "2": "护照", "3": "港澳居民来往内地通行证"}, required=True
            ),
        )
        shown_field("备案号", "BA-1")

    def save() -> None:
        values = form.read()
        if values is not None:
            ASKED.append(values)
            place.say("已保存", "good")

    place.command("保存", save, icon="save", key="ctrl+s")
    place.command("打印", lambda: ASKED.append("printed"), icon="print", key="ctrl+p", needs="保存后才能打印")
    place.is_dirty = lambda: form.changed

    async def refuse() -> None:
        answer = await call(REFUSE)
        place.desk.show_findings(tuple(form.mark(answer.findings)) + answer.findings)

    main_button("试拒绝", refuse)


def build_buttons(place: Place) -> None:
    async def press(what: Action[Any, Any], order: str | None = None) -> None:
        answer = await call(what, order, button=buttons[what.name])
        if answer.ok:
            place.say("已办理", "good")

    buttons = {
        BREAK.name: main_button("出错", lambda: press(BREAK)),
        COUNT.name: main_button("计数", lambda: press(COUNT, "pressed")),
        CITY_ONLY.name: main_button("市级", lambda: press(CITY_ONLY, "city")).mark("city"),
    }
    hidden = web.button("隐藏", on_click=lambda: press(COUNT, "hidden")).mark("hidden")
    hidden.set_visibility(False)


def build_upload(place: Place) -> None:
    web.upload(on_upload=lambda _: None, auto_upload=True)


def build_broken(place: Place) -> None:
    raise RuntimeError(f"broke on {SECRET}")


async def build_refused(place: Place) -> None:
    web.label("先画的内容")

    async def refuse() -> None:
        (await call(REFUSE)).or_end()
        ASKED.append("went on")

    main_button("再试", refuse)
    await refuse()


def build_one(place: Place) -> None:
    place.rename(f"记录{place.params.get('id')}")
    web.label(f"记录内容{place.params.get('id')}")


PROBE_ROUTES = APIRouter()


@PROBE_ROUTES.get("/probe/broken")
def broken_route() -> None:
    raise RuntimeError(f"broke on {SECRET}")


@PROBE_ROUTES.get("/probe/refused")
def refused_route() -> None:
    raise Rejected("房屋已有有效备案，请先注销")


@PROBE_ROUTES.get("/probe/number/{number}")
def number_route(number: int) -> int:
    return number


PROBE_PAPER = UUID("00000000-0000-4000-8000-000000000001")


def probe_paper(door: Door, caller: Caller, paper_id: UUID) -> bytes:
    """The probe's paper for one clerk; every other paper as the product gives it."""
    if paper_id != PROBE_PAPER:
        return open_paper(door, caller, paper_id).content or b""
    if caller.window != "5号窗口":
        raise NotFound
    return b"%PDF-1.4 probe"


PROBES = (
    Module("probe-list", "试验列表", "list", "counter", EVERYBODY, build_list),
    Module("probe-form", "试验表单", "edit", "counter", EVERYBODY, build_form),
    Module("probe-buttons", "试验按钮", "smart_button", "counter", EVERYBODY, build_buttons),
    Module("probe-upload", "试验上传", "upload_file", "counter", EVERYBODY, build_upload),
    Module("probe-broken", "试验故障", "error", "counter", EVERYBODY, build_broken),
    Module("probe-refused", "试验未成", "block", "counter", EVERYBODY, build_refused),
    Module("probe-clerk", "街镇专用", "person", "counter", CLERK, build_form),
    Module("probe-one", "记录", "article", "search", EVERYBODY, build_one, hidden=True, several=True),
)
