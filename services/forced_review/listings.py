"""Lists of forced review: the queue with its clocks, and the intercepted cases that may still go on (row 11)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import exists, literal
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select

from models.access import OrgUnit, Role
from models.codes import Toned
from models.forced_review import OPEN_REVIEWS, TO_DECIDE, ForcedReview, ReviewState
from models.house import House
from models.tenancy import GovCase, LeaseContract
from models.tenancy_codes import CaseState, ContractState, Situation
from services.access.visibility import CLERKS, ENTERPRISE, STAFF
from services.engine.listings import Column, Filter, Listing, about, choice, days, exact, flag, listed, numbers
from services.engine.look_ups import values_by
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.forced_review.statistics import DECIDED, NO_RULE
from services.forced_review.views import READERS, clock_of


def _of_case(work: Work, text: str) -> Any:
    number = search_word(text).upper()
    return col(ForcedReview.case_id).in_(select(GovCase.id).where(GovCase.case_no == number))


def _of_rule(work: Work, text: str) -> Any:
    if text == NO_RULE:
        return col(ForcedReview.codes) == ""
    return literal(",").concat(col(ForcedReview.codes)).concat(",").contains(f",{search_word(text)},", autoescape=True)


def _decided_by(work: Work, text: str) -> Any:
    second = about("", "", ForcedReview.second_reviewer_id).where(work, text)
    first = about("", "", ForcedReview.reviewer_id).where(work, text)
    alone = col(ForcedReview.second_reviewer_id).is_(None)
    return col(ForcedReview.state).in_(DECIDED) & or_(second, first & alone)


def _here(work: Work, text: str) -> Any:
    """Reviews that wait for a word of the caller's office."""
    districts = [scope.code for scope in work.caller.scope_of(Role.DISTRICT_BUREAU)]
    escalated = (col(ForcedReview.state) == ReviewState.ESCALATED) & col(ForcedReview.district_code).in_(districts)
    waiting = (ReviewState.SUBMITTED, ReviewState.ACCEPTED, ReviewState.SECOND)
    own = (col(ForcedReview.state).in_(waiting)) & (col(ForcedReview.review_unit_id) == work.caller.unit_id)
    return or_(escalated, own)


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    addresses = values_by(work, House.id, House.address, (row.house_id for row in rows))
    cases = values_by(work, GovCase.id, GovCase.case_no, (row.case_id for row in rows))
    units = values_by(work, OrgUnit.id, OrgUnit.name, (row.review_unit_id for row in rows))

    def clock(row: Any) -> Any:
        words = clock_of(row, work.today)
        return (
            Toned(words, "bad" if words.startswith("超期") else "warn" if words == "今日到期" else "info")
            if words
            else ""
        )

    return {
        "address": lambda row: addresses.get(row.house_id, ""),
        "case_no": lambda row: cases.get(row.case_id, ""),
        "review_unit": lambda row: units.get(row.review_unit_id, ""),
        "clock": clock,
    }


REVIEWS = listed(
    Listing(
        name="filing_reviews",
        label="备案强制核验",
        roles=READERS,
        table=ForcedReview,
        columns=(
            Column("apply_no", "强制核验编号", width=180),
            Column("state", "状态", sortable=True, width=90),
            Column("clock", "时限", sortable=True, sql=ForcedReview.due_on, width=110),
            Column("address", "房屋坐落"),
            Column("codes", "申请复核规则", width=100, shown=False),
            Column("channel", "渠道", width=80, shown=False),
            Column("case_no", "办件编号", shown=False, width=180),
            Column("review_unit", "审核单位", shown=False),
            Column("submitted_at", "提交时间", sortable=True, width=126),
            Column("decided_at", "审核时间", sortable=True, shown=False),
        ),
        filters=(
            choice("state", "状态", ForcedReview.state, ReviewState),
            Filter("here", "待本单位办理", _here, options={"1": "是"}, width=190),
            exact("number", "强制核验编号", ForcedReview.apply_no, upper=True, width=200, finds=numbers("QB")),
            Filter("case_no", "办件编号", _of_case, width=200, more=True),
            Filter("rule", "规则编号", _of_rule, more=True),
            Filter("reviewer", "决定人", _decided_by, hidden=True),
            *days(ForcedReview.decided_at, "审核日期", more=True),
            *days(ForcedReview.submitted_at, "提交日期", since="came", until="came_until", more=True),
            flag("overdue", "已超期", (col(ForcedReview.overdue).is_(True)) & col(ForcedReview.state).in_(TO_DECIDE)),
        ),
        first=(col(ForcedReview.state).in_(OPEN_REVIEWS).desc(),),
        sort="clock",
        counts="state",
        counted={
            "SUBMITTED": "待受理",
            "ACCEPTED": "待审核",
            "SECOND": "待复核",
            "ESCALATED": "待区局审核",
            "DONE": "已备案",
            "REFUSED": "未同意",
        },
        look_up=_cells,
        also=("version", "case_id"),
        exporters=STAFF,
        empty="没有符合条件的备案强制核验",
    )
)


def _case_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    addresses = values_by(work, House.id, House.address, (row.house_id for row in rows))
    units = values_by(work, OrgUnit.id, OrgUnit.name, (row.unit_id for row in rows))
    return {
        "address": lambda row: addresses.get(row.house_id, ""),
        "unit": lambda row: units.get(row.unit_id, ""),
        "lies": lambda row: f"{(work.today - row.accepted_on).days}天",
    }


def _waiting_cases(work: Work) -> Any:
    """Cases that a rule stopped and no review has, whatever their age; their lease is still signed.

    Merged applications are decided together: of those an office took in, only the last is listed.
    """
    under_review = exists().where(
        col(ForcedReview.contract_id) == col(GovCase.contract_id), col(ForcedReview.state).in_(OPEN_REVIEWS)
    )
    signed = exists().where(
        col(LeaseContract.id) == col(GovCase.contract_id), col(LeaseContract.state) == ContractState.SIGNED
    )
    stopped = (CaseState.INTERCEPTED, CaseState.RETURNED)
    last = aliased(GovCase)
    stands_for_it = exists().where(
        col(last.contract_id) == col(GovCase.contract_id),
        col(last.case_no) > col(GovCase.case_no),
        col(last.situation) == Situation.NEW,
        col(last.state).in_(stopped),
        col(last.unit_id).is_not_distinct_from(col(GovCase.unit_id)),
    )
    return work.visible(GovCase).where(
        GovCase.situation == Situation.NEW, col(GovCase.state).in_(stopped), signed, ~under_review, ~stands_for_it
    )


INTERCEPTED = listed(
    Listing(
        name="intercepted_cases",
        label="可申请强制核验的办件",
        roles=CLERKS | ENTERPRISE,
        table=GovCase,
        rows=_waiting_cases,
        columns=(
            Column("case_no", "办件编号", sortable=True, width=180),
            Column("state", "状态", width=90),
            Column("address", "房屋坐落"),
            Column("unit", "受理单位", width=190),
            Column("accepted_on", "受理日期", sortable=True, width=96),
            Column("lies", "搁置", width=80),
        ),
        filters=(
            choice("state", "状态", GovCase.state, CaseState),
            exact("number", "办件编号", GovCase.case_no, upper=True, width=230),
            *days(GovCase.accepted_on, "受理日期"),
        ),
        sort="-accepted_on",
        look_up=_case_cells,
        also=("contract_id",),
        empty="没有被拦截或退回的办件。其他单位的办件请按“查找办件”凭办件编号和当事人证件打开",
    )
)
