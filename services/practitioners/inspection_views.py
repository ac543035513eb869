"""Views of an inspector: the district's queue, its counts, and all evidence of an application (row 40)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import col, select

from models.codes import Toned
from models.enterprise import Enterprise
from models.practitioner_codes import ApplyKind, ApplyState, CheckAnswer, FaceSeen, FaceView
from models.practitioners import CardApply, InfoCard, Portrait
from models.privacy import Shown
from models.sealed import indexes_of
from services.access.visibility import CITY, ENTERPRISE
from services.engine.clock import shanghai_text
from services.engine.findings import Finding, Severity
from services.engine.list_pages import lines_of
from services.engine.listings import (
    Bulk,
    Column,
    Line,
    Listing,
    about,
    choice,
    days,
    either,
    exact,
    listed,
    named,
    numbers,
    part,
    sealed,
    through,
)
from services.engine.look_ups import row_by, uuid_of, values_by
from services.engine.registry import query
from services.engine.work import Work
from services.practitioners.faces import FACE_UNSEEN, SENTENCES
from services.practitioners.identity_checks import kept_findings
from services.practitioners.inspection import needs_no_look, pass_apply
from services.practitioners.orders import PersonData, Told
from services.practitioners.records import (
    Opinion,
    claim_cells,
    firm_names,
    firm_of,
    last_words,
    opinions_of,
    person_of,
    told_name,
)
from services.practitioners.rules import ALL_RULES
from services.practitioners.visibility import DISTRICT, READERS
from services.privacy.accesses import note_access

_RULES = {rule.code: rule for rule in reversed(ALL_RULES)}


def _with_face(wanted: FaceView) -> Any:
    seen = {
        FaceView.IN_DOUBT: col(Portrait.face) != FaceSeen.ONE,
        FaceView.GOOD: col(Portrait.face) == FaceSeen.ONE,
        FaceView.UNSEEN: col(Portrait.face).is_(None),
    }
    return exists().where(col(Portrait.id) == col(CardApply.portrait_id), seen[wanted])


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    found = {row.id: kept_findings(row) for row in rows}

    def words(row: Any) -> str:
        """The newest words of an inspector, or why it was rejected."""
        rejected = "；".join(one.message for one in found[row.id] if str(one.severity) != "WARN")
        return rejected if row.state is ApplyState.AUTO_REJECTED else last_words(row) or rejected

    return {
        "firm": firm_names(work, rows),
        "post": lambda row: person_of(row.after.json()).post if row.after else "",
        "warnings": lambda row: sum(str(one.severity) == "WARN" for one in found[row.id]),
        "words": words,
        "waited_days": lambda row: (work.now - row.submitted_at).days if row.submitted_at else 0,
        **claim_cells(work, rows),
    }


def _inspected_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    """Cells of the applications to inspect, with what the detector made of each portrait."""
    faces = values_by(work, Portrait.id, Portrait.face, {row.portrait_id for row in rows})
    return {**_cells(work, rows), "face": lambda row: faces.get(row.portrait_id)}


_KIND = named(
    "kind", "类别", {str(one.value): (one.label, CardApply.kind == one) for one in (ApplyKind.NEW, ApplyKind.CHANGE)}
)
#: A name or a number may be typed here, which no address keeps.
_WORD = either(
    "word",
    "查找",
    exact("", "", CardApply.apply_no, upper=True),
    sealed("", "", CardApply.name_index, "name"),
    sealed("", "", CardApply.id_no_index, "id_no"),
    through(CardApply.enterprise_id, Enterprise.id, part("", "", Enterprise.name)),
    secret=True,
    width=200,
)
_INSPECTING = col(CardApply.state) == ApplyState.INSPECTING
_NEWEST = "-updated_at"

APPLIES = listed(
    Listing(
        name="card_applies",
        label="信息卡申办",
        roles=ENTERPRISE,
        table=CardApply,
        rows=lambda work: work.visible(CardApply).where(CardApply.kind != ApplyKind.CANCEL),
        columns=(
            Column("apply_no", "申请编号", sortable=True, width=190),
            Column("name", "姓名", width=90),
            Column("id_no", "证件号码", width=160),
            Column("kind", "类别", width=60),
            Column("channel", "方式", width=110),
            Column("post", "岗位", width=90),
            Column("state", "状态", width=96),
            Column("words", "原因"),
            Column("submitted_at", "提交时间", sortable=True, width=126),
            Column("updated_at", "更新时间", sortable=True, shown=False),
        ),
        filters=(
            choice(
                "state",
                "状态",
                CardApply.state,
                ApplyState,
                width=160,
                sorts={"SUBMITTED": "submitted_at", "INSPECTING": "submitted_at"},
            ),
            _KIND,
            _WORD,
            exact("number", "申请编号", CardApply.apply_no, upper=True, hidden=True, finds=numbers("SQ")),
        ),
        sort=_NEWEST,
        look_up=_cells,
        counts="state",
        persons=lambda work, rows: frozenset(row.id_no_index for row in rows if row.id_no_index),
        empty="没有符合条件的申请。按 F2 新增一名从业人员，或用“批量导入”一次申办多人。",
    )
)

INSPECTIONS = listed(
    replace(
        APPLIES,
        name="card_inspection",
        label="信息卡验看",
        roles=DISTRICT | CITY,
        # What a firm has not handed in is its own affair.
        rows=lambda work: work.visible(CardApply).where(
            CardApply.kind != ApplyKind.CANCEL, CardApply.state != ApplyState.DRAFT
        ),
        columns=(
            Column("apply_no", "申请编号", sortable=True, width=152),
            Column("name", "姓名", width=60),
            Column("id_no", "证件号码", shown=False),
            Column("kind", "类别", width=50),
            Column("channel", "方式", shown=False),
            Column("firm", "企业"),
            Column("post", "岗位", shown=False),
            Column("warnings", "提示", width=56, show=lambda count: Toned("有提示", "warn") if count else ""),
            Column("state", "状态", shown=False),
            Column(
                "submitted_at",
                "提交日期",
                sortable=True,
                width=92,
                show=lambda at: shanghai_text(at)[:10] if at else "",
            ),
            Column("updated_at", "更新时间", sortable=True, shown=False),
            Column("taken_by", "领取人", width=60),
        ),
        filters=(
            named(
                "view",
                "范围",
                {
                    "": ("待验看", _INSPECTING),
                    "free": ("未领取", _INSPECTING & col(CardApply.taken_by).is_(None)),
                    "mine": ("我领取的", lambda work: _INSPECTING & (CardApply.taken_by == work.caller.account_id)),
                    "others": ("他人领取", lambda work: _INSPECTING & (CardApply.taken_by != work.caller.account_id)),
                    "checking": ("核验中", CardApply.state == ApplyState.SUBMITTED),
                    "returned": ("已退回", CardApply.state == ApplyState.RETURNED),
                    "passed": ("已通过", CardApply.state == ApplyState.PASSED),
                    "rejected": ("核验未通过", CardApply.state == ApplyState.AUTO_REJECTED),
                },
                sorts={"returned": _NEWEST, "passed": _NEWEST, "rejected": _NEWEST},
            ),
            _KIND,
            named("face", "照片", {str(one.value): (one.label, _with_face(one)) for one in FaceView}),
            _WORD,
            *days(CardApply.submitted_at, "提交日期"),
            about("holder", "领取人", CardApply.taken_by),
        ),
        sort="submitted_at",
        look_up=_inspected_cells,
        also=("version", "portrait_id", "face", "taken_at", "card_id", "checked_at"),
        counts="view",
        bulk=(
            Bulk(
                pass_apply,
                lambda line, given: Told(line.id),
                label="批量通过",
                icon="done_all",
                key="f8",
                done="已通过",
                check=needs_no_look,
                question="勾选的申请全部验看通过？核验尚未应答、他人正在验看或照片未检出一张正立人脸的会跳过，"
                "并逐条说明；照片未经人脸检测的照常通过，在结果中注明。",
            ),
        ),
        empty="没有符合条件的申请",
    )
)


# One application


@dataclass(frozen=True)
class CheckLine:
    """Result of a rule: PASS, FAIL, WARN, UNKNOWN (no answer) or OPEN (not asked), in words."""

    code: str
    label: str
    result: str
    words: str


@dataclass(frozen=True)
class InspectionSheet:
    """The evidence of an application; the person's data are in clear, so the access is audited.

    `of_person` are the person's other applications and cards in the city, `of_firm` the last decisions on the firm's.
    """

    line: Line
    person: PersonData
    firm: Enterprise
    checks: tuple[CheckLine, ...]
    #: The person as a change found him; None where nothing is replaced.
    before: PersonData | None
    before_portrait_id: UUID | None
    #: What the detector made of the portrait; None where it has not looked, or there is no portrait.
    face: FaceSeen | None
    decisions: tuple[Opinion, ...]
    of_person: tuple[Line, ...]
    of_firm: tuple[Line, ...]
    card_no: str


@query("practitioners.sheet", "查看信息卡申请", roles=READERS, personal=True)
def inspection_sheet(work: Work, apply_id: UUID) -> InspectionSheet:
    """Return a visible application with its checks, its history, and earlier cases of the person and the firm."""
    row = work.get(CardApply, apply_id)
    firm = firm_of(work, row.enterprise_id)
    note_access(work, [row.id_no_index], "practitioners.sheet", Shown.FULL, purpose="信息卡验看", about=row)
    before = row.before.json() if row.before else {}
    card = row_by(work, InfoCard, row.card_id)
    staff = not work.caller.has(*ENTERPRISE)
    face = _face(work, row.portrait_id)
    return InspectionSheet(
        line=lines_of(work, INSPECTIONS, [row])[0],
        person=person_of(row.after.json() if row.after else {"name": row.name.plain, "id_no": row.id_no.plain}),
        firm=firm,
        checks=tuple(_checks(row, face)),
        before=person_of(before) if before and row.kind is ApplyKind.CHANGE else None,
        before_portrait_id=uuid_of(before.get("portrait", "")),
        face=face,
        decisions=tuple(replace(one, by=told_name(work, uuid_of(one.by))) for one in opinions_of(row)),
        of_person=tuple(_of_person(work, row)) if staff else (),
        of_firm=tuple(_of_firm(work, row, firm)) if staff else (),
        card_no=card.card_no if card else "",
    )


def _face(work: Work, portrait_id: UUID | None) -> FaceSeen | None:
    if portrait_id is None:
        return None
    found: FaceSeen | None = work.first(Portrait.face, Portrait.id == portrait_id)
    return found


_ASKED = {"K01": "two_factor", "K02": "blacklist"}


def _checks(row: CardApply, face: FaceSeen | None) -> list[CheckLine]:
    """Return each rule with its findings; findings about a portrait examined later are added to K07."""
    found: dict[str, list[Any]] = {}
    for one in kept_findings(row):
        found.setdefault(one.code, []).append(one)
    if face in SENTENCES and SENTENCES[face] not in {one.message for one in found.get("K07", ())}:
        found.setdefault("K07", []).append(Finding("K07", SENTENCES[face], "portrait", Severity.WARN))
    lines = []
    for code, rule in sorted(_RULES.items()):
        if code == "K03":
            continue
        told = found.get(code, [])
        said = CheckAnswer.GOOD if code not in _ASKED else getattr(row, _ASKED[code])
        words = "；".join(one.message for one in told)
        if said in (CheckAnswer.SILENT, CheckAnswer.UNASKED):
            result, words = ("UNKNOWN" if said is CheckAnswer.SILENT else "OPEN"), said.label
        elif code == "K07" and not told and row.portrait_id is not None and face is None:
            # No detector was installed, or none could look at this picture.
            result, words = "OPEN", FACE_UNSEEN
        elif told:
            result = "WARN" if all(str(one.severity) == "WARN" for one in told) else "FAIL"
        else:
            result = "PASS"
        lines.append(CheckLine(code, rule.label, result, words))
    return lines


def _of_person(work: Work, row: CardApply) -> Iterator[Line]:
    """The person's other applications and cards in the whole city: that another firm applies too is worth knowing."""
    same = indexes_of(work.sealer, "id_no", row.id_no.plain)
    applies = select(CardApply).where(
        col(CardApply.id_no_index).in_(same), CardApply.id != row.id, CardApply.state != ApplyState.DRAFT
    )
    cards = select(InfoCard).where(col(InfoCard.id_no_index).in_(same))
    others = work.session.exec(applies.order_by(col(CardApply.submitted_at).desc()).limit(20)).all()
    held = work.session.exec(cards.order_by(col(InfoCard.changed_at).desc()).limit(20)).all()
    firm = firm_names(work, [*others, *held])
    for one in others:
        yield _past(one, one.submitted_at, firm(one))
    for card in held:
        yield Line(
            what="信息卡", number=card.card_no, state=card.state.label, at=card.changed_at, firm=firm(card), words=""
        )


def _of_firm(work: Work, row: CardApply, firm: Enterprise) -> Iterator[Line]:
    """Return the last decisions on the firm's applications."""
    decided = select(CardApply).where(
        CardApply.enterprise_id == firm.id, CardApply.id != row.id, col(CardApply.inspector_id).is_not(None)
    )
    for one in work.session.exec(decided.order_by(col(CardApply.decided_at).desc()).limit(10)).all():
        yield _past(one, one.decided_at, one.name.masked())


def _past(one: CardApply, at: datetime | None, whose: str) -> Line:
    what = f"{one.kind.label}申请"
    return Line(what=what, number=one.apply_no, state=one.state.label, at=at, firm=whose, words=last_words(one))
