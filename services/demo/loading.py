"""Loads the whole demo in order; every step is skipped where it was done before."""

import logging
from pathlib import Path

from services.demo.firms import LoadFirms, load_firms, office_ids
from services.demo.houses import LoadHouses, load_houses
from services.demo.leases import LoadLeases, load_leases
from services.demo.offices import load_offices
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.legacy.judge import judge_files

log = logging.getLogger("shenfang.demo")


def load_demo(door: Door, data: Path) -> None:
    """Offices and accounts, houses, fixtures, and the legacy leases judged as a migration would."""
    door.perform(load_offices, SYSTEM, None)
    houses, contracts = data / "houses_2000.csv", data / "contracts_2000.csv"
    fresh = door.perform(load_houses, SYSTEM, LoadHouses(houses))
    door.perform(load_houses, SYSTEM, LoadHouses(data / "fixtures" / "houses.csv"))
    if fresh:
        report = judge_files(houses, contracts, data / "rules.csv")
        verdicts = tuple(str(line["verdict"]) for line in report.contract_lines())
        offices = door.look(SYSTEM, office_ids)
        count = door.perform(load_leases, SYSTEM, LoadLeases(contracts, verdicts, offices))
        log.info("loaded %s houses and %s leases", fresh, count)
    door.perform(load_firms, SYSTEM, LoadFirms(data / "fixtures"))
