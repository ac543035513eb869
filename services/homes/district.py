"""The home of a district bureau: cases by age, load, refusals by rule, 30 days beside the year before, streets (issue 19)."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import col, func, select

from models.access import LEASING_DISTRICT
from models.cancellation import CancelApply
from models.forced_review import ForcedReview, ReviewState
from models.places_data import streets_of
from models.practitioners import CardApply
from models.tenancy import CheckItem, CheckRun, GovCase, LeaseFiling
from models.tenancy_codes import CancelState
from services.engine.clock import SHANGHAI
from services.engine.figures import Figure, figure, tallies
from services.engine.findings import Result
from services.engine.home_tiles import Age, Ages, Band, Count, Days, Lines, Split, last_days, today_only
from services.engine.homes import Choice, Column, Entry, Home, Made, Panel, home, scaled
from services.engine.list_pages import narrowed
from services.engine.listings import Line
from services.engine.look_ups import names_by
from services.engine.work import Work
from services.forced_review.listings import REVIEWS
from services.homes.common import clock, day_words, drafts_if_any, messages, spent
from services.practitioners.inspection_views import INSPECTIONS
from services.tenancy.cancel_views import APPLIES
from services.tenancy.listings import CASES, FILINGS
from services.tenancy.rules.catalogue import FILING_RULES

_RULES = {rule.code: rule.label for rule in FILING_RULES}
_MOST_RULES = 8


def refused(work: Work) -> Mapping[str, str]:
    """The filters of cases of the last 30 days that a rule stopped."""
    return {**last_days(work), "refused": "1"}


def refusals(work: Work) -> Panel:
    """Stopped cases of the last 30 days by the rule that failed, those with the most cases first."""
    filters = refused(work)
    cases = narrowed(work, CASES, filters).with_only_columns(GovCase.id)
    counted = (
        select(CheckItem.code, func.count(func.distinct(CheckRun.object_id)))
        .join(CheckRun, col(CheckItem.run_id) == col(CheckRun.id))
        .where(CheckItem.result == Result.FAIL, col(CheckRun.object_id).in_(cases))
        .group_by(CheckItem.code)
    )
    found = sorted(work.session.exec(counted).all(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_RULES]
    whole = figure(work, "all", "全部", CASES, filters)
    entries = tuple(
        Entry(
            f"{code} {_RULES.get(code, '')}",
            Figure(code, "", count, CASES.name, {**filters, "rule": code}),
            beside=f"{count / whole.count:.0%}" if whole.count else "",
            tone="bad",
        )
        for code, count in found
    )
    note = f"近30日 {whole.count:,} 件，一件可因数条规则未通过"
    return Panel(
        "bars", "退件和拦截原因", (Choice("", scaled(entries)),), note, whole, empty="近30日没有退件和拦截的办件"
    )


def _street_names(work: Work) -> Mapping[str, str]:
    codes = {scope.code for scope in work.caller.scope_of(*LEASING_DISTRICT)}
    return {one.code: one.name for code in codes for one in streets_of(code)}


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def load(work: Work) -> Panel:
    """Card applications by the inspector who took them; those not taken come last."""
    counts = tallies(work, INSPECTIONS, {}, CardApply.taken_by)
    names = names_by(work, counts)
    entries = [
        Entry(
            names.get(taker, "待领取") if taker else "待领取",
            Figure(
                str(taker or "free"), "", count, INSPECTIONS.name, {"holder": str(taker)} if taker else {"view": "free"}
            ),
            tone="" if taker else "bad",
        )
        for taker, count in sorted(counts.items(), key=lambda pair: (pair[0] is None, -pair[1]))
    ]
    whole = figure(work, "all", "全部", INSPECTIONS, {})
    words = "没有待验看的信息卡申请"
    return Panel(
        "bars",
        "分工",
        (Choice("", scaled(entries)),),
        "信息卡验看，在手件数",
        whole,
        total=Entry("合计", whole),
        empty=words,
    )


def _review(work: Work, line: Line) -> Entry:
    opened = Figure(str(line.id), line.apply_no, opens="filing_reviews", filters={"id": str(line.id)})
    due = work.first(ForcedReview.due_on, ForcedReview.id == line.id)
    return Entry(
        line.address,
        opened,
        f"{line.state.label} · 规则 {line.codes}",
        chip=clock(due, work.today),
        share=spent(due, work.today),
        beside=f"至{day_words(due)}" if due else "",
    )


LATE_REVIEWS = Lines(
    "强制核验",
    REVIEWS,
    _review,
    {"here": "1"},
    sort="clock",
    most=5,
    note="待本局办理，期限先到的在前",
    empty="没有待本局办理的强制核验",
)

AGES = Ages(
    "在办时长",
    (
        Age("自动核验办件", CASES, GovCase.accepted_on, {"waiting": "1"}),
        Age(
            "强制核验待受理",
            REVIEWS,
            ForcedReview.submitted_at,
            {"state": ReviewState.SUBMITTED},
            "came",
            "came_until",
            _day,
        ),
        Age(
            "强制核验待审核",
            REVIEWS,
            ForcedReview.submitted_at,
            {"state": ReviewState.ACCEPTED},
            "came",
            "came_until",
            _day,
        ),
        Age(
            "强制核验待区局",
            REVIEWS,
            ForcedReview.submitted_at,
            {"state": ReviewState.ESCALATED},
            "came",
            "came_until",
            _day,
        ),
        Age("注销告知期", APPLIES, CancelApply.created_at, {"state": CancelState.NOTICE}, "came", "came_until", _day),
        Age("信息卡验看", INSPECTIONS, CardApply.submitted_at, {}, day=_day),
    ),
)
STREETS = Split(
    "街镇",
    FILINGS,
    LeaseFiling.street_code,
    "street",
    last_days,
    _street_names,
    lambda work: last_days(work, years=1),
    "近30日备案；右为同比",
    most=14,
    empty="近30日没有备案",
)
DISTRICT = home(
    Home(
        "district",
        LEASING_DISTRICT,
        (
            (
                Column(
                    12,
                    (
                        Band(
                            (
                                Count(
                                    "late",
                                    "强制核验超期",
                                    REVIEWS,
                                    {"overdue": "1"},
                                    said="审核期限已过，请先办理",
                                    bad=True,
                                ),
                                Count("waiting", "待处理办件", CASES, {"waiting": "1"}, said="拦截、待补正和核验中"),
                                Count("inspect", "信息卡待验看", INSPECTIONS, {}, said="待领取和在手"),
                                Count("filed", "今日备案", FILINGS, today_only, said="取得备案编号"),
                                Count("month", "近30日备案", FILINGS, last_days, said="含今日"),
                                Count("refused", "近30日退件和拦截", CASES, refused, said="自动核验未通过"),
                            )
                        ),
                    ),
                ),
            ),
            (Column(7, (AGES,)), Column(5, (Made(load), LATE_REVIEWS))),
            (
                Column(8, (Days("近30日备案", FILINGS, LeaseFiling.filed_on), Made(refusals))),
                Column(4, (STREETS, Made(drafts_if_any), Made(messages))),
            ),
        ),
        order=20,
    )
)
