"""The home of a rental firm or an agency: cards, homes, leases that end, bills (issue 19)."""

from models.access import Role
from models.codes import Toned
from models.direct_pay import RentBill
from models.practitioner_codes import ApplyState, CardState
from models.practitioners import InfoCard
from models.rooms import CentralRoom
from models.tenancy_codes import FilingState
from models.verification import ListingVerification
from services.access.visibility import ENTERPRISE
from services.direct_pay.firm_lists import BILLS
from services.engine.figures import Figure
from services.engine.home_tiles import Band, Count, Lines, Split
from services.engine.homes import Column, Entry, Home, Made, home
from services.engine.listings import Line
from services.engine.work import Work
from services.forced_review.listings import REVIEWS
from services.homes.common import day_words, drafts, messages
from services.practitioners.inspection_views import APPLIES
from services.practitioners.listings import PEOPLE
from services.rooms.listings import ROOM_LIST
from services.tenancy.listings import FILINGS
from services.tenancy.refiling_list import REFILINGS
from services.verification.listings import REQUESTS


def _ending(work: Work, line: Line) -> Entry:
    left = (line.valid_to - work.today).days
    chip = Toned(f"已到期{-left}天", "bad") if left < 0 else Toned(f"还有{left}天", "warn" if left <= 7 else "info")
    opened = Figure(str(line.id), line.filing_no, opens="contract", filters={"id": str(line.contract_id)})
    where = " ".join(part for part in (line.project, line.room_no) if part)
    return Entry(where or line.filing_no, opened, f"{line.filing_no} · 备案至{day_words(line.valid_to)}", chip)


def _bill(work: Work, line: Line) -> Entry:
    opened = Figure(str(line.id), line.bill_no, opens="firm_bills", filters={"number": line.bill_no})
    return Entry(
        f"{line.tenant} · {line.period}", opened, f"{line.bill_no} · 租金 {line.rent_fee:,.2f} 元", chip=line.state
    )


ENDING = Lines(
    "将到期的备案",
    REFILINGS,
    _ending,
    {"due": "soon"},
    most=6,
    note="集中式房源，先到期的在前",
    empty="近期没有到期的备案",
)
OVER = Lines("已到期、合同未到期", REFILINGS, _ending, {"due": "over"}, most=6, note="请重新备案", hide=True)
FIRM = home(
    Home(
        "enterprise",
        frozenset({Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN}) | ENTERPRISE,
        (
            (
                Column(
                    12,
                    (
                        Band(
                            (
                                Count(
                                    "over",
                                    "备案已到期",
                                    REFILINGS,
                                    {"due": "over"},
                                    said="合同未到期，须重新备案",
                                    bad=True,
                                ),
                                Count("soon", "备案将到期", REFILINGS, {"due": "soon"}, said="集中式房源"),
                                Count(
                                    "returned",
                                    "信息卡退回",
                                    APPLIES,
                                    {"state": ApplyState.RETURNED},
                                    said="修改后重新提交",
                                    bad=True,
                                ),
                                Count("cards", "有效信息卡", PEOPLE, {"state": CardState.ACTIVE}, "张", "从业人员"),
                                Count(
                                    "unactive",
                                    "待激活信息卡",
                                    PEOPLE,
                                    {"state": CardState.PASSED},
                                    "张",
                                    "验看通过，尚未激活",
                                ),
                                Count("active", "有效备案", FILINGS, {"state": FilingState.ACTIVE}, said="本企业"),
                                Count("late", "强制核验超期", REVIEWS, {"overdue": "1"}, said="审核期限已过", bad=True),
                            )
                        ),
                    ),
                ),
            ),
            (
                Column(
                    7,
                    (
                        OVER,
                        ENDING,
                        Lines("直付账单", BILLS, _bill, most=6, note="新报送的在前", empty="没有直付账单"),
                        Made(drafts),
                    ),
                ),
                Column(
                    5,
                    (
                        Split(
                            "信息卡",
                            PEOPLE,
                            InfoCard.state,
                            "state",
                            note="按状态，张",
                            empty="还没有信息卡。在“新增人员”中申办。",
                        ),
                        Split(
                            "房源核验",
                            REQUESTS,
                            ListingVerification.state,
                            "state",
                            note="按状态，件",
                            empty="还没有房源核验申请",
                        ),
                        Split(
                            "集中式房源",
                            ROOM_LIST,
                            CentralRoom.state,
                            "state",
                            note="按房态，间",
                            empty="没有集中式房源",
                        ),
                        Split("账单状态", BILLS, RentBill.state, "state", note="按状态，笔", empty="没有直付账单"),
                        Made(messages),
                    ),
                ),
            ),
        ),
        order=40,
    )
)
