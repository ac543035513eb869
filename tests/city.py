"""A city with something of everything in each office, over which the walks go (tests/test_everybody.py)."""

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import col, select

from models import tables  # noqa: F401
from models.access import Role, ScopeKind
from models.documents import IssuedDocument
from models.house import House
from models.tenancy import GovCase, LeaseContract, LeaseFiling
from services.documents.attachments import KeepAttachment, keep_attachment
from services.documents.print_log import PrintPaper, print_paper
from services.documents.stored_papers import open_paper
from services.engine.callers import Caller, Scope
from services.engine.drafts import SaveDraft, save_draft
from services.engine.notices import notify
from services.engine.parameters import ProposeParameter, propose_parameter
from services.engine.work import Work
from services.tenancy.contract_search import AskByPapers, ask_by_papers
from services.tenancy.filing_search import SearchFilings
from services.tenancy.query_papers import IssueResult, issue_result
from tests import walks
from tests.files_made import png
from tests.services.tenancy.counter import Counter, Filed
from tests.world import running_world

CLERKS = {Role.STREET_CLERK, Role.DISTRICT_CLERK}
CITY = {Role.CITY_CENTER, Role.CITY_BUREAU}
FIRM = {Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN}
#: Two streets, two districts; each takes in a lease of a flat in its own district.
OFFICES = {"huamu01": "310115", "longhua01": "310104", "pudong01": "310115", "xuhui01": "310104"}
LOGINS = (*OFFICES, "huamu02", "pudong02", "pdju01", "xhju01", "shi01", "shiju01")


@dataclass
class City:
    """A city with something of everything in each office."""

    counter: Counter
    filed: dict[str, Filed]
    firms: tuple[UUID, UUID]
    callers: dict[str, Caller]
    _still: dict[Any, Any] | None = field(default=None, init=False)

    def rows(self, table: Any) -> list[Any]:
        if self._still is not None and table in self._still:
            kept: list[Any] = self._still[table]
            return kept
        rows = list(self.counter.world.read(lambda work: work.session.exec(select(table)).all()))
        if self._still is not None:
            self._still[table] = rows
        return rows

    def where(self, table: Any, column: str, value: Any) -> list[Any]:
        """The rows of a table that have a value in a column."""
        if self._still is None:
            return [row for row in self.rows(table) if getattr(row, column) == value]
        if (table, column) not in self._still:
            by_value: dict[Any, list[Any]] = {}
            for row in self.rows(table):
                by_value.setdefault(getattr(row, column), []).append(row)
            self._still[table, column] = by_value
        found: list[Any] = self._still[table, column].get(value, [])
        return found

    def seen(self, caller: Caller, table: Any) -> set[UUID]:
        """The ids of the rows of a table that a caller is shown; while nobody writes, each is asked once."""
        if self._still is None:
            return self._seen(caller, table)
        if (caller, table) not in self._still:
            self._still[caller, table] = self._seen(caller, table)
        return set(self._still[caller, table])

    def _seen(self, caller: Caller, table: Any) -> set[UUID]:
        def read(work: Work) -> Any:
            visible = work.visible(table).with_only_columns(col(table.id), maintain_column_froms=True)
            return work.session.execute(visible).scalars().all()

        return set(self.counter.world.door.look(caller, read))

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nobody writes meanwhile, so that each table is read once, however often it is asked for."""
        self._still = {}
        try:
            yield
        finally:
            self._still = None


#: What each area adds: `ORACLE`, `ORDERS`, `UNFOREIGN` and `furnish(city)`, as in `test_everybody`.
WALKS = [importlib.import_module(f"tests.walks.{found.name}") for found in pkgutil.iter_modules(walks.__path__)]


@contextmanager
def furnished_city(database_url: str) -> Iterator[City]:
    """A city on an empty database, furnished by every walk."""
    with running_world(database_url, few=True) as world:
        world.stand_at(2027, 3, 1)
        counter = Counter(world)
        filed = {}
        for login, district in OFFICES.items():
            filed[login] = counter.filed(counter.free_flat(district), counter.clerk(login))
            _something_of_everything(counter, login, filed[login])
        firms = (uuid4(), uuid4())
        for firm, login in zip(firms, ("huamu01", "xuhui01"), strict=True):
            world.act(lambda work, firm=firm, login=login: _give_to_firm(work, filed[login], firm))  # type: ignore[misc]
        furnished = City(counter, filed, firms, _callers(counter, firms))
        for walk in WALKS:
            walk.furnish(furnished)
        yield furnished


def _something_of_everything(counter: Counter, login: str, filed: Filed) -> None:
    world, clerk = counter.world, counter.clerk(login)
    counter.cancel_alone(filed, clerk)
    paper = world.read(
        lambda work: work.session.exec(
            select(IssuedDocument.id).where(IssuedDocument.object_id == filed.contract_id)
        ).one()
    )
    open_paper(world.door, clerk, paper)
    world.door.perform(print_paper, clerk, PrintPaper(paper))
    world.door.perform(save_draft, clerk, SaveDraft("lease", "草稿", {}))
    world.door.perform(keep_attachment, clerk, KeepAttachment("合同", "a.png", png()))
    world.door.perform(ask_by_papers, clerk, AskByPapers("HT1", "HEIR", "（2027）沪公证字第1号"))
    search = SearchFilings(filed.landlord.id_no, purpose="核实", cert_no=filed.flat.cert_no)
    world.door.perform(issue_result, clerk, IssueResult(search))
    world.act(lambda work: notify(work, "通知", "内容", to_unit=clerk.unit_id))
    world.act(lambda work: notify(work, "通知", "内容", to_account=clerk.account_id))
    order = ProposeParameter("filing.min_days", "30", date(2027, 4, 1 + [*OFFICES].index(login)), "按新规定调整")
    world.door.perform(propose_parameter, counter.clerk("shi01"), order)


def _give_to_firm(work: Work, filed: Filed, firm: UUID) -> None:
    contract = work.session.exec(select(LeaseContract).where(LeaseContract.id == filed.contract_id)).one()
    house = work.session.exec(select(House).where(House.id == contract.house_id)).one()
    case = work.session.exec(select(GovCase).where(GovCase.id == filed.decision.case_id)).one()
    filing = work.session.exec(select(LeaseFiling).where(LeaseFiling.id == filed.filing_id)).one()
    for row in (contract, house, case, filing):
        row.enterprise_id = firm
        work.add(row)
    notify(work, "通知", "内容", to_enterprise=firm)


def _callers(counter: Counter, firms: tuple[UUID, UUID]) -> dict[str, Caller]:
    found = {login: counter.clerk(login) for login in LOGINS}
    for number, firm in enumerate(firms):
        for role in FIRM:
            scope = Scope(role, ScopeKind.ORGANISATION, str(firm))
            found[f"firm{number}.{role}"] = Caller("企业", (scope,), account_id=uuid4(), enterprise_id=firm)
    home = counter.clerk("huamu01")
    for role in Role:
        everywhere = (Scope(role, ScopeKind.CITY),)
        found[f"nowhere.{role}"] = Caller(f"nowhere.{role}"[:30], everywhere)
        if role in {Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR}:
            found[f"home.{role}"] = Caller("管理员", everywhere, account_id=uuid4(), unit_id=home.unit_id)
    return found
