"""The home of the counter: begin, what is open today, drafts, what waits for others, papers to print again (issue 19)."""

from collections.abc import Iterator
from datetime import date

from sqlmodel import col, func, select

from models.access import Role
from models.cancellation import CancelApply
from models.documents import IssuedDocument
from models.forced_review import OPEN_REVIEWS, ForcedReview
from models.house import House
from models.tenancy import GovCase, LeaseContract, LeaseFiling, PapersRequest
from models.tenancy_codes import CancelState, CaseState
from services.access.visibility import CLERKS
from services.engine.figures import Figure
from services.engine.home_tiles import Band, Count, Lines, today_only
from services.engine.homes import Choice, Column, Entry, Home, Made, Panel, home
from services.engine.listings import Line
from services.engine.look_ups import values_by
from services.engine.work import Work
from services.forced_review.civil_listings import CIVIL_CASES
from services.forced_review.listings import REVIEWS
from services.homes.common import clock, day_words, drafts, messages, moment_words, spent
from services.tenancy.cancel_views import APPLIES
from services.tenancy.listings import CASES, FILINGS

_MOST, _MOST_PAPERS = 6, 9
#: Which page prints a paper again that is about no lease.
_PAPER_PAGES = {"forced_review": "filing_reviews", "cancel_apply": "cancel_applies", "civil_case": "civil_cases"}


def _begin(work: Work) -> Panel:
    caller = work.caller
    where = " · ".join(part for part in (caller.window, caller.unit_name) if part)
    pages = (
        ("新增备案", "filing_form"),
        ("合同查询及打印", "contract_find"),
        ("合同注销", "cancel_lease"),
        ("备案信息综合查询", "filing_query"),
    )
    acts = tuple(Figure(page, label, opens=page) for label, page in pages)
    first = Entry(
        "开始受理",
        Figure("intake", "开始受理", opens="intake"),
        under="读卡或输入证件号码，房屋和合同自动带出",
        act="F2",
        beside=where,
        cells=acts,
    )
    return Panel("begin", "开始受理", (Choice("", (first,)),))


def _papers_asked(work: Work) -> Figure | None:
    asked = work.visible(PapersRequest).where(
        PapersRequest.on_day == work.today, col(PapersRequest.decided_by).is_(None)
    )
    count = work.session.exec(select(func.count()).select_from(asked.subquery())).one()
    return Figure("papers", "凭文书查询待复核", count, opens="contract_find", unit="件", said="今日，须第二人复核")


def _waits(work: Work) -> Iterator[tuple[date | None, Entry]]:
    """Work in the hands of others: reviews, the notice of cancellations, papers a citizen must bring; with the day each ends."""
    reviews = work.rows(
        work.visible(ForcedReview), col(ForcedReview.state).in_(OPEN_REVIEWS), by=ForcedReview.due_on, most=_MOST
    )
    applies = work.rows(
        work.visible(CancelApply), CancelApply.state == CancelState.NOTICE, by=CancelApply.objection_until, most=_MOST
    )
    cases = work.rows(
        work.visible(GovCase),
        col(GovCase.state).in_((CaseState.CORRECTION, CaseState.CHECKING)),
        by=GovCase.received_at,
        most=_MOST,
    )
    of_contracts = values_by(work, LeaseContract.id, LeaseContract.house_id, (row.contract_id for row in applies))
    houses = {*(row.house_id for row in reviews), *(row.house_id for row in cases), *of_contracts.values()}
    addresses = values_by(work, House.id, House.address, houses)
    for review in reviews:
        opened = Figure(str(review.id), "", opens="filing_reviews", filters={"id": str(review.id)})
        yield (
            review.due_on,
            Entry(
                f"强制核验 · {addresses.get(review.house_id, '')}", opened, f"{review.state.label} · {review.apply_no}"
            ),
        )
    for apply in applies:
        opened = Figure(str(apply.id), "", opens="cancel_applies", filters={"id": str(apply.id)})
        address = addresses.get(of_contracts.get(apply.contract_id), "")
        words = "对方已提出异议" if apply.objection else "等对方当事人异议期满"
        yield apply.objection_until, Entry(f"注销告知期 · {address}", opened, f"{words} · {apply.apply_no}")
    for case in cases:
        opened = Figure(str(case.id), "", opens="checks", filters={"number": case.case_no, "id": str(case.id)})
        words = "等申请人补正" if case.state is CaseState.CORRECTION else "等外部系统应答，自动重试"
        yield (
            None,
            Entry(f"{case.state.label} · {addresses.get(case.house_id, '')}", opened, f"{words} · {case.case_no}"),
        )


def waits(work: Work) -> Panel:
    """Work that waits for others, the first to end first."""
    found = sorted(_waits(work), key=lambda pair: pair[0] or date.max)[:_MOST]
    entries = tuple(
        Entry(
            one.label,
            one.figure,
            one.under,
            chip=clock(due, work.today),
            share=spent(due, work.today),
            beside=f"至{day_words(due)}" if due else "",
        )
        for due, one in found
    )
    words = "没有等候他人的办件。强制核验、注销告知期和待补正的办件会按期限列在这里。"
    return Panel("lines", "等候他人", (Choice("", entries),), "按期限先后；按工作日计", empty=words)


def papers(work: Work) -> Panel:
    """The last papers of this office, to be printed again from their lease."""
    own = [IssuedDocument.unit_id == work.caller.unit_id] if work.caller.has(*CLERKS) else []
    rows = work.rows(work.visible(IssuedDocument), *own, by=col(IssuedDocument.issued_at).desc(), most=_MOST_PAPERS)
    contracts = values_by(work, LeaseFiling.id, LeaseFiling.contract_id, (row.filing_id for row in rows))
    contracts |= values_by(work, GovCase.id, GovCase.contract_id, (row.object_id for row in rows))
    contracts |= {row.object_id: row.object_id for row in rows if row.object_kind == "lease_contract"}
    entries = []
    for row in rows:
        contract = contracts.get(row.filing_id) or contracts.get(row.object_id)
        page, about = ("contract", contract) if contract else (_PAPER_PAGES.get(row.object_kind, ""), row.object_id)
        filters = {"id": str(about), "paper": str(row.id)} if contract else {"id": str(about)}
        opened = Figure(str(row.id), row.title, opens=page, filters=filters)
        under = f"{row.number} · 已打印{row.copies}次"
        act = ("重印" if row.copies else "打印") if page else ""
        entries.append(Entry(row.title, opened, under, beside=moment_words(row.issued_at, work.today), act=act))
    words = "还没有签发文书。受理后签发的通知书、合同会列在这里，可随时重印。"
    return Panel("lines", "最近文书", (Choice("", tuple(entries)),), "本单位，最近签发的在前", empty=words)


def _case(work: Work, line: Line) -> Entry:
    opened = Figure(str(line.id), line.case_no, opens="checks", filters={"number": line.case_no, "id": str(line.id)})
    return Entry(
        line.address or line.case_no,
        opened,
        line.case_no,
        chip=line.state,
        beside=moment_words(line.received_at, work.today),
    )


def _civil(work: Work, line: Line) -> Entry:
    opened = Figure(str(line.id), line.acceptance_no, opens="civil_cases", filters={"id": str(line.id)})
    until = line.clock if isinstance(line.clock, str) else f"至{day_words(line.clock)}"
    return Entry(f"{line.acceptance_no}", opened, f"申请人 {line.applicant}", chip=line.state, beside=until)


COUNTER = home(
    Home(
        "counter",
        frozenset({Role.STREET_CLERK, Role.DISTRICT_CLERK}),
        (
            (Column(12, (Made(_begin),)),),
            (
                Column(
                    12,
                    (
                        Band(
                            (
                                Count("accepted", "今日受理", CASES, today_only, said="本单位各窗口合计"),
                                Count("filed", "今日备案", FILINGS, today_only, said="取得备案编号"),
                                Count(
                                    "refused",
                                    "今日退件和拦截",
                                    CASES,
                                    lambda work: {**today_only(work), "refused": "1"},
                                ),
                                Count("waiting", "待处理办件", CASES, {"waiting": "1"}, said="拦截、待补正和核验中"),
                                Count(
                                    "notice",
                                    "告知期内的注销",
                                    APPLIES,
                                    {"state": CancelState.NOTICE},
                                    said="期满后审定",
                                ),
                                Count("late", "强制核验超期", REVIEWS, {"overdue": "1"}, said="审核期限已过", bad=True),
                                _papers_asked,
                            )
                        ),
                    ),
                ),
            ),
            (
                Column(7, (Made(drafts), Made(waits), Made(papers))),
                Column(
                    5,
                    (
                        Lines(
                            "今日办件",
                            CASES,
                            _case,
                            today_only,
                            note="本单位，新收的在前",
                            empty="今天还没有办件。按 F2 开始受理，办件会列在这里。",
                        ),
                        Lines(
                            "社区受理待办",
                            CIVIL_CASES,
                            _civil,
                            {"open": "1"},
                            most=4,
                            note="按时限先后",
                            empty="没有待办的社区受理办件",
                            hide=True,
                        ),
                        Made(messages),
                    ),
                ),
            ),
        ),
        order=10,
    )
)
