"""Watches over parcels: overdue instalments (PAR-06), unanswered offers (PAR-08) and their end (rows 55-57)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import col, or_, select

from models.access import Role
from models.alerts import AlertGrade
from models.land_codes import LinkVerb
from models.parcels import Parcel, ParcelInstalment, ParcelProjectLink
from models.records import InForceState, PactState
from models.working_days import calendar
from services.alerts.alert_states import sweep
from services.alerts.signs import Line, Sign, Subject, grade_of
from services.engine.callers import SYSTEM
from services.engine.clock import shanghai_day
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.kinds import Owner
from services.engine.pacts import expire_due
from services.engine.registry import action
from services.engine.value_checks import shown
from services.engine.work import Work
from services.parcels.holdings import LINKS, links_of
from services.parcels.link_parts import UNANSWERED, end_by_itself, other_side, sides_of, tell

INSTALMENT_YELLOW, INSTALMENT_RED = "parcels.instalment_yellow_days", "parcels.instalment_red_days"
OFFER_BLUE, OFFER_YELLOW = "parcels.offer_blue_days", "parcels.offer_yellow_days"
_EXPIRED = ("地块关联逾期失效", "对方未在期限内答复，关联申请已失效，可重新发起。")


#: How grave an instalment is that is so many days late (PAR-06), and an offer unanswered for so many working days (PAR-08).
LATE = {AlertGrade.RED: INSTALMENT_RED, AlertGrade.YELLOW: INSTALMENT_YELLOW}
UNANSWERED_FOR = {AlertGrade.YELLOW: OFFER_YELLOW, AlertGrade.BLUE: OFFER_BLUE}


@action("parcels.watch_instalments", "核对土地价款缴付", roles={Role.SYSTEM}, event="")
def watch_instalments(work: Work, order: None) -> int:
    """Alerts about instalments of parcels in force that are late and not paid in full."""
    rows = work.session.exec(
        select(ParcelInstalment, Parcel)
        .join(Parcel, col(Parcel.id) == col(ParcelInstalment.record_id))
        .where(
            Parcel.in_force == InForceState.EFFECTIVE,
            ParcelInstalment.due_on < work.today,
            or_(
                col(ParcelInstalment.paid_amount).is_(None),
                col(ParcelInstalment.paid_amount) < col(ParcelInstalment.amount),
            ),
        )
        .order_by(col(ParcelInstalment.record_id), col(ParcelInstalment.no))
    ).all()
    return sweep(work, "PAR-06", _late(work, rows), "该期价款已缴清或付款计划已变更")


def _late(work: Work, rows: Any) -> Iterator[tuple[Subject, Sign]]:
    for line, parcel in rows:
        days = (work.today - line.due_on).days
        thresholds = work.thresholds.over(parcel.district_code)
        grade = grade_of(days, thresholds, LATE)
        if grade is None:
            continue
        paid = line.paid_amount or Decimal(0)
        sign = Sign(
            grade,
            f"第{line.no}期土地价款逾期{days}天",
            f"地块“{parcel.parcel_name}”第{line.no}期应于{line.due_on}缴付，尚欠{shown(line.amount - paid)}元，"
            f"已逾期{days}天。",
            (
                Line("应付金额（元）", shown(line.amount), shown(paid)),
                Line("应付日期", str(line.due_on), str(line.paid_on or "未缴")),
            ),
            f"逾期{thresholds.integer(INSTALMENT_YELLOW)}天黄色、{thresholds.integer(INSTALMENT_RED)}天红色",
            key=str(line.no),
        )
        yield Subject("parcel", parcel.id, owner_of_parcel(work, parcel), parcel.parcel_name), sign


def owner_of_parcel(work: Work, parcel: Parcel) -> Owner:
    """Return the owner to notify about a parcel: its head company, and the project company if any."""
    links = links_of(work, ParcelProjectLink, parcel.id, PactState.CONFIRMED)
    companies = {link.project_company_id for link in links}
    only = companies.pop() if len(companies) == 1 else None
    return Owner(parcel.district_code, parcel.head_company_id, only)


@action("parcels.watch_offers", "核对地块关联答复", roles={Role.SYSTEM}, event="")
def watch_offers(work: Work, order: None) -> int:
    """End the offers whose day is over, then alert about those that wait too long."""
    for table in LINKS:
        for link in expire_due(work, table, work.today):
            end_by_itself(work, link, LinkVerb.EXPIRED)
            tell(work, link, *_EXPIRED, *sides_of(link))
    work.session.flush()
    waiting: list[Any] = []
    for table in LINKS:
        waiting += work.session.exec(
            select(table, Parcel)
            .join(Parcel, col(Parcel.id) == col(table.parcel_id))
            .where(table.state == PactState.OFFERED)
            .order_by(col(table.id))
        ).all()
    return sweep(work, UNANSWERED, _unanswered(work, waiting), "已答复或已失效")


def _unanswered(work: Work, rows: Any) -> Iterator[tuple[Subject, Sign]]:
    for link, parcel in rows:
        days = working_days_since(shanghai_day(link.offered_at), work.today)
        thresholds = work.thresholds.over(link.district_code)
        grade = grade_of(days, thresholds, UNANSWERED_FOR)
        if grade is None:
            continue
        company = link.project_company_id if isinstance(link, ParcelProjectLink) else None
        sign = Sign(
            grade,
            f"地块关联{days}个工作日未答复",
            f"地块“{parcel.parcel_name}”的关联申请等待{other_side(link).label}答复已{days}个工作日，"
            f"{link.expires_on}后自动失效。",
            threshold=f"{thresholds.integer(OFFER_BLUE)}个工作日蓝色、{thresholds.integer(OFFER_YELLOW)}个工作日黄色",
        )
        owner = Owner(link.district_code, link.head_company_id, company)
        yield Subject(str(link.__tablename__), link.id, owner, parcel.parcel_name), sign


def working_days_since(day: date, today: date) -> int:
    return calendar().working_days_between(day, today) if today > day else 0


@job("parcels.watch", "监测地块价款与关联答复", at="02:10")
def watch_parcels(door: Door) -> int:
    found = door.perform(watch_instalments, SYSTEM, None)
    return found + door.perform(watch_offers, SYSTEM, None)
