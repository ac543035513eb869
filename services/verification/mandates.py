"""Mandates of owners, penalties of publishers and telephones of owners, against which requests are judged (V03-V05, V11)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from models.access import Role
from models.enterprise import Enterprise, EnterpriseKind
from models.house import House
from models.identity import check_document
from models.sealed import Sealed
from models.verification import ListingMandate, OwnerPhone, PublishingPenalty
from models.verification_codes import MandateKind, PenaltyKind
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.registry import action
from services.engine.words import enough_words
from services.engine.work import Work
from services.tenancy.fact_sources import house_of_form
from services.tenancy.lease_form import HouseForm, LeaseForm
from services.tenancy.predicates import number_of
from services.verification.orders import RecordMandate
from services.verification.submission import ASKERS, own_firm

#: The mandate that a firm of a kind holds of owners.
MANDATE_OF = {
    EnterpriseKind.BROKERAGE: MandateKind.ENTRUST,
    EnterpriseKind.RENTAL: MandateKind.OPERATE,
    EnterpriseKind.OPERATOR: MandateKind.OPERATE,
    EnterpriseKind.INFO_PLATFORM: MandateKind.PLATFORM,
}


@action("verification.record_mandate", "登记房源委托", roles=ASKERS, event="DATA.CREATE")
def record_mandate(work: Work, order: RecordMandate) -> UUID:
    """Keep the basics of a firm's mandate; a number that the firm used for another mandate is refused."""
    uscc = order.firm_uscc if work.caller.has(Role.SYSTEM) else own_firm(work).uscc
    kind = order.kind or MANDATE_OF[own_firm(work).kind]
    if not order.mandate_no.strip():
        raise Rejected("请填写委托合同编号")
    if order.valid_to < order.valid_from:
        raise Rejected("委托期的止日不能早于起日")
    house = _house(work, order)
    firm = work.first(Enterprise, Enterprise.uscc == uscc)
    known = work.first(
        ListingMandate, ListingMandate.firm_uscc == uscc, ListingMandate.mandate_no == order.mandate_no.strip()
    )
    if known is not None:
        same = (known.house_id, known.kind, known.valid_from, known.valid_to)
        if same != (house.id, kind, order.valid_from, order.valid_to):
            raise Conflict("该委托合同编号已登记过，内容不同；请核对编号，或以新编号登记")
        return known.id
    row = ListingMandate(
        mandate_no=order.mandate_no.strip()[:60],
        kind=kind,
        house_id=house.id,
        principal_id_no=Sealed.of(number_of(order.principal_id)),
        firm_uscc=uscc,
        enterprise_id=firm.id if firm else None,
        signed_on=order.signed_on,
        valid_from=order.valid_from,
        valid_to=order.valid_to,
        district_code=house.district_code,
        street_code=house.street_code,
    )
    work.add(row)
    return row.id


def _house(work: Work, order: RecordMandate) -> House:
    form = HouseForm(order.house_code, cert_no=order.cert_no, room_no=order.flat_room)
    house = house_of_form(work.session, LeaseForm(house=form))
    if house is None:
        raise NotFound("没有查到这套房屋，请核对权属证明编号；一证多户的请填写室号")
    return house


@dataclass(frozen=True)
class RecordPenalty:
    """A penalty of a firm or a person for its listings, or a shut-down until a day."""

    subject_no: str
    kind: PenaltyKind
    on_day: date
    reason: str
    until: date | None = None
    reference: str = ""


@action(
    "verification.record_penalty", "登记限制发布主体", roles={Role.DISTRICT_BUREAU, Role.SYSTEM}, event="DATA.CREATE"
)
def record_penalty(work: Work, order: RecordPenalty) -> UUID:
    """Keep a penalty; three in two years bar its subject from publishing (V11)."""
    number = number_of(order.subject_no)
    if check_document("51", number).problem and check_document("11", number).problem:
        raise Rejected("请填写正确的统一社会信用代码或身份证号码")
    if order.kind is PenaltyKind.SHUT and order.until is None:
        raise Rejected("停业整顿请填写整顿期止")
    firm = work.first(Enterprise, Enterprise.uscc == number)
    row = PublishingPenalty(
        subject_no=Sealed.of(number),
        enterprise_id=firm.id if firm else None,
        kind=order.kind,
        on_day=order.on_day,
        until=order.until,
        reason=enough_words(order.reason, "事由", least=4)[:200],
        reference=order.reference.strip()[:60],
    )
    work.add(row)
    return row.id


@dataclass(frozen=True)
class RecordPhone:
    owner_id: str
    mobile: str


@action("verification.record_phone", "登记权利人电话", roles={Role.SYSTEM}, event="DATA.CREATE")
def record_phone(work: Work, order: RecordPhone) -> None:
    """Keep the telephone number of an owner."""
    work.add(OwnerPhone(owner_id_no=Sealed.of(number_of(order.owner_id)), mobile=Sealed.of(order.mobile)))
