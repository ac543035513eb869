"""Loads the whole demo in order; every step is skipped where it was done before."""

import logging
from pathlib import Path

from deploy.demo.alerts import load_alerts, load_watched_months
from deploy.demo.arrivals import date_arrivals
from deploy.demo.central_projects import load_central_projects
from deploy.demo.central_rooms import load_central_rooms
from deploy.demo.citizens import load_citizens
from deploy.demo.companies import load_companies
from deploy.demo.counter_day import load_counter_day
from deploy.demo.direct_pay import load_direct_pay
from deploy.demo.filing_reviews import load_filing_reviews
from deploy.demo.firms import load_firms, office_ids
from deploy.demo.forced_reviews import load_forced_reviews
from deploy.demo.handbooks import load_handbooks
from deploy.demo.houses import load_houses
from deploy.demo.joint import load_joint
from deploy.demo.land import load_land
from deploy.demo.land_drafts import load_drafts
from deploy.demo.leases import LoadLeases, load_leases
from deploy.demo.lives import load_deliveries
from deploy.demo.models import load_models
from deploy.demo.offices import load_offices
from deploy.demo.one_stop import load_one_stop
from deploy.demo.opinions import load_consulting
from deploy.demo.pilot_leases import load_pilot
from deploy.demo.practitioners import load_practitioners
from deploy.demo.progress import load_progress
from deploy.demo.pushes import load_members, load_pushes
from deploy.demo.refilings import load_refilings
from deploy.demo.sales import load_sales
from deploy.demo.site_photos import load_site_photos
from deploy.demo.sold_homes import load_late_sales
from deploy.demo.streets import load_streets
from deploy.demo.sublets import load_sublets
from deploy.demo.unmanaged import load_unmanaged
from deploy.demo.verifications import load_verifications
from services.direct_pay.ledger import fill_all
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.legacy.judge import judge_files
from services.parcels.parcel_watches import watch_parcels
from services.supply.closed_months import close_due

log = logging.getLogger("shenfang.demo")


def load_demo(door: Door, data: Path, *, market: bool = True) -> None:
    """Offices and accounts, houses, fixtures, and the legacy leases judged as a migration would.

    Without the `market` it is what a sandbox needs: partners exchange no message about the market.
    """
    door.perform(load_offices, SYSTEM, None)
    houses, contracts = data / "houses_2000.csv", data / "contracts_2000.csv"
    fresh = door.perform(load_houses, SYSTEM, houses)
    door.perform(load_houses, SYSTEM, data / "fixtures" / "houses.csv")
    if fresh:
        log.info("正在载入示例数据，约需半分钟，忙时更久 ……")
        report = judge_files(houses, contracts, data / "rules.csv")
        verdicts = tuple(str(line["verdict"]) for line in report.contract_lines())
        offices = door.look(SYSTEM, office_ids)
        count = door.perform(load_leases, SYSTEM, LoadLeases(contracts, verdicts, offices))
        log.info("已载入房屋 %s 套、备案 %s 件", fresh, count)
    door.perform(load_firms, SYSTEM, None)
    door.perform(load_central_rooms, SYSTEM, None)
    load_central_projects(door)
    door.perform(load_members, SYSTEM, None)
    if pushed := load_pushes(door, data):
        log.info("已载入近两个月推送的租约与入住 %s 件", pushed)
    door.perform(load_pilot, SYSTEM, None)
    door.perform(load_direct_pay, SYSTEM, None)
    load_practitioners(door)
    if market:
        _load_market(door)
    load_sublets(door)
    load_streets(door)
    load_verifications(door)
    load_forced_reviews(door)
    load_one_stop(door)
    load_filing_reviews(door)
    load_counter_day(door)
    door.perform(load_unmanaged, SYSTEM, None)
    door.perform(load_refilings, SYSTEM, None)
    load_citizens(door)
    if market:
        _load_years_of_market(door)
    fill_all(door)


def _load_market(door: Door) -> None:
    """Companies, their land, projects and sales."""
    door.perform(load_companies, SYSTEM, None)
    if parcels := door.perform(load_land, SYSTEM, None):
        log.info("已载入地块 %s 宗、办理中的项目 %s 个", parcels, load_drafts(door))
        door.perform(load_progress, SYSTEM, None)
        watch_parcels(door)
    if events := load_sales(door):
        log.info("已载入近三年的销售事件 %s 条", events)
    door.perform(load_deliveries, SYSTEM, None)
    load_site_photos(door)
    door.perform(date_arrivals, SYSTEM, None)
    load_watched_months(door)
    load_joint(door)
    load_consulting(door)


def _load_years_of_market(door: Door) -> None:
    """Alerts, handbooks and closed months as the nights of past years left them; and models of buildings."""
    load_alerts(door)
    if models := door.perform(load_models, SYSTEM, None):
        log.info("已载入建筑物三维模型 %s 幢", models)
    load_handbooks(door)
    close_due(door)
    door.perform(load_late_sales, SYSTEM, None)
