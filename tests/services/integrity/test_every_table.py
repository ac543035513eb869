"""What is changed, deleted, put in or exchanged past the product is noticed in every table (decision 72, D2, S-F2, S-F3)."""

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import pytest
import sqlalchemy as sa

from models.details import owner_column
from services.audit.checkpoints import checkpoint
from services.catalogue.subjects import label_of
from tests.drills import write_drill
from tests.services.integrity.every_table import (
    ACTS,
    DELETE,
    FORGE,
    RETURN,
    Drill,
    may_go_unnoticed,
    tables,
)
from tests.world import running_world

#: The tables of the findings, from which a row could be taken without a trace, and one of each sort with every act.
FOUND = (
    "house_owner",
    "house_restriction",
    "confirmation",
    "filing_part",
    "check_item",
    "sign_in_session",
    "enterprise_key",
    "portrait",
    "revision_file",
    "revision_step",
    "parcel_instalment",
    "partner_exchange",
)
SORTS = ("contract_party", "exchange_log", "number_counter", "address_cut", "detail_tally", "notice")
SAMPLE = {**dict.fromkeys(FOUND, (DELETE,)), **dict.fromkeys(SORTS, ACTS)}


@pytest.fixture
def drill(fresh_database_url: str) -> Iterator[Drill]:
    with running_world(fresh_database_url, houses=False) as world:
        world.stand_at(2027, 3, 1)
        yield Drill(world)


@pytest.mark.proves("M6", "D19", "H65", "H67")
def test_what_is_done_to_the_tables_of_the_findings_is_noticed(drill: Drill) -> None:
    done, unnoticed = _run(drill, SAMPLE)
    assert {name for name, _ in done} == set(SAMPLE)
    assert unnoticed == [("notice", act) for act in ACTS if may_go_unnoticed(_table("notice"), act)]


@pytest.mark.soak
@pytest.mark.both_engines
@pytest.mark.proves("M6", "D19", "H65", "H67")
def test_what_is_done_to_every_table_is_noticed(drill: Drill) -> None:
    started = time.monotonic()
    done, unnoticed = _run(drill, {table.name: ACTS for table in tables()})
    argued = [one for one in unnoticed if may_go_unnoticed(_table(one[0]), one[1])]
    assert unnoticed == argued
    bare = sorted(table.name for table in tables() if table.info.get("unprotected") and table.name != "address_cut")
    reasoned = "；".join(
        f"{label_of(name)}（{'、'.join(act for _, act in acts)}）"
        for name, acts in groupby(argued, key=lambda one: one[0])
    )
    told = (
        f"{len({name for name, _ in done})} 张表逐一做 {len(done)} 处改动（{'、'.join(ACTS)}），查出 "
        f"{len(done) - len(unnoticed)} 处；说明了理由而不查的：{reasoned}；"
        f"不带行校验、另有保护或无须保护的表 {len(bare)} 张"
    )
    engine = "SQLite" if drill.world.door.database.sqlite else "PostgreSQL"
    write_drill("逐表篡改", engine, told, time.monotonic() - started)


def _table(name: str) -> sa.Table:
    return next(table for table in tables() if table.name == name)


def _run(drill: Drill, chosen: Mapping[str, Sequence[str]]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Every act on every table, one at a time; what was done, and what of it nobody noticed."""
    assert drill.faults() == []
    done, unnoticed, opened = [], [], []
    for name, acts in chosen.items():
        # As the product's job does: half an hour without a signed log stops a house, and this may take longer.
        checkpoint(drill.world.door)
        table = _table(name)
        for act in acts:
            with drill.done(table, act) as owners:
                if owners is None:
                    continue
                done.append((table.name, act))
                if not drill.faults():
                    unnoticed.append((table.name, act))
                if owner_column(table) and act in {DELETE, FORGE, RETURN} and drill.opened(owners):
                    opened.append((table.name, act))
    assert opened == []
    assert drill.faults() == []
    return done, unnoticed
