"""The home of the city's rental office: districts on a map, 13 months, what is late, partners, figures of today (issue 19)."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from sqlmodel import func

from models.access import LEASING_CITY
from models.codes import Toned
from models.engine import ExchangeLog, Outgoing, OutgoingState
from models.forced_review import ForcedReview
from models.house import House
from models.tenancy import GovCase, LeaseFiling
from services.engine.clock import SHANGHAI
from services.engine.figures import Figure, tallies
from services.engine.home_tiles import Band, Count, Lines, Measure, Months, Places, last_days, today_only
from services.engine.homes import Choice, Column, Entry, Home, Made, Panel, home
from services.engine.listings import Line
from services.engine.look_ups import values_by
from services.engine.work import Work
from services.forced_review.listings import REVIEWS
from services.homes.common import clock, day_words, drafts_if_any, messages
from services.homes.district import AGES, refused
from services.operations.alarms import ALARMS
from services.operations.systems import label_of
from services.partners.dead_letters import LETTERS
from services.partners.exchanges import LOG
from services.ports.port import PORTS
from services.tenancy.listings import CASES, FILINGS

_ARRIVED = (str(OutgoingState.SENT), "ok", "OK")
_MOST_PARTNERS = 5
_CASES_30 = "近30日；右为同比"


def partners(work: Work) -> Panel:
    """Each system spoken with today: how many exchanges, how many failed; those that fail come first."""
    since = datetime.combine(work.today, time(), SHANGHAI)
    columns: Any = (ExchangeLog.system, ExchangeLog.outcome)
    asked: Any = work.visible(ExchangeLog).where(ExchangeLog.at >= since).with_only_columns(*columns, func.count())
    found: dict[str, list[int]] = {}
    for system, outcome, count in work.session.connection().execute(asked.group_by(*columns)).all():
        found.setdefault(system, [0, 0])[outcome in _ARRIVED] += count
    return Panel(
        "gauges",
        "对接方",
        (Choice("", tuple(_partners(work, found))),),
        "今日；未送达和失败的在前",
        empty="今日还没有与对接方的往来",
    )


def _partners(work: Work, found: dict[str, list[int]]) -> Iterator[Entry]:
    undelivered = tallies(work, LETTERS, {}, Outgoing.system)
    for system in undelivered:
        found.setdefault(system, [0, 0])
    ranked = sorted(
        found.items(),
        key=lambda pair: (-undelivered.get(pair[0], 0), -pair[1][0] / max(1, sum(pair[1])), -sum(pair[1])),
    )
    day = today_only(work)
    silent = [(system, [0, 0]) for system in sorted(PORTS) if system not in found]
    for system, (failed, arrived) in [*ranked, *silent][:_MOST_PARTNERS]:
        if left := undelivered.get(system, 0):
            words = f"今日 {failed + arrived:,} 次往来"
            yield Entry(label_of(system), Figure(system, "", opens="letters"), words, Toned(f"{left}件未送达", "bad"))
            continue
        if not failed + arrived:
            yield Entry(label_of(system), None, "今日无往来", Toned("无往来"))
            continue
        filters = {**day, "partner": system, **({"outcome": "FAILED"} if failed else {})}
        opened = Figure(system, label_of(system), failed or arrived, LOG.name, filters)
        chip = Toned(f"{failed}次失败", "bad") if failed else Toned("正常", "good")
        tone = "bad" if failed * 10 > arrived else "warn" if failed else "good"
        words = f"{failed + arrived:,} 次往来"
        yield Entry(label_of(system), opened, words, chip, share=arrived / (failed + arrived), tone=tone)


def _late(work: Work, line: Line) -> Entry:
    row = work.only(ForcedReview, ForcedReview.id == line.id)
    address = values_by(work, House.id, House.address, [row.house_id]).get(row.house_id, "")
    opened = Figure(str(row.id), line.apply_no, opens="filing_reviews", filters={"id": str(row.id)})
    under = f"至{day_words(row.due_on)} · {row.state.label} · {line.review_unit}"
    return Entry(address, opened, under, clock(row.due_on, work.today))


LATE = Lines(
    "要督办的",
    REVIEWS,
    _late,
    {"overdue": "1"},
    sort="clock",
    most=6,
    note="超期的强制核验，最迟的在前",
    empty="没有超期的强制核验",
)
CITY = home(
    Home(
        "city",
        LEASING_CITY,
        (
            (
                Column(
                    12,
                    (
                        Band(
                            (
                                Count("late", "强制核验超期", REVIEWS, {"overdue": "1"}, said="审核期限已过", bad=True),
                                Count("letters", "未送达报文", LETTERS, {}, said="待重送", bad=True),
                                Count("alarms", "告警", ALARMS, {}, "条", "未关闭，须处置", bad=True),
                                Count("waiting", "待处理办件", CASES, {"waiting": "1"}, said="拦截、待补正和核验中"),
                                Count("filed", "今日备案", FILINGS, today_only, said="全市"),
                                Count("month", "近30日备案", FILINGS, last_days, said="含今日"),
                                Count("refused", "近30日退件和拦截", CASES, refused, said="自动核验未通过"),
                            )
                        ),
                    ),
                ),
            ),
            (
                Column(
                    8,
                    (
                        Places(
                            "各区",
                            (
                                Measure(
                                    "备案",
                                    FILINGS,
                                    LeaseFiling.district_code,
                                    last_days,
                                    lambda work: last_days(work, years=1),
                                    _CASES_30,
                                ),
                                Measure("退件和拦截", CASES, GovCase.district_code, refused, note="近30日", bad=True),
                                Measure(
                                    "待处理", CASES, GovCase.district_code, {"waiting": "1"}, note="现有", bad=True
                                ),
                            ),
                        ),
                    ),
                ),
                Column(4, (LATE, Made(partners), Made(drafts_if_any), Made(messages))),
            ),
            (
                Column(
                    6,
                    (
                        Months(
                            "备案与退件",
                            FILINGS,
                            LeaseFiling.filed_on,
                            head=("备案，件（左）", "退件和拦截占受理（右）"),
                            part=(CASES, GovCase.accepted_on, {"refused": "1"}),
                        ),
                    ),
                ),
                Column(6, (AGES,)),
            ),
        ),
        order=21,
    )
)
