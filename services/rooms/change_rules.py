"""Judgement of a line of an application, when it is handed in and again when it is decided (Z01-Z03, Z06, Z07; rows 35, 36);
pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as fresh
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from models.rooms import CentralRoomState, FilingAnswer, LineKind
from services.rooms.room_judgement import (
    LAYOUTS,
    Limits,
    ProjectFacts,
    RoomFault,
    RoomForm,
    TitleFacts,
    faults_of,
    title_faults,
)

#: Fields that an application may change, with their labels.
FIELDS: Mapping[str, str] = {
    "room_no": "房号",
    "floor": "楼层",
    "layout": "户型",
    "build_area": "建筑面积",
    "usable_area": "使用面积",
    "max_persons": "最多居住人数",
    "beds": "床位数",
    "list_rent": "月租金",
    "managed": "是否纳管",
    "title_ref": "权属文件编号",
}
_DECIMALS = frozenset({"build_area", "usable_area", "list_rent"})
_WHOLE = frozenset({"floor", "max_persons", "beds"})
#: Changes of a let room that its tenant must know of, and that are looked at (Z07).
_TENANTS = frozenset({"build_area", "usable_area", "room_no", "layout"})
#: Rules that let a line go on to the review.
PASSING = frozenset({"Z07"})
MESSAGES: Mapping[str, str] = {
    "NOT_OPERATOR": "没有这个项目，或者贵企业不是它的运营主体",
    "SAME_ROOM_TWICE": "同一申请中，这间房间的同一项变更了两次，或者既变更又注销",
    "ROOM_NOT_FOUND": "库中没有这间房间，或者房间已注销",
    "CHANGE_PENDING": "这间房间有另一份申请待审核，请等审核完成后再申请",
    "STALE": "变更前的内容与库中的不一致，请刷新后重新填写",
    "FILING_UNKNOWN": "备案库没有应答，暂不能注销，请稍后再提交",
    "Z02": "变更是否纳管请上传依据文件",
    "Z03": "房号在楼内已存在，请核对",
    "Z06": "该房间存在有效备案，不能注销",
    "Z07": "该房间在租，变更需审核并通知承租人",
}


@dataclass(frozen=True)
class LineFacts:
    """A line with everything its judgement needs; `room` holds the fields of the kept room as texts, None without one."""

    kind: LineKind
    project: ProjectFacts
    today: date
    building: str = ""
    room_no: str = ""
    field: str = ""
    before: str = ""
    after: str = ""
    content: Mapping[str, str] = fresh(default_factory=dict)
    has_paper: bool = False
    room: Mapping[str, str] | None = None
    room_state: CentralRoomState | None = None
    library: FilingAnswer | None = None
    title: TitleFacts | None = None
    twice: bool = False
    pending: bool = False
    limits: Limits = fresh(default_factory=Limits)


@dataclass(frozen=True)
class LineFault:
    """A fault of a line: the code of its rule, and the sentence for the applicant."""

    code: str
    message: str


def judge_line(facts: LineFacts) -> list[LineFault]:
    """Return the faults of a line: of its place in the application first, then of its room, then of its content."""
    return list(dict.fromkeys(_faults(facts)))


def stops(faults: list[LineFault]) -> bool:
    """Return whether a line with these faults cannot go on."""
    return any(one.code not in PASSING for one in faults)


def _faults(facts: LineFacts) -> Iterator[LineFault]:
    if facts.twice:
        yield _fault("SAME_ROOM_TWICE")
    elif facts.kind is LineKind.ADD:
        yield from _addition(facts)
    elif facts.room is None:
        yield _fault("ROOM_NOT_FOUND")
    elif facts.pending:
        yield _fault("CHANGE_PENDING")
    elif facts.kind is LineKind.CANCEL:
        if facts.library is FilingAnswer.ACTIVE:
            yield _fault("Z06")
        elif facts.library is FilingAnswer.UNKNOWN:
            yield _fault("FILING_UNKNOWN")
    else:
        yield from _change(facts, facts.room)


def _fault(code: str) -> LineFault:
    return LineFault(code, MESSAGES[code])


def _addition(facts: LineFacts) -> Iterator[LineFault]:
    if (facts.building, facts.room_no) in facts.project.taken:
        # The room is none that could be added; its content is not judged.
        yield _fault("Z03")
        return
    form, wrong = room_form(facts.building, facts.room_no, facts.content)
    for name in wrong:
        yield LineFault("Z03", f"{FIELDS[name]}填写有误，请核对")
    yield from map(_of_room, faults_of(form, facts.project, facts.limits))
    yield from map(_of_room, title_faults(facts.content.get("title_ref", ""), facts.title, facts.project, facts.today))


def _change(facts: LineFacts, room: Mapping[str, str]) -> Iterator[LineFault]:
    if facts.field not in FIELDS:
        yield LineFault("Z03", "没有这一变更项，请重新选择")
        return
    if plain_value(facts.field, facts.before) != plain_value(facts.field, room[facts.field]):
        yield _fault("STALE")
        return
    if facts.field == "managed":
        if not facts.has_paper:
            yield _fault("Z02")
        return
    if facts.field == "title_ref":
        yield from map(_of_room, title_faults(facts.after, facts.title, facts.project, facts.today))
        return
    yield from _new_faults(facts, room)
    let = facts.room_state is CentralRoomState.LET or facts.library is FilingAnswer.ACTIVE
    if let and facts.field in _TENANTS:
        yield _fault("Z07")


def _new_faults(facts: LineFacts, room: Mapping[str, str]) -> Iterator[LineFault]:
    """Yield the faults the room has not got yet: a change need not mend what was wrong before."""
    number = facts.after if facts.field == "room_no" else facts.room_no
    if facts.field == "room_no" and (facts.building, number) in facts.project.taken:
        yield _fault("Z03")
        return
    before, _ = room_form(facts.building, facts.room_no, room)
    after, wrong = room_form(facts.building, number, {**room, facts.field: facts.after})
    if facts.field in wrong or not facts.after.strip():
        yield LineFault("Z03", f"{FIELDS[facts.field]}填写有误，请核对")
        return
    known = {(one.field, one.code) for one in faults_of(before, facts.project, facts.limits)}
    judged = replace(after, managed=None)
    for one in faults_of(judged, facts.project, facts.limits):
        if (one.field, one.code) not in known:
            yield _of_room(one)


def _of_room(fault: RoomFault) -> LineFault:
    return LineFault(fault.rule, fault.message)


def room_form(building: str, room_no: str, content: Mapping[str, str]) -> tuple[RoomForm, list[str]]:
    """Return a room from the texts of its fields, and the names of those that cannot be read."""
    values: dict[str, Any] = {}
    wrong = []
    for name, text in content.items():
        try:
            value = _value(name, text)
        except (ValueError, InvalidOperation):
            wrong.append(name)
        else:
            if name in RoomForm.__dataclass_fields__:
                values[name] = value
    if values.get("layout") and values["layout"] not in LAYOUTS:
        wrong.append("layout")
    return RoomForm(**{**values, "building": building, "room_no": room_no}), wrong


def _value(name: str, text: str) -> Any:
    plain = text.strip()
    if name == "managed":
        return {"是": True, "否": False}[plain] if plain in ("是", "否") else None
    if name in _WHOLE:
        return int(plain) if plain else None
    if name in _DECIMALS:
        value = Decimal(plain) if plain else None
        if value is not None and (not value.is_finite() or (name == "list_rent" and value <= 0)):
            raise ValueError(name)
        return value
    return plain


def plain_value(name: str, text: str) -> str:
    """Return the text of a field as it is compared: amounts with two places, whole numbers without blanks."""
    try:
        value = _value(name, text)
    except (ValueError, InvalidOperation):
        return text.strip()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)
