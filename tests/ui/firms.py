"""Two firms with users, for pages whose world other tests may have given firms before."""

from sqlmodel import col, select

from models.access import Account
from models.enterprise import Enterprise, EnterpriseKind, RecordState
from services.engine.work import Work
from tests.firms_made import sign_up
from tests.services.practitioners.desks.people import ANJU, HUYU

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
            sign_up(work, firm, login)
