"""Projects of an operator in every state, made by the product's own actions on past days (rows 33-36)."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from deploy.demo.stories import caller_named, left_out, on_past_days, there
from deploy.demo.tables import DATA, cells_of
from models.enterprise import Enterprise, EnterpriseKey
from models.rooms import ApplyKind, LineKind, ProjectKind, RoomApply, TitleKind
from services.documents.attachments import KeepAttachment, keep_attachment
from services.engine.callers import SYSTEM, Caller
from services.engine.door import Door
from services.engine.work import Work
from services.rooms.applications import begin_apply, keep_lines, submit_apply
from services.rooms.openings import open_project
from services.rooms.orders import (
    AddTitle,
    BeginApply,
    BuildingForm,
    Decide,
    KeepLines,
    KeepProject,
    LineForm,
    OneApply,
    OpenProject,
    StartProject,
)
from services.rooms.projects import add_title, keep_project, start_project
from services.rooms.review import decide_apply

_OPERATOR = "91310115MA1K000016"
_FIRM, _BUREAU = "huyu01", "pdju01"
_SCAN = DATA / "pictures" / "paper.png"
_CANCELLED = ("0203", "0202", "0201")
_CONTENT = ("floor", "layout", "build_area", "usable_area", "max_persons", "list_rent", "state")


def load_central_projects(door: Door) -> None:
    """Load three projects: opened with changes waiting, with rooms under review, and just begun."""
    if there(door, RoomApply):
        return
    with left_out("centralized projects"), on_past_days(door) as stand:
        story = _Story(door, caller_named(door, _FIRM), caller_named(door, _BUREAU))
        stand(60)
        first = story.begun("沪寓·花木里", "花木路500弄")
        intake = story.submitted(first, ApplyKind.INTAKE, story.rooms("huamu", story.filled(first)))
        stand(55)
        story.decided(intake)
        stand(54)
        door.perform(open_project, story.bureau, OpenProject(first, door.look(SYSTEM, _key)))
        stand(20)
        rent = LineForm(LineKind.CHANGE, "1号楼", "0201", "list_rent", "3600.00", "3800.00", reason="租金调整")
        story.decided(story.submitted(first, ApplyKind.CHANGE, (rent,)))
        stand(3)
        second = story.begun("沪寓·张江南", "张东路1200号")
        story.submitted(second, ApplyKind.INTAKE, story.rooms("zhangjiang", story.filled(second)))
        stand(1)
        story.begun("沪寓·周浦", "周祝公路200号")
        layout = LineForm(LineKind.CHANGE, "1号楼", "0302", "max_persons", "2", "1", reason="按消防要求减少居住人数")
        # The filing library knows a filing of the second room and cannot say of the third: both stay with the firm.
        cancels = (LineForm(LineKind.CANCEL, "2号楼", room_no, reason="改作公共活动室") for room_no in _CANCELLED)
        story.submitted(first, ApplyKind.CHANGE, (layout, *cancels))


def _key(work: Work) -> UUID | None:
    """The operator's key."""
    keys = select(EnterpriseKey.id).join(Enterprise, col(Enterprise.id) == col(EnterpriseKey.enterprise_id))
    return work.session.exec(keys.where(Enterprise.uscc == _OPERATOR)).first()


class _Story:
    """The operator and the bureau at work."""

    def __init__(self, door: Door, firm: Caller, bureau: Caller) -> None:
        self.door, self.firm, self.bureau = door, firm, bureau

    def begun(self, name: str, address: str) -> UUID:
        """Begin a project."""
        order = StartProject(name, ProjectKind.MARKET, _OPERATOR, address, "310115005")
        return self.door.perform(start_project, self.bureau, order)

    def filled(self, project_id: UUID) -> str:
        """Complete a project; returns the number of its title proof."""
        buildings = (BuildingForm("1号楼", 6), BuildingForm("2号楼", 6))
        self.door.perform(
            keep_project,
            self.firm,
            KeepProject(
                project_id,
                True,
                f"浦房管纳〔{self.door.clock.today():%Y}〕12号",
                "",
                "沈嘉禾",
                "13800138000",
                buildings,
            ),
        )
        file_id = self.door.perform(
            keep_attachment, self.firm, KeepAttachment("权属文件", "权属.png", _SCAN.read_bytes())
        ).id
        end = self.door.clock.today() + timedelta(days=3000)
        proof = AddTitle(project_id, TitleKind.TITLE, "沪(2022)浦字不动产权第066001号", end, file_id)
        return self.door.perform(add_title, self.firm, proof)

    def rooms(self, project: str, title_ref: str) -> tuple[LineForm, ...]:
        """The rooms of a project of the table."""
        return tuple(
            LineForm(
                LineKind.ADD,
                cells["building"],
                cells["room_no"],
                content={**{name: cells[name] for name in _CONTENT}, "managed": "是", "title_ref": title_ref},
            )
            for cells in cells_of("central_intake")
            if cells["project"] == project
        )

    def submitted(self, project_id: UUID, kind: ApplyKind, lines: tuple[LineForm, ...]) -> UUID:
        """Hand in an application."""
        apply_id = self.door.perform(begin_apply, self.firm, BeginApply(project_id, kind, "按经营需要"))
        self.door.perform(keep_lines, self.firm, KeepLines(apply_id, lines))
        self.door.perform(submit_apply, self.firm, OneApply(apply_id))
        return apply_id

    def decided(self, apply_id: UUID) -> None:
        """Approve an application."""
        self.door.perform(decide_apply, self.bureau, Decide(apply_id, "同意"))
