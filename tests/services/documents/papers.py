"""Papers for tests: leases and filings as rows, and papers issued through the door by an action of the tests alone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import select

from models.access import Role
from models.base import Row
from models.columns import new_id
from models.documents import IssuedDocument, PaperKind
from models.house import House, HouseCategory, ProofKind
from models.sealed import Sealed
from models.tenancy import GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import (
    ApplicantSide,
    CaseState,
    Channel,
    DealKind,
    FilingState,
    FilingWay,
    LeaseMode,
    Situation,
)
from printing.filing_notice import FilingNotice
from printing.page import Issue
from printing.people import Person
from printing.query_result import QueryResult
from services.documents.forms import thaw
from services.documents.issuance import issue_paper, public_answer
from services.engine.callers import SYSTEM, Caller
from services.engine.registry import Action
from services.engine.work import Work
from tests.world import World

NUMBER = "BA3101152606300000017"
UNIT = "花木街道社区事务受理服务中心"
OFFICE = frozenset(Role)


def notice(number: str = NUMBER, *, tenant: str = "欧阳娜娜") -> FilingNotice:
    """A filing notice as the counter would have it."""
    return FilingNotice(
        issue=Issue(number=number, unit=UNIT, issued_on=date(2026, 6, 30)),
        filing_no=number,
        contract_no="HT0001",
        lessors=(Person("王小明", "居民身份证", "310***********0028"),),
        lessees=(Person(tenant, "居民身份证", "110***********002X"),),
        residents=(),
        address="上海市浦东新区牡丹路1弄2号3室",
        part="整套",
        proof_kind="不动产权证",
        proof_no="沪（2021）浦字不动产权第012345号",
        building_area="80.00 平方米",
        leased_area="80.00 平方米",
        use="居住",
        term="2026年7月1日至2027年6月30日",
        valid="2026年7月1日至2027年6月30日",
        rent="6,500.00 元／月",
        deal="自行成交",
        firm="",
        card_no="",
        way="网签备案一体办理",
        accepted_by=UNIT,
        clerk="李敏",
        channel="街镇窗口",
        filed_on="2026年6月30日",
    )


def query_result(number: str = "CX0001") -> QueryResult:
    return QueryResult(
        issue=Issue(number=number, unit=UNIT, issued_on=date(2026, 6, 30)),
        requester="王小明",
        capacity="产权人",
        purpose="核实房屋租赁情况",
        criteria="权属证明编号",
        data_time="2026-06-30 10:00:00",
        operator="李敏",
        entries=(),
    )


@dataclass(frozen=True)
class Filed:
    """A filing row to be written."""

    number: str = NUMBER
    unit_id: UUID | None = None
    enterprise_id: UUID | None = None
    state: FilingState = FilingState.ACTIVE
    valid_from: date = date(2026, 7, 1)
    valid_to: date = date(2027, 6, 30)
    ended_on: date | None = None


def file(world: World, filed: Filed) -> LeaseFiling:
    """A filing with its house and lease, in Pudong."""
    found: LeaseFiling = world.door.perform(Action("test.file", "备案", OFFICE, _file), SYSTEM, filed)
    return found


def _file(work: Work, filed: Filed) -> LeaseFiling:
    place: dict[str, Any] = {"district_code": "310115", "street_code": "310115005"}
    house = work.add(
        House(
            **place,
            house_code=new_id().hex,
            category=HouseCategory.OWNED,
            proof_kind=ProofKind.A1,
            cert_no=Sealed.of("沪(2021)浦字不动产权第012345号"),
            road="牡丹路",
            address="浦东新区牡丹路1弄2号3室",
            build_area=Decimal(80),
            design_use="居住",
            registry_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )
    contract = work.add(
        LeaseContract(
            **place,
            house_id=house.id,
            mode=LeaseMode.WHOLE,
            deal=DealKind.SELF,
            start=filed.valid_from,
            end=filed.valid_to,
            signed_on=date(2026, 6, 20),
            month_rent=Decimal(6500),
            deposit=Decimal(6500),
            form=Sealed.of_json({}),
            unit_id=filed.unit_id,
            enterprise_id=filed.enterprise_id,
            channel=Channel.STREET,
        )
    )
    return work.add(
        LeaseFiling(
            **place,
            filing_no=f"{filed.number}-{new_id().hex[-8:]}",
            contract_id=contract.id,
            house_id=house.id,
            ticket=1,
            mode=LeaseMode.WHOLE,
            part_keys="*",
            valid_from=filed.valid_from,
            valid_to=filed.valid_to,
            ended_on=filed.ended_on,
            month_rent=Decimal(6500),
            leased_area=Decimal(80),
            persons=1,
            way=FilingWay.COMBINED,
            side=ApplicantSide.BOTH,
            deal=DealKind.SELF,
            channel=Channel.STREET,
            unit_id=filed.unit_id,
            enterprise_id=filed.enterprise_id,
            filed_on=date(2026, 6, 30),
            filed_at=work.now,
            state=filed.state,
            retain_until=date(2030, 1, 1),
        )
    )


@dataclass(frozen=True)
class Issued:
    """A paper to be issued about a filing, or about something else; `replaces` is the paper it stands for from now on."""

    filing: LeaseFiling
    about: Row | None = None
    kind: PaperKind = PaperKind.FILING_NOTICE
    page: Any = None
    number: str = NUMBER
    tenant: str = "欧阳娜娜"
    replaces: UUID | None = None


def issue(world: World, caller: Caller, issued: Issued) -> IssuedDocument:
    """The row of a paper just issued, not yet rendered."""
    paper: IssuedDocument = world.door.perform(Action("test.issue", "签发", OFFICE, _issue), caller, issued)
    return paper


def _issue(work: Work, issued: Issued) -> IssuedDocument:
    old = None
    if issued.replaces:
        old = work.session.exec(select(IssuedDocument).where(IssuedDocument.id == issued.replaces)).one()
    return issue_paper(
        work,
        issued.page or notice(issued.number, tenant=issued.tenant),
        kind=issued.kind,
        about=issued.about or issued.filing,
        filing_id=None if issued.about else issued.filing.id,
        public=public_answer(
            unit=UNIT,
            parties=[("出租人", "王小明"), ("承租人", issued.tenant)],
            address="上海市浦东新区牡丹路1弄2号3室",
            part="整套",
            valid_from=issued.filing.valid_from,
            valid_to=issued.filing.valid_to,
        ),
        unit_id=work.caller.unit_id,
        replaces=old,
    )


def open_case(world: World, filing: LeaseFiling) -> GovCase:
    """A finished case about the lease of a filing."""

    def add(work: Work, order: None) -> GovCase:
        return work.add(
            GovCase(
                district_code="310115",
                case_no=new_id().hex,
                situation=Situation.NEW,
                contract_id=filing.contract_id,
                side=ApplicantSide.BOTH,
                channel=Channel.STREET,
                received_at=work.now,
                accepted_on=work.today,
                state=CaseState.DONE,
            )
        )

    case: GovCase = world.door.perform(Action("test.case", "办件", OFFICE, add), SYSTEM)
    return case


def end_filing(world: World, filing: LeaseFiling, state: FilingState, on: date | None = None) -> None:
    """Bring a filing into another state, as the flows of the tenancy area do."""

    def change(work: Work, order: None) -> None:
        row = work.session.exec(select(LeaseFiling).where(LeaseFiling.id == filing.id)).one()
        row.state, row.ended_on = state, on
        work.add(row)

    world.door.perform(Action("test.end", "终止", OFFICE, change), SYSTEM)


def token_of(world: World, paper: IssuedDocument) -> str:
    """The token in the code of a paper: it stands nowhere but in the sealed page."""
    _, page = thaw(stored(world, paper.id).page)
    return str(page.issue.check_url).rpartition("/")[2]


def stored(world: World, paper_id: UUID) -> IssuedDocument:
    with world.door.database.read() as session:
        return session.exec(select(IssuedDocument).where(IssuedDocument.id == paper_id)).one()
