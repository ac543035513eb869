"""集中式房源审核意见 and 项目开盘确认单: papers issued with a decision and an opening (D10, rows 34, 36)."""

from collections import Counter
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from models.documents import PaperKind
from models.enterprise import Enterprise, EnterpriseKey
from models.rooms import CentralProject, LineKind, LineState, ProjectOpening, RoomApply, RoomApplyLine
from printing.opening_sheet import OpeningSheet
from printing.page import Issue
from printing.room_opinion import RoomOpinion, RoomResult
from services.documents.issuance import issue_paper, public_answer
from services.engine.clock import shanghai_text
from services.engine.look_ups import row_by
from services.engine.work import Work
from services.rooms.change_rules import FIELDS
from services.rooms.library import room_name
from services.tenancy.paper_words import clerk_name, seal_of, unit_name

#: More lines a paper does not list.
_LISTED = 200


def issue_opinion(work: Work, apply: RoomApply, project: CentralProject) -> None:
    """Issue the paper of a decided application; its number is that of the application with the version."""
    work.session.flush()
    rows = select(RoomApplyLine).where(RoomApplyLine.apply_id == apply.id, RoomApplyLine.state != LineState.WITHDRAWN)
    lines = work.session.exec(rows.order_by(col(RoomApplyLine.line_no))).all()
    counted = Counter((line.kind, line.state) for line in lines)
    page = RoomOpinion(
        issue=_issue(work, apply.apply_no),
        project=project.name,
        project_no=project.project_no,
        apply_no=apply.apply_no,
        operator=firm_name(work, apply.enterprise_id),
        kind=apply.kind.label,
        submitted_at=shanghai_text(apply.submitted_at)[:16] if apply.submitted_at else "",
        counts="；".join(
            f"{kind.label}{state.label}{counted[kind, state]}行"
            for kind in LineKind
            for state in LineState
            if counted[kind, state]
        ),
        opinion=apply.opinion.json() if apply.opinion is not None else "",
        reviewer=clerk_name(work, work.caller.account_id),
        reviewed_at=shanghai_text(work.now)[:16],
        results=tuple(map(_result, lines[:_LISTED])),
        more=max(len(lines) - _LISTED, 0),
    )
    unit = work.caller.unit_name
    issue_paper(
        work,
        page,
        kind=PaperKind.RECEIPT,
        about=apply,
        public=public_answer(unit=unit, address=project.address),
        unit_id=work.caller.unit_id,
    )
    apply.paper_no = apply.apply_no
    work.add(apply)


def _result(line: RoomApplyLine) -> RoomResult:
    said = [line.opinion.json() if line.opinion is not None else "", line.found]
    return RoomResult(
        line_no=str(line.line_no),
        kind=line.kind.label,
        room=room_name(line.building, line.room_no),
        content=content_words(line),
        result=line.state.label,
        note="；".join(filter(None, said)) or "—",
    )


def content_words(line: RoomApplyLine) -> str:
    """Return what a line asks for in a few words."""
    if line.kind is LineKind.CANCEL:
        return "注销房间"
    if line.kind is LineKind.CHANGE:
        was, wanted = (_changed(line.field, text) for text in (line.before, line.after))
        return f"{FIELDS.get(line.field, line.field)}：{was} → {wanted}"
    told = line.content or {}
    parts = (told.get("layout", ""), _with(told, "build_area", "㎡"), _with(told, "max_persons", "人"))
    return "，".join(filter(None, parts))


def _changed(name: str, text: str) -> str:
    if not text:
        return "（空）"
    unit = {"list_rent": "元", "build_area": "㎡", "usable_area": "㎡"}.get(name)
    return f"{Decimal(text):,.2f}{unit}" if unit and text.replace(".", "", 1).isdigit() else text


def _with(told: dict[str, str], name: str, unit: str) -> str:
    return f"{told[name]}{unit}" if told.get(name) else ""


def issue_opening(work: Work, opening: ProjectOpening, project: CentralProject, key: EnterpriseKey) -> None:
    """Issue the confirmation of an opening."""
    page = OpeningSheet(
        issue=_issue(work, opening.paper_no),
        project=project.name,
        project_no=project.project_no,
        kind=project.kind.label,
        enterprise=firm_name(work, project.owner_id or project.enterprise_id),
        operator=firm_name(work, project.enterprise_id),
        key=key.serial[-6:],
        mode=opening.mode.label,
        rooms=f"{opening.rooms}间",
        opened_on=opening.opened_on.isoformat(),
        clerk=clerk_name(work, work.caller.account_id),
        valid_to=key.valid_to.isoformat(),
    )
    unit = work.caller.unit_name
    public = public_answer(unit=unit, address=project.address, valid_from=opening.opened_on)
    issue_paper(work, page, kind=PaperKind.RECEIPT, about=opening, public=public, unit_id=work.caller.unit_id)


def _issue(work: Work, number: str) -> Issue:
    unit = unit_name(work, work.caller.unit_id)
    return Issue(number=number, unit=unit, issued_on=work.today, seal=seal_of(work, unit, "集中式房源审核专用章"))


def firm_name(work: Work, firm_id: UUID) -> str:
    """Return the name of a firm."""
    firm = row_by(work, Enterprise, firm_id)
    return firm.name if firm is not None else ""
