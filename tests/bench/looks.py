"""A keyed look-up and a page of 50 through door, scope, MAC and mask, beside the driver with the same condition (issue 20).

Processor time with PostgreSQL's own, in turns. Each is asked beside two baselines: the driver that reads the filings'
rows and nothing else, and the driver that reads all their lines show: filings, houses, parties and a look-up's count.
"""

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from models.sealed import index_of
from services.engine.callers import Caller
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.tenancy.listings import FILINGS
from tests.bench.ground import ENGINES, Ground, sealer, world_at
from tests.bench.measure import Figure, paired, spent_with_server, told
from tests.bench.million import million, stand_at_making
from tests.bench.search import Sample, bare_driver, sample_of
from tests.world import World

KEYED, PAGE = 5.0, 3.0
LOOKS, PAGES = 100, 16
_FILING = "SELECT f.* FROM lease_filing f"
_KEYS = {
    "filing number": "f.filing_no = ?",
    "certificate number": "f.house_id IN (SELECT id FROM house WHERE cert_no_index = ?)",
    "person's number": "f.contract_id IN (SELECT contract_id FROM contract_party WHERE id_no_index = ?)",
}
_PAGES = {
    "by day": ({}, "1 = 1 OR f.state = ?"),
    "of a state, by day": ({"state": "CANCELLED"}, "f.state = ?"),
    "of a district, by day": ({"district": "310115"}, "f.district_code = ?"),
}
_PAGE_BASELINES = {
    "bare statement": ["{}"],
    "filings, houses, parties": [
        "{}",
        "SELECT h.* FROM house h WHERE h.id IN (SELECT page.house_id FROM ({}) page)",
        "SELECT p.* FROM contract_party p WHERE p.contract_id IN (SELECT page.contract_id FROM ({}) page)",
    ],
}


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        url = million(ground, engine, arguments.rows)
        with world_at(url, houses=False) as world, bare_driver(url) as bare:
            world.door.database.survey()
            stand_at_making(world)
            for login, who in (("shi01", "city"), ("huamu01", "clerk")):
                figures += map(told, _looks(engine, who, url, world, world.caller(login), bare))
            figures += map(told, _pages(engine, url, world, bare))
    return figures


def _looks(engine: str, who: str, url: str, world: World, caller: Caller, bare: Callable[..., Any]) -> Iterator[Figure]:
    sample: Sample = world.read(partial(sample_of, unit=caller.unit_id if who == "clerk" else None))
    asked = {
        "filing number": ("number", sample.numbers, sample.numbers),
        "certificate number": ("cert_no", sample.certificates, _indexes("cert_no", sample.certificates)),
        "person's number": ("id_no", sample.persons, _indexes("id_no", sample.persons)),
    }
    for name, (key, texts, keys) in asked.items():
        orders = [ListRows({key: text}) for text in texts[:LOOKS]]

        def door(orders: Sequence[ListRows] = orders) -> None:
            for order in orders:
                assert world.door.ask(FILINGS.query, caller, order).total, order

        for beside, statements in _baselines(name).items():
            found = paired(door, partial(_driven, bare, statements, keys[:LOOKS]), clock=spent_with_server(url))
            yield found.figure(f"{name}, {who}, {engine}", KEYED, beside=f"driver, {beside}", each=len(orders))


def _indexes(column: str, texts: Sequence[str]) -> list[str]:
    return [index_of(sealer(), column, text) for text in texts]


def _baselines(name: str) -> dict[str, list[str]]:
    where = f"WHERE {_KEYS[name]} ORDER BY f.filed_on DESC LIMIT 50"
    one = f"{_FILING} {where}"
    of_line = [
        f"SELECT h.* FROM house h WHERE h.id IN (SELECT f.house_id FROM lease_filing f WHERE {_KEYS[name]})",
        "SELECT p.* FROM contract_party p WHERE p.contract_id IN "
        f"(SELECT f.contract_id FROM lease_filing f WHERE {_KEYS[name]})",
        f"SELECT count(*) FROM lease_filing f WHERE {_KEYS[name]}",
    ]
    return {"the filing alone": [one], "filing, house, parties, count": [one, *of_line]}


def _driven(bare: Callable[..., Any], statements: Sequence[str], keys: Sequence[str]) -> None:
    for key in keys:
        for statement in statements:
            bare(statement, key)


def _pages(engine: str, url: str, world: World, bare: Callable[..., Any]) -> Iterator[Figure]:
    caller = world.caller("shi01")
    places = random.Random(20).choices(range(8), k=PAGES)
    for name, (filters, where) in _PAGES.items():
        statement = f"{_FILING} WHERE {where} ORDER BY f.filed_on DESC, f.id DESC LIMIT 50 OFFSET "
        key = next(iter(filters.values()), "")

        def door(filters: dict[str, str] = filters) -> None:
            for place in places:
                assert world.door.ask(FILINGS.query, caller, ListRows(filters, Paging(place + 1, 50))).total

        for beside, parts in _PAGE_BASELINES.items():

            def driven(parts: Sequence[str] = parts, statement: str = statement, key: str = key) -> None:
                for place in places:
                    for part in parts:
                        assert bare(part.format(f"{statement}{place * 50}"), key)

            found = paired(door, driven, clock=spent_with_server(url))
            yield found.figure(f"page of 50, {name}, {engine}", PAGE, beside=beside, each=PAGES)
