"""Looking up among a million filings through the door, as a city official and as a counter clerk, beside the bare driver.

Ctrl+K asks what its dialog asks: every list of the user that may hold the text.
"""

import argparse
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
from sqlmodel import col, func, select

from models.house import House
from models.sealed import index_of
from models.tenancy import ContractParty, LeaseFiling
from services.engine.callers import Caller
from services.engine.door import Door
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.refusals import Refusal
from services.engine.work import Work
from services.tenancy.listings import FILINGS
from tests.bench.ground import ENGINES, Ground, sealer, world_at
from tests.bench.measure import Figure, below, in_turn, spread, told
from tests.bench.million import FIRM, RARE_ROAD, million
from ui.catalogue import MODULES
from ui.shell.finder import MOST_ROWS, askable
from ui.shell.modules import modules_for

LOOK_UPS, SEARCHES = 300, 25
EXACT, SUBSTRING, ANYWHERE = 0.05, 0.3, 0.15
_FILING = "SELECT f.* FROM lease_filing f"
_BARE = {
    "filing number": f"{_FILING} WHERE f.filing_no = ?",
    "certificate number": f"{_FILING} JOIN house h ON h.id = f.house_id WHERE h.cert_no_index = ? "
    "ORDER BY f.filed_on DESC LIMIT 50",
    "person's number": f"{_FILING} JOIN contract_party p ON p.contract_id = f.contract_id WHERE p.id_no_index = ? "
    "ORDER BY f.filed_on DESC LIMIT 50",
    "address": f"{_FILING} WHERE f.house_id IN (SELECT id FROM house WHERE address LIKE ?) "
    "ORDER BY f.filed_on DESC LIMIT 50",
}


@dataclass(frozen=True)
class Sample:
    """Things to look for that are there, and within one clerk's sight."""

    numbers: list[str]
    certificates: list[str]
    persons: list[str]
    addresses: list[str]


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        url = million(ground, engine, arguments.rows)
        with world_at(url, houses=False) as world, bare_driver(url) as bare:
            for login in ("shi01", "huamu01"):
                caller = world.caller(login)
                sample: Sample = world.read(partial(sample_of, unit=caller.unit_id if login == "huamu01" else None))
                who = f"{engine}, {'city' if login == 'shi01' else 'clerk'}"
                figures += _exact(who, world.door, caller, sample, bare)
                figures += _substring(who, world.door, caller, sample, bare)
                anywhere = [partial(find_anywhere, world.door, caller, one) for one in sample.numbers]
                times = in_turn({"door": anywhere})["door"]
                figures.append(told(below(f"Ctrl+K, a filing's number, {who}", times[5:], ANYWHERE)))
    return figures


def _exact(who: str, door: Door, caller: Caller, sample: Sample, bare: Callable[..., Any]) -> list[Figure]:
    looks: dict[str, tuple[list[ListRows], list[str]]] = {
        "filing number": ([ListRows({"number": one}) for one in sample.numbers], sample.numbers),
        "certificate number": (
            [ListRows({"cert_no": one}) for one in sample.certificates],
            [index_of(sealer(), "cert_no", one) for one in sample.certificates],
        ),
        "person's number": (
            [ListRows({"id_no": one}) for one in sample.persons],
            [index_of(sealer(), "id_no", one) for one in sample.persons],
        ),
    }
    figures = []
    for name, (filters, keys) in looks.items():
        times = in_turn(
            {
                "door": [partial(_found, door, caller, one) for one in filters],
                "bare": [partial(bare, _BARE[name], key) for key in keys],
            }
        )
        figures.append(told(below(f"{name}, {who}", times["door"][5:], EXACT, baseline=times["bare"][5:])))
    # Not a person: told beside, without a target.
    firm = in_turn({"door": [partial(_asked, door, caller, ListRows({"id_no": FIRM}))] * SEARCHES})
    figures.append(told(Figure(f"number of a firm with 12,000 filings, {who}", spread(firm["door"]))))
    return figures


def _substring(who: str, door: Door, caller: Caller, sample: Sample, bare: Callable[..., Any]) -> list[Figure]:
    chance = random.Random(3)
    terms: dict[str, list[str]] = {
        "a rare road": [RARE_ROAD],
        "2 rare characters": [RARE_ROAD[:2]],
        "a whole address": sample.addresses,
        "road and lane": [one[one.index("区") + 1 : one.index("弄") + 1] for one in sample.addresses],
        "a road": [_road(one) for one in sample.addresses],
        "2 frequent characters": ["新区", "路1", "弄1", "1室"],
        "lane and number": [f"{chance.randrange(1, 2000)}弄{chance.randrange(1, 120)}号" for _ in range(SEARCHES)],
        "number and room": [f"{chance.randrange(1, 120)}号{chance.randrange(1, 25)}0{n % 6 + 1}室" for n in range(25)],
        "no hit, a rare word": ["紫金山麓", "鲲鹏雅苑"],
        "no hit, frequent characters": ["新区新区", "室1室", "号1号1号"],
    }
    figures = []
    for name, words in terms.items():
        asked = [words[place % len(words)] for place in range(SEARCHES)]
        times = in_turn(
            {
                "door": [partial(_asked, door, caller, ListRows({"address": word})) for word in asked],
                "bare": [partial(bare, _BARE["address"], f"%{word}%") for word in asked[:2]],
            },
            block=5,
        )
        figures.append(told(below(f"address: {name}, {who}", times["door"], SUBSTRING, baseline=times["bare"])))
    return figures


def find_anywhere(door: Door, caller: Caller, text: str) -> int:
    """Ask each list of a user that may hold a text, as Ctrl+K does; gives how many rows were found."""
    workspace: Any = SimpleNamespace(modules={one.key: one for one in modules_for(caller, MODULES)})
    found = 0
    for _, listing, by in askable(workspace, text):
        with suppress(Refusal):
            filters = {**listing.found_with, by.key: text}
            found += len(door.ask(listing.query, caller, ListRows(filters, Paging(size=MOST_ROWS))).lines)
    return found


def _road(address: str) -> str:
    lane = address[: address.index("弄")]
    return lane[lane.index("区") + 1 :].rstrip("0123456789")


def _found(door: Door, caller: Caller, wanted: ListRows) -> None:
    assert door.ask(FILINGS.query, caller, wanted).total > 0, wanted


def _asked(door: Door, caller: Caller, wanted: ListRows) -> None:
    door.ask(FILINGS.query, caller, wanted)


def sample_of(work: Work, *, unit: UUID | None) -> Sample:
    """Filings, houses and persons of a unit, or of the whole city."""
    seen = [] if unit is None else [LeaseFiling.unit_id == unit]
    count = work.session.exec(select(func.count()).select_from(LeaseFiling).where(*seen)).one()
    step = max(1, count // LOOK_UPS)
    rows = work.session.exec(
        select(col(LeaseFiling.filing_no), col(LeaseFiling.house_id), col(LeaseFiling.contract_id)).where(*seen)
    ).all()[::step][:LOOK_UPS]
    houses = work.session.exec(select(House).where(col(House.id).in_([row[1] for row in rows]))).all()
    parties = work.session.exec(
        select(ContractParty).where(col(ContractParty.contract_id).in_([row[2] for row in rows]))
    ).all()
    persons = [party.id_no.plain for party in parties if party.id_type == "11"][:LOOK_UPS]
    return Sample(
        [row[0] for row in rows],
        [house.cert_no.plain for house in houses],
        persons,
        [house.address for house in houses][:SEARCHES],
    )


@contextmanager
def bare_driver(url: str) -> Iterator[Callable[..., Any]]:
    """`ask(sql, key)` by the engine's own driver on one connection."""
    if url.startswith("sqlite"):
        plain = sqlite3.connect(url.removeprefix("sqlite:///"))
        try:
            yield lambda sql, key: plain.execute(sql, (key,)).fetchall()
        finally:
            plain.close()
    else:
        with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
            yield lambda sql, key: connection.execute(sql.replace("?", "%s").encode(), (key,)).fetchall()
