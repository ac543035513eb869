"""Every door by which a lease comes in asks the same of it: counter's trial, counter, association, check-in.

No page of citizens files a lease yet, and leases are brought in by no table; such a door is a line of `DOORS`.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.tenancy import CheckItem, CheckRun
from services.tenancy.form_parser import read_lease_form
from services.tenancy.rules.catalogue import FILING_RULES
from tests.services.broker_pushes.association import Association
from tests.services.check_ins.platform import Platform
from tests.services.tenancy.counter import Counter, codes, party, somebody
from tests.world import in_order

pytestmark = pytest.mark.row(6, 13, 14)


@pytest.fixture(scope="module")
def association(open_platform: Platform) -> Association:
    """The counter and the association in the world of the check-ins."""
    association = Association(Counter(open_platform.world))
    association.register()
    return association


class Doors:
    """Each door by its name: what it answers to a sound lease with these changes, and the rules it was judged by."""

    def __init__(self, platform: Platform, association: Association) -> None:
        self.platform, self.association, self.counter = platform, association, association.counter

    def trial(self, changes: Mapping[str, Any]) -> set[str]:
        raw = self.counter.form(self.counter.free_flat(), somebody(), **changes)
        return codes(self.counter.judge(raw)) | {one.code for one in read_lease_form(raw).findings}

    def counter_files(self, changes: Mapping[str, Any]) -> set[str]:
        raw = self.counter.form(self.counter.free_flat(), somebody(), **changes)
        read = {one.code for one in read_lease_form(raw).findings}
        return read or codes(self.counter.file(raw))

    def association_pushes(self, changes: Mapping[str, Any]) -> set[str]:
        return {one.code for one in self.association.answer(self.association.item(**changes)).reasons}

    def platform_reports(self, changes: Mapping[str, Any]) -> set[str]:
        given = dict(changes)
        if "lessees" in given:
            given["lessees"] = [{**one, "card_read": True} for one in given["lessees"]]
        return {one.code for one in self.platform.move_in(**given)[1].reasons}


DOORS: Mapping[str, Callable[[Doors, Mapping[str, Any]], set[str]]] = {
    "counter's trial": Doors.trial,
    "counter": Doors.counter_files,
    "association": Doors.association_pushes,
    "check-in": Doors.platform_reports,
}


@pytest.fixture
def doors(platform: Platform, association: Association) -> Doors:
    return Doors(platform, association)


def _named(name: str) -> Callable[[Doors], dict[str, Any]]:
    return lambda doors: {"lessees": [party(somebody(), name=name)]}


#: A fault of a lease, and the rule that finds it at every door.
FAULTS: Mapping[str, tuple[str, Callable[[Doors], dict[str, Any]]]] = {
    "markup in a name": ("P02", _named("<b>张三</b>")),
    "a digit in a name": ("P02", _named("张3")),
    "a garbled name": ("P02", _named("ÕÅÈý")),
    "a deposit nobody returns": ("T07", lambda _: {"deposit_return_days": ""}),
    "a deposit without what is kept of it": ("T07", lambda _: {"deposit_deduct_rule": ""}),
    "signed in ten days": ("T16", lambda doors: {"signed_on": (doors.platform.today + timedelta(10)).isoformat()}),
    "an expired document": ("P04", lambda _: {"lessees": [party(somebody(), id_valid_to="2027-02-01")]}),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_at_every_door(doors: Doors, door: str, fault: str) -> None:
    code, changes = FAULTS[fault]
    assert code in DOORS[door](doors, changes(doors))


@pytest.mark.parametrize("door", ["counter", "association", "check-in"])
def test_every_rule_of_a_filing_stands_at_every_door(doors: Doors, door: str) -> None:
    before = _runs(doors)
    DOORS[door](doors, {})
    (run,) = _runs(doors) - before
    assert _judged(doors, run) == [rule.code for rule in FILING_RULES]


def test_the_trial_judges_by_every_rule_too(doors: Doors) -> None:
    judged = doors.counter.judge(doors.counter.form(doors.counter.free_flat(), somebody()))
    assert [item.rule.code for item in judged.items] == [rule.code for rule in FILING_RULES]


def _runs(doors: Doors) -> set[UUID]:
    return {run.id for run in doors.platform.rows(CheckRun)}


def _judged(doors: Doors, run: UUID) -> list[str]:
    statement = select(CheckItem).where(CheckItem.run_id == run).order_by(in_order(CheckItem))
    items = doors.platform.world.read(lambda work: work.session.exec(statement).all())
    return [item.code for item in sorted(items, key=lambda item: item.position)]
