"""A filing that passes every rule (fixtures P-A, P-B, H-1), to change one thing of."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from models.enterprise import KeyState, RecordState, ServiceState
from models.house import HouseCategory, IntakeState, ProofKind, RoomKind
from models.practitioner_codes import CardState
from models.rooms import CentralRoomState, ProjectKind
from models.tenancy_codes import (
    ApplicantSide,
    CancelMode,
    CancelReason,
    ContractState,
    DealKind,
    FilingState,
    IdType,
    LeaseMode,
    LessorCapacity,
    PartyKind,
    Relation,
)
from services.engine.findings import Finding, Severity, judge
from services.engine.thresholds import Thresholds
from services.ports.answers import Holder, LegalEntity, PublicTenancy, SamePerson, Title, hit, skipped
from services.tenancy.filing_facts import (
    CancelFacts,
    CardFacts,
    FilingFacts,
    FirmFacts,
    KnownHouse,
    KnownRoom,
    OtherFiling,
    ProjectFacts,
)
from services.tenancy.lease_form import HouseForm, LeaseForm, PartyForm, ResidentForm
from services.tenancy.rules.applicants import everybody
from services.tenancy.rules.catalogue import CANCEL_RULES, FILING_RULES

TODAY = date(2026, 6, 30)

CHEN, LI, WANG = "310101199901010018", "310104199506150028", "310115198808080031"
ZHAO, SUN, ZHOU, MINOR = "310106200002290041", "310112197912310059", "310151196001010063", "310101201005200075"
E1, E2 = "91310115MA1K000016", "91310104MA7A000029"

NAMES = {CHEN: "陈晓明", LI: "李静", WANG: "王磊", ZHAO: "赵敏", SUN: "孙立", ZHOU: "周桂英", MINOR: "吴小天"}


def person(number: str, **changes: Any) -> PartyForm:
    """A party whose card was read at the counter."""
    party = PartyForm(name=NAMES[number], id_no=number, mobile="13800001234", address="上海市浦东新区", card_read=True)
    return replace(party, **changes)


def body(number: str = E1, name: str = "沪寓公寓管理有限公司", **changes: Any) -> PartyForm:
    party = PartyForm(kind=PartyKind.ORG, name=name, id_type=IdType.LICENCE, id_no=number, card_read=True)
    return replace(party, **changes)


def resident(number: str, relation: Relation = Relation.OTHER, **changes: Any) -> ResidentForm:
    return replace(ResidentForm(name=NAMES[number], id_no=number, mobile="13800005678", relation=relation), **changes)


def house_form(**changes: Any) -> HouseForm:
    house = HouseForm(
        house_code="F31011500000000001",
        cert_no="沪(2021)浦字不动产权第012345号",
        district_code="310115",
        street_code="310115007",
        address="浦东新区示例路100弄1号302室",
        room_no="302室",
        build_area=Decimal("75.20"),
    )
    return replace(house, **changes)


def form(**changes: Any) -> LeaseForm:
    lease = LeaseForm(
        house=house_form(),
        lessors=(person(CHEN),),
        lessees=(person(LI),),
        leased_area=Decimal("75.20"),
        start=date(2026, 7, 1),
        end=date(2027, 6, 30),
        signed_on=date(2026, 6, 20),
        handover_on=date(2026, 7, 1),
        rent=Decimal(5000),
        deposit=Decimal(5000),
        deposit_return_days=7,
        deposit_deduct_rule="欠付租金和费用、人为损坏的修复费用",
        materials=frozenset({"不动产权证"}),
    )
    return replace(lease, **changes)


def title(**changes: Any) -> Title:
    found = Title(
        cert_no="沪(2021)浦字不动产权第012345号",
        unit_no="310115007001GB00045F00430086",
        house_code="F31011500000000001",
        category="OWNED",
        proof_kind="A1",
        district_code="310115",
        street_code="310115007",
        address="示例路100弄1号302室",
        room_no="302",
        build_area=Decimal("75.20"),
        inner_area=Decimal("58.00"),
        design_use="居住",
        share_kind="SOLE",
        registered_on=date(2021, 3, 1),
        holders=(Holder("陈晓明", "11", CHEN),),
        last_transfer_on=date(2021, 3, 1),
    )
    return replace(found, **changes)


ROOMS = (
    KnownRoom("A", RoomKind.BEDROOM, Decimal("14.2")),
    KnownRoom("B", RoomKind.BEDROOM, Decimal("11.6")),
    KnownRoom("T", RoomKind.HALL, Decimal("13.0")),
    KnownRoom("K", RoomKind.KITCHEN, Decimal("6.0")),
    KnownRoom("W", RoomKind.BATH, Decimal("4.0")),
)


def known_house(**changes: Any) -> KnownHouse:
    known = KnownHouse(
        house_code="F31011500000000001",
        category=HouseCategory.OWNED,
        intake=IntakeState.IN,
        district_code="310115",
        street_code="310115007",
        build_area=Decimal("75.20"),
        rooms=ROOMS,
    )
    return replace(known, **changes)


def other(*parts: str, **changes: Any) -> OtherFiling:
    """Another filing of the same house, in force over the lease's first half year."""
    filing = OtherFiling(
        filing_no="BA310115260101000001",
        parts=parts or ("*",),
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        filed_on=date(2026, 1, 5),
        state=FilingState.ACTIVE,
        persons=1,
        lessor_ids=(CHEN,),
        lessee_ids=(LI,),
        contract_end=date(2026, 12, 31),
    )
    return replace(filing, **changes)


def firm(uscc: str = E2, **changes: Any) -> FirmFacts:
    recorded = FirmFacts(
        uscc=uscc,
        record_state=RecordState.RECORDED,
        service_state=ServiceState.NORMAL,
        scope_ok=True,
        rental=uscc == E1,
        keys=(KeyState.VALID,),
        rents_from_individuals=uscc == E1,
    )
    return replace(recorded, **changes)


def card(uscc: str = E2, **changes: Any) -> CardFacts:
    return replace(CardFacts("SH260000001", CardState.ACTIVE, uscc, date(2026, 1, 1), None), **changes)


def project(**changes: Any) -> ProjectFacts:
    found = ProjectFacts(
        kind=ProjectKind.MARKET,
        operator_uscc=E1,
        opened=True,
        operate_from=date(2025, 1, 1),
        operate_to=date(2035, 12, 31),
        room_in_library=True,
        room_state=CentralRoomState.FREE,
        room_total=9,
    )
    return replace(found, **changes)


def facts(**changes: Any) -> FilingFacts:
    """The clean case; persons and bodies of the changed form are asked for unless the change says otherwise."""
    lease = changes.get("form", form())
    people, bodies = {}, {}
    for named in everybody(lease):
        if named.kind is PartyKind.PERSON and named.id_no:
            people[named.id_no] = hit("公安人口库", SamePerson(True))
        elif named.id_no:
            bodies[named.id_no] = hit("法人库", LegalEntity(named.id_no, named.name, "存续"))
    clean = FilingFacts(
        form=lease,
        today=TODAY,
        thresholds=Thresholds(TODAY),
        title=hit("不动产登记", title()),
        tenancy=skipped("公房系统"),
        people=people,
        bodies=bodies,
        house=known_house(),
        reference_rent=Decimal(70),
        streets=frozenset({"310115007", "310104001"}),
        confirmed_digest="ab" * 32,
        text_digest="ab" * 32,
    )
    return replace(clean, **changes)


def public_facts(**changes: Any) -> FilingFacts:
    """The clean case of a public house (H-5), let by the holder of its certificate, P-C."""
    house = house_form(category=HouseCategory.PUBLIC, proof_kind=ProofKind.A4, cert_no="沪公租凭浦字第00012345号")
    lease = form(
        house=house,
        lessors=(person(WANG),),
        lessor_capacity=LessorCapacity.PUBLIC_TENANT,
        materials=frozenset({"租用居住公房凭证"}),
        **changes.pop("lease", {}),
    )
    return replace(
        facts(form=lease, title=skipped("不动产登记"), tenancy=hit("公房系统", tenancy())),
        **changes,
    )


def tenancy(**changes: Any) -> PublicTenancy:
    found = PublicTenancy(
        cert_no="沪公租凭浦字第00012345号",
        title=title(holders=(), category="PUBLIC", proof_kind="A4"),
        valid=True,
        holder=Holder("王磊", "11", WANG),
    )
    return replace(found, **changes)


def enterprise_facts(lease: dict[str, Any] | None = None, **changes: Any) -> FilingFacts:
    """The clean case of a rental enterprise letting under a recorded mandate."""
    words: dict[str, Any] = {
        "lessors": (body(),),
        "lessor_capacity": LessorCapacity.OPERATOR,
        "deal": DealKind.ENTERPRISE,
        "applicant": ApplicantSide.ENTERPRISE,
        "enterprise_uscc": E1,
        "card_no": "SH260000001",
    }
    lease_form = form(**(words | (lease or {})))
    clean = facts(
        form=lease_form,
        title=hit("不动产登记", title(mandates=(E1,))),
        enterprise=firm(E1),
        card=card(E1),
    )
    return replace(clean, **changes)


def split_facts(lease: dict[str, Any] | None = None, **changes: Any) -> FilingFacts:
    """The clean case of an N+1 room: the hall of H-1, let by a rental enterprise."""
    words = {
        "mode": LeaseMode.N1,
        "rooms": ("T",),
        "leased_area": Decimal("13.0"),
        "rent": Decimal(1500),
        "deposit": Decimal(1500),
        "n1_material_ok": True,
        "n1_daylight_ok": True,
        "n1_verified": True,
    }
    return enterprise_facts(words | (lease or {}), **changes)


def cancel(**changes: Any) -> CancelFacts:
    clean = CancelFacts(
        today=TODAY,
        thresholds=Thresholds(TODAY),
        mode=CancelMode.BOTH,
        reason=CancelReason.EARLY_BOTH,
        start=date(2026, 1, 1),
        end=date(2026, 12, 31),
        contract_state=ContractState.EFFECTIVE,
        filing_state=FilingState.ACTIVE,
        filed_on=date(2026, 1, 5),
        terminated_on=TODAY,
        applicants=(CHEN, LI),
        lessors=(CHEN,),
        lessees=(LI,),
    )
    return replace(clean, **changes)


def findings(given: FilingFacts | CancelFacts) -> list[Finding]:
    if isinstance(given, CancelFacts):
        return judge(given, CANCEL_RULES).findings
    return judge(given, FILING_RULES).findings


def codes(given: FilingFacts | CancelFacts) -> list[str]:
    """The codes found, each once, in the catalogue's order."""
    return list(dict.fromkeys(finding.code for finding in findings(given)))


def of(code: str, given: FilingFacts | CancelFacts) -> list[Finding]:
    return [finding for finding in findings(given) if finding.code == code]


@dataclass(frozen=True)
class Case:
    """One change of the clean case and what one rule says of it; no severity means it says nothing.

    `also` are the other codes the same change rightly brings.
    """

    code: str
    what: str
    given: FilingFacts | CancelFacts
    severity: Severity | None = None
    field: str = ""
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.code} {self.what}"


def check_case(case: Case) -> None:
    """The rule speaks as it should, at the field it should, and no other rule speaks unexpectedly."""
    found = of(case.code, case.given)
    assert {finding.severity for finding in found} == ({case.severity} if case.severity else set())
    expected = ({case.code} if case.severity else set()) | set(case.also)
    assert set(codes(case.given)) == expected
    assert all(finding.message for finding in found)
    if case.field:
        assert case.field in [finding.field for finding in found]
