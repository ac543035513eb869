"""What a clerk does all day, for tests: take a house, draw up a lease, have it confirmed, file it, cancel it."""

import csv
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.documents import IssuedDocument
from models.identity import check_id_number, id_check_character
from models.tenancy import FilingPart, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import CancelMode, CancelReason
from services.access.visibility import CLERKS
from services.documents.rendition import render_paper
from services.engine.callers import SYSTEM, Caller
from services.engine.findings import Judgement
from services.engine.jobs import run_job
from services.engine.work import Work
from services.tenancy.cancellation import CancelDecision, CancelLease, cancel_lease
from services.tenancy.contracts import ConfirmContract, DrawnUp, DrawUpContract, confirm_contract, draw_up_contract
from services.tenancy.counter_forms import try_at_counter
from services.tenancy.filing import Decision, file_lease
from services.tenancy.form_parser import read_lease_form
from services.tenancy.intake import ShowDocument, show_document
from tests.world import DATA, FEW, World

SIGNATURE = "data:image/png;base64,AAAA"
#: Digests of papers that were kept as attachments.
AGREEMENT, COMMITMENT, COURT_PAPER = "a1" * 32, "c1" * 32, "d1" * 32


@dataclass(frozen=True)
class Person:
    name: str
    id_no: str


CHEN, LI, WANG = (
    Person("陈晓明", "310101199901010018"),
    Person("李静", "310104199506150028"),
    Person("王磊", "310115198808080031"),
)
ZHOU, MINOR = Person("周桂英", "310151196001010063"), Person("吴小天", "310101201005200075")


@dataclass(frozen=True)
class Flat:
    """A house of the base library: its line, and whom it belongs to."""

    line: dict[str, str]

    @property
    def code(self) -> str:
        return self.line["house_id"]

    @property
    def cert_no(self) -> str:
        return self.line["cert_no"]

    @property
    def owners(self) -> tuple[Person, ...]:
        return tuple(Person(*owner.split("/")[:2]) for owner in self.line["owners"].split(";"))

    @property
    def bedrooms(self) -> tuple[str, ...]:
        rooms = (room.split(":") for room in self.line["rooms"].split(";"))
        return tuple(label for label, kind, _ in rooms if kind == "卧室")

    def form(self) -> dict[str, Any]:
        """The house as a clerk types it."""
        public = self.line["house_kind"] == "租用公有住房"
        return {
            "house_code": self.code,
            "category": "PUBLIC" if public else "OWNED",
            "proof_kind": "A4" if public else "A1",
            "cert_no": self.cert_no,
            "district_code": self.line["district_code"],
            "street_code": self.line["street_code9"],
            "address": self.line["address"],
            "room_no": self.line["room"],
            "build_area": self.line["floor_area"],
        }


@cache
def library(count: int = FEW) -> tuple[Flat, ...]:
    """Flats among the first houses of the base library that one adult owns and nothing speaks against, each with two bedrooms or more."""
    with (DATA / "houses_2000.csv").open(encoding="utf-8-sig") as source:
        lines = [line for line, _ in zip(csv.DictReader(source), range(count), strict=False)]
    return tuple(flat for flat in map(Flat, lines) if _plain(flat))


def _plain(flat: Flat) -> bool:
    line = flat.line
    return (
        line["expected_verdict"] == "pass"
        and line["house_kind"] == "产权房"
        and ";" not in line["owners"]
        and line["limit_status"] == line["safety_status"] == "正常"
        and line["use"] in {"居住", "住宅"}
        and len(flat.bedrooms) >= 2
        and check_id_number(flat.owners[0].id_no).ok
    )


@cache
def fixtures() -> dict[str, Flat]:
    """The named houses, H-1 to H-11."""
    with (DATA / "fixtures" / "houses.csv").open(encoding="utf-8-sig") as source:
        return {line["fixture_id"]: Flat(line) for line in csv.DictReader(source)}


_SERIAL = count(1)


def somebody(name: str = "高远航") -> Person:
    """A grown-up nobody has met yet, with a sound number."""
    serial = next(_SERIAL)
    first = f"310101{1970 + serial // 900 % 25}0{serial // 100 % 9 + 1}1{serial // 50 % 2}{serial % 999 + 1:03d}"
    return Person(name, first + id_check_character(first))


@dataclass(frozen=True)
class Filed:
    """A lease that is filed, and whose it is."""

    flat: Flat
    landlord: Person
    tenant: Person
    contract_id: UUID
    decision: Decision

    @property
    def filing_id(self) -> UUID:
        assert self.decision.filing_id is not None, self.decision.findings
        return self.decision.filing_id


@dataclass
class Counter:
    """A world and the flats of it that are still free."""

    world: World
    flats: list[Flat] = field(init=False)

    def __post_init__(self) -> None:
        self.flats = list(library(self.world.few))

    def clerk(self, login: str = "huamu01") -> Caller:
        return self.world.caller(login)

    def free_flat(self, district_code: str = "", *, bedrooms: int = 0) -> Flat:
        """A flat no test of this module has touched, of a district and with so many bedrooms if they are named."""
        flat = next(
            flat
            for flat in self.flats
            if flat.line["district_code"].startswith(district_code) and bedrooms in {0, len(flat.bedrooms)}
        )
        self.flats.remove(flat)
        return flat

    def form(self, flat: Flat, tenant: Person = LI, **changes: Any) -> dict[str, Any]:
        """A whole lease as typed: from today for a year, unless said otherwise."""
        today = self.world.door.clock.today()
        landlord = flat.owners[0]
        public = flat.line["house_kind"] == "租用公有住房"
        raw: dict[str, Any] = {
            "house": flat.form(),
            "lessors": [party(landlord)],
            "lessees": [party(tenant)],
            "lessor_capacity": "PUBLIC_TENANT" if public else "OWNER",
            "start": today.isoformat(),
            "end": date(today.year + 1, today.month, min(today.day, 28)).isoformat(),
            "signed_on": today.isoformat(),
            "handover_on": today.isoformat(),
            "rent": "6500",
            "deposit": "6500",
            "deposit_return_days": "7",
            "deposit_deduct_rule": "欠付租金、损坏设施的，据实扣减",
            "fees": [{"item": "WATER", "by": "LESSEE"}],
            "materials": ["租用居住公房凭证" if public else "不动产权证"],
        }
        house = changes.pop("house", {})
        return {**raw, **changes, "house": {**raw["house"], **house}}

    def room(self, flat: Flat, room: str, tenant: Person = LI, **changes: Any) -> dict[str, Any]:
        """A lease of one room."""
        return self.form(flat, tenant, mode="ROOM", rooms=[room], **changes)

    def judge(self, raw: dict[str, Any], caller: Caller | None = None) -> Judgement:
        """What a filing of this form would come to, the cards of both sides read; nothing is written."""
        for side in ("lessors", "lessees"):
            raw = {**raw, side: [{**person, "card_read": True} for person in raw[side]]}
        return self.world.door.ask(try_at_counter, caller or self.clerk(), read_lease_form(raw).form).judgement

    def draw_up(self, raw: dict[str, Any], caller: Caller | None = None, contract_id: UUID | None = None) -> DrawnUp:
        reading = read_lease_form(raw)
        assert reading.findings == ()
        return self.world.door.perform(
            draw_up_contract, caller or self.clerk(), DrawUpContract(reading.form, contract_id)
        )

    def confirm(self, raw: dict[str, Any], drawn: DrawnUp, caller: Caller | None = None) -> DrawnUp:
        """Everybody's word; each card is read here."""
        numbers = {"LESSOR": iter(raw["lessors"]), "LESSEE": iter(raw["lessees"])}
        for signer in drawn.parties:
            typed = next(numbers[signer.side.value])
            number = typed.get("agent_id_no") or typed["id_no"]
            order = ConfirmContract(drawn.contract_id, signer.id, drawn.text_digest, number, SIGNATURE)
            drawn = self.world.door.perform(confirm_contract, caller or self.clerk(), order)
        return drawn

    def sign(self, raw: dict[str, Any], caller: Caller | None = None) -> UUID:
        """A lease drawn up and confirmed by everybody."""
        drawn = self.draw_up(raw, caller)
        self.confirm(raw, drawn, caller)
        return drawn.contract_id

    def file(self, raw: dict[str, Any], caller: Caller | None = None) -> Decision:
        """A lease from the form to the decision."""
        return self.submit(self.sign(raw, caller), caller)

    def submit(self, contract_id: UUID, caller: Caller | None = None, *, request_id: str = "") -> Decision:
        return self.world.door.perform(file_lease, caller or self.clerk(), contract_id, request_id=request_id)

    def filed(self, flat: Flat | None = None, caller: Caller | None = None, **changes: Any) -> Filed:
        """A filed lease of a free flat to somebody."""
        flat, tenant = flat or self.free_flat(), somebody()
        contract_id = self.sign(self.form(flat, tenant, **changes), caller)
        decision = self.submit(contract_id, caller)
        assert decision.filing_id is not None, [(finding.code, finding.message) for finding in decision.findings]
        return Filed(flat, flat.owners[0], tenant, contract_id, decision)

    def cancel(self, filed: Filed, caller: Caller | None = None, **changes: Any) -> CancelDecision:
        """Both sides cancel at the counter, unless said otherwise."""
        order: dict[str, Any] = {
            "mode": CancelMode.BOTH,
            "reason": CancelReason.EARLY_BOTH,
            "terminated_on": self.world.door.clock.today(),
            "applicants": (filed.landlord.id_no, filed.tenant.id_no),
            "agreement_digest": AGREEMENT,
            **changes,
        }
        request_id = order.pop("request_id", "")
        for number in order["applicants"]:
            self.show_document(filed.contract_id, number, caller)
        return self.world.door.perform(
            cancel_lease, caller or self.clerk(), CancelLease(filed.contract_id, **order), request_id=request_id
        )

    def show_document(self, contract_id: UUID, id_no: str, caller: Caller | None = None) -> None:
        """A person lays the document on the reader."""
        caller = caller or self.clerk()
        if caller.has(*CLERKS):
            self.world.door.perform(show_document, caller, ShowDocument(contract_id, id_no, agent=True))

    def cancel_alone(self, filed: Filed, caller: Caller | None = None, **changes: Any) -> CancelDecision:
        """The tenant alone cancels, with a written commitment."""
        alone: dict[str, Any] = {
            "mode": CancelMode.ONE,
            "reason": CancelReason.EARLY_ONE,
            "applicants": (filed.tenant.id_no,),
            "agreement_digest": "",
            "commitment_digest": COMMITMENT,
            **changes,
        }
        return self.cancel(filed, caller, **alone)

    def run(self, job: str) -> None:
        """A job's turn, as the worker gives it."""
        assert run_job(self.world.door, job)

    def draw_papers(self, *objects: UUID) -> None:
        """Draw the papers issued for these records, as the worker does right after they were issued."""
        for paper_id in self.world.read(
            lambda work: work.session.exec(
                select(IssuedDocument.id).where(col(IssuedDocument.object_id).in_(objects), IssuedDocument.digest == "")
            ).all()
        ):
            self.world.door.perform(render_paper, SYSTEM, paper_id)

    def contract(self, contract_id: UUID) -> LeaseContract:
        found: LeaseContract = _one(self.world, LeaseContract, contract_id)
        return found

    def filing(self, filing_id: UUID) -> LeaseFiling:
        found: LeaseFiling = _one(self.world, LeaseFiling, filing_id)
        return found

    def case(self, case_id: UUID) -> GovCase:
        found: GovCase = _one(self.world, GovCase, case_id)
        return found

    def parts(self, filing_id: UUID) -> list[FilingPart]:
        return list(
            self.world.read(
                lambda work: work.session.exec(
                    select(FilingPart).where(FilingPart.filing_id == filing_id).order_by(col(FilingPart.part_key))
                ).all()
            )
        )


def party(person: Person, **changes: Any) -> dict[str, Any]:
    """A party as typed."""
    return {"name": person.name, "id_no": person.id_no, "mobile": "13900001234", "address": "上海市黄浦区", **changes}


def codes(outcome: Decision | Judgement | CancelDecision) -> set[str]:
    """The codes of what stopped a case or was told."""
    return {finding.code for finding in outcome.findings}


def _one(world: World, table: Any, row_id: UUID) -> Any:
    def read(work: Work) -> Any:
        return work.session.exec(select(table).where(table.id == row_id)).one()

    return world.door.look(SYSTEM, read)
