"""房源核验结果通知书 and 核验码卡 (D4, D5, row 25): every failed reason at once, never what is still unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from models.access import OrgUnit, UnitKind
from models.documents import IssuedDocument, PaperKind, PaperState
from models.enterprise import Enterprise
from models.house import House
from models.practitioners import Brand
from models.sealed import Sealed
from models.verification import ListingVerification, VerificationCode, VerificationNotice
from models.verification_codes import CodeState, VerificationState
from printing import verification_card
from printing import verification_notice as paper
from printing.page import Issue
from printing.verification_card import CodeCard, grouped
from services.documents.issuance import check_address, issue_paper, public_answer
from services.engine.callers import Caller
from services.engine.clock import shanghai_text
from services.engine.door import Door
from services.engine.findings import Finding
from services.engine.look_ups import row_by
from services.engine.numbering import number_later
from services.engine.refusals import Conflict
from services.engine.registry import action, query
from services.engine.work import Work
from services.practitioners.records import kept_file
from services.tenancy.paper_words import CITY, day_text, seal_of
from services.verification.notice_templates import HOTLINE, filled, words_in_force
from services.verification.result_notes import told_reasons
from services.verification.rules import BY_RULE
from services.verification.submission import code_of
from services.verification.visibility import READERS

_ANSWERED = {
    VerificationState.PASSED: "通过",
    VerificationState.FAILED: "不通过",
    VerificationState.REVIEWING: "不通过（强制核验办理中）",
    VerificationState.FAILED_FINAL: "不通过（强制核验未同意）",
}
#: An applicant who does nothing else does this.
_AGAIN = "更正后重新申请核验"


@dataclass(frozen=True)
class IssuedNotice:
    """A notice that may be opened. `replaced` is the number of an earlier one that is now 仅供追溯."""

    paper_id: UUID
    number: str
    replaced: str = ""


@action("verification.notice", "出具核验结果通知书", roles=READERS, event="DATA.CREATE")
def issue_notice(work: Work, verification_id: UUID) -> IssuedNotice:
    """Issue the notice of a result, or return the one there is; after a change of state the earlier is kept for reference only."""
    row = work.hold(ListingVerification, verification_id)
    if row.state not in _ANSWERED:
        why = (
            "核验尚未完成，有数据来源没有应答的不作为未通过的原因"
            if row.state is VerificationState.SUBMITTED
            else "核验申请已撤回"
        )
        raise Conflict(f"{why}，暂不能出具通知书")
    code = code_of(work, row)
    standing = _standing(row, code)
    earlier = _newest(work, row)
    if earlier is not None and earlier[0].result == standing and earlier[1].state is PaperState.VALID:
        return IssuedNotice(earlier[1].id, earlier[1].number)
    drawn: list[str] = []
    number_later(work, "HJ", row.district_code or "310000", work.today, drawn.append)
    return work.later(lambda: _issue(work, row, code, drawn[0], standing, earlier[1] if earlier else None))


def _standing(row: ListingVerification, code: VerificationCode) -> str:
    """The states of request and code in a notice; with others a new notice is issued."""
    return f"{row.state.label[:8]}·{code.state.label}"[:12]


def _newest(work: Work, row: ListingVerification) -> tuple[VerificationNotice, IssuedDocument] | None:
    found = work.session.exec(
        select(VerificationNotice, IssuedDocument)
        .join(IssuedDocument, col(IssuedDocument.id) == VerificationNotice.document_id)
        .where(VerificationNotice.verification_id == row.id)
        .order_by(col(VerificationNotice.issued_at).desc(), col(VerificationNotice.id).desc())
    ).first()
    return None if found is None else (found[0], found[1])


def _issue(
    work: Work,
    row: ListingVerification,
    code: VerificationCode,
    number: str,
    standing: str,
    earlier: IssuedDocument | None,
) -> IssuedNotice:
    words = words_in_force(work)
    centre = _centre(work, row.district_code)
    page = _page(work, row, code, centre, number)
    issued = issue_paper(
        work,
        page,
        kind=PaperKind.VERIFICATION_NOTICE,
        about=row,
        public=public_answer(unit=page.issue.unit),
        unit_id=centre.id if centre else None,
        replaces=earlier,
    )
    work.add(
        VerificationNotice(
            verification_id=row.id,
            document_id=issued.id,
            template_id=words.id,
            template_version=words.version_no,
            issued_at=work.now,
            result=standing,
        )
    )
    return IssuedNotice(issued.id, number, earlier.number if earlier else "")


def _centre(work: Work, district_code: str) -> OrgUnit | None:
    centres = select(OrgUnit).where(
        OrgUnit.kind == UnitKind.DISTRICT_CENTER, OrgUnit.district_code == (district_code or "")
    )
    return work.session.exec(centres.order_by(OrgUnit.unit_code)).first()


def _page(
    work: Work, row: ListingVerification, code: VerificationCode, centre: OrgUnit | None, number: str
) -> paper.VerificationNotice:
    house = work.session.get(House, row.house_id) if row.house_id else None
    address = CITY + house.address if house else "未查到与所填权属证明对应的房屋"
    result, reasons = _ANSWERED[row.state], told_reasons(work, row)
    unit = centre.name if centre else "上海市住房租赁管理事务中心"
    words = words_in_force(work)
    checked = shanghai_text(row.decided_at)[:16] if row.decided_at else "—"
    opening, notes = filled(
        words.body,
        {
            "申请人": row.requester_name.plain,
            "房屋坐落": address,
            "核验时间": checked,
            "核验结果": result,
            "原因数": str(len(reasons)),
            "受理窗口": unit,
            "咨询电话": HOTLINE,
        },
    )
    valid = (code.valid_from, code.valid_to) if code.valid_from and code.valid_to else None
    told = {CodeState.VALID: "", CodeState.INVALID: "（已失效）", CodeState.CANCELLED: "（已撤销）"}.get(code.state, "")
    return paper.VerificationNotice(
        issue=Issue(number=number, unit=unit, issued_on=work.today, seal=seal_of(work, unit, "房源核验业务专用章")),
        verify_no=row.verify_no or "",
        result=result,
        applicant=row.requester_name.plain,
        address=address,
        proof_kind=house.proof_kind.label if house else "—",
        proof_no=row.cert_no.masked(),
        checked_at=checked,
        template=f"第{words.version_no}版",
        code_no=f"{grouped(code.code_no or '')}{told}" if valid else "",
        valid=" 至 ".join(map(day_text, valid)) if valid else "",
        opening_words=opening,
        closing_words=notes,
        reasons=tuple(_reason(one) for one in reasons),
        windows=_windows(reasons, centre),
    )


def _reason(one: Finding) -> paper.FailedRule:
    rule = BY_RULE.get(one.code)
    advice = (
        "；".join(part for part in (rule.bring and f"需要：{rule.bring}", rule.where and f"办理：{rule.where}") if part)
        if rule
        else ""
    )
    return paper.FailedRule(one.code, one.message, advice or _AGAIN, "可以申请" if one.forceable else "不能申请")


def _windows(reasons: Sequence[Finding], centre: OrgUnit | None) -> tuple[paper.Window, ...]:
    """The window of the home's district, where any reason can be reviewed."""
    if centre is None or not any(one.forceable for one in reasons):
        return ()
    return (paper.Window(centre.name, centre.address, centre.phone, centre.hours),)


# ------------------------------------------------------------------ the card


@query("verification.card", "核验码卡", roles=READERS)
def code_card(work: Work, code_id: UUID) -> CodeCard:
    """Return the content of a code's card; a code that is not in force has none."""
    code = work.get(VerificationCode, code_id)
    over = code.valid_to is None or code.valid_to < work.today
    if code.state is not CodeState.VALID or over or not isinstance(code.token, Sealed) or code.valid_to is None:
        raise Conflict(
            f"该核验码{code.state.label if code.state is not CodeState.VALID else '已过有效期'}，不能打印核验码卡"
        )
    public = {name: str(value) for name, value in code.public.items()}
    centre = _centre(work, code.district_code)
    return CodeCard(
        number=grouped(code.code_no or ""),
        check_url=check_address(work.house, code.token.plain),
        address=public.get("address", ""),
        layout=public.get("layout", ""),
        area=f"{public['area']} ㎡" if public.get("area") else "",
        mode=public.get("mode", ""),
        firm=public.get("firm", ""),
        card_no=public.get("card_no", ""),
        valid_to=code.valid_to,
        unit=centre.name if centre else "上海市住房租赁管理事务中心",
        logo=_logo(work, code),
    )


def _logo(work: Work, code: VerificationCode) -> bytes:
    firm = work.session.get(Enterprise, code.enterprise_id) if code.enterprise_id else None
    brand = row_by(work, Brand, firm.brand_id) if firm is not None else None
    return kept_file(work.sealer, brand, brand.logo) if brand is not None else b""


def code_card_pdf(door: Door, caller: Caller, code_id: UUID) -> bytes:
    """The card as PDF, drawn with no transaction open."""
    return verification_card.render(door.ask(code_card, caller, code_id))
