"""工作台: what waits for the caller and what changed today, from records he sees anyway (rows 5-10)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlmodel import col, select

from models.access import Role
from models.engine import Draft, Parameter, ParameterState
from models.tenancy import PapersRequest
from models.tenancy_codes import CancelState, FilingState
from services.access.visibility import CITY, CLERKS, ENTERPRISE, STAFF
from services.engine.drafts import BESIDE_A_RECORD
from services.engine.figures import Figure, figure
from services.engine.list_pages import first_lines
from services.engine.listings import Line
from services.engine.registry import query
from services.engine.work import Work
from services.tenancy.cancel_views import APPLIES
from services.tenancy.licences import FAILURES
from services.tenancy.listings import CASES, FILINGS

_MOST = 8


@dataclass(frozen=True)
class Workbench:
    """The figures of a day, and the first lines of what waits."""

    today: date
    figures: tuple[Figure, ...]
    drafts: tuple[Draft, ...]
    cases: Sequence[Line]
    applies: Sequence[Line]


@query("workbench.mine", "工作台", roles=STAFF | ENTERPRISE)
def workbench(work: Work, order: None) -> Workbench:
    """Drafts, waiting cases, applications in their notice, and the counts of today."""
    return Workbench(
        work.today,
        tuple(_figures(work)),
        _drafts(work),
        first_lines(work, CASES, _WAITING, _MOST),
        first_lines(work, APPLIES, _NOTICE, _MOST, "objection_until"),
    )


_WAITING = {"waiting": "1"}
_NOTICE = {"state": CancelState.NOTICE}


def _figures(work: Work) -> Iterator[Figure]:
    today = work.today.isoformat()
    day = {"since": today, "until": today}
    yield figure(work, "accepted", "今日受理", CASES, day)
    yield figure(work, "filed", "今日备案", FILINGS, day)
    yield figure(work, "cancelled", "今日注销", APPLIES, {"state": CancelState.APPROVED, **day})
    yield figure(work, "waiting", "待处理办件", CASES, _WAITING)
    yield figure(work, "notice", "告知期内的注销申请", APPLIES, _NOTICE)
    if work.caller.has(*CLERKS):
        asked = work.visible(PapersRequest).where(
            PapersRequest.on_day == work.today, col(PapersRequest.decided_by).is_(None)
        )
        count = work.session.exec(select(func.count()).select_from(asked.subquery())).one()
        yield Figure("papers", "待复核的凭文书查询", count, opens="contract_find")
    if work.caller.has(*CITY):
        yield figure(work, "dead", "制证发送失败", FAILURES, {"dead": "dead"})
    if work.caller.has(Role.CITY_CENTER, Role.CITY_BUREAU):
        proposed = select(func.count()).select_from(Parameter).where(Parameter.state == ParameterState.PROPOSED)
        yield Figure("parameters", "待复核的参数修改", work.session.exec(proposed).one(), opens="parameters")
    if work.caller.has(*ENTERPRISE):
        yield figure(work, "active", "有效备案", FILINGS, {"state": FilingState.ACTIVE})


def _drafts(work: Work) -> tuple[Draft, ...]:
    rows = work.rows(
        work.visible(Draft),
        col(Draft.closed).is_(False),
        col(Draft.kind).not_like(f"{BESIDE_A_RECORD}%"),
        by=col(Draft.updated_at).desc(),
        most=_MOST,
    )
    return tuple(rows)
