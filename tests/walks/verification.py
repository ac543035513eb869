"""The walk's part for listing verification: the requester's, the district's of the home, the city's."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from models.access import Role
from models.documents import IssuedDocument
from models.house import House
from models.sealed import Sealed
from models.tenancy_codes import Channel, LeaseMode
from models.verification import (
    ForcedVerification,
    ListingMandate,
    ListingVerification,
    NoticeTemplate,
    OwnerPhone,
    Precheck,
    PublishingPenalty,
    ShelfEvent,
    SplitLock,
    VerificationCode,
    VerificationNotice,
)
from models.verification_codes import (
    MandateKind,
    PenaltyKind,
    PrecheckState,
    RequesterKind,
    ShelfState,
    VerificationState,
)
from services.engine.orders import OneRow
from services.engine.work import Work
from services.verification.forced_materials import Capacity
from services.verification.forced_review import ApplyForced, DecideForced, SayForced
from services.verification.forced_shelf import ForceShelf
from services.verification.split_locks import UnlockPlan

CITY = {Role.CITY_CENTER, Role.CITY_BUREAU}
OFFICE = {Role.DISTRICT_CLERK, Role.DISTRICT_BUREAU}
FIRM = {Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN, Role.PARTNER}
APP = "broker-assoc"
_WHY = "材料齐全，情况属实无误"


def _apply(row_id: Any) -> ApplyForced:
    return ApplyForced(row_id, Capacity.OWNER, "陈晓明", "310101199901010018", (), (), _WHY)


def _office(caller: Any, row: Any) -> bool:
    districts = {scope.code for scope in caller.scope_of(*OFFICE) if scope.code}
    return caller.has(*CITY, Role.SYSTEM) or row.district_code in districts


def _firm(caller: Any, row: Any) -> bool:
    return bool(caller.has(*FIRM)) and caller.enterprise_id is not None and row.enterprise_id == caller.enterprise_id


def _asked(city: Any, caller: Any, row: Any) -> bool:
    sent = caller.has(Role.PARTNER) and caller.enterprise_id is None and row.app_id == caller.name
    return _office(caller, row) or _firm(caller, row) or bool(sent)


def _parent(city: Any, table: Any, row_id: Any) -> Any:
    return next(iter(city.where(table, "id", row_id)))


def _lock(city: Any, caller: Any, row: Any) -> bool:
    asked = city.where(ListingVerification, "house_id", row.house_id)
    return _office(caller, row) or (
        bool(caller.has(*FIRM)) and any(_asked(city, caller, one) and not _office(caller, one) for one in asked)
    )


ORACLE: dict[Any, Callable[[Any, Any, Any], bool]] = {
    ListingVerification: _asked,
    VerificationCode: _asked,
    ListingMandate: lambda city, caller, row: _office(caller, row) or _firm(caller, row),
    ShelfEvent: lambda city, caller, row: _asked(city, caller, _parent(city, VerificationCode, row.code_id)),
    VerificationNotice: lambda city, caller, row: _asked(
        city, caller, _parent(city, ListingVerification, row.verification_id)
    ),
    SplitLock: _lock,
    ForcedVerification: lambda city, caller, row: _office(caller, row),
    NoticeTemplate: lambda city, caller, row: caller.has(*CITY, Role.SYSTEM),
    PublishingPenalty: lambda city, caller, row: caller.has(*CITY, Role.DISTRICT_BUREAU, Role.SYSTEM),
    OwnerPhone: lambda city, caller, row: caller.has(Role.SYSTEM),
    Precheck: lambda city, caller, row: caller.has(Role.SYSTEM),
}
ORDERS: dict[str, Any] = {
    "verification.view": (ListingVerification, lambda city, row_id: row_id),
    "verification.code": (VerificationCode, lambda city, row_id: row_id),
    "verification.notice": (ListingVerification, lambda city, row_id: row_id),
    "verification.card": (VerificationCode, lambda city, row_id: row_id),
    "forced.apply": (ListingVerification, lambda city, row_id: _apply(row_id)),
    "forced.view": (ForcedVerification, lambda city, row_id: row_id),
    "forced.take": (ForcedVerification, lambda city, row_id: row_id),
    "forced.decide": (ForcedVerification, lambda city, row_id: DecideForced(row_id, False, _WHY)),
    "forced.decide_undo": (ForcedVerification, lambda city, row_id: OneRow(row_id)),
    "forced.decide_undo_left": (ForcedVerification, lambda city, row_id: row_id),
    "forced.step_back": (ForcedVerification, lambda city, row_id: SayForced(row_id, _WHY)),
    "forced.escalate": (ForcedVerification, lambda city, row_id: SayForced(row_id, _WHY)),
    "forced.withdraw": (ForcedVerification, lambda city, row_id: SayForced(row_id, _WHY)),
    "shelf.force_on": (VerificationCode, lambda city, row_id: ForceShelf(row_id, _WHY, ShelfState.NONE)),
    "shelf.force_off": (VerificationCode, lambda city, row_id: ForceShelf(row_id, _WHY, ShelfState.NONE)),
    "shelf.lift": (VerificationCode, lambda city, row_id: ForceShelf(row_id, _WHY, ShelfState.FORCED_OFF)),
    "verification.unlock": (SplitLock, lambda city, row_id: UnlockPlan(row_id, "沪规改〔2027〕1号", "改建已获批准")),
}
UNFOREIGN: dict[str, str] = {
    "templates.save": "the city's, which sees all",
    "templates.publish": "the city's, which sees all",
    "templates.drop": "the city's, which sees all",
    "templates.view": "the city's, which sees all",
    "verification.check": "a firm's: tried with row 26",
    "verification.check_group": "the system's own",
    "demo.leave_waiting": "the system's own, of the loader of the demo",
}


def furnish(city: Any) -> None:
    """A home of each firm in either district, asked for by the firms and by a platform's system."""
    city.counter.world.act(lambda work: _furnish(work, city.firms))


def _furnish(work: Work, firms: Any) -> None:
    number = 0
    papers = work.session.exec(select(IssuedDocument.id)).all()
    for district in ("310115", "310104"):
        houses = work.session.exec(
            select(House).where(House.district_code == district).order_by(col(House.house_code)).limit(3)
        ).all()
        for house, firm in zip(houses, (*firms, None), strict=True):
            number += 1
            _asked_for(work, house, firm, number, papers[number % len(papers)])


def _asked_for(work: Work, house: House, firm: Any, number: int, paper: Any) -> None:
    place: dict[str, Any] = {"district_code": house.district_code, "street_code": house.street_code}
    person: dict[str, Any] = {"requester_no": Sealed.of("91310115MA1K000016")}
    mandate = ListingMandate(
        mandate_no=f"WTWALK{number}",
        kind=MandateKind.OPERATE,
        house_id=house.id,
        principal_id_no=Sealed.of("310101199901010018"),
        firm_uscc="91310115MA1K000016",
        enterprise_id=firm,
        signed_on=date(2027, 1, 1),
        valid_from=date(2027, 1, 1),
        valid_to=date(2028, 1, 1),
        **place,
    )
    row = ListingVerification(
        app_id=None if firm else APP,
        house_id=house.id,
        cert_no=Sealed.of(house.cert_no.plain),
        mode=LeaseMode.WHOLE,
        plan=[],
        channel=Channel.ENT,
        requester_kind=RequesterKind.RENTAL_ENTERPRISE,
        requester_name=Sealed.of("走查企业"),
        enterprise_id=firm,
        owner_name=Sealed.of("陈晓明"),
        owner_id_no=Sealed.of("310101199901010018"),
        rent=Decimal(5000),
        form=Sealed("{}"),
        submitted_at=work.now,
        submitted_on=work.today,
        state=VerificationState.FAILED,
        **person,
        **place,
    )
    code = VerificationCode(
        verification_id=row.id,
        house_id=house.id,
        app_id=row.app_id,
        holder_kind=row.requester_kind,
        holder_no=Sealed.of("91310115MA1K000016"),
        enterprise_id=firm,
        public={},
        **place,
    )
    row.code_id = code.id
    event = ShelfEvent(code_id=code.id, at=work.now, before=ShelfState.NONE, after=ShelfState.ON)
    lock = SplitLock(house_id=house.id, plan=[], room_count=0, locked_at=work.now, **place)
    forced = ForcedVerification(
        verification_id=row.id,
        waived_codes="H07",
        applicant_capacity="OWNER",
        applicant_name=Sealed.of("陈晓明"),
        applicant_id_no=Sealed.of("310101199901010018"),
        originals=[],
        reason=Sealed("{}"),
        **place,
    )
    penalty = PublishingPenalty(
        subject_no=Sealed.of("91310115MA1K000016"), kind=PenaltyKind.PENALTY, on_day=date(2027, 1, 1), reason="虚假房源"
    )
    precheck = Precheck(
        requester_no=Sealed.of("310101199901010018"),
        cert_no=Sealed.of(house.cert_no.plain),
        channel=Channel.YWTB,
        checked_at=work.now,
        checked_on=work.today,
        state=PrecheckState.FAILED,
        **place,
    )
    phone = OwnerPhone(owner_id_no=Sealed.of("310101199901010018"), mobile=Sealed.of("13800001234"))
    template = NoticeTemplate(paper=f"WALK{number}", version_no=1, body="正文")
    notice = VerificationNotice(verification_id=row.id, document_id=paper, issued_at=work.now, result="FAILED")
    for one in (mandate, row, code, event, lock, forced, penalty, precheck, phone, template, notice):
        work.add(one)
