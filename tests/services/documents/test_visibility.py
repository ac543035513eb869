"""Who may open a paper (decision 7)."""

from dataclasses import replace
from uuid import UUID

import pytest

from models.access import Role, ScopeKind
from models.columns import new_id
from models.documents import IssuedDocument, PaperKind
from models.tenancy import LeaseContract, LeaseFiling
from services.access.matches import open_record
from services.documents.stored_papers import open_paper
from services.engine.callers import Caller, Scope
from services.engine.refusals import NotAllowed, NotFound
from services.engine.registry import Action
from services.engine.work import Work
from tests.services.documents.papers import OFFICE, Filed, Issued, file, issue, open_case, query_result
from tests.world import World

FIRM = new_id()


def made(world: World, *, kind: PaperKind = PaperKind.FILING_NOTICE) -> tuple[LeaseFiling, IssuedDocument]:
    """A paper of the Huamu counter about a filing of one firm in Pudong."""
    clerk = world.caller("huamu01")
    filing = file(world, Filed(unit_id=clerk.unit_id, enterprise_id=FIRM))
    page = query_result() if kind is PaperKind.QUERY_RESULT else None
    return filing, issue(world, clerk, Issued(filing, kind=kind, page=page))


def sees(world: World, caller: Caller, paper: IssuedDocument) -> bool:
    try:
        return open_paper(world.door, caller, paper.id).content is not None
    except NotFound:
        return False


def firm(world: World, enterprise_id: UUID) -> Caller:
    scope = Scope(Role.ENTERPRISE_USER, ScopeKind.ORGANISATION, str(enterprise_id))
    return Caller("企业经办人", (scope,), account_id=new_id(), unit_id=new_id(), enterprise_id=enterprise_id)


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        ("huamu01", True),
        ("huamu02", True),
        ("longhua01", False),
        ("pudong01", False),
        ("pdju01", True),
        ("xhju01", False),
        ("shi01", True),
        ("shiju01", True),
    ],
)
def test_office_district_and_city_see_a_paper_and_nobody_else(world: World, login: str, expected: bool) -> None:
    assert sees(world, world.caller(login), made(world)[1]) is expected


@pytest.mark.parametrize("matched", [IssuedDocument, LeaseFiling, LeaseContract])
def test_an_exact_match_opens_the_papers_until_tonight(world: World, matched: type) -> None:
    filing, paper = made(world)
    other = world.caller("longhua01")

    def match(work: Work, order: None) -> None:
        contract = work.session.get(LeaseContract, filing.contract_id)
        (row,) = [row for row in (paper, filing, contract) if isinstance(row, matched)]
        open_record(work, row, "备案编号与证件号码一致")

    world.door.perform(Action("test.match", "匹配", OFFICE, match), other)
    assert sees(world, other, paper)
    world.let_pass(days=1)
    tomorrow = sees(world, other, paper)
    world.let_pass(days=-1)
    assert not tomorrow
    assert not sees(world, world.caller("xuhui01"), paper)


def test_an_exact_match_on_a_lease_opens_the_receipts_of_its_cases(world: World) -> None:
    filing, _ = made(world)
    clerk, other = world.caller("huamu01"), world.caller("xuhui01")
    case = open_case(world, filing)
    receipt = issue(world, clerk, Issued(filing, kind=PaperKind.RECEIPT, about=case))

    def match(work: Work, order: None) -> None:
        open_record(work, work.session.get(LeaseContract, filing.contract_id), "合同编号与证件号码一致")

    before = sees(world, other, receipt)
    world.door.perform(Action("test.match", "匹配", OFFICE, match), other)
    assert (before, sees(world, other, receipt)) == (False, True)


def test_a_firm_sees_the_papers_of_its_own_filings(world: World) -> None:
    _, paper = made(world)
    assert sees(world, firm(world, FIRM), paper)
    assert not sees(world, firm(world, new_id()), paper)


def test_a_firm_does_not_see_what_others_asked_about_its_filings(world: World) -> None:
    _, paper = made(world, kind=PaperKind.QUERY_RESULT)
    assert not sees(world, firm(world, FIRM), paper)
    assert sees(world, world.caller("huamu01"), paper)


@pytest.mark.parametrize("role", [Role.PARTNER, Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR])
def test_administrators_and_partners_open_no_paper(world: World, role: Role) -> None:
    _, paper = made(world)
    caller = replace(world.caller("shi01"), scopes=(Scope(role, ScopeKind.CITY),))
    with pytest.raises(NotAllowed):
        open_paper(world.door, caller, paper.id)
