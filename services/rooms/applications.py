"""Applications of an operator: rooms to take in, to change or to cancel, from the draft until the review (rows 33, 35)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, func, select

from models.enterprise import RECORDED, Enterprise, EnterpriseKind, ServiceState
from models.normal import half_width, without_blanks
from models.rooms import (
    EDITED_APPLY,
    ROOM_APPLY,
    ROOM_LINE,
    ApplyKind,
    CentralProject,
    LineKind,
    LineState,
    ProjectState,
    RoomApply,
    RoomApplyLine,
)
from models.sealed import Sealed
from services.access.visibility import ENTERPRISE, firm_id_of_caller
from services.engine.door import Gathering
from services.engine.findings import Finding, Severity
from services.engine.look_ups import held
from services.engine.numbering import number_later
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.words import some_words
from services.engine.work import Work
from services.rooms.change_rules import FIELDS, judge_line, plain_value, room_form, stops
from services.rooms.import_columns import project_findings
from services.rooms.judged_lines import Answers, Judged, ask_library, judged_lines, titles_of
from services.rooms.orders import BeginApply, KeepLines, LineForm, OneApply
from services.rooms.records import held_project, tell_bureau
from services.rooms.room_judgement import RoomForm

#: Lines of an application, by workbook or one by one.
MOST_LINES = 5_000
_EDITED = frozenset({LineState.DRAFT, LineState.RETURNED, LineState.BARRED})
_LONGEST_NO = 20
_CONTENT = frozenset({*FIELDS, "state"}) - {"room_no"}


@action("rooms.begin", "填写房源申请", roles=ENTERPRISE, event="DATA.CREATE")
def begin_apply(work: Work, order: BeginApply) -> UUID:
    """Begin an application of a project that the caller's firm operates."""
    project = held_project(work, order.project_id)
    if project.state is ProjectState.CLOSED:
        raise Conflict("项目已关闭，不能再申请")
    if order.kind is ApplyKind.CHANGE and project.state is not ProjectState.IN_LIBRARY:
        raise Conflict("项目还没有入库的房间，请先办理房源入库")
    return new_apply(work, project, order.kind, reason=order.reason).id


def new_apply(
    work: Work, project: CentralProject, kind: ApplyKind, *, reason: str = "", session_id: UUID | None = None
) -> RoomApply:
    """Make an empty application; its number is drawn before the commit."""
    words = some_words(reason, "申请理由", most=200)
    apply = RoomApply(
        apply_no="",
        kind=kind,
        project_id=project.id,
        enterprise_id=project.enterprise_id,
        session_id=session_id,
        reason=Sealed.of_json(words) if words else None,
        district_code=project.district_code,
        street_code=project.street_code,
    )
    prefix = "RK" if kind is ApplyKind.INTAKE else "BG"
    number_later(work, prefix, project.district_code, work.today, lambda number: setattr(apply, "apply_no", number))
    work.then(lambda: work.add(apply))
    return apply


def held_apply(work: Work, row_id: UUID, version: int = 0) -> RoomApply:
    """Lock an application of the caller's own firm."""
    apply = held(work, RoomApply, row_id, version)
    if apply.enterprise_id != firm_id_of_caller(work):
        raise NotFound
    return apply


def _edited(work: Work, row_id: UUID, version: int) -> RoomApply:
    apply = held_apply(work, row_id, version)
    if apply.state not in EDITED_APPLY:
        raise Conflict(f"该申请现为“{apply.state.label}”，不能再修改")
    return apply


def lines_of_apply(work: Work, apply_id: UUID, *states: LineState) -> list[RoomApplyLine]:
    """Return the lines of an application in their order, of these states or of all."""
    rows = select(RoomApplyLine).where(RoomApplyLine.apply_id == apply_id)
    if states:
        rows = rows.where(col(RoomApplyLine.state).in_(states))
    return list(work.held(rows.order_by(col(RoomApplyLine.line_no))).all())


@action("rooms.keep_lines", "保存申请的行", roles=ENTERPRISE, event="DATA.UPDATE")
def keep_lines(work: Work, order: KeepLines) -> int:
    """Add lines to a draft and remove others; the draft is kept until it is handed in. Returns the number of its lines."""
    apply = _edited(work, order.apply_id, order.version)
    for line in lines_of_apply(work, apply.id, *_EDITED):
        if line.id in order.removed:
            take_step(work, line, ROOM_LINE, "withdraw", log=False)
    kept = _count(work, apply.id)
    if kept + len(order.lines) > MOST_LINES:
        raise Rejected(f"一份申请最多{MOST_LINES}行，请分次申请")
    for form in order.lines:
        work.add(new_line(apply, checked(apply.kind, form)))
    work.add(apply)
    work.trail.tell("DATA.UPDATE", "rooms.keep_lines", about=apply, detail={"lines": len(order.lines)})
    return kept + len(order.lines)


def _count(work: Work, apply_id: UUID) -> int:
    work.session.flush()
    kept = select(func.count()).where(RoomApplyLine.apply_id == apply_id, RoomApplyLine.state != LineState.WITHDRAWN)
    return int(work.session.exec(kept).one())


def checked(kind: ApplyKind, form: LineForm) -> LineForm:
    """Return a line with its texts in their stored form; refuse one that no rule could judge."""
    room_no = half_width(without_blanks(form.room_no))
    building = half_width(without_blanks(form.building))
    if not room_no or len(room_no) > _LONGEST_NO or len(building) > _LONGEST_NO:
        raise Rejected("请填写楼栋和房号，各不超过20个字")
    if kind is ApplyKind.INTAKE and form.kind is not LineKind.ADD:
        raise Rejected("入库申请只能新增房间")
    if form.kind is LineKind.CHANGE and form.field not in FIELDS:
        raise Rejected("没有这一变更项，请重新选择")
    if set(form.content) - _CONTENT or len(form.after) > 200 or len(form.before) > 200:
        raise Rejected("填写的内容有误，请刷新页面后重新填写")
    content = {name: plain_value(name, some_words(text, "房间内容", most=60)) for name, text in form.content.items()}
    return LineForm(
        form.kind,
        building,
        room_no,
        form.field if form.kind is LineKind.CHANGE else "",
        form.before.strip(),
        form.after.strip(),
        content,
        form.paper.strip()[:60],
        some_words(form.reason, "理由", most=200),
    )


def new_line(apply: RoomApply, form: LineForm, note: str = "") -> RoomApplyLine:
    """Make a line of an application, numbered after its others."""
    apply.last_line += 1
    return RoomApplyLine(
        apply_id=apply.id,
        line_no=apply.last_line,
        kind=form.kind,
        building=form.building,
        room_no=form.room_no,
        field=form.field,
        before=form.before,
        after=form.after,
        content=dict(form.content) or None,
        paper=form.paper,
        reason=Sealed.of_json(form.reason) if form.reason else None,
        note=Sealed.of_json(note) if note else None,
    )


@dataclass(frozen=True)
class Submitted:
    """The number of lines that wait for the review, and of those that were not handed in."""

    apply_no: str
    accepted: int
    barred: int


def _ask(gathering: Gathering, order: OneApply) -> Answers:
    return ask_library(gathering, order.id, _EDITED)


@action(
    "rooms.submit", "确认并提交", roles=ENTERPRISE, gather=_ask, step=Step(ROOM_APPLY, "submit"), event="DATA.STATE"
)
def submit_apply(work: Work, order: OneApply, answers: Answers) -> Submitted:
    """Confirm an application and hand it in: each line alone, a refused one does not stop the others.

    Raises `Rejected` with every finding while no line can go on, or while the project itself lacks something.
    """
    apply = _edited(work, order.id, order.version)
    project = held_project(work, apply.project_id)
    lines = lines_of_apply(work, apply.id, *_EDITED)
    if not lines:
        raise Rejected("申请还没有房间，请先添加或导入")
    judged = judged_lines(work, apply, project, lines, answers)
    refuse_unless_complete(work, apply, judged, lines)
    accepted = [line for line in lines if _hand_in(work, line, judged)]
    if not accepted:
        raise Rejected("没有可以提交的行，请按提示修改", findings_of(lines))
    take_step(work, apply, ROOM_APPLY, "submit")
    apply.submitted_at, apply.submitted_by = work.now, work.caller.account_id
    work.add(apply)
    body = f"{project.name}的{apply.kind.label}申请已提交，共{len(accepted)}行待审核。"
    work.then(lambda: tell_bureau(work, project, f"房源{apply.kind.label}待审核", body, apply))
    return work.later(lambda: Submitted(apply.apply_no, len(accepted), len(lines) - len(accepted)))


def _hand_in(work: Work, line: RoomApplyLine, judged: Judged) -> bool:
    facts = judged.facts[line.id]
    faults = judge_line(facts)
    stopped = stops(faults)
    line.codes = " ".join(fault.code for fault in faults)
    line.found = "；".join(dict.fromkeys(fault.message for fault in faults))[:300]
    line.library = facts.library
    room = judged.rooms.get((line.building, line.room_no))
    line.room_id = None if room is None or line.kind is LineKind.ADD else room.id
    line.review_codes, line.opinion, line.decided_at = "", None, None
    take_step(work, line, ROOM_LINE, "bar" if stopped else "submit", log=False)
    return not stopped


def findings_of(lines: Sequence[RoomApplyLine]) -> list[Finding]:
    """Return what was found in lines as findings that name their rows."""
    return [
        Finding(line.codes, f"第{line.line_no}行 {line.building}{line.room_no}：{line.found}", str(line.line_no))
        for line in lines[:50]
        if line.found
    ]


def refuse_unless_complete(
    work: Work, apply: RoomApply, judged: Judged, lines: Sequence[RoomApplyLine]
) -> list[Finding]:
    """Refuse an intake while its project lacks what it needs; returns the warnings (Z01, Z04, Z05, Z09, Z10)."""
    if apply.kind is not ApplyKind.INTAKE:
        return []
    found = project_needs(work, judged.project, judged, lines)
    if stopping := [one for one in found if one.severity is not Severity.WARN]:
        raise Rejected("暂不能确认：" + "；".join(one.message for one in stopping), stopping)
    return found


def project_needs(
    work: Work, project: CentralProject, judged: Judged | None, lines: Sequence[RoomApplyLine]
) -> list[Finding]:
    """Return what a project lacks before rooms can be added to it, and what its district will look at."""
    found = []
    firm = work.session.exec(select(Enterprise).where(Enterprise.id == project.enterprise_id)).first()
    if firm is None or not is_operator(firm):
        found.append(Finding("Z04", "运营企业未办理住房租赁企业备案，或者已暂停服务", "operator"))
    if not any(title.valid_to >= work.today for title in titles_of(work, project.id)):
        found.append(Finding("Z01", "缺少有效的权属或改建批准文件，请先上传", "titles"))
    if project.managed and not project.recognition_no:
        found.append(Finding("Z02", "项目填报纳管，请上传纳管认定文件", "recognition_no", Severity.CORRECT))
    if project.owner_id not in (None, project.enterprise_id):
        over = project.operate_to is not None and project.operate_to < work.today
        if not project.agreement_no or project.operate_from is None or project.operate_to is None or over:
            told = "委托运营协议已到期，请补充新的协议" if over else "请补充委托运营协议及其起止日期"
            found.append(Finding("Z05", told, "agreement_no", Severity.CORRECT))
    if judged is not None and lines:
        about = next(iter(judged.facts.values())).project
        forms = [_figures(line) for line in lines if line.kind is LineKind.ADD]
        severity = {"Z09": Severity.WARN, "Z10": Severity.CORRECT}
        found += [Finding(one.code, one.message, "rooms", severity[one.code]) for one in project_findings(about, forms)]
    return found


def is_operator(firm: Enterprise) -> bool:
    """Return whether a firm may operate a project: on record, in service, with letting in its scope (Z04)."""
    kinds = (EnterpriseKind.RENTAL, EnterpriseKind.OPERATOR)
    sound = firm.record_state in RECORDED and firm.service_state is ServiceState.NORMAL
    return sound and firm.scope_ok and firm.kind in kinds


def _figures(line: RoomApplyLine) -> RoomForm:
    return room_form(line.building, line.room_no, line.content or {})[0]


@action("rooms.withdraw", "撤回申请", roles=ENTERPRISE, step=Step(ROOM_APPLY, "withdraw"))
def withdraw_apply(work: Work, order: OneApply) -> None:
    """Give up an application; what has been applied of it stays."""
    apply = held_apply(work, order.id, order.version)
    take_step(work, apply, ROOM_APPLY, "withdraw")
    for line in lines_of_apply(work, apply.id):
        if line.state in ROOM_LINE.open_to("withdraw"):
            take_step(work, line, ROOM_LINE, "withdraw", log=False)
