"""企业简称与图标: put in by the firm, reviewed by its district, in force until the next one is approved (row 38; E01, E02)."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, or_, select

from models.columns import new_id
from models.enterprise import RECORDED, Enterprise
from models.practitioner_codes import BRAND, BrandState
from models.practitioners import Brand
from models.sealing import sm3_hex
from services.access.visibility import CITY, ENTERPRISE
from services.engine.door import Gathering
from services.engine.findings import Finding, Severity
from services.engine.list_bulk import labelled, one_by_one
from services.engine.listings import RowResult
from services.engine.paging import Paging, ordering
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.registry import Step, action, query
from services.engine.search_terms import chosen, search_word
from services.engine.steps import take_step
from services.engine.thresholds import Thresholds
from services.engine.words import enough_words, some_words
from services.engine.work import Work
from services.practitioners.orders import BrandAnswer, BrandForm, One, Several, Told
from services.practitioners.pictures import BadPicture, drawn_anew, is_blank, opened
from services.practitioners.public_entries import publish_firm
from services.practitioners.records import (
    add_opinion,
    firm_id_of_caller,
    firm_of,
    held,
    held_firm,
    kept_file,
    opinions_of,
    tell_firm,
    told_name,
)
from services.practitioners.thresholds import BRAND_KB, BRAND_SIDE, MISLEADING
from services.practitioners.visibility import DISTRICT
from services.practitioners.work_claims import may_decide, may_take_over, release_row, take_row

_SHORTEST, _LONGEST = 2, 12
_BOX = (512, 512)
READERS = ENTERPRISE | DISTRICT | CITY
_STANDING = (BrandState.SUBMITTED, BrandState.APPROVED)


# The rules (E01, E02)


def name_faults(name: str, thresholds: Thresholds) -> Iterator[Finding]:
    """E01: two to twelve Chinese characters, none of which could be taken for an authority's name."""
    if not _SHORTEST <= len(name) <= _LONGEST:
        yield _fault("E01", "short_name", f"企业简称应为{_SHORTEST}至{_LONGEST}个汉字")
    if any(not is_han(char) for char in name):
        yield _fault("E01", "short_name", "企业简称只能用汉字，不能含字母、数字、符号或表情")
    words = [word for word in thresholds.text(MISLEADING).split("、") if word and word in name]
    if words:
        yield _fault("E01", "short_name", f"企业简称不得含有“{'、'.join(words)}”等容易误认为官方机构的字样")


def is_han(char: str) -> bool:
    """A Chinese character of any plane; radicals and signs that only look like one are none."""
    return unicodedata.name(char, "").startswith(("CJK UNIFIED IDEOGRAPH-", "CJK COMPATIBILITY IDEOGRAPH-")) or (
        0x20000 <= ord(char) <= 0x3347F
    )


def _fault(code: str, field_name: str, message: str) -> Finding:
    return Finding(code, message, field_name, Severity.CORRECT)


@dataclass(frozen=True)
class MadeLogo:
    """A logo ready to be kept; without `plain` the findings say why it cannot be used, or none was sent."""

    plain: bytes = b""
    side: int = 0
    findings: tuple[Finding, ...] = ()


def make_logo(content: bytes, thresholds: Thresholds) -> MadeLogo:
    """E02: accept a JPEG or PNG that is square and large enough, and redraw it as PNG with nothing but its pixels."""
    if not content:
        return MadeLogo()
    least = thresholds.integer(BRAND_SIDE)
    try:
        image, _ = opened(content, most_kb=thresholds.integer(BRAND_KB), what="图标")
        if image.width != image.height:
            raise BadPicture(f"图标应为正方形，现为{image.width}×{image.height}像素")
        if image.width < least:
            raise BadPicture(f"图标不得小于{least}×{least}像素，现为{image.width}×{image.height}像素")
        plain, side, _ = drawn_anew(image.convert("RGBA" if image.has_transparency_data else "RGB"), "PNG", _BOX)
        if is_blank(image):
            raise BadPicture("图标是一片空白，请更换")
    except BadPicture as bad:
        return MadeLogo(findings=(_fault("E02", "logo", f"图标格式或尺寸不符合要求：{bad.sentence}"),))
    return MadeLogo(plain, side)


# The firm


def _make(gathering: Gathering, order: BrandForm) -> MadeLogo:
    return make_logo(order.logo, gathering.thresholds)


@action("practitioners.brand", "申报企业简称与图标", roles=ENTERPRISE, gather=_make, event="DATA.CREATE")
def put_brand(work: Work, order: BrandForm, made: MadeLogo) -> BrandAnswer:
    """Keep a draft, or hand it in; what is in force stays so until the district has approved the new one.

    Raises `Rejected` with every finding; a logo that cannot be used is never kept.
    """
    firm = held_firm(work, firm_id_of_caller(work))
    # Characters of compatibility look like others: in their one form they cannot pass for a name of their own.
    name = unicodedata.normalize("NFC", "".join(order.short_name.split()))
    row = _continued(work, order.brand_id) if order.brand_id else None
    found = [*made.findings]
    if not made.plain and not made.findings and row is None:
        found.append(_fault("E02", "logo", "请上传企业图标"))
    if order.submit:
        found += [*name_faults(name, work.thresholds), *_standing_faults(work, firm, name, row)]
    elif len(name) > _LONGEST:
        found.append(_fault("E01", "short_name", f"企业简称不超过{_LONGEST}个汉字"))
    if found:
        raise Rejected("企业简称或图标不符合要求，请按提示修改", found)
    row = row or _new(firm)
    row.short_name = name
    if made.plain:
        row.logo, row.logo_digest = work.sealer.seal_file(made.plain, str(row.id)), sm3_hex(made.plain)
        row.logo_side = made.side
    work.add(row)
    if order.submit:
        row.district_code, row.street_code = firm.district_code, firm.street_code
        row.submitted_at, row.submitted_by = work.now, work.caller.account_id
        take_step(work, row, BRAND, "submit")
    work.trail.tell("DATA.UPDATE", "practitioners.brand", about=row, digest=row.logo_digest)
    return BrandAnswer(row.id, row.state)


def _new(firm: Enterprise) -> Brand:
    return Brand(
        id=new_id(),
        enterprise_id=firm.id,
        short_name="",
        logo_digest="",
        logo_side=0,
        logo=b"",
        district_code=firm.district_code,
        street_code=firm.street_code,
        state=BrandState.DRAFT,
    )


def _continued(work: Work, brand_id: UUID) -> Brand:
    row = held(work, Brand, brand_id)
    if row.enterprise_id != work.caller.enterprise_id:
        raise NotFound
    if row.state not in BRAND.open_to("submit"):
        raise Conflict(f"该申报现为“{row.state.label}”，不能再修改")
    return row


def _standing_faults(work: Work, firm: Enterprise, name: str, row: Brand | None) -> Iterator[Finding]:
    yield from _record_faults(firm)
    waiting = work.session.exec(
        select(Brand.id).where(Brand.enterprise_id == firm.id, Brand.state == BrandState.SUBMITTED)
    ).first()
    if waiting is not None and (row is None or waiting != row.id):
        yield Finding("E01", "已有一份申报待审核，请先撤回再重新申报", "", Severity.REFUSE)
    if name_is_taken(work, firm, name):
        yield _fault("E01", "short_name", "企业简称已被本区其他企业使用，请更换")


def name_key(district_code: str, short_name: str) -> str:
    """Return what a short name in force is unique by."""
    return f"{district_code}:{short_name}"


def _record_faults(firm: Enterprise) -> Iterator[Finding]:
    if firm.record_state not in RECORDED:
        yield Finding("K05", f"企业未备案（{firm.record_state.label}）", "", Severity.REFUSE)


def name_is_taken(work: Work, firm: Enterprise, name: str, *, also_waiting: bool = True) -> bool:
    """Return whether another firm of the district has this short name in force or, with `also_waiting`, under
    review.
    """
    others = select(Enterprise.id).where(Enterprise.district_code == firm.district_code, Enterprise.id != firm.id)
    in_force = others.where(Enterprise.short_name == name)
    under_review = select(Brand.id).where(
        Brand.state == BrandState.SUBMITTED, Brand.short_name == name, col(Brand.enterprise_id).in_(others)
    )
    asked = (in_force, under_review) if also_waiting else (in_force,)
    return any(work.session.exec(statement.limit(1)).first() is not None for statement in asked)


@action("practitioners.brand_withdraw", "撤回企业简称申报", roles=ENTERPRISE, step=Step(BRAND, "withdraw"))
def withdraw_brand(work: Work, order: One) -> None:
    row = held(work, Brand, order.id, order.version)
    if row.enterprise_id != work.caller.enterprise_id:
        raise NotFound
    if row.state is BrandState.SUBMITTED and row.taken_by is not None:
        raise Conflict("该申报正在审核，不能撤回")
    take_step(work, row, BRAND, "withdraw")


# The district


def _submitted(work: Work, order: One | Told) -> Brand:
    row = held(work, Brand, order.id, order.version)
    if row.state is not BrandState.SUBMITTED:
        raise Conflict(f"该申报现为“{row.state.label}”，无需审核")
    return row


@action("practitioners.brand_take", "领取简称审核", roles=DISTRICT, event="DATA.UPDATE")
def take_brand(work: Work, order: One) -> int:
    row = _submitted(work, order)
    take_row(work, row)
    work.session.flush()
    return row.version


@action("practitioners.brand_release", "放回简称审核", roles=DISTRICT, event="DATA.UPDATE")
def release_brand(work: Work, order: One) -> int:
    row = _submitted(work, order)
    release_row(work, row)
    work.session.flush()
    return row.version


@action("practitioners.brand_approve", "企业简称审核通过", roles=DISTRICT, step=Step(BRAND, "approve"))
def approve_brand(work: Work, order: Told) -> None:
    """Put a short name and its logo in force: cards and the public page show them from now on; the earlier ones are kept."""
    words = some_words(order.reason, "意见", most=500)
    row = _submitted(work, order)
    may_decide(work, row)
    firm = held_firm(work, row.enterprise_id)
    faults = [*_record_faults(firm), *name_faults(row.short_name, work.thresholds)]
    # Of two firms that wait with one name, as after a move of one, the first to be approved has it.
    if name_is_taken(work, firm, row.short_name, also_waiting=False):
        faults.append(_fault("E01", "short_name", "企业简称已被本区其他企业使用，请退回"))
    if faults:
        raise Rejected("不能通过：" + "；".join(one.message for one in faults), faults)
    earlier = work.session.exec(
        select(Brand).where(Brand.enterprise_id == firm.id, col(Brand.in_force).is_not(None))
    ).all()
    for one in earlier:
        one.in_force = None
        work.add(one)
    # Its key has to be free before this one takes the same.
    work.session.flush()
    take_step(work, row, BRAND, "approve")
    row.district_code, row.street_code = firm.district_code, firm.street_code
    row.in_force = name_key(firm.district_code, row.short_name)
    _decided(work, row, words)
    firm.short_name, firm.brand_id = row.short_name, row.id
    work.add(firm)
    work.session.flush()
    publish_firm(work, firm.id)
    tell_firm(work, firm.id, "企业简称与图标审核通过", f"企业简称“{row.short_name}”及图标已生效。", row)


@action("practitioners.brand_return", "企业简称审核退回", roles=DISTRICT, step=Step(BRAND, "return"))
def return_brand(work: Work, order: Told) -> None:
    reason = enough_words(order.reason, "退回原因", most=500)
    row = _submitted(work, order)
    may_decide(work, row)
    take_step(work, row, BRAND, "return")
    _decided(work, row, reason)
    body = f"企业简称“{row.short_name}”及图标已退回，原因：{reason}。请修改后重新提交。"
    tell_firm(work, row.enterprise_id, "企业简称与图标已退回", body, row)


def _decided(work: Work, row: Brand, words: str) -> None:
    row.reviewer_id, row.decided_at = work.caller.account_id, work.now
    add_opinion(work, row, words)
    row.taken_by = row.taken_at = None
    work.add(row)


def _approve_each(gathering: Gathering, order: Several) -> tuple[RowResult, ...]:
    def one(row_id: UUID) -> object:
        return gathering.perform(approve_brand, Told(row_id, order.reason))

    return one_by_one(order.ids, one, "已通过")


@action("practitioners.brand_approve_many", "批量企业简称审核通过", roles=DISTRICT, gather=_approve_each, event="")
def approve_brands(work: Work, order: Several, results: tuple[RowResult, ...]) -> tuple[RowResult, ...]:
    rows = work.session.exec(work.visible(Brand).where(col(Brand.id).in_([one.id for one in results]))).all()
    return labelled(results, {row.id: row.short_name for row in rows})


# Lists


@dataclass(frozen=True)
class BrandFilter:
    """`state` is a value of its code; `hands` FREE, MINE or OTHERS; `word` a part of a firm's or a short name."""

    state: str = ""
    hands: str = ""
    word: str = ""
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class BrandLine:
    id: UUID
    version: int
    firm: str
    short_name: str
    submitted_at: datetime | None
    taken_by: str
    taken_at: datetime | None
    mine: bool
    own: bool
    may_take_over: bool
    in_force: bool
    state: str
    state_label: str
    decided_at: datetime | None
    words: str
    #: The short name in force while this one is under review.
    standing: str
    standing_brand_id: UUID | None


@dataclass(frozen=True)
class BrandPage:
    total: int
    lines: tuple[BrandLine, ...] = ()


@query("practitioners.brands", "企业简称与图标", roles=READERS)
def list_brands(work: Work, order: BrandFilter) -> BrandPage:
    """The visible brands of a filter; for a firm its own, the newest first."""
    offset, size = order.paging.bounds()
    rows = work.visible(Brand)
    if not work.caller.has(*ENTERPRISE):
        rows = rows.where(Brand.state != BrandState.DRAFT)
    if order.state:
        rows = rows.where(Brand.state == chosen(BrandState, order.state))
    if order.hands:
        me = work.caller.account_id
        hands: dict[str, Any] = {"FREE": col(Brand.taken_by).is_(None), "MINE": Brand.taken_by == me}
        rows = rows.where(hands.get(order.hands, Brand.taken_by != me))
    if word := search_word(order.word):
        firms = select(Enterprise.id).where(col(Enterprise.name).contains(word, autoescape=True))
        rows = rows.where(
            or_(col(Brand.short_name).contains(word, autoescape=True), col(Brand.enterprise_id).in_(firms))
        )
    total = work.session.exec(select(func.count()).select_from(rows.subquery())).one()
    waiting = order.state == BrandState.SUBMITTED.value
    known = {"submitted_at": Brand.submitted_at, "created_at": Brand.created_at}
    way = ordering(order.paging.sort, known, "submitted_at" if waiting else "-created_at")
    found = work.session.exec(rows.order_by(way, col(Brand.id)).offset(offset).limit(size)).all()
    return BrandPage(total, tuple(_line(work, row) for row in found))


@query("practitioners.brand_open", "查看企业简称与图标", roles=READERS)
def open_brand(work: Work, brand_id: UUID) -> BrandLine:
    return _line(work, work.get(Brand, brand_id))


@query("practitioners.brand_logo", "查看企业图标", roles=READERS)
def see_logo(work: Work, brand_id: UUID) -> bytes:
    """The logo as PNG."""
    return logo_of(work, work.get(Brand, brand_id).id)


def logo_of(work: Work, brand_id: UUID | None) -> bytes:
    """Return the logo as PNG regardless of the caller, empty if there is none. Approved logos are public."""
    if brand_id is None:
        return b""
    row = work.session.exec(select(Brand).where(Brand.id == brand_id)).first()
    return kept_file(work.sealer, row, row.logo) if row is not None and row.logo else b""


def _line(work: Work, row: Brand) -> BrandLine:
    firm = firm_of(work, row.enterprise_id)
    said = opinions_of(row)
    return BrandLine(
        id=row.id,
        version=row.version,
        firm=firm.name,
        short_name=row.short_name,
        submitted_at=row.submitted_at,
        taken_by=told_name(work, row.taken_by) if row.taken_by else "",
        taken_at=row.taken_at,
        mine=row.taken_by is not None and row.taken_by == work.caller.account_id,
        own=row.submitted_by is not None and row.submitted_by == work.caller.account_id,
        may_take_over=may_take_over(work, row.taken_at),
        in_force=firm.brand_id == row.id,
        state=str(row.state),
        state_label=row.state.label,
        decided_at=row.decided_at,
        words=said[-1].words if said else "",
        standing=firm.short_name if firm.brand_id != row.id else "",
        standing_brand_id=firm.brand_id if firm.brand_id != row.id else None,
    )
