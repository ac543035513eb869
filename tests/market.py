"""The property market for tests: two competing head companies with their project companies, and people of every role."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from deploy.demo.companies import (
    LoadCompanies,
    admitted_head_company,
    admitted_project_company,
    company_lines,
    load_companies,
)
from models.companies import GroupCompany, HeadCompany, ProjectCompany
from services.access.access_list_signature import sign_pending
from services.engine.callers import SYSTEM, Caller
from services.engine.work import Work
from tests.world import DATA, World

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


def market(world: World) -> Market:
    """Load the market into a world, once; another call finds what is there."""
    world.door.perform(load_companies, SYSTEM, LoadCompanies(COMPANIES))
    sign_pending(world.door)
    lines = {line["fixture_id"]: line for line in company_lines(COMPANIES)}

    def read(work: Work) -> dict[str, UUID]:
        known: dict[str, UUID] = {}
        for table in (GroupCompany, HeadCompany, ProjectCompany):
            known |= {row.uscc: row.id for row in work.session.exec(select(table)).all()}
        return known

    known = world.read(read)
    return Market(world, {name: known[line["uscc"]] for name, line in lines.items() if line["uscc"] in known}, lines)


__all__ = ["COMPANIES", "LOGINS", "Market", "credit_code", "market"]
