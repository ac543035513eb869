"""The house of a form in the register: read-only facts, rooms, agreement of the landlords (row 6)."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from models.house import House, HouseCategory, HouseOwner, HouseRoom, ProofKind, RestrictionKind, RoomKind
from models.normal import normal
from models.places_data import district, street
from services.engine.details import check_details
from services.engine.door import Gathering
from services.engine.registry import query
from services.engine.thresholds import Thresholds
from services.engine.work import Work
from services.ports.answers import Answer, Holder, PublicTenancy, RegisteredRoom, Title, TitleQuestion
from services.ports.systems import PROPERTY_REGISTER, PUBLIC_HOUSING
from services.tenancy.contracts import FILERS
from services.tenancy.fact_sources import house_of_form
from services.tenancy.lease_form import HouseForm, LeaseForm

_LIVED_IN = frozenset({RoomKind.BEDROOM, RoomKind.SPLIT_N1})
#: The category of a house by the certificate that proves it.
CATEGORY_OF = {
    ProofKind.A1: HouseCategory.OWNED,
    ProofKind.A2: HouseCategory.PRESALE,
    ProofKind.A3: HouseCategory.PRESALE,
    ProofKind.A4: HouseCategory.PUBLIC,
    ProofKind.B1: HouseCategory.RESETTLE,
    ProofKind.B2: HouseCategory.HOMESTEAD,
    ProofKind.C1: HouseCategory.MARKET_CENTRAL,
}


@dataclass(frozen=True)
class HouseQuestion:
    """The data of the certificate, and the landlords' numbers in the form."""

    cert_no: str
    proof_kind: ProofKind = ProofKind.A1
    room_no: str = ""
    house_code: str = ""
    lessors: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormRoom:
    """A room of the registered plan; `fits` is how many may live there, 0 when it is not let to live in."""

    label: str
    kind: str
    area: str
    as_designed: bool
    fits: int
    hall: bool = False


@dataclass(frozen=True)
class FormHouse:
    """Facts of the register that are not personal; of the owners only whether they agree (decision 9).

    `agree` answers for each landlord asked about; `others` counts holders who are none of them.
    """

    state: str
    source: str
    at: datetime | None = None
    milliseconds: int = 0
    note: str = ""
    house_code: str = ""
    category: HouseCategory = HouseCategory.OWNED
    proof_kind: ProofKind = ProofKind.A1
    cert_no: str = ""
    district_code: str = ""
    street_code: str = ""
    place: str = ""
    address: str = ""
    room_no: str = ""
    build_area: str = ""
    use: str = ""
    layout: str = ""
    floor: str = ""
    registered_on: date | None = None
    mortgaged: bool = False
    restrictions: tuple[str, ...] = ()
    in_library: bool = False
    agree: tuple[bool, ...] = ()
    others: int = 0
    rooms: tuple[FormRoom, ...] = field(default_factory=tuple)

    @property
    def known(self) -> bool:
        return bool(self.cert_no)


def _ask_register(gathering: Gathering, order: HouseQuestion) -> Answer[Any] | None:
    cert = normal("cert_no", order.cert_no)
    if not cert:
        return None
    if order.proof_kind is ProofKind.A4:
        return gathering.systems.at(PUBLIC_HOUSING).tenancy_of(cert)
    return gathering.systems.at(PROPERTY_REGISTER).title_of(TitleQuestion(cert, order.room_no))


@query("counter.house", "查询房屋登记信息", roles=FILERS, personal=True, gather=_ask_register)
def house_for_form(work: Work, order: HouseQuestion, answer: Answer[Any] | None) -> FormHouse:
    """Return what the register knows of one certificate; our own snapshot where it is silent."""
    if answer is None:
        return FormHouse("SKIPPED", "不动产登记", note="请填写权属证明编号")
    own = house_of_form(
        work.session, LeaseForm(house=HouseForm(order.house_code, cert_no=order.cert_no, room_no=order.room_no))
    )
    if isinstance(answer.value, PublicTenancy):
        tenancy = answer.value
        made = _from_title(tenancy.title, (tenancy.holder,), order, answer, work.thresholds)
        note = "" if tenancy.valid else "该公房凭证已失效"
        return replace(
            made, in_library=own is not None, cert_no=tenancy.cert_no, note=note, others=len(tenancy.residents)
        )
    if isinstance(answer.value, Title):
        title = answer.value
        holders = tuple(holder for holder in title.holders if holder.until is None)
        made = _from_title(title, holders, order, answer, work.thresholds)
        return replace(made, in_library=own is not None, note="该权属证明已注销" if title.ended_on else "")
    if answer.silent and own is not None:
        return _from_library(work, own, order, answer)
    return FormHouse(
        answer.state.value,
        answer.source,
        answer.at,
        answer.milliseconds,
        "该证号下有多套房屋，请填写室号后再查询" if answer.note else _sentence(answer),
        category=CATEGORY_OF[order.proof_kind],
        proof_kind=order.proof_kind,
    )


def _sentence(answer: Answer[Any]) -> str:
    if answer.silent:
        return f"{answer.source}暂时没有应答，可先按权属证明填写，提交后系统会自动核验"
    return "未查到该权属证明，请核对证号；仍要办理的，请按证件填写房屋信息"


def _from_title(
    title: Title,
    holders: tuple[Holder, ...],
    order: HouseQuestion,
    answer: Answer[Any],
    thresholds: Thresholds,
) -> FormHouse:
    numbers = {normal("id_no", holder.id_no) for holder in holders}
    mandates = {normal("id_no", number) for number in title.mandates}
    today = answer.at.date() if answer.at else None
    return FormHouse(
        answer.state.value,
        answer.source,
        title.as_of or answer.at,
        answer.milliseconds,
        **_registered(title, title.rooms, thresholds),
        **_agreement(order, numbers, mandates),
        cert_no=title.cert_no,
        room_no=title.room_no,
        mortgaged=title.mortgaged,
        restrictions=tuple(
            RestrictionKind.of(one.kind).label
            for one in title.restrictions
            if one.until is None or today is None or one.until >= today
        ),
    )


def _from_library(work: Work, own: House, order: HouseQuestion, answer: Answer[Any]) -> FormHouse:
    """Our snapshot of the house, with its age; the case itself still waits for the register."""
    rooms = work.rows(HouseRoom, HouseRoom.house_id == work.whole(own).id, by=HouseRoom.label)
    return FormHouse(
        answer.state.value,
        "本系统房屋基础库",
        own.registry_at,
        answer.milliseconds,
        f"{answer.source}暂时没有应答，下列为本系统保存的登记快照",
        **_registered(own, rooms, work.thresholds),
        **_agreement(order, _owner_numbers(work.session, own)),
        cert_no=own.cert_no.plain,
        room_no=own.room,
        in_library=True,
    )


def _registered(of: Title | House, rooms: Sequence[Any], thresholds: Thresholds) -> dict[str, Any]:
    """The facts of a house that a title and our snapshot name alike."""
    return {
        "house_code": of.house_code,
        "category": HouseCategory.of(str(of.category)),
        "proof_kind": ProofKind.of(str(of.proof_kind)),
        "district_code": of.district_code,
        "street_code": of.street_code,
        "place": _place(of.district_code, of.street_code),
        "address": of.address,
        "build_area": f"{of.build_area:.2f}",
        "use": of.design_use,
        "layout": of.layout,
        "floor": f"{of.floor_no}／{of.floor_total}层" if of.floor_no else "",
        "registered_on": of.registered_on,
        "rooms": tuple(_room(room, thresholds) for room in rooms),
    }


def _agreement(order: HouseQuestion, holders: set[str], mandates: Set[str] = frozenset()) -> dict[str, Any]:
    """Tell whether each landlord holds the title or a mandate, and how many holders are none of them."""
    asked = [normal("id_no", number) for number in order.lessors]
    return {"agree": tuple(number in holders | mandates for number in asked), "others": len(holders - set(asked))}


def _owner_numbers(session: Session, own: House) -> set[str]:
    check_details(session, "house", own.id)
    rows = session.exec(select(HouseOwner).where(HouseOwner.house_id == own.id, col(HouseOwner.until).is_(None))).all()
    return {normal("id_no", row.id_no.plain) for row in rows}


def _room(room: RegisteredRoom | HouseRoom, thresholds: Thresholds) -> FormRoom:
    kind = RoomKind.of(str(room.kind))
    least = thresholds.decimal("occupancy.min_usable_area")
    most = thresholds.integer("occupancy.room_max_persons")
    by_area = int(room.usable_area / least) if least > Decimal(0) else most
    fits = min(most, by_area) if kind in _LIVED_IN and room.as_designed else 0
    return FormRoom(room.label, kind.label, f"{room.usable_area:.2f}", room.as_designed, fits, kind is RoomKind.HALL)


def _place(district_code: str, street_code: str) -> str:
    parts = (district(district_code), street(street_code))
    return "".join(part.name for part in parts if part is not None)
