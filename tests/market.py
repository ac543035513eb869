"""The property market for tests: two competing head companies with their project companies, and people of every role."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from deploy.demo.companies import load_companies
from deploy.demo.kept import put_kept
from models.columns import new_id
from models.companies import AdmissionState, GroupCompany, HeadCompany, ProjectCompany
from models.own_data import read_rows
from services.access.access_list_signature import sign_pending
from services.engine.callers import SYSTEM, Caller
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.kinds import Owner
from services.engine.work import Work
from tests.side_by_side import BEFORE_FORKING
from tests.world import DATA, Content, World, load_once, running_world

COMPANIES = DATA / "fixtures" / "companies.csv"
_CODES = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

#: One login of every market role, and its competitor or neighbour where there is one.
LOGINS = (
    "shichu01",
    "shishen01",
    "shishen02",
    "pdchu01",
    "pdshen01",
    "pdshen02",
    "xhchu01",
    "xhshen01",
    "shenpu_admin",
    "shenpu01",
    "jianghai_admin",
    "jianghai01",
    "binjiang_admin",
    "binjiang01",
    "xian_admin",
    "xian01",
    "xincheng_admin",
    "xincheng01",
    "lingang_admin",
    "lingang01",
    "pdkj01",
    "pdkjshen01",
    "xhkj01",
)


def credit_code(serial: int, region: str = "310115") -> str:
    """A credit code with right check characters, another for each serial."""
    org8 = f"MAW{serial:05d}"
    rest = 11 - sum(int(sign, 36) * weight for sign, weight in zip(org8, _ORG_WEIGHTS, strict=True)) % 11
    body = f"91{region}{org8}{ {10: 'X', 11: '0'}.get(rest, str(rest)) }"
    total = sum(_CODES.index(sign) * weight for sign, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CODES[(31 - total % 31) % 31]


@dataclass
class Market:
    """Ids of the demo's companies by fixture id: G-1, G-2 groups; H-1 申浦, H-2 江海; P-1 滨江, P-2 西岸 of 申浦; P-3 新城,
    P-4 临港 of 江海. P-1 and P-4 lie in 浦东, P-2 and P-3 in 徐汇."""

    world: World
    ids: Mapping[str, UUID]
    lines: Mapping[str, Mapping[str, str]]
    _serial: int = field(default=0, init=False)

    @property
    def shenpu(self) -> UUID:
        return self.ids["H-1"]

    @property
    def jianghai(self) -> UUID:
        return self.ids["H-2"]

    @property
    def binjiang(self) -> UUID:
        return self.ids["P-1"]

    @property
    def xincheng(self) -> UUID:
        return self.ids["P-3"]

    def caller(self, login: str) -> Caller:
        return self.world.caller(login)

    def project_company(self, head: str = "H-1", *, district: str = "310115", ratio: str = "100") -> UUID:
        """Another project company of a head, admitted; it has no accounts."""
        self._serial += 1
        uscc = credit_code(9000 + self._serial, district)
        name = f"上海测试第{self._serial}置业有限公司"

        def make(work: Work) -> UUID:
            of = work.session.exec(select(HeadCompany).where(HeadCompany.id == self.ids[head])).one()
            return admitted_project_company(work, of, name, uscc, district=district, ratio=Decimal(ratio)).id

        made: UUID = self.world.act(make)
        return made

    def head_company(self, *, district: str = "310115") -> UUID:
        """Another head company, admitted; it has no accounts and no project companies."""
        self._serial += 1
        uscc = credit_code(8000 + self._serial, district)
        name = f"上海测试第{self._serial}开发集团有限公司"
        made: UUID = self.world.act(lambda work: admitted_head_company(work, name, uscc, district=district).id)
        return made

    def row(self, table: Any, row_id: UUID) -> Any:
        """A row as it stands, whoever sees it."""
        return self.world.read(lambda work: work.session.exec(select(table).where(col(table.id) == row_id)).one())


@contextmanager
def market_world(url: str, *, since: date = date(2027, 3, 1)) -> Iterator[Market]:
    """A world without houses, whose market was loaded on a day, by default a Monday in spring; its clock stands there."""

    def load(door: Door) -> None:
        door.clock.stand_at(datetime(since.year, since.month, since.day, 10, tzinfo=SHANGHAI))
        door.perform(load_companies, SYSTEM, None)

    with running_world(url, houses=False, content=Content(f"market of {since}", load)) as world:
        world.stand_at(since.year, since.month, since.day)
        yield market(world)


BEFORE_FORKING.append(partial(load_once, market_world))


def market(world: World) -> Market:
    """Load the market into a world, once; another call finds what is there."""
    world.door.perform(load_companies, SYSTEM, None)
    sign_pending(world.door)
    lines = {line["fixture_id"]: line for line in read_rows(COMPANIES)}

    def read(work: Work) -> dict[str, UUID]:
        known: dict[str, UUID] = {}
        for table in (GroupCompany, HeadCompany, ProjectCompany):
            known |= {row.uscc: row.id for row in work.session.exec(select(table)).all()}
        return known

    known = world.read(read)
    return Market(world, {name: known[line["uscc"]] for name, line in lines.items() if line["uscc"] in known}, lines)


def admitted_head_company(work: Work, name: str, uscc: str, *, district: str) -> HeadCompany:
    """A head company without group, admitted some time ago."""
    row_id = new_id()
    holders = [_holder("上海远帆投资有限公司", Decimal(100))]
    values = _values(work, name, uscc, district) | {"independent": True}
    made: HeadCompany = _admitted(work, "head_company", values, Owner(district, row_id), holders, row_id)
    return made


def admitted_project_company(
    work: Work, head: HeadCompany, name: str, uscc: str, *, district: str, ratio: Decimal = Decimal(100)
) -> ProjectCompany:
    """A project company of a head, admitted some time ago."""
    row_id = new_id()
    holders = [_holder(head.name, ratio, head.uscc)]
    if ratio < 100:
        holders.append(_holder("上海浦汇城市更新基金（有限合伙）", 100 - ratio))
    values = _values(work, name, uscc, district) | {
        "holding_ratio": str(ratio),
        "ratio_at_award": str(ratio),
        "filing_no": f"沪房开备{uscc[9:15]}",
        "licensed_on": "2024-01-08",
        "filed_on": "2024-01-28",
        "tech_staff_count": "6",
        "accountant_count": "3",
        "escrow_bank": "示例银行上海分行",
        "escrow_account": "3100660000010000123",
    }
    owner = Owner(district, head.id, row_id)
    made: ProjectCompany = _admitted(work, "project_company", values, owner, holders, row_id)
    return made


def _admitted(
    work: Work, kind: str, values: dict[str, Any], owner: Owner, holders: list[dict[str, str]], row_id: UUID
) -> Any:
    admitted = {"admission_state": AdmissionState.ADMITTED, "admitted_on": work.today - timedelta(days=200)}
    lists = {"shareholders": holders}
    return put_kept(work, kind, values, owner, children=lists, record_id=row_id, more=admitted)


def _values(work: Work, name: str, uscc: str, district: str) -> dict[str, Any]:
    return {
        "name": name,
        "uscc": uscc,
        "reg_place": "上海市",
        "legal_representative": "方仲谋",
        "established_on": "2024-01-08",
        "registry_status": "EXISTING",
        "ownership_type": "PRIVATE",
        "registered_capital": "50000000",
        "paid_in_capital": "50000000",
        "qualification_grade": "SECOND",
        "qualification_no": f"沪房开证字第{uscc[9:15]}号",
        "qualification_valid_to": str(work.today + timedelta(days=700)),
        "contact_name": "陶然",
        "contact_phone": "13800000131",
        "reg_district": district,
    }


def _holder(name: str, ratio: Decimal, uscc: str = "") -> dict[str, str]:
    share = str(500_000 * ratio)
    amounts = {"subscribed_amount": share, "paid_amount": share, "ratio": str(ratio)}
    return {"holder_kind": "COMPANY", "name": name, "uscc": uscc, **amounts}


__all__ = ["COMPANIES", "LOGINS", "Market", "credit_code", "market", "market_world"]
