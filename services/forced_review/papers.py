"""The papers of a forced review: application and receipt when it is taken in, the opinion when it is decided (D7, row 11)."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from models.documents import IssuedDocument, PaperKind
from models.forced_review import ForcedReview, ReviewMaterial, ReviewState
from models.house import House
from models.tenancy import GovCase, LeaseFiling
from printing import receipts
from printing.forced_review import ForcedApplication, ForcedOpinion, ReasonLine
from printing.page import Issue
from services.documents.issuance import issue_paper, public_answer
from services.engine.clock import shanghai_day, shanghai_text
from services.engine.review_parts import words_of
from services.engine.work import Work
from services.forced_review.stopped_case import APPLICATION
from services.tenancy.paper_words import CITY, clerk_name, day_text, seal_of, unit_name
from services.tenancy.rules.catalogue import BY_CODE

_SEAL = "网签备案业务专用章"


def materials_of(work: Work, row: ForcedReview) -> Sequence[ReviewMaterial]:
    """The materials of a review in the order they were handed in."""
    return work.rows(ReviewMaterial, ReviewMaterial.review_id == row.id, by=ReviewMaterial.position)


def issue_receipt(work: Work, row: ForcedReview, house: House, pages: Sequence[int] = ()) -> UUID | None:
    """The application to be signed and, once it is taken in, the receipt the applicant takes home.

    With the `pages` of each material, what was handed over the counter is listed too.
    """
    unit = unit_name(work, row.unit_id)
    materials = materials_of(work, row)
    case = work.session.get_one(GovCase, row.case_id)
    application = ForcedApplication(
        **_common(work, row, house, case, unit),
        issue=Issue(number=row.apply_no or "", unit=unit, issued_on=work.today, seal=None),
        reasons=_lines(row, materials, "申请复核"),
    )
    made = _issue(work, row, application)
    if row.due_on is None or not row.receipt_no:
        return made.id
    block = receipts.Case(
        accept_no=row.receipt_no,
        case_no=case.case_no,
        item="备案强制核验",
        situation=row.capacity.label,
        applicant=row.applicant_name.plain,
        address=CITY + house.address,
        unit=unit,
        window=work.caller.window,
        clerk=clerk_name(work, row.clerk_id),
        time=shanghai_text(work.now)[:16],
    )
    issue = Issue(number=row.receipt_no, unit=unit, issued_on=work.today, seal=seal_of(work, unit, _SEAL))
    receipt = receipts.Acceptance(
        issue=issue,
        case=block,
        materials=tuple(receipts.Material(one.title, "已核对原件" if one.original else "扫描件") for one in materials),
        promised=f"{day_text(row.due_on)}前",
        query_code=row.receipt_no[-6:],
    )
    if pages:
        items = tuple(_item(one, count) for one, count in zip(materials, pages, strict=True))
        returned = sum(one.original and one.title != APPLICATION for one in materials)
        total = f"材料 {len(items)} 项，共 {sum(pages)} 页；退还原件 {returned} 项"
        _issue(work, row, receipts.HandedIn(replace(issue, number=f"{row.receipt_no}-L"), block, items, total))
    return _issue(work, row, receipt).id


def _item(one: ReviewMaterial, pages: int) -> receipts.HandedItem:
    """A line of the list; the application itself is the office's."""
    name = f"{one.title}（{one.code}）" if one.code else one.title
    if one.title == APPLICATION:
        return receipts.HandedItem(name, str(pages), "收取", "原件")
    original = "已核对，当场退还" if one.original else "未出示"
    return receipts.HandedItem(name, str(pages), original, "扫描件" if one.attachment_id else "—")


def issue_opinion(work: Work, row: ForcedReview, house: House) -> UUID:
    """The reviewer's opinion, with what was waived or the grounds of a refusal."""
    unit = unit_name(work, work.caller.unit_id)
    case = work.session.get_one(GovCase, row.case_id)
    filing = work.session.get(LeaseFiling, row.filing_id) if row.filing_id else None
    last = row.second_reviewer_id or row.reviewer_id
    page = ForcedOpinion(
        **_common(work, row, house, case, unit_name(work, row.unit_id)),
        issue=Issue(number=row.apply_no or "", unit=unit, issued_on=work.today, seal=seal_of(work, unit, _SEAL)),
        reasons=_lines(row, materials_of(work, row), "未同意" if row.state is ReviewState.REFUSED else ""),
        result=f"{row.state.label}（{row.closed_note}）" if row.closed_note else row.state.label,
        filing_no=filing.filing_no if filing else "",
        opinion=words_of(row.opinion),
        second_opinion=words_of(row.second_opinion),
        reviewer=clerk_name(work, last),
        decided_on=day_text(work.today),
    )
    return _issue(work, row, page).id


def _issue(work: Work, row: ForcedReview, page: object) -> IssuedDocument:
    unit = unit_name(work, work.caller.unit_id)
    public = public_answer(unit=unit)
    return issue_paper(work, page, kind=PaperKind.RECEIPT, about=row, public=public, unit_id=work.caller.unit_id)


def _common(work: Work, row: ForcedReview, house: House, case: GovCase, unit: str) -> dict[str, str]:
    return {
        "apply_no": row.apply_no or "",
        "case_no": case.case_no,
        "applicant": f"{row.applicant_name.plain} {row.applicant_id_no.masked()}",
        "capacity": row.capacity.label,
        "address": CITY + house.address,
        "accepted_by": unit,
        "accepted_on": day_text(shanghai_day(row.accepted_at or row.submitted_at)),
        "reason": str(row.reason.json()),
    }


def _lines(row: ForcedReview, materials: Sequence[ReviewMaterial], result: str) -> tuple[ReasonLine, ...]:
    waived = set(row.waived_codes.split(","))

    def line(code: str) -> ReasonLine:
        rule = BY_CODE.get(code)
        names = "、".join(one.title for one in materials if one.code == code)
        what = result or ("豁免" if code in waived else "已消失")
        return ReasonLine(code, rule.message if rule else code, what, names or "—")

    return tuple(line(code) for code in row.codes.split(",") if code)
