"""Everybody tries everything: every action and query as every role, every table as every caller, every id of others."""

import os
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import partial
from inspect import signature
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import SQLModel, col, select

from models import tables  # noqa: F401
from models.access import MARKET, Role
from models.audit import AuditEvent
from models.cancellation import CancelApply
from models.documents import Attachment, IssuedDocument, PaperKind, PrintLog
from models.engine import Draft, Notice, Outgoing, Parameter
from models.house import House
from models.records import Revision
from models.tenancy import (
    CheckItem,
    CheckRun,
    ContractParty,
    FilingQuery,
    GovCase,
    LeaseContract,
    LeaseFiling,
    PapersRequest,
)
from models.verification import ListingVerification
from services.documents.paper_sets import PrintSet
from services.documents.print_log import PrintPaper, Requester
from services.engine.callers import Caller
from services.engine.door import Door
from services.engine.drafts import SaveDraft
from services.engine.kept_visibility import versions_of
from services.engine.kinds import KINDS
from services.engine.listings import LISTINGS
from services.engine.orders import Decide, Reasoned
from services.engine.refusals import NotAllowed, NotFound
from services.engine.registry import ACTIONS, QUERIES, hints_of
from services.engine.work import Work, declared_visibility
from services.privacy.field_reveal import RevealField
from services.tenancy.contracts import ConfirmContract, DrawUpContract
from services.tenancy.counter_forms import FollowOn
from services.tenancy.form_parser import read_lease_form
from services.tenancy.intake import ShowDocument
from services.tenancy.papers import IssueRecordSheet
from services.tenancy.reprints import ReprintNotice, SetHandout
from tests.city import CITY, CLERKS, FIRM, WALKS, City, furnished_city
from tests.costs import check_costs, check_done, write_costs
from tests.listing_walk import walk_homes, walk_listings, walk_statements
from tests.plans import check_plans
from tests.report import Report
from tests.services.tenancy.counter import SIGNATURE
from tests.walks.kinds import rival_of


@pytest.fixture(scope="module")
def city(database_url: str) -> Iterator[City]:
    with furnished_city(database_url) as furnished:
        yield furnished


def test_each_act_costs_no_more_than_its_line(city: City) -> None:
    """The first test: the refusals that others cause lengthen the log.

    With `COSTS` set it writes lines instead (`tests/act_counts.py`).
    """
    if not city.counter.world.door.database.sqlite:
        pytest.skip("the lines are those of SQLite")
    if written := os.environ.get("COSTS"):
        write_costs(city, ORDERS, anew=written != "missing")
    else:
        check_costs(city, ORDERS)


# Roles


@pytest.mark.proves("D07", "H18")
def test_an_action_is_refused_to_every_role_it_does_not_name(city: City) -> None:
    report = Report()
    for name in sorted(ACTIONS):
        with report.of(name):
            _refused_to_all_others(city, ACTIONS[name].roles, partial(_perform, city, name))
    report.none(least=len(ACTIONS))


@pytest.mark.proves("D07", "H18")
def test_a_query_is_refused_to_every_role_it_does_not_name(city: City) -> None:
    report = Report()
    for name in sorted(QUERIES):
        with report.of(name):
            _refused_to_all_others(city, QUERIES[name].roles, partial(_ask, city, name))
    report.none(least=len(QUERIES))


def _perform(city: City, name: str, caller: Caller, request: str) -> None:
    city.counter.world.door.perform(ACTIONS[name], caller, None, request_id=request)


def _ask(city: City, name: str, caller: Caller, request: str) -> None:
    city.counter.world.door.ask(QUERIES[name], caller, None, request_id=request)


def _refused_to_all_others(city: City, roles: frozenset[Role], attempt: Callable[[Caller, str], None]) -> None:
    """Every other role is refused, and each refusal is handed to the trail; one role's by turns is looked for in the log.

    How a refusal gets from the trail into the log does not depend on who was refused.
    """
    requests = {role: uuid4().hex for role in sorted(set(Role) - roles)}
    if not requests:
        return
    written, handed = next(_TURN) % len(requests), set()
    for place, (role, request) in enumerate(requests.items()):
        with pytest.MonkeyPatch.context() as patch:
            if place != written:
                patch.setattr(
                    Door,
                    "_tell_refusal",
                    lambda _, act, caller, told, refusal: handed.add((caller, told, type(refusal))),
                )
            with pytest.raises(NotAllowed):
                attempt(city.callers[f"nowhere.{role}"], request)
    logged = requests.pop([*requests][written])
    assert handed == {(city.callers[f"nowhere.{role}"], one, NotAllowed) for role, one in requests.items()}
    told = select(AuditEvent.event).where(AuditEvent.request_id == logged)
    assert city.counter.world.read(lambda work: work.session.exec(told).all()) == ["AUTHZ.DENY"]


#: Which role's refusal is looked for in the log: another one for each act.
_TURN = count()


@pytest.mark.proves("D07")
def test_a_caller_without_any_role_may_do_nothing(city: City) -> None:
    nobody = Caller("无岗位", (), account_id=uuid4())
    for name in ACTIONS:
        with pytest.raises(NotAllowed):
            _perform(city, name, nobody, uuid4().hex)


# Rows


def _office(caller: Caller, row: Any) -> bool:
    """A record of an office: the office itself, its district, the city, the firm."""
    return (
        caller.has(*CITY, Role.SYSTEM)
        or (caller.has(*CLERKS) and caller.unit_id is not None and row.unit_id == caller.unit_id)
        or _bureau(caller, row)
        or _firm(caller, row.enterprise_id)
    )


def _bureau(caller: Caller, row: Any) -> bool:
    return row.district_code in {scope.code for scope in caller.scope_of(Role.DISTRICT_BUREAU)}


def _firm(caller: Caller, enterprise_id: UUID | None) -> bool:
    return caller.has(*FIRM) and caller.enterprise_id is not None and caller.enterprise_id == enterprise_id


def _own_unit(caller: Caller, row: Any) -> bool:
    return caller.has(*CLERKS) and caller.unit_id is not None and row.unit_id == caller.unit_id


def _house(city: City, caller: Caller, row: Any) -> bool:
    return caller.has(*CITY, *CLERKS, Role.SYSTEM) or _bureau(caller, row) or _firm(caller, row.enterprise_id)


def _apply(city: City, caller: Caller, row: Any) -> bool:
    districts = {scope.code for scope in caller.scope_of(Role.DISTRICT_CLERK) if scope.code}
    contract = _parent(city, LeaseContract, row.contract_id)
    return (
        caller.has(*CITY, Role.SYSTEM)
        or _own_unit(caller, row)
        or row.district_code in districts
        or _bureau(caller, row)
        or _firm(caller, contract.enterprise_id)
    )


def _paper(city: City, caller: Caller, row: Any) -> bool:
    owners = [
        found.enterprise_id
        for table, key in (
            (LeaseFiling, row.filing_id),
            (LeaseContract, row.object_id),
            (GovCase, row.object_id),
            (ListingVerification, row.object_id),
        )
        for found in city.where(table, "id", key)
    ]
    return (
        caller.has(*CITY, Role.SYSTEM)
        or _own_unit(caller, row)
        or _bureau(caller, row)
        or (row.kind is not PaperKind.QUERY_RESULT and any(_firm(caller, owner) for owner in owners))
    )


def _notice(city: City, caller: Caller, row: Any) -> bool:
    if row.object_kind == "parameter" and row.created_by == caller.account_id:
        # It asks a second person.
        return False
    pairs = (
        (row.to_account, caller.account_id),
        (row.to_unit, None if caller.has(Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR) else caller.unit_id),
        (row.to_enterprise, caller.enterprise_id),
    )
    return any(to is not None and to == own for to, own in pairs)


def _parent(city: City, table: Any, row_id: UUID) -> Any:
    return next(iter(city.where(table, "id", row_id)))


def _run(city: City, caller: Caller, row: Any) -> bool:
    return _office(caller, _parent(city, GovCase, row.object_id))


ORACLE: dict[Any, Callable[[City, Caller, Any], bool]] = {
    House: _house,
    LeaseContract: lambda city, caller, row: _office(caller, row),
    LeaseFiling: lambda city, caller, row: _office(caller, row),
    GovCase: lambda city, caller, row: _office(caller, row),
    CancelApply: _apply,
    ContractParty: lambda city, caller, row: _office(caller, _parent(city, LeaseContract, row.contract_id)),
    CheckRun: _run,
    CheckItem: lambda city, caller, row: _run(city, caller, _parent(city, CheckRun, row.run_id)),
    IssuedDocument: _paper,
    PrintLog: lambda city, caller, row: _paper(city, caller, _parent(city, IssuedDocument, row.document_id)),
    Parameter: lambda city, caller, row: True,
    Outgoing: lambda city, caller, row: caller.has(*CITY, Role.SYSTEM),
    Draft: lambda city, caller, row: row.owner_id == caller.account_id,
    Notice: _notice,
    Attachment: lambda city, caller, row: caller.has(*CITY) or row.created_by == caller.account_id,
    PapersRequest: lambda city, caller, row: _own_unit(caller, row),
    FilingQuery: lambda city, caller, row: caller.has(*CITY) or _own_unit(caller, row),
}


#: What an area adds stands in a module of its own (tests/walks): `ORACLE`, `ORDERS`, `UNFOREIGN` and `furnish(city)`.
for walk in WALKS:
    ORACLE.update(walk.ORACLE)


def test_every_declared_table_is_walked() -> None:
    assert {table.__name__ for table in declared_visibility()} == {table.__name__ for table in ORACLE}


@pytest.mark.proves("D07", "H17")
def test_everybody_sees_exactly_what_is_his(city: City) -> None:
    report = Report()
    with city.still():
        for table in ORACLE:
            with report.of(table.__name__):
                _seen_exactly(city, table)
    report.none(least=len(ORACLE))


def _seen_exactly(city: City, table: Any) -> None:
    rows = city.rows(table)
    if table is House:
        taken = {contract.house_id for contract in city.rows(LeaseContract)}
        rows = [row for row in rows if row.id in taken]
    if table is CheckItem:
        rows = rows[::25]
    assert len(rows) >= 4
    names = {row.id: row for row in rows}
    for name, caller in city.callers.items():
        expected = {row_id for row_id, row in names.items() if ORACLE[table](city, caller, row)}
        assert city.seen(caller, table) & set(names) == expected, name


@pytest.mark.proves("H17", "H26")
@pytest.mark.parametrize("each", [5, pytest.param(1, marks=pytest.mark.night)])
def test_a_listing_shows_counts_and_exports_the_visible_rows(city: City, each: int) -> None:
    with city.still():
        walk_listings(city, each)


def test_every_figure_of_every_home_opens_exactly_the_rows_it_counted(city: City, tmp_path: Any) -> None:
    walk_homes(city.counter.world.door, city.callers, tmp_path)


@pytest.mark.proves("H17")
def test_offices_and_firms_of_one_kind_share_no_row(city: City) -> None:
    for table in (LeaseContract, LeaseFiling, GovCase, IssuedDocument, ContractParty, CheckRun, PapersRequest):
        for one, other in (("huamu01", "longhua01"), ("pudong01", "xuhui01"), ("pdju01", "xhju01")):
            assert city.seen(city.callers[one], table).isdisjoint(city.seen(city.callers[other], table)), table
    first, second = (city.callers[f"firm{number}.{Role.ENTERPRISE_USER}"] for number in (0, 1))
    assert city.seen(first, LeaseFiling) == {city.filed["huamu01"].filing_id}
    assert city.seen(second, LeaseFiling) == {city.filed["xuhui01"].filing_id}


@pytest.mark.one_engine
@pytest.mark.proves("D07", "H17")
def test_versions_asked_of_one_kind_are_those_seen_among_all_kinds(city: City) -> None:
    kinds = sorted({row.kind for row in city.rows(Revision)} & set(KINDS))
    # One caller of each set of roles and places.
    for caller in {(caller.scopes, caller.unit_id is None): caller for caller in city.callers.values()}.values():

        def read(work: Work) -> tuple[set[Any], set[Any]]:
            columns: Any = (Revision.kind, Revision.id)
            alone = [versions_of(work, KINDS[kind]).with_only_columns(*columns) for kind in kinds]
            among = work.visible(Revision).where(col(Revision.kind).in_(kinds)).with_only_columns(*columns)
            ask = work.session.connection().execute
            return {tuple(row) for one in alone for row in ask(one)}, {tuple(row) for row in ask(among)}

        alone, among = city.counter.world.door.look(caller, read)
        assert alone == among, caller.name


@pytest.mark.proves("D07")
def test_a_table_without_a_declaration_is_seen_by_nobody(city: City) -> None:
    mapped = {mapper.class_ for mapper in SQLModel._sa_registry.mappers}
    for table in mapped - set(declared_visibility()):
        clause = city.counter.world.door.look(city.callers["shi01"], lambda work, table=table: work.visible(table))  # type: ignore[misc]
        assert "false" in str(clause.whereclause).lower() or "0 = 1" in str(clause.whereclause), table


# Ids of others

_UNFOREIGN = {
    "outbox.record": "the system's own",
    "tenancy.remind_expiring": "the system's own",
    "demo.tie_project": "the system's own, of the loader of the demo; there once that was read",
    "access.change_password": "one's own account only, with one's own password",
    "cancel.restore": "the city's, which sees all",
    "outbox.resend": "the city's, which sees all",
    "parameters.confirm": "the city's, which sees all",
    "privacy.reveal": "tried by itself",
    "filings.issue_result": "tried with row 10",
    "tenancy.refile": "a firm's: tried with row 24",
    "papers.handed_out": "a list: of papers of others it has no line (tests/services/documents/test_paper_sets.py)",
    "papers.set": "one's own set of the day only (tests/services/documents/test_paper_sets.py)",
}


def _draw_up(city: City, row_id: UUID) -> DrawUpContract:
    form = read_lease_form(city.counter.form(city.filed["huamu01"].flat)).form
    return DrawUpContract(form, row_id)


#: Table of the id, and the order that names it.
ORDERS: dict[str, tuple[Any, Callable[[City, UUID], Any]]] = {
    "attachments.open": (Attachment, lambda city, row_id: row_id),
    "cases.runs": (GovCase, lambda city, row_id: row_id),
    "counter.case_state": (GovCase, lambda city, row_id: row_id),
    "counter.progress": (LeaseContract, lambda city, row_id: row_id),
    "counter.follow_on": (LeaseContract, lambda city, row_id: FollowOn(row_id)),
    "drafts.open": (Draft, lambda city, row_id: row_id),
    "filings.contract": (LeaseFiling, lambda city, row_id: row_id),
    "papers.bytes": (IssuedDocument, lambda city, row_id: row_id),
    "papers.preview": (IssuedDocument, lambda city, row_id: row_id),
    "papers.slip": (PrintLog, lambda city, row_id: row_id),
    "tenancy.contract": (LeaseContract, lambda city, row_id: row_id),
    "tenancy.preview": (LeaseContract, lambda city, row_id: row_id),
    "contracts.record_sheet": (LeaseContract, lambda city, row_id: IssueRecordSheet(row_id, "存档")),
    "drafts.drop": (Draft, lambda city, row_id: row_id),
    "drafts.save": (Draft, lambda city, row_id: SaveDraft("lease", "草稿", {}, row_id)),
    "notices.read": (Notice, lambda city, row_id: row_id),
    "papers.print": (IssuedDocument, lambda city, row_id: PrintPaper(row_id)),
    "papers.print_set": (IssuedDocument, lambda city, row_id: PrintSet((row_id,), Requester("申领人"))),
    "filings.reprint": (
        LeaseFiling,
        lambda city, row_id: ReprintNotice(row_id, SetHandout(row_id, Requester("申领人"), "存档")),
    ),
    "papers.render": (IssuedDocument, lambda city, row_id: row_id),
    "tenancy.check_again": (GovCase, lambda city, row_id: row_id),
    "tenancy.confirm": (LeaseContract, lambda city, row_id: ConfirmContract(row_id, row_id, "", "", SIGNATURE)),
    "tenancy.draw_up": (LeaseContract, _draw_up),
    "tenancy.file": (LeaseContract, lambda city, row_id: row_id),
    "tenancy.seen_papers": (PapersRequest, lambda city, row_id: Decide(row_id, True)),
    "tenancy.show_document": (LeaseContract, lambda city, row_id: ShowDocument(row_id, "310101199901010018")),
    "tenancy.void": (LeaseContract, lambda city, row_id: Reasoned(row_id, "不租了")),
}


for walk in WALKS:
    ORDERS.update(walk.ORDERS)
    _UNFOREIGN.update(walk.UNFOREIGN)


def _takes_an_id(handler: Callable[..., Any]) -> bool:
    hints, names = hints_of(handler), list(signature(handler).parameters)
    order = hints.get(names[1])
    kinds = [one.type for one in fields(order)] if is_dataclass(order) else [order]
    return any("UUID" in str(kind) for kind in kinds)


def test_every_action_and_query_that_takes_an_id_is_tried() -> None:
    handlers = {name: what.handler for name, what in ACTIONS.items()}
    handlers |= {name: what.handler for name, what in QUERIES.items()}
    # Those of listings are tried with every listing (tests/listing_walk.py).
    listed = {name for one in LISTINGS.values() for name in (f"{one.name}.list", one.each.name if one.bulk else "")}
    taking = {name for name, handler in handlers.items() if _takes_an_id(handler)} - listed
    assert taking - set(ORDERS) - set(_UNFOREIGN) - {"intake.open_lease"} == set()
    assert set(ORDERS) - taking == set()


@pytest.mark.proves("H17", "H22")
def test_a_foreign_id_is_answered_like_one_that_is_not_there(city: City) -> None:
    report = Report()
    # Every attempt is refused, so that nothing changes.
    with city.still():
        for name in ORDERS:
            with report.of(name):
                _answered_like_none(city, name)
    report.none(least=len(ORDERS))


def _answered_like_none(city: City, name: str) -> None:
    table, order = ORDERS[name]
    caller = city.callers[_stranger(name)]
    seen = city.seen(caller, table)
    foreign = next(row.id for row in city.rows(table) if row.id not in seen)
    told = []
    for row_id in (foreign, uuid4()):
        with pytest.raises(NotFound) as refused:
            _try(city, name, caller, order(city, row_id))
        told.append(refused.value.message)
    assert told[0] == told[1]


def _stranger(name: str) -> str:
    """Who tries it: an office of the other district, or in the market the other side."""
    roles = _roles(name)
    if Role.DISTRICT_CLERK in roles:
        return "xuhui01"
    rival = rival_of(roles) if roles & MARKET and Role.DISTRICT_BUREAU not in roles else None
    return f"rival.{rival}" if rival else "xhju01"


def _try(city: City, name: str, caller: Caller, order: Any) -> None:
    door = city.counter.world.door
    if name in ACTIONS:
        door.perform(ACTIONS[name], caller, order)
    else:
        door.ask(QUERIES[name], caller, order)


def _roles(name: str) -> frozenset[Role]:
    return ACTIONS[name].roles if name in ACTIONS else QUERIES[name].roles


def test_a_foreign_field_is_not_revealed(city: City) -> None:
    caller = city.callers["longhua01"]
    seen = city.seen(caller, ContractParty)
    foreign = next(row for row in city.rows(ContractParty) if row.id not in seen)
    for row_id in (foreign.id, uuid4()):
        order = RevealField("contract_party", row_id, "id_no", "核对身份信息")
        with pytest.raises(NotFound):
            _try(city, "privacy.reveal", caller, order)


@pytest.mark.one_engine
def test_every_statement_is_taken_by_postgresql(city: City) -> None:
    """What production runs on is stricter: a text compared with a number, a column that no group has."""
    with city.still():
        walk_statements(city)
    check_done(city, ORDERS)


@pytest.mark.night
@pytest.mark.one_engine
def test_the_commonest_statements_are_found_by_an_index(city: City, database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("the plans are those of PostgreSQL")
    check_plans(city, ORDERS, database_url)
