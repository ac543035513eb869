"""An operator, an owner and two bureaus at work on a centralized project, for tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlmodel import col, select

from models.access import Role, ScopeKind
from models.documents import IssuedDocument
from models.engine import Notice
from models.enterprise import Enterprise, EnterpriseKey, EnterpriseKind, KeyState, RecordState
from models.rooms import (
    ApplyKind,
    CentralProject,
    CentralRoom,
    CentralTitle,
    LineKind,
    ProjectKind,
    ProjectOpening,
    RoomApply,
    RoomApplyLine,
    TitleKind,
)
from services.documents.attachments import KeepAttachment, keep_attachment
from services.engine.callers import Caller, Scope
from services.engine.work import Work
from services.ports.answers import Answer, hit, silent
from services.ports.filing_library import FILING_LIBRARY, RoomQuestion
from services.ports.systems import Systems
from services.rooms.applications import Submitted, begin_apply, keep_lines, submit_apply
from services.rooms.orders import (
    AddTitle,
    BeginApply,
    BuildingForm,
    Decide,
    KeepLines,
    KeepProject,
    LineForm,
    OneApply,
    StartProject,
)
from services.rooms.projects import add_title, keep_project, start_project
from services.rooms.review import Decided, decide_apply
from tests.files_made import png
from tests.world import World

OPERATOR, OTHER, OWNER = "91310106MAXX3NLL1Q", "91310101MAXDN9H747", "91310105MAXUTWTQ7B"
DISTRICT, ELSEWHERE = "310115", "310104"
#: A sound room as an application adds it.
CONTENT = {
    "floor": "12",
    "layout": "1室1厅1卫",
    "build_area": "45.50",
    "usable_area": "33.20",
    "max_persons": "2",
    "list_rent": "3600.00",
    "managed": "是",
}


@dataclass
class Library:
    """The filing library: what it says of rooms by building and number, or silence."""

    answers: dict[tuple[str, str], bool | None] = field(default_factory=dict)
    is_silent: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    def are_filed(self, rooms: Sequence[RoomQuestion]) -> Answer[tuple[bool | None, ...]]:
        self.asked += [(one.building, one.room_no) for one in rooms]
        if self.is_silent:
            return silent("备案库")
        return hit("备案库", tuple(self.answers.get((one.building, one.room_no), False) for one in rooms))


@dataclass
class Desk:
    """A world in which a district begins projects and an operator fills them."""

    world: World
    firms: dict[str, UUID] = field(default_factory=dict)
    library: Library = field(default_factory=Library)
    #: The world's own clients, whose filing library is asked over HTTP.
    over_http: Systems = field(init=False, repr=False)

    def found(self) -> "Desk":
        self.firms = self.world.act(self._found)
        self.over_http = self.world.door.systems
        self.world.door.house.systems = self.over_http.having(FILING_LIBRARY, self.library)
        return self

    def _found(self, work: Work) -> dict[str, UUID]:
        made = {}
        for uscc, name in ((OPERATOR, "沪寓公寓"), (OTHER, "途居公寓"), (OWNER, "浦城置业")):
            firm = Enterprise(
                name=f"上海{name}管理有限公司",
                kind=EnterpriseKind.RENTAL,
                uscc=uscc,
                record_no="备2026001",
                record_state=RecordState.RECORDED,
                district_code=DISTRICT,
            )
            made[uscc] = work.add(firm).id
        return made

    @property
    def today(self) -> date:
        return self.world.door.clock.today()

    def firm(self, uscc: str = OPERATOR, account: UUID | None = None) -> Caller:
        scope = Scope(Role.ENTERPRISE_USER, ScopeKind.ORGANISATION, uscc)
        return Caller("经办人", (scope,), account_id=account or uuid4(), enterprise_id=self.firms[uscc])

    def bureau(self, district: str = DISTRICT, account: UUID | None = None) -> Caller:
        scope = Scope(Role.DISTRICT_BUREAU, ScopeKind.DISTRICT, district)
        return Caller(
            "审核人", (scope,), account_id=account or uuid4(), district_code=district, unit_name="区房屋管理局"
        )

    def do(self, action: Any, order: Any, caller: Caller | None = None) -> Any:
        return self.world.door.perform(action, caller or self.firm(), order)

    def ask(self, query: Any, order: Any, caller: Caller | None = None) -> Any:
        return self.world.door.ask(query, caller or self.firm(), order)

    # Projects

    def begun(self, **given: Any) -> CentralProject:
        """A project its district has just begun."""
        order = {
            "name": "沪寓·张江社区",
            "kind": ProjectKind.MARKET,
            "operator_uscc": OPERATOR,
            "address": "张江路100弄",
            "street_code": "310115110",
            **given,
        }
        project_id = self.do(start_project, StartProject(**order), self.bureau())
        return self.project(project_id)

    def project(self, project_id: UUID) -> CentralProject:
        found: CentralProject = self.world.read(lambda work: work.session.get_one(CentralProject, project_id))
        return found

    def filled(self, **given: Any) -> CentralProject:
        """A project with two buildings, a title proof and everything else its confirmation needs."""
        project = self.begun(**given)
        self.fill(project.id)
        self.title(project.id)
        return self.project(project.id)

    def fill(self, project_id: UUID, **given: Any) -> None:
        order: dict[str, Any] = {
            "managed": True,
            "recognition_no": "RD-2027-001",
            "safety_manager": "李安全",
            "safety_phone": "13800138000",
            "buildings": (BuildingForm("1号楼", 18), BuildingForm("2号楼", 12)),
            **given,
        }
        self.do(keep_project, KeepProject(project_id, **order))

    def title(self, project_id: UUID, *, days: int = 400) -> str:
        caller = self.firm()
        file_id = self.do(keep_attachment, KeepAttachment("权属文件", "权属.png", png()), caller).id
        end = self.today + timedelta(days=days)
        order = AddTitle(project_id, TitleKind.TITLE, "沪(2022)浦字不动产权第066001号", end, file_id)
        number: str = self.do(add_title, order, caller)
        return number

    # The filing library over HTTP

    def library_says(self, project: CentralProject, room_no: str, state: str) -> None:
        """Let the simulated library know of a room's filings."""
        address = f"{self.world.simulators.base_url('filing_library')}/sim/change"
        order = {"project_no": project.project_no, "building": "1号楼", "room_no": room_no, "state": state}
        httpx.post(address, json=order).raise_for_status()

    # Applications

    def add(self, number: str, title_ref: str, building: str = "1号楼", **content: str) -> LineForm:
        return LineForm(LineKind.ADD, building, number, content={**CONTENT, "title_ref": title_ref, **content})

    def change(self, number: str, name: str, before: str, after: str, **more: Any) -> LineForm:
        return LineForm(LineKind.CHANGE, "1号楼", number, name, before, after, **more)

    def cancel(self, number: str) -> LineForm:
        return LineForm(LineKind.CANCEL, "1号楼", number, reason="退出经营")

    def drafted(
        self, project_id: UUID, *lines: LineForm, kind: ApplyKind = ApplyKind.CHANGE, caller: Caller | None = None
    ) -> UUID:
        apply_id: UUID = self.do(begin_apply, BeginApply(project_id, kind, "信息更正"), caller)
        self.do(keep_lines, KeepLines(apply_id, lines), caller)
        return apply_id

    def submitted(self, project_id: UUID, *lines: LineForm, **more: Any) -> UUID:
        apply_id = self.drafted(project_id, *lines, **more)
        self.submit(apply_id, more.get("caller"))
        return apply_id

    def submit(self, apply_id: UUID, caller: Caller | None = None) -> Submitted:
        done: Submitted = self.do(submit_apply, OneApply(apply_id), caller)
        return done

    def decide(self, apply_id: UUID, **given: Any) -> Decided:
        caller = given.pop("caller", None) or self.bureau()
        done: Decided = self.do(decide_apply, Decide(apply_id, **given), caller)
        return done

    def in_library(self, *numbers: str, **given: Any) -> tuple[CentralProject, str]:
        """A project with rooms in the library, and the number of its title proof."""
        project = self.filled(**given)
        (title,) = self.titles(project.id)
        lines = [self.add(number, title) for number in numbers or ("1201", "1202", "1203")]
        apply_id = self.submitted(project.id, *lines, kind=ApplyKind.INTAKE)
        self.decide(apply_id)
        return self.project(project.id), title

    def titles(self, project_id: UUID) -> list[str]:
        rows = select(CentralTitle.title_ref).where(CentralTitle.project_id == project_id)
        return list(self.world.read(lambda work: work.session.exec(rows).all()))

    # What stands afterwards

    def apply(self, apply_id: UUID) -> RoomApply:
        found: RoomApply = self.world.read(lambda work: work.session.get_one(RoomApply, apply_id))
        return found

    def lines(self, apply_id: UUID) -> list[RoomApplyLine]:
        rows = select(RoomApplyLine).where(RoomApplyLine.apply_id == apply_id).order_by(col(RoomApplyLine.line_no))
        return list(self.world.read(lambda work: work.session.exec(rows).all()))

    def rooms(self, project_id: UUID) -> dict[str, CentralRoom]:
        rows = select(CentralRoom).where(CentralRoom.project_id == project_id).order_by(col(CentralRoom.room_code))
        found = self.world.read(lambda work: work.session.exec(rows).all())
        return {room.room_no: room for room in found}

    def openings(self, project_id: UUID) -> list[ProjectOpening]:
        rows = select(ProjectOpening).where(ProjectOpening.project_id == project_id)
        return list(self.world.read(lambda work: work.session.exec(rows.order_by(col(ProjectOpening.id))).all()))

    def papers(self, about: UUID) -> list[IssuedDocument]:
        rows = select(IssuedDocument).where(IssuedDocument.object_id == about)
        return list(self.world.read(lambda work: work.session.exec(rows).all()))

    def told(self, uscc: str = OPERATOR) -> list[str]:
        rows = select(Notice.subject).where(Notice.to_enterprise == self.firms[uscc])
        return list(self.world.read(lambda work: work.session.exec(rows).all()))

    def told_of(self, about: UUID) -> list[str]:
        """The texts of a row's messages."""
        return list(
            self.world.read(lambda work: [row.body.json() for row in work.rows(Notice, Notice.object_id == about)])
        )

    def key(self, uscc: str, serial: str, *, days: int = 300, state: KeyState = KeyState.VALID) -> UUID:
        """Give a firm a key."""

        def give(work: Work) -> UUID:
            key = EnterpriseKey(
                enterprise_id=self.firms[uscc],
                serial=serial,
                valid_from=self.today - timedelta(days=30),
                valid_to=self.today + timedelta(days=days),
                state=state,
            )
            return work.add(key).id

        made: UUID = self.world.act(give)
        return made
