"""Lists of listing verification: codes, requests, room plans, mandates and barred publishers (row 31)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.enterprise import Enterprise
from models.house import House, HouseRestriction, RestrictionKind
from models.name_search import holds_text
from models.sealed import indexes_of
from models.verification import ListingMandate, ListingVerification, PublishingPenalty, SplitLock, VerificationCode
from models.verification_codes import (
    CodeEnd,
    CodeState,
    LockState,
    MandateKind,
    PenaltyKind,
    RequesterKind,
    ShelfState,
    VerificationState,
)
from services.access.visibility import CITY
from services.engine.list_filters import Filter, either, sealed, through
from services.engine.listings import Column, Listing, choice, days, exact, flag, listed, named, numbers
from services.engine.look_ups import values_by
from services.engine.search_terms import chosen, search_word
from services.engine.work import Work
from services.verification.orders import PlannedRoom, plan_of
from services.verification.visibility import READERS, STAFF

#: Where a broad search stops counting.
COUNTED = 10_000


def part_words(part_key: str) -> str:
    """A part as lists name it."""
    return "整套" if part_key == "*" else f"{part_key}室"


def plan_words(plan: Sequence[PlannedRoom]) -> str:
    """A room plan in a line."""
    return "；".join(f"{room.label} {room.kind.label} {room.usable_area:.2f}㎡ {room.persons}人" for room in plan)


#: Eighteen digits with the month they were given in, where an identity number has its year of birth.
_CODE = r"31\d{4}2[3-9](0[1-9]|1[0-2])\d{8}"


def _number(column: Any) -> Filter:
    """Codes with exactly the number, or those that begin with it."""

    def where(work: Work, text: str) -> Any:
        word = search_word(text)
        return col(column) == word if len(word) >= 18 else col(column).startswith(word, autoescape=True)

    return Filter("number", "核验码", where, width=190, finds=_CODE)


def _of_house(key: str, label: str, column: Any, clause: Callable[[Work, str], Any], **look: Any) -> Filter:
    def where(work: Work, text: str) -> Any:
        return col(column).in_(select(House.id).where(clause(work, text)))

    return Filter(key, label, where, **look)


def _by_cert(work: Work, text: str) -> Any:
    return col(House.cert_no_index).in_(indexes_of(work.sealer, "cert_no", search_word(text, 80)))


def _by_address(work: Work, text: str) -> Any:
    words = search_word(text, 60).split()
    return sa.and_(*(col(House.address).contains(word, autoescape=True) for word in words))


def _restricted(column: Any) -> Filter:
    def where(work: Work, text: str) -> Any:
        rows = select(HouseRestriction.house_id).where(
            HouseRestriction.kind == chosen(RestrictionKind, text),
            sa.or_(col(HouseRestriction.until).is_(None), col(HouseRestriction.until) >= work.today),
        )
        return col(column).in_(rows)

    return Filter("restriction", "房屋限制", where, options=RestrictionKind.labels(), more=True)


def _firm(column: Any) -> Filter:
    def where(work: Work, text: str) -> Any:
        word = search_word(text, 60)
        firms = select(Enterprise.id).where(
            sa.or_(col(Enterprise.uscc) == word.upper(), holds_text(word, Enterprise.name))
        )
        return col(column).in_(firms)

    return Filter("firm", "企业", where, width=200)


def _owner(column: Any) -> Filter:
    owner = either(
        "owner",
        "权利人姓名或证件号码",
        sealed("owner_no", "证件号码", ListingVerification.owner_id_no_index, "id_no"),
        sealed("owner_name", "姓名", ListingVerification.owner_name_index, "name"),
        personal=True,
        more=True,
    )
    return through(column, ListingVerification.id, owner)


def _code_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    ids = {row.house_id for row in rows if row.house_id is not None}
    houses = {row.id: row for row in work.rows(House, col(House.id).in_(ids))}
    firms = values_by(work, Enterprise.id, Enterprise.name, (row.enterprise_id for row in rows))
    today = work.today
    return {
        "address": lambda row: houses[row.house_id].address if row.house_id in houses else "（房屋未查到）",
        "cert_no": lambda row: houses[row.house_id].cert_no if row.house_id in houses else None,
        "firm": lambda row: firms.get(row.enterprise_id, ""),
        "state_now": lambda row: (
            CodeState.INVALID
            if row.state is CodeState.VALID and row.valid_to is not None and row.valid_to < today
            else row.state
        ),
    }


def _now(state: CodeState) -> Callable[[Work], Any]:
    """Codes in a state today: that a term is over is seen from its day, not from the job."""

    def clause(work: Work) -> Any:
        current, over = col(VerificationCode.state) == state, col(VerificationCode.valid_to) < work.today
        valid = col(VerificationCode.state) == CodeState.VALID
        if state is CodeState.INVALID:
            return sa.or_(current, sa.and_(valid, over))
        return sa.and_(current, ~over) if state is CodeState.VALID else current

    return clause


CODES = listed(
    Listing(
        name="verification_codes",
        label="房源核验码",
        roles=READERS,
        table=VerificationCode,
        columns=(
            Column("code_no", "核验码", width=150),
            Column("state_now", "状态", width=72),
            Column("address", "房屋坐落", wraps=True),
            Column("part", "部位", lambda row: part_words(row.part_key), width=56, shown=False),
            Column("cert_no", "权属证明编号", width=190, shown=False),
            Column("holder_kind", "取得主体", width=110, shown=False),
            Column("firm", "企业", wraps=True, width=110, shown=STAFF),
            Column("valid_to", "有效期止", sortable=True, width=92),
            Column("shelf", "上架状态", width=84),
            Column("end_reason", "失效原因", width=110),
            Column("valid_from", "有效期起", sortable=True, width=92, shown=False),
            Column("ended_on", "失效日期", sortable=True, width=92, shown=False),
            Column("take_down_by", "下架期限", width=92, shown=False),
            Column("forced", "强制核验", width=76, shown=False),
            Column("address_public", "对外地址", shown=False),
        ),
        filters=(
            _number(VerificationCode.code_no),
            _of_house("cert", "权属证明编号", VerificationCode.house_id, _by_cert, width=200),
            _of_house("address", "坐落", VerificationCode.house_id, _by_address, width=180),
            _firm(VerificationCode.enterprise_id),
            named("state", "状态", {state.value: (state.label, _now(state)) for state in CodeState}),
            choice("shelf", "上架状态", VerificationCode.shelf, ShelfState, more=True),
            choice("reason", "失效原因", VerificationCode.end_reason, CodeEnd, more=True),
            choice("holder", "取得主体", VerificationCode.holder_kind, RequesterKind, more=True),
            flag("forced", "经强制核验", col(VerificationCode.forced).is_(True), more=True),
            _restricted(VerificationCode.house_id),
            _owner(VerificationCode.verification_id),
            *days(VerificationCode.valid_from, "取得日期", more=True),
            *days(VerificationCode.ended_on, "失效日期", since="ended_since", until="ended_until", more=True),
        ),
        sort="-valid_from",
        look_up=_code_cells,
        also=("verification_id", "house_id", "state", "version"),
        counted_to=COUNTED,
        empty="没有符合条件的核验码",
    )
)


def _request_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    houses = values_by(work, House.id, House.address, (row.house_id for row in rows))
    numbers = values_by(work, VerificationCode.id, VerificationCode.code_no, (row.code_id for row in rows))
    firms = values_by(work, Enterprise.id, Enterprise.name, (row.enterprise_id for row in rows))
    return {
        "address": lambda row: houses.get(row.house_id, "（房屋未查到）"),
        "code_no": lambda row: numbers.get(row.code_id, ""),
        "firm": lambda row: firms.get(row.enterprise_id, ""),
        "fails": lambda row: row.fail_codes.replace(",", "、"),
    }


REQUESTS = listed(
    Listing(
        name="verifications",
        label="房源核验申请",
        roles=READERS,
        table=ListingVerification,
        columns=(
            Column("verify_no", "核验编号", width=158),
            Column("state", "状态", width=76),
            Column("address", "房屋坐落", wraps=True),
            Column("part", "部位", lambda row: part_words(row.part_key), width=56, shown=False),
            Column("cert_no", "权属证明编号", width=190, shown=False),
            Column("requester_kind", "申请主体", width=110, shown=False),
            Column("firm", "企业", wraps=True, width=110, shown=STAFF),
            Column("fails", "未通过规则", wraps=True, width=84),
            Column("submitted_at", "申请时间", sortable=True, width=90),
            Column("owner_name", "权利人", width=76, shown=False),
            Column("forceable", "可强制核验", width=84, shown=False),
            Column("decided_at", "核验时间", sortable=True, width=126, shown=False),
            Column("code_no", "核验码", width=150, shown=False),
            Column("rent", "月租金（元）", number=True, width=96, shown=False),
            Column("channel", "渠道", shown=False),
        ),
        filters=(
            exact("number", "核验编号", ListingVerification.verify_no, width=190, finds=numbers("HY")),
            _of_house("cert", "权属证明编号", ListingVerification.house_id, _by_cert, width=200),
            _of_house("address", "坐落", ListingVerification.house_id, _by_address, width=180),
            _firm(ListingVerification.enterprise_id),
            choice("state", "状态", ListingVerification.state, VerificationState),
            flag("forceable", "可申请强制核验", col(ListingVerification.forceable).is_(True), more=True),
            _restricted(ListingVerification.house_id),
            either(
                "owner",
                "权利人姓名或证件号码",
                sealed("owner_no", "证件号码", ListingVerification.owner_id_no_index, "id_no"),
                sealed("owner_name", "姓名", ListingVerification.owner_name_index, "name"),
                personal=True,
                more=True,
            ),
            *days(ListingVerification.submitted_at, "申请日期"),
        ),
        sort="-submitted_at",
        counts="state",
        look_up=_request_cells,
        also=("code_id", "house_id", "run_id", "version"),
        counted_to=COUNTED,
        empty="没有符合条件的核验申请",
    )
)


def _lock_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    houses = values_by(work, House.id, House.address, (row.house_id for row in rows))
    return {
        "address": lambda row: houses.get(row.house_id, ""),
        "rooms": lambda row: plan_words(plan_of(row.plan)),
    }


LOCKS = listed(
    Listing(
        name="split_locks",
        label="拆间锁定",
        roles=READERS,
        table=SplitLock,
        columns=(
            Column("address", "房屋坐落", wraps=True, width=170),
            Column("plan_version", "版次", number=True, width=48),
            Column("rooms", "拆间信息", wraps=True),
            Column("room_count", "房间数", number=True, width=58),
            Column("locked_at", "锁定时间", sortable=True, width=90),
            Column("state", "状态", width=84),
            Column("unlocked_at", "解除时间", width=126, shown=False),
            Column("unlock_reference", "改建批准文号", width=150, shown=False),
            Column("unlock_reason", "解除理由", shown=False),
        ),
        filters=(
            _of_house("cert", "权属证明编号", SplitLock.house_id, _by_cert, width=200),
            _of_house("address", "坐落", SplitLock.house_id, _by_address, width=180),
            choice("state", "状态", SplitLock.state, LockState),
        ),
        sort="-locked_at",
        look_up=_lock_cells,
        empty="没有锁定的拆间信息",
    )
)


def _mandate_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    houses = values_by(work, House.id, House.address, (row.house_id for row in rows))
    firms = values_by(work, Enterprise.id, Enterprise.name, (row.enterprise_id for row in rows))
    return {
        "address": lambda row: houses.get(row.house_id, ""),
        "firm": lambda row: firms.get(row.enterprise_id, row.firm_uscc),
    }


MANDATES = listed(
    Listing(
        name="listing_mandates",
        label="房源委托",
        roles=READERS,
        table=ListingMandate,
        columns=(
            Column("mandate_no", "委托合同编号", width=150),
            Column("kind", "委托类别", width=90),
            Column("address", "房屋坐落", width=230),
            Column("firm", "受托企业", width=180),
            Column("principal_id_no", "委托人证件号码", width=160),
            Column("signed_on", "签订日期", width=92),
            Column("valid_from", "委托期起", width=92),
            Column("valid_to", "委托期止", sortable=True, width=92),
        ),
        filters=(
            exact("number", "委托合同编号", ListingMandate.mandate_no, width=180),
            _of_house("cert", "权属证明编号", ListingMandate.house_id, _by_cert, width=200),
            _firm(ListingMandate.enterprise_id),
            choice("kind", "委托类别", ListingMandate.kind, MandateKind),
        ),
        sort="-valid_to",
        look_up=_mandate_cells,
        empty="没有登记的房源委托",
    )
)


def _penalty_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    firms = values_by(work, Enterprise.id, Enterprise.name, (row.enterprise_id for row in rows))
    return {"firm": lambda row: firms.get(row.enterprise_id, "个人")}


PENALTIES = listed(
    Listing(
        name="publishing_penalties",
        label="限制发布主体",
        roles=CITY | {Role.DISTRICT_BUREAU},
        table=PublishingPenalty,
        columns=(
            Column("firm", "主体", width=190),
            Column("subject_no", "信用代码或证件号码", width=150),
            Column("kind", "类别", width=76),
            Column("on_day", "决定日期", sortable=True, width=92),
            Column("reason", "事由", wraps=True),
            Column("until", "整顿期止", width=92, shown=False),
            Column("reference", "文号", width=150, shown=False),
        ),
        filters=(_firm(PublishingPenalty.enterprise_id), choice("kind", "类别", PublishingPenalty.kind, PenaltyKind)),
        sort="-on_day",
        look_up=_penalty_cells,
        empty="没有限制发布的主体",
    )
)
