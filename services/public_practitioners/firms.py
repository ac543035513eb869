"""企业查询: firms on record with state, district, supervised account, short name and logo (row 48)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import col, or_, select

from models.access import Role
from models.enterprise import Enterprise, RecordState, ServiceState
from models.normal import half_width, without_blanks
from models.places_data import district
from models.practitioner_codes import BrandState
from models.practitioners import Brand, InfoCard
from models.sealing import CryptoError, Sealer, sm3_hex
from services.engine.copied import copy_of
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.practitioners.public_entries import in_force
from services.practitioners.records import sound
from services.public_practitioners.visitor import Found, found_page, sound_rows

#: A firm that never was on record is not one the register vouches for in any way.
_SHOWN = (RecordState.RECORDED, RecordState.CHANGED, RecordState.CANCELLED)


@dataclass(frozen=True)
class FindFirms:
    """A part of a name or short name, or a whole record number or credit code."""

    word: str
    page: int = 1


@dataclass(frozen=True)
class FirmFound:
    name: str
    short_name: str
    uscc: str
    kind: str
    record_no: str
    record_state: str
    district: str
    in_force: bool


@query("public.firms", "公众查询企业", roles={Role.SYSTEM})
def find_firms(work: Work, order: FindFirms) -> Found:
    """Firms on record by a word of at least two characters, those in force first."""
    word = checked_word(order.word)
    whole = without_blanks(half_width(word))
    found = sa.and_(
        col(Enterprise.record_state).in_(_SHOWN),
        sound(work, Enterprise),
        or_(
            col(Enterprise.name).contains(word, autoescape=True),
            col(Enterprise.short_name).contains(word, autoescape=True),
            Enterprise.record_no == whole,
            Enterprise.uscc == whole.upper(),
        ),
    )
    ended = sa.case((col(Enterprise.record_state) == RecordState.CANCELLED, 1), else_=0)
    by = ended, col(Enterprise.name), col(Enterprise.uscc)
    return found_page(work, select(Enterprise).where(found), *by, page=order.page, line=_line)


def checked_word(typed: str) -> str:
    """The word as it is searched, or `Rejected`; pages ask this first, as for people."""
    word = search_word(typed)
    if len(word) < 2:
        raise Rejected("请输入企业名称（至少2个字）、备案证书编号或者统一社会信用代码")
    return word


def _line(firm: Enterprise) -> FirmFound:
    place = district(firm.district_code)
    return copy_of(
        FirmFound,
        firm,
        kind=firm.kind.label,
        record_state=firm.record_state.label,
        district=place.name if place is not None else "",
        in_force=firm.record_state is not RecordState.CANCELLED,
    )


@dataclass(frozen=True)
class FirmPage:
    """A firm. Its account is published while it is on record (S1 a30, S5 a11); `people` counts cards in force."""

    firm: FirmFound
    recorded_on: str
    service: str
    account: str
    bank: str
    people: int
    logo_id: UUID | None = None


@query("public.firm", "公众查看企业", roles={Role.SYSTEM})
def find_firm(work: Work, uscc: str) -> FirmPage | None:
    """The firm of this credit code, if it is or was on record."""
    statement = sound_rows(work, Enterprise).where(
        Enterprise.uscc == uscc.upper(), col(Enterprise.record_state).in_(_SHOWN)
    )
    firm: Enterprise | None = work.session.exec(statement).first()
    if firm is None:
        return None
    counted = (
        select(func.count())
        .select_from(InfoCard)
        .join(Enterprise, col(Enterprise.id) == InfoCard.enterprise_id)
        .where(InfoCard.enterprise_id == firm.id, in_force())
    )
    line = _line(firm)
    account = firm.supervised_account
    return FirmPage(
        line,
        recorded_on=firm.recorded_on.isoformat() if firm.recorded_on else "",
        service="暂停网签" if firm.service_state is ServiceState.SUSPENDED else "",
        account=account.plain if account is not None and line.in_force else "",
        bank=firm.supervised_bank if line.in_force else "",
        people=work.session.exec(counted).one(),
        logo_id=firm.brand_id if line.in_force else None,
    )


@query("public.logo", "公众查看企业图标", roles={Role.SYSTEM})
def firm_logo(work: Work, brand_id: UUID) -> bytes:
    """The picture of a brand while it is its firm's approved one, else nothing."""
    row: tuple[Brand, Enterprise] | None = work.session.exec(
        select(Brand, Enterprise)
        .join(Enterprise, col(Enterprise.id) == Brand.enterprise_id)
        .where(
            Brand.id == brand_id,
            Brand.state == BrandState.APPROVED,
            Enterprise.brand_id == Brand.id,
            sound(work, Brand, Enterprise),
        )
    ).first()
    return logo_bytes(work.sealer, row[0]) if row is not None else b""


def logo_bytes(sealer: Sealer, brand: Any) -> bytes:
    """A brand's picture, empty where the stored bytes are not the ones that were approved."""
    try:
        content = sealer.open_file(brand.logo, str(brand.id))
    except CryptoError as problem:
        if problem.retryable:
            raise
        return b""
    return content if sm3_hex(content) == brand.logo_digest else b""
