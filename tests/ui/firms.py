"""Two firms with users, for pages whose world other tests may have given firms before."""

from sqlmodel import col, select

from deploy.demo.offices import Person, add_account
from models.access import Account, OrgUnit, Role, ScopeKind, UnitKind
from models.enterprise import Enterprise, EnterpriseKind, RecordState
from services.access.acl import change
from services.engine.work import Work
from tests.services.practitioners.desks.people import ANJU, HUYU
from tests.world import sealer

FIRM, OTHER_FIRM = "huyu01", "anju01"


def found_firms(work: Work) -> None:
    """Add the firms, and their users, that are not there yet."""
    for uscc, name, district, login in (
        (HUYU, "沪寓公寓管理有限公司", "310115", FIRM),
        (ANJU, "安居经纪有限公司", "310104", OTHER_FIRM),
    ):
        firm = work.session.exec(select(Enterprise).where(Enterprise.uscc == uscc)).first()
        if firm is None:
            firm = work.add(
                Enterprise(
                    name=name,
                    kind=EnterpriseKind.RENTAL,
                    uscc=uscc,
                    record_state=RecordState.RECORDED,
                    district_code=district,
                )
            )
        if work.session.exec(select(Account.id).where(col(Account.login) == login)).first() is None:
            _sign_up(work, firm, login)


def _sign_up(work: Work, firm: Enterprise, login: str) -> None:
    unit = OrgUnit(
        unit_code=f"QY{firm.uscc[-9:]}",
        name=firm.name,
        kind=UnitKind.ENTERPRISE,
        enterprise_id=firm.id,
        district_code=firm.district_code,
        street_code="",
    )
    change(work, "unit", unit.id, "test.act")
    work.add(unit)
    person = Person(login, "许文", unit.unit_code, Role.ENTERPRISE_USER, ScopeKind.ORGANISATION, firm.uscc)
    add_account(work, person, unit, sealer().hash_password("not-to-be-typed-by-anybody"))
