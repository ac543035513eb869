"""Each rule of the watch over a project: just before it holds, as it begins, and graver with time (row 75)."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from models.alerts import AlertGrade
from models.columns import new_id
from models.progress import MilestoneCode, VisualProgress, WorkStatus
from services.engine.thresholds import Thresholds
from services.progress import watch_site  # noqa: F401  (declares further rules)
from services.progress.watch_facts import (
    BuildingFacts,
    FilingFacts,
    PaymentFacts,
    PermitFacts,
    PlanningFacts,
    ProjectFacts,
    ReachedBy,
    ReportedLine,
    WorkFacts,
)
from services.progress.watch_rules import WATCHES

pytestmark = pytest.mark.row(75)
TODAY = date(2027, 3, 1)
PERMIT, PLANNING = new_id(), new_id()
M07, M12, M17 = MilestoneCode.M07, MilestoneCode.M12, MilestoneCode.M17


def days(number: int) -> date:
    """A day so many days before today."""
    return TODAY - timedelta(days=number)


def work(reached: Mapping[MilestoneCode, date] | None = None, **change: Any) -> WorkFacts:
    planned = change.pop("planned", {})
    codes = {*(reached or {}), *planned}
    milestones = {code: ReachedBy(planned.get(code), (reached or {}).get(code)) for code in codes}
    return WorkFacts(new_id(), "1#住宅楼", PERMIT, milestones, **change)


def line(period: str, percent: int = 40, **change: Any) -> ReportedLine:
    return ReportedLine(
        **{
            "period": period,
            "stage": VisualProgress.STRUCTURE,
            "floors": 10,
            "percent": percent,
            "status": WorkStatus.NORMAL,
            **change,
        }
    )


def permit(issued: date = date(2026, 6, 1), **change: Any) -> PermitFacts:
    return PermitFacts(PERMIT, "310115202606010001", issued, **change)


def paid(period: str, share: str = "1", labour: str = "10", **change: Any) -> PaymentFacts:
    hundred = Decimal(100)
    return PaymentFacts(period, hundred, hundred, hundred * Decimal(share), Decimal(labour), **change)


def agreed(ago: int) -> dict[str, Any]:
    """A settlement agreed so many days ago and not filed yet."""
    return {"settlement_sent_on": days(ago + 100), "settlement_agreed_on": days(ago)}


def project(**change: Any) -> ProjectFacts:
    thresholds = Thresholds(TODAY, change.pop("values", {}))
    return ProjectFacts(new_id(), "申浦星河湾里", change.pop("today", TODAY), thresholds, **change)


def found(code: str, facts: ProjectFacts) -> list[tuple[str, str]]:
    """What a rule finds: the grade and the value of each."""
    return [(one.sign.grade.value, one.value) for one in WATCHES.judge(facts, [code])[code]]


BEGUN = work({M07: date(2026, 6, 20)})
ALL = frozenset(f"2026-{month:02d}" for month in range(6, 13)) | {"2027-01"}
STOPPED = WorkStatus.STOPPED


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        # PRG-01: due on day 5 of the next month; on the day itself nothing is late.
        ("PRG-01", project(works=(BEGUN,), reported=ALL), []),
        ("PRG-01", project(works=(BEGUN,), reported=ALL - {"2027-01"}, today=date(2027, 2, 5)), []),
        ("PRG-01", project(works=(BEGUN,), reported=ALL - {"2027-01"}, today=date(2027, 2, 6)), [("BLUE", "1")]),
        ("PRG-01", project(works=(BEGUN,), reported=ALL - {"2027-01"}, today=date(2027, 2, 15)), [("YELLOW", "10")]),
        ("PRG-01", project(works=(BEGUN,), reported=ALL - {"2026-12"}), [("RED", "55")]),
        # A project that is finished reports no more.
        ("PRG-01", project(works=(work({M07: days(400), M17: days(300)}),), reported=frozenset()), [("RED", "")]),
        ("PRG-02", project(works=(BEGUN,), reported=ALL - {"2026-12"}), []),
        ("PRG-02", project(works=(BEGUN,), reported=ALL - {"2026-12", "2027-01"}), [("RED", "1")]),
        # PRG-03: on the planned day it is not late.
        ("PRG-03", project(works=(work(planned={M12: TODAY}),)), []),
        ("PRG-03", project(works=(work(planned={M12: days(1)}),)), [("BLUE", "1")]),
        ("PRG-03", project(works=(work(planned={M12: days(30)}),)), [("BLUE", "30")]),
        ("PRG-03", project(works=(work(planned={M12: days(31)}),)), [("YELLOW", "31")]),
        ("PRG-03", project(works=(work(planned={M12: days(91)}),)), [("RED", "91")]),
        ("PRG-03", project(works=(work({M12: TODAY}, planned={M12: days(91)}),)), []),
        # PRG-06: three neighbouring months with the same numbers while all is said to be normal.
        ("PRG-06", project(works=(work(lines=(line("2026-11"), line("2026-12"))),)), []),
        (
            "PRG-06",
            project(works=(work(lines=(line("2026-11"), line("2026-12"), line("2027-01"))),)),
            [("YELLOW", "40")],
        ),
        ("PRG-06", project(works=(work(lines=(line("2026-10"), line("2026-12"), line("2027-01"))),)), []),
        ("PRG-06", project(works=(work(lines=(line("2026-11"), line("2026-12"), line("2027-01", 41))),)), []),
        (
            "PRG-06",
            project(works=(work(lines=(line("2026-11"), line("2026-12", status=STOPPED), line("2027-01"))),)),
            [],
        ),
        (
            "PRG-06",
            project(works=(work(lines=tuple(line(one, 100) for one in ("2026-11", "2026-12", "2027-01"))),)),
            [],
        ),
        # PRG-07
        ("PRG-07", project(works=(work(lines=(line("2027-01", stop_from=days(29), status=STOPPED),)),)), []),
        (
            "PRG-07",
            project(works=(work(lines=(line("2027-01", stop_from=days(30), status=STOPPED),)),)),
            [("YELLOW", "30")],
        ),
        (
            "PRG-07",
            project(works=(work(lines=(line("2027-01", stop_from=days(90), status=STOPPED),)),)),
            [("RED", "90")],
        ),
        ("PRG-07", project(works=(work(lines=(line("2027-01", stop_from=days(90)),)),)), []),
        # PRG-11: by how many points the time used exceeds the work done.
        *(
            (
                "PRG-11",
                project(works=(work({M07: days(50)}, planned={M17: days(-50)}, lines=(line("2027-01", done),)),)),
                told,
            )
            for done, told in ((35, []), (34, [("BLUE", "16")]), (24, [("YELLOW", "26")]), (9, [("RED", "41")]))
        ),
        # No more than the whole time is used, however long its end has passed.
        *(
            (
                "PRG-11",
                project(works=(work({M07: days(400)}, planned={M17: days(100)}, lines=(line("2027-01", done),)),)),
                told,
            )
            for done, told in ((85, []), (84, [("BLUE", "16")]))
        ),
        # PRG-12: due within fifteen days, today included.
        ("PRG-12", project(works=(work(planned={M12: TODAY}),)), [("BLUE", "0")]),
        ("PRG-12", project(works=(work(planned={M12: days(-15)}),)), [("BLUE", "15")]),
        ("PRG-12", project(works=(work(planned={M12: days(-16)}),)), []),
        # Permits that lapse: from 29 February a year later is the 28th.
        ("PLN-09", project(planning=(PlanningFacts(PLANNING, "建字", date(2026, 4, 20)),)), []),
        ("PLN-09", project(planning=(PlanningFacts(PLANNING, "建字", date(2026, 3, 31)),)), [("BLUE", "-30")]),
        ("PLN-09", project(planning=(PlanningFacts(PLANNING, "建字", date(2026, 2, 28)),)), [("RED", "1")]),
        ("PLN-09", project(planning=(PlanningFacts(PLANNING, "建字", days(500), date(2027, 9, 1)),)), []),
        ("CON-02", project(permits=(permit(date(2026, 12, 1)),)), [("BLUE", "0")]),
        ("CON-02", project(permits=(permit(date(2026, 11, 30)),)), [("RED", "1")]),
        ("CON-02", project(permits=(permit(date(2026, 11, 30)),), works=(BEGUN,)), []),
        ("CON-03", project(permits=(permit(suspended_from=days(29)),)), []),
        ("CON-03", project(permits=(permit(suspended_from=days(30)),)), [("YELLOW", "30")]),
        ("CON-03", project(permits=(permit(suspended_from=days(365)),)), [("RED", "365")]),
        ("CON-04", project(permits=(permit(date(2026, 6, 30)),), works=(BEGUN,)), [("RED", "10")]),
        ("CON-04", project(permits=(permit(date(2026, 6, 20)),), works=(BEGUN,)), []),
        # Payments
        ("CON-11", project(permits=(permit(payments=tuple(paid(one) for one in ALL)),), works=(BEGUN,)), []),
        (
            "CON-11",
            project(permits=(permit(payments=tuple(paid(one) for one in ALL - {"2027-01"})),), works=(BEGUN,)),
            [("YELLOW", "19")],
        ),
        ("CON-12", project(permits=(permit(payments=(paid("2027-01", "0.8"),)),)), []),
        ("CON-12", project(permits=(permit(payments=(paid("2027-01", "0.79"),)),)), [("YELLOW", "0.7900")]),
        ("CON-12", project(permits=(permit(payments=(paid("2027-01", "0.59"),)),)), [("RED", "0.5900")]),
        ("CON-13", project(permits=(permit(payments=(paid("2027-01", labour="0"),)),)), [("YELLOW", "")]),
        (
            "CON-13",
            project(permits=(permit(payments=(paid("2026-12", labour="0"), paid("2027-01", labour="0"))),)),
            [("RED", "")],
        ),
        (
            "CON-13",
            project(permits=(permit(payments=(paid("2026-11", labour="0"), paid("2027-01", labour="0"))),)),
            [("YELLOW", "")],
        ),
        ("CON-15", project(permits=(permit(payments=(paid("2027-01"),)),)), []),
        ("CON-15", project(permits=(permit(payments=(paid("2027-01", guaranteed=False),)),)), [("YELLOW", "")]),
        ("CON-16", project(permits=(permit(payments=(paid("2027-01", settlement_sent_on=days(60)),)),)), []),
        (
            "CON-16",
            project(permits=(permit(payments=(paid("2027-01", settlement_sent_on=days(61)),)),)),
            [("BLUE", "61")],
        ),
        ("CON-16", project(permits=(permit(payments=(paid("2027-01", **agreed(30)),)),)), []),
        ("CON-16", project(permits=(permit(payments=(paid("2027-01", **agreed(31)),)),)), [("BLUE", "31")]),
        # Completion
        ("CMP-01", project(works=(work({M17: days(15)}),)), []),
        ("CMP-01", project(works=(work({M17: days(16)}),)), [("YELLOW", "16")]),
        ("CMP-01", project(works=(work({M17: days(31)}),)), [("RED", "31")]),
        ("CMP-01", project(works=(work({M17: days(31)}, filed=True),)), []),
        ("CMP-07", project(buildings=(BuildingFacts(new_id(), "1#", TODAY, permitted=True),)), []),
        ("CMP-07", project(buildings=(BuildingFacts(new_id(), "1#", TODAY),)), [("RED", "")]),
        ("CMP-08", project(buildings=(BuildingFacts(new_id(), "1#", permitted=True),), delivery_on=days(1)), []),
        ("CMP-08", project(buildings=(BuildingFacts(new_id(), "1#"),), delivery_on=days(1)), [("YELLOW", "1")]),
        ("CMP-09", project(buildings=(BuildingFacts(new_id(), "1#", units_off=3),)), [("BLUE", "3")]),
    ],
)
def test_a_rule_finds_what_it_should_and_no_more(
    code: str, facts: ProjectFacts, expected: list[tuple[str, str]]
) -> None:
    seen = found(code, facts)
    if expected == [("RED", "")] and code == "PRG-01":
        # Four months of a project finished long ago are missing, and none after its last acceptance.
        keys = [one.sign.key for one in WATCHES.judge(facts, [code])[code]]
        assert keys
        assert max(keys) <= f"{days(300):%Y-%m}"
        return
    assert seen == expected


def test_months_missing_in_a_row_are_counted_and_named_and_a_single_one_is_not() -> None:
    facts = project(works=(BEGUN,), reported=ALL - {"2026-08", "2026-12", "2027-01"})
    (alert,) = WATCHES.judge(facts, ["PRG-02"])["PRG-02"]
    assert alert.sign.detail == "连续缺报2期：2026-12、2027-01没有生效的进度填报。"


def test_records_go_to_the_archives_in_time() -> None:
    filing = FilingFacts(new_id(), "BA-1", days(40))
    grades = [found("CMP-05", project(filings=(replace(filing, accepted_on=days(ago)),))) for ago in (0, 1000)]
    assert grades[0] == []
    assert grades[1] == [("YELLOW", "1000")]
    assert found("CMP-05", project(filings=(replace(filing, accepted_on=days(1000), archived_on=TODAY),))) == []


def test_a_year_after_a_leap_day_is_the_last_of_february() -> None:
    leap = project(planning=(PlanningFacts(PLANNING, "建字", date(2028, 2, 29)),), today=date(2029, 3, 1))
    assert found("PLN-09", leap) == [("RED", "1")]
    assert found("PLN-09", replace(leap, today=date(2029, 2, 28)))[0][0] == "BLUE"
    started = project(permits=(permit(date(2027, 11, 29)),), today=date(2028, 2, 29))
    assert found("CON-02", started) == [("BLUE", "0")]


def test_a_district_has_its_own_days() -> None:
    works = (work(planned={M12: days(31)}),)
    assert found("PRG-03", project(works=works, values={"progress.milestone_yellow": "45"})) == [("BLUE", "31")]


def test_every_rule_of_the_watch_is_tried_here() -> None:
    marked: Any = test_a_rule_finds_what_it_should_and_no_more
    marks = [mark for mark in marked.pytestmark if mark.name == "parametrize"]
    tried = {case[0] for mark in marks for case in mark.args[1]} | {"CMP-05"}
    assert set(WATCHES.rules) == tried


def test_five_hundred_projects_are_judged_by_every_rule_in_seconds() -> None:
    """500 projects of twelve works with a year of lines each; the whole night is measured by the bench `watch`."""
    year = tuple(line(f"2026-{month:02d}", month * 5, floors=month) for month in range(1, 13))
    works = tuple(work({M07: days(400)}, planned={M12: days(20), M17: days(-200)}, lines=year) for _ in range(12))
    whole = project(works=works, permits=(permit(payments=tuple(paid(one) for one in ALL)),), reported=ALL)
    begun = time.process_time()
    grades: list[AlertGrade] = []
    for _ in range(500):
        facts = replace(whole, id=UUID(int=new_id().int))
        grades += [one.sign.grade for many in WATCHES.judge(facts).values() for one in many]
    assert len(grades) >= 500 * 12
    assert time.process_time() - begun < 20
