"""The tamper drill: random things are changed past the product, by SQL and on disk, and every one is found."""

import time
from collections import Counter as Tally
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from models.details import owner_column, owners_of
from services.engine.details import TALLIES
from tests.drills import write_drill
from tests.services.integrity import acts
from tests.services.integrity.estate import Answers, Estate, estate
from tests.services.integrity.tampering import Tamperer

#: What is done in a drill, and how often.
Plan = Mapping[Callable[[acts.Hand], acts.Act | None], int]
ROWS: Plan = {acts.row: 8, acts.stored_file: 2}
TEN: Plan = {
    acts.row: 1,
    acts.partner: 1,
    acts.audit_event: 1,
    acts.checkpoint: 1,
    acts.rights: 1,
    acts.host: 1,
    acts.program: 1,
    acts.manifest: 1,
    acts.backup: 1,
}
FIFTY: Plan = {
    acts.row: 12,
    acts.stored_file: 4,
    acts.audit_event: 6,
    acts.checkpoint: 3,
    acts.exported_event: 1,
    acts.evidence: 2,
    acts.rights: 4,
    acts.partner: 2,
    acts.host: 4,
    acts.program: 4,
    acts.manifest: 2,
    acts.backup: 2,
}
#: The alarm each place must have raised by the morning.
ALARMS = {
    "数据行": "INTEGRITY.FAIL",
    "文书与附件": "INTEGRITY.FAIL",
    "审计事件": "AUDIT.BROKEN",
    "审计检查点": "AUDIT.BROKEN",
    "访问控制表": "ACL.TAMPER",
    "对接方登记": "ACL.TAMPER",
    "主机": "DEV.TAMPER",
    "发布文件": "RELEASE.VERIFY",
}
_RIGHTS = {"account", "account_role", "org_unit", "delegation_policy", "partner", "partner_key"}


@pytest.fixture
def house(fresh_database_url: str, tmp_path: Path) -> Iterator[Estate]:
    with estate(fresh_database_url, tmp_path) as made:
        yield made


@pytest.mark.proves("M6", "H65", "H66", "H67", "D19")
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak)])
def test_ten_random_rows_and_files_are_all_found(house: Estate, seed: int) -> None:
    _drill(house, seed, ROWS, lists=0)


@pytest.mark.proves("M3", "M4", "M5", "M6", "H65", "H67", "H68", "H69", "H71", "H72", "D19")
@pytest.mark.one_engine
def test_ten_random_things_all_over_an_installation_are_all_found(house: Estate) -> None:
    _drill(house, 7, TEN, lists=1)


@pytest.mark.soak
@pytest.mark.proves("M3", "M4", "M5", "M6", "H65", "H67", "H68", "H69", "H71", "H72", "D19")
@pytest.mark.parametrize("seed", range(20, 25))
def test_fifty_random_things_all_over_an_installation_are_all_found(house: Estate, seed: int) -> None:
    started = time.monotonic()
    done = _drill(house, seed, FIFTY, lists=4)
    assert len(done) == 50
    tally = Tally(act.place for act in done)
    told = "、".join(f"{place} {count}" for place, count in sorted(tally.items()))
    engine = "SQLite" if house.door.database.sqlite else "PostgreSQL"
    write_drill("篡改演练", f"{engine}，种子 {seed}", f"{len(done)} 处改动全部查出：{told}", time.monotonic() - started)


def _drill(house: Estate, seed: int, plan: Plan, *, lists: int) -> list[acts.Act]:
    """Do it all, then ask every check of the product once; signed lists of rights come last, for nothing is compared by a broken one."""
    _nothing_is_wrong(house.checked())
    hand = acts.Hand(house, Random(seed), Tamperer(house.door.database, seed))
    wanted = [way for way, times in plan.items() for _ in range(times)]
    hand.chance.shuffle(wanted)
    owners = _owners(house)
    done = [_one(way, hand) for way in wanted]
    answers = house.checked()
    done += acts.signed_lists(hand, lists)
    assert len(done) == sum(plan.values()) + lists
    assert [(act.place, act.what) for act in done if not act.found(answers)] == []
    assert answers.alarms >= {ALARMS[act.place] for act in done if act.place in ALARMS}
    _nothing_else_is_named(done, answers, owners, _owners(house))
    return done


def _one(way: Callable[[acts.Hand], acts.Act | None], hand: acts.Hand) -> acts.Act:
    """An act that found nothing to do is tried elsewhere."""
    while (done := way(hand)) is None:
        pass
    return done


def _nothing_is_wrong(answers: Answers) -> None:
    assert answers.locked == frozenset()
    assert answers.rights == ()
    assert set(answers.hosts.values()) == {()}
    assert answers.tree == ()
    assert not answers.alarms & set(ALARMS.values())


Owners = dict[tuple[str, UUID], set[tuple[str, UUID]]]


def _owners(house: Estate) -> Owners:
    """The objects that each detail and each tally may be of; they are locked with it (decision 72)."""
    found: Owners = {}
    details = [table for table in SQLModel.metadata.sorted_tables if owner_column(table)]
    with house.door.database.engine.connect() as connection:
        for table in details:
            # As text: what was put there need not be an id.
            columns = (sa.cast(table.c[name], sa.String) for name in ("id", owner_column(table)))
            for row_id, owner in connection.execute(sa.select(*columns)):
                with suppress(ValueError, TypeError):
                    found[table.name, UUID(row_id)] = {(name, UUID(owner)) for name in owners_of(table)}
        for (row_id,) in connection.execute(sa.select(TALLIES.c.id)):
            found[TALLIES.name, row_id] = {(name, row_id) for table in details for name in owners_of(table)}
    return found


def _nothing_else_is_named(done: list[acts.Act], answers: Answers, *owners: Owners) -> None:
    touched = {where for act in done for where in act.rows}
    with_them = set[tuple[str, UUID]]().union(*(known.get(where, set()) for known in owners for where in touched))
    assert answers.locked <= touched | with_them
    assert len(answers.rights) <= sum(table in _RIGHTS for table, _ in touched)
    assert sum(problems != () for problems in answers.hosts.values()) == sum(act.place == "主机" for act in done)
    assert len(answers.tree) == sum(act.place == "发布文件" for act in done)
