"""企业简称与图标: put in by the firm, reviewed by its district, in force until the next one is approved (row 38; E01, E02)."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.columns import new_id
from models.enterprise import RECORDED, Enterprise
from models.practitioner_codes import BRAND, BrandState
from models.practitioners import Brand
from models.sealing import sm3_hex
from services.access.visibility import CITY, ENTERPRISE, firm_id_of_caller
from services.engine.door import Gathering
from services.engine.findings import Finding, Severity
from services.engine.list_pages import lines_of
from services.engine.listings import Bulk, Column, Line, Listing, either, listed, named, part, through
from services.engine.look_ups import held, rows_by
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import Step, action, query
from services.engine.steps import take_step
from services.engine.thresholds import Thresholds
from services.engine.undo import keep_for_undo, undoing
from services.engine.words import enough_words, some_words
from services.engine.work import Work
from services.practitioners.orders import BrandAnswer, BrandForm, Told
from services.practitioners.pictures import BadPicture, drawn_anew, is_blank, opened
from services.practitioners.public_entries import publish_firm
from services.practitioners.records import (
    claim_actions,
    claim_cells,
    decided,
    held_firm,
    held_own,
    kept_file,
    last_words,
    placed_with,
    take_row,
    tell_firm,
    undone,
)
from services.practitioners.visibility import DISTRICT, READERS

_SHORTEST, _LONGEST = 2, 12
_BOX = (512, 512)


# The rules (E01, E02)


def name_faults(name: str, thresholds: Thresholds) -> Iterator[Finding]:
    """E01: two to twelve Chinese characters, none of which could be taken for an authority's name."""
    if not _SHORTEST <= len(name) <= _LONGEST:
        yield _fault("E01", "short_name", f"企业简称应为{_SHORTEST}至{_LONGEST}个汉字")
    if any(not is_han(char) for char in name):
        yield _fault("E01", "short_name", "企业简称只能用汉字，不能含字母、数字、符号或表情")
    words = [word for word in thresholds.text("practitioners.misleading_words").split("、") if word and word in name]
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
    least = thresholds.integer("practitioners.brand_side")
    try:
        image, _ = opened(content, most_kb=thresholds.integer("practitioners.brand_kb"), what="图标")
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


@action(
    "practitioners.brand",
    "申报企业简称与图标",
    roles=ENTERPRISE,
    gather=_make,
    step=Step(BRAND, "submit"),
    event="DATA.CREATE",
)
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
        short_name="",
        logo_digest="",
        logo_side=0,
        logo=b"",
        state=BrandState.DRAFT,
        **placed_with(firm),
    )


def _continued(work: Work, brand_id: UUID) -> Brand:
    row = held_own(work, Brand, brand_id)
    if row.state not in BRAND.open_to("submit"):
        raise Conflict(f"该申报现为“{row.state.label}”，不能再修改")
    return row


def _standing_faults(work: Work, firm: Enterprise, name: str, row: Brand | None) -> Iterator[Finding]:
    yield from _record_faults(firm)
    waiting = work.first(Brand.id, Brand.enterprise_id == firm.id, Brand.state == BrandState.SUBMITTED)
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
    """Return whether another firm of the district has this short name in force or, with `also_waiting`, in review."""
    others = select(Enterprise.id).where(Enterprise.district_code == firm.district_code, Enterprise.id != firm.id)
    in_force = others.where(Enterprise.short_name == name)
    under_review = select(Brand.id).where(
        Brand.state == BrandState.SUBMITTED, Brand.short_name == name, col(Brand.enterprise_id).in_(others)
    )
    asked = (in_force, under_review) if also_waiting else (in_force,)
    return any(work.session.exec(statement.limit(1)).first() is not None for statement in asked)


@action("practitioners.brand_withdraw", "撤回企业简称申报", roles=ENTERPRISE, step=Step(BRAND, "withdraw"))
def withdraw_brand(work: Work, order: OneRow) -> None:
    row = held_own(work, Brand, order.id, order.version)
    if row.state is BrandState.SUBMITTED and row.taken_by is not None:
        raise Conflict("该申报正在审核，不能撤回")
    take_step(work, row, BRAND, "withdraw")


# The district


def _submitted(work: Work, order: OneRow | Told) -> Brand:
    row = held(work, Brand, order.id, order.version)
    if row.state is not BrandState.SUBMITTED:
        raise Conflict(f"该申报现为“{row.state.label}”，无需审核")
    return row


take_brand, release_brand = claim_actions("brand_", "领取简称审核", "放回简称审核", _submitted)
undo_brand, brand_undo_left = undoing(Brand, BRAND, "practitioners.brand", "简称审核决定", DISTRICT, undone)


@action("practitioners.brand_approve", "企业简称审核通过", roles=DISTRICT, step=Step(BRAND, "approve"))
def approve_brand(work: Work, order: Told) -> None:
    """Put a short name and its logo in force: cards and the public page show them from now on; the earlier ones are kept."""
    words = some_words(order.reason, "意见", most=500)
    row = _submitted(work, order)
    take_row(work, row)
    firm = held_firm(work, row.enterprise_id)
    faults = [*_record_faults(firm), *name_faults(row.short_name, work.thresholds)]
    # Of two firms that wait with one name, as after a move of one, the first to be approved has it.
    if name_is_taken(work, firm, row.short_name, also_waiting=False):
        faults.append(_fault("E01", "short_name", "企业简称已被本区其他企业使用，请退回"))
    if faults:
        raise Rejected("不能通过：" + "；".join(one.message for one in faults), faults)
    earlier = work.rows(Brand, Brand.enterprise_id == firm.id, col(Brand.in_force).is_not(None))
    for one in earlier:
        one.in_force = None
        work.add(one)
    # Its key has to be free before this one takes the same.
    work.session.flush()
    take_step(work, row, BRAND, "approve")
    row.district_code, row.street_code = firm.district_code, firm.street_code
    row.in_force = name_key(firm.district_code, row.short_name)
    decided(work, row, words)
    firm.short_name, firm.brand_id = row.short_name, row.id
    work.add(firm)
    work.session.flush()
    publish_firm(work, firm.id)
    tell_firm(work, firm.id, "企业简称与图标审核通过", f"企业简称“{row.short_name}”及图标已生效。", row)


@action("practitioners.brand_return", "企业简称审核退回", roles=DISTRICT, step=Step(BRAND, "return"))
def return_brand(work: Work, order: Told) -> None:
    reason = enough_words(order.reason, "退回原因", most=500)
    row = _submitted(work, order)
    keep_for_undo(work, row, "return")
    take_row(work, row)
    take_step(work, row, BRAND, "return")
    decided(work, row, reason)
    body = f"企业简称“{row.short_name}”及图标已退回，原因：{reason}。请修改后重新提交。"
    tell_firm(work, row.enterprise_id, "企业简称与图标已退回", body, row)


def _brand_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    firms = rows_by(work, Enterprise, (row.enterprise_id for row in rows))

    def standing(row: Any, key: str, none: Any) -> Any:
        """Return a value of the brand in force while another one is under review."""
        firm = firms[row.enterprise_id]
        return getattr(firm, key) if firm.brand_id != row.id else none

    return {
        "firm": lambda row: firms[row.enterprise_id].name,
        "in_force": lambda row: firms[row.enterprise_id].brand_id == row.id,
        "standing": lambda row: standing(row, "short_name", ""),
        "standing_brand_id": lambda row: standing(row, "brand_id", None),
        "words": last_words,
        **claim_cells(work, rows),
    }


OWN_BRANDS = listed(
    Listing(
        name="own_brands",
        label="历次申报",
        roles=ENTERPRISE,
        table=Brand,
        columns=(
            Column("short_name", "企业简称"),
            Column("state", "状态", width=80),
            Column("submitted_at", "提交时间", width=126),
            Column("decided_at", "审核时间", width=126),
            Column("words", "审核意见", wraps=True),
            Column("created_at", "填写时间", shown=False),
        ),
        sort="-created_at",
        look_up=_brand_cells,
        also=("version", "taken_at"),
        empty="还没有申报过企业简称与图标",
    )
)

BRANDS = listed(
    replace(
        OWN_BRANDS,
        name="brand_review",
        label="企业简称图标审核",
        roles=DISTRICT | CITY,
        # What a firm has not handed in is its own affair.
        rows=lambda work: work.visible(Brand).where(Brand.state != BrandState.DRAFT),
        columns=(
            Column("firm", "企业"),
            Column("short_name", "企业简称", width=150),
            Column("standing", "现行简称", width=120),
            Column("submitted_at", "提交时间", sortable=True, width=126),
            Column("decided_at", "审核时间", shown=False),
            Column("created_at", "填写时间", shown=False),
            Column("taken_by", "领取人", width=70),
            Column("state", "状态", width=76),
        ),
        filters=(
            named(
                "view",
                "范围",
                {
                    "": ("待审核", col(Brand.state) == BrandState.SUBMITTED),
                    "returned": ("已退回", col(Brand.state) == BrandState.RETURNED),
                    "approved": ("已通过", col(Brand.state) == BrandState.APPROVED),
                },
                sorts={"returned": "-created_at", "approved": "-created_at"},
            ),
            either(
                "word",
                "企业或简称",
                part("", "", Brand.short_name),
                through(Brand.enterprise_id, Enterprise.id, part("", "", Enterprise.name)),
                width=230,
            ),
        ),
        sort="submitted_at",
        counts="view",
        bulk=(
            Bulk(
                approve_brand,
                lambda line, given: Told(line.id),
                label="批量通过",
                icon="done_all",
                key="f8",
                done="已通过",
                named="short_name",
                question="勾选的企业简称与图标全部审核通过？",
            ),
        ),
        empty="没有符合条件的申报",
    )
)


@query("practitioners.brand_open", "查看企业简称与图标", roles=READERS)
def open_brand(work: Work, brand_id: UUID) -> Line:
    """Return a brand as its lists show it."""
    return lines_of(work, BRANDS, [work.get(Brand, brand_id)])[0]


@query("practitioners.brand_logo", "查看企业图标", roles=READERS)
def see_logo(work: Work, brand_id: UUID) -> bytes:
    """The logo as PNG."""
    row = work.get(Brand, brand_id)
    return kept_file(work.sealer, row, row.logo) if row.logo else b""
