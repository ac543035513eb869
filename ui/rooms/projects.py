"""集中式项目: begun and opened by the bureau, completed by the operator with buildings, proofs and rooms (rows 33, 34)."""

from typing import Any

from nicegui import ui as web

from models.codes import Toned
from models.normal import BadText
from models.places_data import streets
from models.rooms import ApplyKind, OpeningMode, ProjectKind, ProjectState, TitleKind
from services.documents.attachments import KeepAttachment, keep_attachment
from services.engine.findings import numbered
from services.rooms.applications import begin_apply
from services.rooms.listings import PROJECTS
from services.rooms.openings import OpeningView, open_project, view_opening
from services.rooms.orders import (
    AddTitle,
    BeginApply,
    BuildingForm,
    ChangeOperator,
    KeepProject,
    OpenProject,
    StartProject,
)
from services.rooms.projects import add_title, change_operator, close_project, keep_project, start_project
from services.rooms.views import ProjectView, view_project
from ui.records.workbooks import TableUpload
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.fields import area_field, choice_field, date_field, flag_field, text_field
from ui.shell.file_box import PLAIN_SCAN, FileBox
from ui.shell.form import Form, ask_form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head, note
from ui.shell.rows import Rows
from ui.shell.sheet import Column

KIND = "rooms"
_BUILDINGS = "一行一幢：楼栋名称 总层数，例如“1号楼 18”；没有电梯的在后面写“无电梯”"
_TITLES = (
    Column("title_ref", "权属文件编号", width=170),
    Column("kind", "类别", width=110),
    Column("cert_no", "证号", width=150),
    Column("valid_to", "有效期至", width=92),
    Column(
        "expired", "状态", width=70, show=lambda expired: Toned("已到期", "bad") if expired else Toned("有效", "good")
    ),
)


class Projects(ListDesk[ProjectView]):
    """The projects on the left; on the right one with what it still lacks."""

    listing = PROJECTS
    look = view_project
    part = "项目资料"

    def begin(self) -> None:
        if self.place.may(start_project):
            self.place.command("新建项目", self.start, icon="add_business", key="f2")
            self.command(
                "开盘",
                self.open_up,
                icon="lock_open",
                key="f8",
                needs="请先选择一个未开盘的项目",
                when=lambda view: not view.project.opened,
            )
            self.command("变更运营主体", self.hand_over, icon="swap_horiz")
            self.command(
                "关闭项目", self.close, icon="block", when=lambda view: self.place.may(close_project, view.project)
            )
        if self.place.may(keep_project):
            is_open = "请先选择一个未关闭的项目"
            self.command("补充资料", self.fill, icon="edit_note", key="f4", needs=is_open, when=_is_live)
            self.command("上传权属文件", self.add_proof, icon="upload_file", needs=is_open, when=_is_live)
            self.command("导入房间", self.bring, icon="playlist_add", key="f9", needs=is_open, when=_is_live)
            self.command("逐间入库", self.one_by_one, icon="add_home", needs=is_open, when=_is_live)

    def draw(self, view: ProjectView) -> None:
        project = view.project
        head(project.name, project.state, project.kind.label)
        for need in view.needs:
            note(f"待补充：{numbered(need.code, need.message)}")
        facts(
            {
                "项目编号": project.project_no,
                "企业名称": view.enterprise,
                "运营主体": view.operator,
                "经营期": f"{project.operate_from or '—'} 至 {project.operate_to or '—'}",
                "委托运营协议": project.agreement_no,
                "是否纳管": f"是 {project.recognition_no}".strip() if project.managed else "否",
                "总建筑面积": f"{project.build_area:,.2f} ㎡" if project.build_area is not None else "",
                "房间数": project.room_total,
                "安全管理人员": " ".join(filter(None, (view.manager, view.phone))),
                "地址": project.address,
            },
            columns=2,
        )
        head("楼栋")
        named = (f"{one.name}（{one.floors}层{'' if one.elevator else '，无电梯'}）" for one in view.buildings)
        note("、".join(named) or "还没有楼栋，请补充资料")
        head("权属文件")
        Rows(_TITLES, view.titles, label="权属文件", empty="还没有权属文件")

    async def start(self) -> None:
        """Begin a project of the own district."""
        places = {one.code: one.name for one in streets() if one.district_code == self.place.caller.district_code}

        def draw(form: Form) -> None:
            form.add(
                text_field("name", "项目名称", required=True, longest=80),
                choice_field("kind", "项目类别", ProjectKind.labels(), required=True),
                text_field("operator_uscc", "运营主体信用代码", required=True, longest=18),
                text_field("owner_uscc", "权属单位信用代码", longest=18, help="与运营主体相同的不填"),
                choice_field("street_code", "街镇", places, required=True),
                text_field("address", "项目地址", required=True),
                area_field("build_area", "总建筑面积"),
                date_field("operate_from", "经营期起"),
                date_field("operate_to", "经营期止"),
            )

        values = await ask_form("新建集中式项目", draw, yes="新建")
        texts = {name: values.pop(name) or "" for name in ("owner_uscc", "street_code")}
        order = StartProject(**{**values, **texts, "kind": ProjectKind.of(values["kind"])})
        answer = await call(start_project, order)
        if answer.ok:
            await self.take(answer.value)
            self.place.say("项目已新建，已通知运营主体补充资料、导入房间", "good")

    async def fill(self, view: ProjectView) -> None:
        """Complete a project."""
        project = view.project
        kept = "\n".join(f"{one.name} {one.floors}{'' if one.elevator else ' 无电梯'}" for one in view.buildings)

        def draw(form: Form) -> None:
            form.add(
                flag_field("managed", "已纳管", value=project.managed),
                text_field("recognition_no", "纳管认定文件编号", value=project.recognition_no, longest=60),
                text_field("agreement_no", "委托运营协议编号", value=project.agreement_no, longest=60),
                text_field("safety_manager", "安全管理人员", help="居住15人以上必填；不填则清空", longest=20),
                text_field("safety_phone", "安全管理人员手机", longest=20),
                text_field(
                    "buildings",
                    "楼栋",
                    value=kept,
                    lines=5,
                    longest=4000,
                    read=_buildings,
                    required=True,
                    help=_BUILDINGS,
                ),
            )

        values = await ask_form(f"补充资料：{project.name}", draw, yes="保存")
        texts = {name: value or "" for name, value in values.items() if name not in ("managed", "buildings")}
        order = KeepProject(
            project.id, values["managed"], buildings=values["buildings"], version=project.version, **texts
        )
        await self.act(keep_project, order, "项目资料已保存")

    async def add_proof(self, view: ProjectView) -> None:
        """Attach a title proof with its scan."""
        kept: dict[str, Any] = {}

        async def take(name: str, content: bytes) -> None:
            answer = await call(keep_attachment, KeepAttachment("权属文件", name, content))
            if answer.ok:
                kept["id"] = answer.value.id if answer.value.usable else None
                self.place.say(answer.value.note or f"已收：{name[-40:]}", "warn" if answer.value.note else "good")

        def draw(form: Form) -> None:
            form.add(
                choice_field("kind", "文件类别", TitleKind.labels(), required=True),
                text_field("cert_no", "权属证明编号", required=True, longest=60),
                date_field("valid_to", "有效期至", required=True),
            )
            box = FileBox("上传扫描件（PDF、JPG、PNG）", take, PLAIN_SCAN)
            box.button("选择扫描件")

        values = await ask_form(f"上传权属文件：{view.project.name}", draw, yes="保存")
        order = AddTitle(
            view.project.id, TitleKind.of(values["kind"]), values["cert_no"], values["valid_to"], kept.get("id")
        )
        await self.act(add_title, order, "权属文件已保存，房间表中填写它的编号")

    def bring(self, view: ProjectView) -> None:
        """Bring in a table of rooms."""

        def draw() -> None:
            head("导入房间")
            note("下载模板，一行一间填写；有误的行可以在网页上改。导入后在“房源申请”中确认并提交，区局审核通过后入库。")
            with web.element("div").classes("sf-pad"):
                TableUpload(self.place, KIND, sent=self.grid.load)

        self.draw_over(draw)

    async def one_by_one(self, view: ProjectView) -> None:
        """Begin an intake that is filled in room by room."""
        answer = await call(begin_apply, BeginApply(view.project.id, ApplyKind.INTAKE))
        if answer.ok:
            await self.place.open("room_applies", id=answer.value)

    async def open_up(self, view: ProjectView) -> None:
        """Open the project with its valid key, or with one of several."""
        answer = await call(view_opening, view.project.id)
        if not answer.ok:
            return
        opening: OpeningView = answer.value
        if opening.refusal:
            self.place.say("。".join(filter(None, (opening.refusal, opening.guide))), "bad")
            return
        keys = {str(one.id): f"{one.serial}（{one.holder}，至{one.valid_to}）" for one in opening.keys}
        warned = [one.warning for one in opening.keys if one.warning]
        mode = OpeningMode.AUTO if len(keys) == 1 else OpeningMode.MANUAL
        told = {
            "企业名称": opening.enterprise,
            "运营主体": opening.operator,
            "房间数": f"{opening.rooms}间",
            "关联方式": mode.label,
        }

        def draw(form: Form) -> None:
            first = next(iter(keys)) if len(keys) == 1 else ""
            form.add(choice_field("key", "密钥", keys, value=first, required=True))

        values = await ask_form(f"开盘：{opening.name}", draw, yes="开盘", summary=told, told=warned)
        chosen = next(one.id for one in opening.keys if str(one.id) == values["key"])
        await self.act(open_project, OpenProject(view.project.id, chosen), "项目已开盘，确认单已签发")

    async def hand_over(self, view: ProjectView) -> None:
        """Give the project another operator."""

        def draw(form: Form) -> None:
            form.add(
                text_field("operator_uscc", "新运营主体信用代码", required=True, longest=18),
                date_field("operate_from", "经营期起"),
                date_field("operate_to", "经营期止"),
            )

        told = ("变更后开盘暂停，请关联新运营主体的有效密钥后恢复。",)
        values = await ask_form(f"变更运营主体：{view.project.name}", draw, yes="变更", told=told)
        order = ChangeOperator(view.project.id, version=view.project.version, **values)
        await self.act(change_operator, order, "运营主体已变更")

    async def close(self, view: ProjectView) -> None:
        """Close a project none of whose rooms is let."""
        await confirm("关闭这个项目？关闭后不能再入库和开盘。", summary={"项目": view.project.name}, danger=True)
        await self.act(close_project, view.project.id, "项目已关闭")


def _is_live(view: ProjectView) -> bool:
    return view.project.state is not ProjectState.CLOSED


def _buildings(text: str) -> tuple[BuildingForm, ...]:
    made = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, *rest = line.split()
        if not rest or not rest[0].isdigit():
            raise BadText(_BUILDINGS)
        made.append(BuildingForm(name, int(rest[0]), "无电梯" not in rest[1:]))
    return tuple(made)


PROJECT_PAGE = desk_module(Projects, "central_projects", "location_city", "rooms")
