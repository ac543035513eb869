"""`main.py replay room-changes DIR`: applications for changes of rooms in time order, and what became of each line."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from sqlmodel import col, select

from deploy.replays.ground import Ground
from models.access import Role, ScopeKind
from models.enterprise import Enterprise, EnterpriseKind, RecordState
from models.rooms import (
    CentralBuilding,
    CentralProject,
    CentralRoom,
    CentralRoomState,
    CentralTitle,
    LineKind,
    LineState,
    ProjectKind,
    ProjectState,
    RoomApplyLine,
    TitleKind,
)
from models.sealed import Sealed
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.refusals import Refusal
from services.engine.work import Work
from services.ports.answers import Answer, hit
from services.ports.filing_library import FILING_LIBRARY, RoomQuestion
from services.ports.systems import Systems
from services.rooms.applications import begin_apply, keep_lines, submit_apply
from services.rooms.kept_rooms import fields_of
from services.rooms.library import number_key
from services.rooms.orders import BeginApply, Decide, KeepLines, LineForm, OneApply, ReturnApply
from services.rooms.review import decide_apply, return_apply

HELP = "房源变更：逐份重放变更申请的提交和审核"
_RESULTS = {
    LineState.APPLIED: "APPLIED",
    LineState.REFUSED: "REFUSED",
    LineState.RETURNED: "RETURNED",
    LineState.OPEN: "PENDING",
}
_UNKNOWN = "FILING_UNKNOWN"
_OPINION = "按记录的决定办理"
#: Names of recorded users become accounts under this one.
_USERS = UUID("6f1f0a52-6d6b-4a57-9a1a-7f3a1b0c5e11")
_KINDS = {kind.label: kind for kind in TitleKind}
Row = Mapping[str, str]
Name = tuple[str, str, str]
#: A recorded application and a project.
Key = tuple[str, str]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--library-json", action="store_true", help="改为输出最后在库的每间房间")


def lines(ground: Ground, wanted: argparse.Namespace) -> Iterator[Mapping[str, Any]]:
    """Yield an object a line of the applications, or a room that is left in the library."""
    replay = _Replay(ground)
    replay.load()
    answers = replay.play(ground.table("room_changes.csv"))
    yield from replay.library_after() if wanted.library_json else answers


def _load(work: Work, ground: Ground) -> None:
    """Keep the recorded projects with their rooms, and the firms that apply."""
    projects_told = ground.table("central_projects.csv")
    applicants = {row["applicant_uscc"] for row in ground.table("room_changes.csv")}
    named = {row["operator_uscc"]: row["operator_name"] for row in projects_told}
    firms: dict[str, UUID] = {}
    for uscc in sorted({*named, *applicants}):
        firm = Enterprise(
            name=named.get(uscc) or f"申请企业{uscc[-4:]}",
            kind=EnterpriseKind.RENTAL,
            uscc=uscc,
            record_state=RecordState.RECORDED,
            district_code="310000",
        )
        firms[uscc] = work.add(firm).id
    projects = {row["project_no"]: work.add(_project(row, firms[row["operator_uscc"]])) for row in projects_told}
    for row in ground.table("central_buildings.csv"):
        project = projects[row["project_no"]]
        work.add(CentralBuilding(project_id=project.id, name=row["building"], floors=int(row["floors"])))
    titles = {}
    for row in ground.table("central_titles.csv"):
        title = CentralTitle(
            project_id=projects[row["project_no"]].id,
            title_ref=row["title_ref"],
            kind=_KINDS.get(row["kind"], TitleKind.OTHER),
            valid_to=date.fromisoformat(row["valid_to"]),
        )
        titles[row["title_ref"]] = work.add(title).id
    for row in ground.table("central_library.csv"):
        work.add(_room(row, projects[row["project_no"]], titles.get(row["title_ref"])))


def _project(row: Row, firm_id: UUID) -> CentralProject:
    manager = row["safety_manager"].strip()
    return CentralProject(
        project_no=row["project_no"],
        name=row["name"],
        kind=ProjectKind.of(row["kind"]),
        enterprise_id=firm_id,
        recognition_no=row["recognition_paper"],
        managed=bool(row["recognition_paper"]),
        operate_from=date.fromisoformat(row["operate_from"]) if row["operate_from"] else None,
        operate_to=date.fromisoformat(row["operate_to"]) if row["operate_to"] else None,
        build_area=Decimal(row["total_build_area"]) if row["total_build_area"] else None,
        safety_manager=Sealed.of(manager) if manager else None,
        state=ProjectState.CLOSED if row["state"] == "CLOSED" else ProjectState.IN_LIBRARY,
        district_code=row["district_code"],
    )


def _room(row: Row, project: CentralProject, title_id: UUID | None) -> CentralRoom:
    state = CentralRoomState.of(row["state"])
    live = state is not CentralRoomState.CANCELLED
    return CentralRoom(
        project_id=project.id,
        building=row["building"],
        room_no=row["room_no"],
        number_key=number_key(row["building"], row["room_no"]) if live else None,
        floor=int(row["floor"]),
        layout=row["layout"],
        build_area=Decimal(row["build_area"]),
        usable_area=Decimal(row["usable_area"]),
        max_persons=int(row["max_persons"]),
        beds=int(row["bed_count"] or 0),
        list_rent=Decimal(row["list_rent"]) if row["list_rent"] else None,
        managed=row["managed"] == "是",
        in_library=live,
        title_id=title_id,
        state=state,
    )


@dataclass
class _Library:
    """The filing library as recorded at a moment; a room that is not recorded has no filing."""

    answers: dict[Name, str] = field(default_factory=dict)

    def are_filed(self, rooms: Sequence[RoomQuestion]) -> Answer[tuple[bool | None, ...]]:
        said = [self.answers.get((one.project_no, one.building, one.room_no), "NONE") for one in rooms]
        return hit("备案库", tuple({"ACTIVE": True, "UNKNOWN": None}.get(word, False) for word in said))


@dataclass
class _Replay:
    """A recorded month: the applications under way, and the answers line by line.

    A recorded application over rooms of several projects is one of ours for each, for each has its own district.
    """

    ground: Ground
    library: _Library = field(default_factory=_Library)
    firms: dict[str, UUID] = field(default_factory=dict)
    projects: dict[str, tuple[UUID, str]] = field(default_factory=dict)
    #: Applications as kept, with the ids of their lines in order.
    applies: dict[Key, tuple[UUID, list[UUID]]] = field(default_factory=dict)
    #: What the door refused before anything was kept: codes by application and place.
    refused: dict[tuple[Key, int], str] = field(default_factory=dict)
    review: dict[Key, str] = field(default_factory=dict)

    def load(self) -> None:
        """Load the tables, and put the recorded filing library in the place of our own systems."""
        door = self.ground.door
        self.ground.act(lambda work: _load(work, self.ground))
        door.house.systems = Systems({**door.systems.clients, FILING_LIBRARY.name: self.library})
        self.firms = dict(
            door.look(SYSTEM, lambda work: work.session.exec(select(Enterprise.uscc, Enterprise.id)).all())
        )
        kept = door.look(SYSTEM, lambda work: work.session.exec(select(CentralProject)).all())
        self.projects = {one.project_no: (one.id, one.district_code) for one in kept}

    def play(self, lines: Sequence[Row]) -> list[dict[str, Any]]:
        """Hand in and decide the applications in the order of their times; returns an answer for each line."""
        applies: dict[Key, list[Row]] = {}
        places: list[tuple[Key, int]] = []
        for line in lines:
            part = applies.setdefault((line["apply_no"], line["project_no"]), [])
            places.append(((line["apply_no"], line["project_no"]), len(part)))
            part.append(line)
        events = [(one[0]["submitted_at"], 1, key) for key, one in applies.items()]
        events += [(one[0]["reviewed_at"], 0, key) for key, one in applies.items() if one[0]["reviewed_at"]]
        for moment, submits, key in sorted(events, key=lambda event: event[:2]):
            self.ground.stand_at(moment)
            (self._submit if submits else self._review)(key, applies[key])
        return [self._answer(line, *place) for line, place in zip(lines, places, strict=True)]

    def _submit(self, key: Key, lines: Sequence[Row]) -> None:
        first, perform = lines[0], self.ground.door.perform
        firm = self._caller(first["applicant_user"], Role.ENTERPRISE_USER, firm=self.firms[first["applicant_uscc"]])
        project_id = self.projects[first["project_no"]][0]
        self._record(lines, "library_at_submit")
        try:
            apply_id = perform(begin_apply, firm, BeginApply(project_id, reason=first["reason"]))
            perform(keep_lines, firm, KeepLines(apply_id, tuple(map(_form, lines))))
            perform(submit_apply, firm, OneApply(apply_id))
        except Refusal as refusal:
            for finding in refusal.findings:
                places = [int(finding.field) - 1] if finding.field.isdigit() else range(len(lines))
                self.refused |= {(key, place): finding.code for place in places}
            return
        self.applies[key] = apply_id, [line.id for line in self._lines(apply_id)]

    def _review(self, key: Key, lines: Sequence[Row]) -> None:
        if key not in self.applies:
            return
        apply_id, ids = self.applies[key]
        first, perform = lines[0], self.ground.door.perform
        bureau = self._caller(first["reviewer"], Role.DISTRICT_BUREAU, district=self.projects[first["project_no"]][1])
        self._record(lines, "library_at_review")
        try:
            if any(line["decision"] == "RETURN" for line in lines):
                perform(return_apply, bureau, ReturnApply(apply_id, _OPINION))
                return
            refused = [line_id for line_id, line in zip(ids, lines, strict=True) if line["decision"] == "REFUSE"]
            perform(decide_apply, bureau, Decide(apply_id, _OPINION, frozenset(refused)))
        except Refusal as refusal:
            self.review[key] = " ".join(finding.code for finding in refusal.findings)

    def _record(self, lines: Sequence[Row], column: str) -> None:
        self.library.answers = {
            (line["project_no"], line["building"], line["room_no"]): line[column] for line in lines if line[column]
        }

    def _caller(self, user: str, role: Role, *, firm: UUID | None = None, district: str = "") -> Caller:
        kind, code = (ScopeKind.ORGANISATION, str(firm)) if firm else (ScopeKind.DISTRICT, district)
        return Caller(
            user,
            (Scope(role, kind, code),),
            account_id=uuid5(_USERS, user),
            enterprise_id=firm,
            district_code=district,
        )

    def _lines(self, apply_id: UUID) -> list[RoomApplyLine]:
        kept = select(RoomApplyLine).where(RoomApplyLine.apply_id == apply_id).order_by(col(RoomApplyLine.line_no))
        return list(self.ground.door.look(SYSTEM, lambda work: work.session.exec(kept).all()))

    def _answer(self, line: Row, key: Key, place: int) -> dict[str, Any]:
        told: dict[str, Any] = {"apply_no": line["apply_no"], "line_no": int(line["line_no"])}
        if key in self.applies:
            kept = self._lines(self.applies[key][0])[place]
            handed_in, codes = kept.state is not LineState.BARRED, kept.codes.split()
            result = _RESULTS.get(kept.state, "NOT_SUBMITTED")
            review = kept.review_codes or (self.review.get(key, "") if handed_in else "")
        else:
            handed_in, codes = False, self.refused.get((key, place), "").split()
            result, review = "NOT_SUBMITTED", ""
        submit = "ACCEPTED" if handed_in else "NOT_SUBMITTABLE" if _UNKNOWN in codes else "REFUSED"
        return {**told, "submit": submit, "codes": codes, "result": result, "review_codes": review.split()}

    def library_after(self) -> list[dict[str, str]]:
        """Return every room that is not cancelled, with the fields of the recorded library."""

        def read(work: Work) -> list[dict[str, str]]:
            titles = {one.id: one.title_ref for one in work.session.exec(select(CentralTitle)).all()}
            numbers = {one.id: one.project_no for one in work.session.exec(select(CentralProject)).all()}
            kept = select(CentralRoom).where(CentralRoom.state != CentralRoomState.CANCELLED)
            rooms = work.session.exec(kept).all()
            return [_kept(room, numbers[room.project_id], titles.get(room.title_id or room.id, "")) for room in rooms]

        found: list[dict[str, str]] = self.ground.door.look(SYSTEM, read)
        key = ("project_no", "building")
        return sorted(found, key=lambda one: (*(one[name] for name in key), int(one["floor"]), one["room_no"]))


def _form(line: Row) -> LineForm:
    content = dict(part.split("=", 1) for part in line["after"].split(";") if "=" in part)
    adds = line["kind"] == "ADD"
    return LineForm(
        LineKind.of(line["kind"]),
        line["building"],
        line["room_no"],
        line["field"],
        line["before"],
        "" if adds else line["after"],
        content if adds else {},
        "依据文件" if line["paper"] == "是" else "",
        line["reason"],
    )


def _kept(room: CentralRoom, project_no: str, title_ref: str) -> dict[str, str]:
    fields = fields_of(room, title_ref)
    names = ("layout", "build_area", "usable_area", "max_persons")
    return {
        "project_no": project_no,
        "building": room.building,
        "floor": fields["floor"],
        "room_no": fields["room_no"],
        **{name: fields[name] for name in names},
        "bed_count": fields["beds"],
        "list_rent": fields["list_rent"],
        "state": room.state.value,
        "managed": fields["managed"],
        "title_ref": title_ref,
    }
