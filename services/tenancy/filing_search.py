"""租赁备案信息综合查询: a right holder asks for the filings of his houses, within the time he held them (row 10)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import bindparam, func
from sqlmodel import and_, col, or_, select

from models.access import OrgUnit
from models.house import House, HouseOwner
from models.mac_cache import SeenRows
from models.normal import normal
from models.privacy import Shown
from models.sealed import index_of, indexes_of
from models.tenancy import ContractParty, LeaseContract, LeaseFiling
from models.tenancy_codes import FilingState, Side
from services.access.matches import open_person, whole_number
from services.access.visibility import CLERKS
from services.engine.copied import copy_of
from services.engine.door import Gathering
from services.engine.facts import together
from services.engine.refusals import Rejected
from services.engine.registry import action
from services.engine.work import Work
from services.ports.answers import Answer, Title, TitleQuestion
from services.ports.systems import PROPERTY_REGISTER
from services.privacy.accesses import note_access, numbers_of_contracts
from services.tenancy.endings import filing_state_text
from services.tenancy.fact_sources import SourceAge
from services.tenancy.paper_words import part_name

PAGE = 20


@dataclass(frozen=True)
class SearchFilings:
    """A right holder's enquiry: requester (number read or typed, name), principal, house and period.

    `cert_no` and `address` select among the requester's own houses. `page` starts at 1; `size` 0 is all.
    """

    id_no: str
    name: str = ""
    capacity: str = "OWNER"
    principal_id_no: str = ""
    mandate: str = ""
    cert_no: str = ""
    address: str = ""
    since: date | None = None
    until: date | None = None
    purpose: str = ""
    page: int = 1
    size: int = PAGE


@dataclass(frozen=True)
class FilingLine:
    """A filing as a right holder may see it: tenants masked."""

    id: UUID
    contract_id: UUID
    filing_no: str
    address: str
    part: str
    tenants: str
    start: date
    term_end: date
    valid_from: date
    valid_to: date
    filed_on: date
    state: str
    unit: str


@dataclass(frozen=True)
class FilingsFound:
    """`holder` is false when the requester has no right in the house; then nothing else is shown."""

    holder: bool
    total: int
    lines: tuple[FilingLine, ...]
    as_of: datetime
    houses: tuple[str, ...]
    sources: tuple[SourceAge, ...]
    criteria: str


@dataclass(frozen=True)
class _Held:
    """A house held from a day to a day."""

    house_id: UUID
    since: date | None
    until: date | None


def ask_register(gathering: Gathering, order: SearchFilings) -> dict[str, Answer[Any]]:
    """Ask for every title of the person; a certificate of the old form leads to the flat it became, so it is asked for too."""
    register = gathering.systems.at(PROPERTY_REGISTER)
    number = normal("id_no", order.principal_id_no if order.capacity == "AGENT" else order.id_no)
    questions: dict[str, tuple[str, Callable[[], Answer[Any]]]] = {
        "titles": ("不动产登记", lambda: register.titles_of_person(number))
    }
    if cert := normal("cert_no", order.cert_no):
        questions["asked"] = ("不动产登记", lambda: register.title_of(TitleQuestion(cert)))
    return together(questions)


@action("filings.search", "备案信息综合查询", roles=CLERKS, gather=ask_register, event="PII.READ")
def search_filings(work: Work, order: SearchFilings, registered: dict[str, Answer[Any]]) -> FilingsFound:
    """The filings of the requester's houses during his time as right holder; masked, paged, logged."""
    titles = registered["titles"]
    applicant = whole_number(order.id_no)
    if order.capacity == "AGENT" and not (order.principal_id_no.strip() and len(order.mandate.strip()) >= 2):
        raise Rejected("代理查询请填写权利人证件号码和委托书编号")
    if order.since and order.until and order.until < order.since:
        raise Rejected("查询期间的止日不能早于起日")
    number = whole_number(order.principal_id_no) if order.capacity == "AGENT" else applicant
    open_person(work, applicant, "TYPED")
    held = _holdings(work, number, titles)
    asked = registered.get("asked")
    held = _narrow(work, held, order, asked.value if asked is not None else None)
    sources = (
        SourceAge.of(titles),
        SourceAge("本系统备案库", "实时", work.now, 0),
    )
    work.trail.tell(
        "PII.READ",
        "filings.search",
        detail={"capacity": order.capacity, "houses": len(held)},
    )
    if not held:
        return FilingsFound(False, 0, (), work.now, (), sources, _criteria(order))
    where = [_in_period(one, order) for one in held]
    total = work.session.exec(select(func.count()).select_from(LeaseFiling).where(or_(*where))).one()
    statement = (
        select(LeaseFiling.id, LeaseFiling.contract_id)
        .where(or_(*where))
        .order_by(col(LeaseFiling.valid_from).desc(), col(LeaseFiling.filing_no))
    )
    if order.size:
        statement = statement.offset(max(0, order.page - 1) * order.size).limit(order.size)
    rows = work.session.exec(statement).all()
    lines = lines_of(work, [filing_id for filing_id, _ in rows])
    _note_looks(work, order, number, [contract_id for _, contract_id in rows])
    addresses = work.rows(House.address, col(House.id).in_([one.house_id for one in held]))
    return FilingsFound(True, total, lines, work.now, tuple(sorted(set(addresses))), sources, _criteria(order))


def _note_looks(work: Work, order: SearchFilings, holder: str, contract_ids: Sequence[UUID]) -> None:
    """The right holder was shown his houses, and his tenants' masked names."""
    purpose = order.purpose.strip() or "备案信息综合查询"
    asking = {index_of(work.sealer, "id_no", holder), index_of(work.sealer, "id_no", normal("id_no", order.id_no))}
    note_access(work, asking, "filings.search", Shown.FULL, purpose=purpose)
    shown = numbers_of_contracts(work, contract_ids)
    note_access(work, shown - asking, "filings.search", Shown.MASKED, purpose=purpose)


@dataclass(frozen=True)
class SeenFiling:
    """The filing's own part of a list line."""

    id: UUID
    contract_id: UUID
    filing_no: str
    part: str
    valid_from: date
    valid_to: date
    filed_on: date
    state: FilingState

    @classmethod
    def of(cls, row: Any) -> Self:
        return copy_of(cls, row, part=part_name(row.part_keys))


#: Which rows are meant: bound anew for each page, so that the statements are made once.
_THESE: Any = bindparam("these", expanding=True)
#: Address, office and term of filings.
_PLACES = (
    select(LeaseFiling.id, House.address, OrgUnit.name, LeaseContract.start, LeaseContract.end)  # type: ignore[call-overload]
    .join(House, col(House.id) == col(LeaseFiling.house_id))
    .join(LeaseContract, col(LeaseContract.id) == col(LeaseFiling.contract_id))
    .join(OrgUnit, col(OrgUnit.id) == col(LeaseFiling.unit_id), isouter=True)
    .where(col(LeaseFiling.id).in_(_THESE))
)
_FILINGS = SeenRows(LeaseFiling, SeenFiling.of, where=lambda: [col(LeaseFiling.id).in_(_THESE)])
_TENANTS = SeenRows(
    ContractParty,
    lambda row: (row.contract_id, row.name.masked()),
    where=lambda: [col(ContractParty.contract_id).in_(_THESE), col(ContractParty.side) == Side.LESSEE],
    order=lambda: [col(ContractParty.position), col(ContractParty.id)],
)


def lines_of(work: Work, ids: Sequence[UUID]) -> tuple[FilingLine, ...]:
    """Filings with their address, office and term and their masked tenants, in the order of `ids`."""
    filings = {filing.id: filing for filing in _FILINGS.read(work.session, these=ids)}
    places = {row[0]: row for row in work.session.connection().execute(_PLACES, {"these": ids}).all()}
    tenants: dict[UUID, list[str]] = {}
    contracts = [filing.contract_id for filing in filings.values()]
    for contract_id, name in _TENANTS.read(work.session, these=contracts):
        tenants.setdefault(contract_id, []).append(name)
    lines = []
    for filing in map(filings.__getitem__, ids):
        _, address, unit, start, end = places[filing.id]
        lines.append(
            copy_of(
                FilingLine,
                filing,
                address=address,
                tenants="、".join(tenants.get(filing.contract_id, ())),
                start=start,
                term_end=end,
                state=filing_state_text(filing, work.today),
                unit=unit or "",
            )
        )
    return tuple(lines)


def _holdings(work: Work, number: str, titles: Answer[tuple[Title, ...]]) -> list[_Held]:
    """Houses and periods, by the register where it answered and by our snapshot otherwise; one house once per period.

    Old and new certificates of one flat meet in the house they belong to.
    """
    found: dict[_Held, None] = {}
    if titles.value:
        by_code = {title.house_code: title for title in titles.value}
        units = {title.unit_no for title in titles.value if title.unit_no}
        houses = work.rows(House, or_(col(House.house_code).in_(list(by_code)), col(House.unit_no).in_(list(units))))
        for house in houses:
            title = by_code.get(house.house_code) or next(t for t in titles.value if t.unit_no == house.unit_no)
            for holder in (*title.holders, *title.former_holders):
                if normal("id_no", holder.id_no) == number:
                    found[_Held(house.id, holder.since, holder.until)] = None
    seen = {held.house_id for held in found}
    for owner in work.rows(HouseOwner, col(HouseOwner.id_no_index).in_(indexes_of(work.sealer, "id_no", number))):
        if owner.house_id not in seen:
            found[_Held(owner.house_id, owner.since, owner.until)] = None
    return list(found)


def _narrow(work: Work, held: list[_Held], order: SearchFilings, asked: Title | None) -> list[_Held]:
    if not held or not (order.cert_no.strip() or order.address.strip()):
        return held
    statement = select(House.id).where(col(House.id).in_([one.house_id for one in held]))
    if order.cert_no.strip():
        named: list[Any] = [col(House.cert_no_index).in_(indexes_of(work.sealer, "cert_no", order.cert_no))]
        if asked is not None:
            named.append(House.house_code == asked.house_code)
            if asked.unit_no:
                named.append(House.unit_no == asked.unit_no)
        statement = statement.where(or_(*named))
    if order.address.strip():
        statement = statement.where(col(House.address).contains(order.address.strip(), autoescape=True))
    wanted = set(work.session.exec(statement).all())
    return [one for one in held if one.house_id in wanted]


def _in_period(held: _Held, order: SearchFilings) -> Any:
    """Filings of one house that ran while it was held and in the time asked for."""
    since = max((day for day in (held.since, order.since) if day), default=None)
    until = min((day for day in (held.until, order.until) if day), default=None)
    clauses: list[Any] = [LeaseFiling.house_id == held.house_id]
    if since and (held.until is not None or order.since):
        clauses.append(func.coalesce(LeaseFiling.ended_on, LeaseFiling.valid_to) >= since)
    if until:
        clauses.append(col(LeaseFiling.valid_from) <= until)
    return and_(*clauses)


def _criteria(order: SearchFilings) -> str:
    parts = []
    if order.cert_no.strip():
        parts.append("权属证明编号")
    if order.address.strip():
        parts.append(f"坐落含“{order.address.strip()}”")
    if order.since or order.until:
        parts.append(f"期间 {order.since or '不限'} 至 {order.until or '不限'}")
    return "；".join(parts) or "本人名下全部房屋"
