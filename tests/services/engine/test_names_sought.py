"""Names sought in lists: by their initials too, in every list that seeks a name at all (issue 19)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from services.engine.list_filters import Control, Filter
from services.engine.listings import LISTINGS
from services.engine.refusals import Rejected
from tests.world import World

_SOUGHT = re.compile(r"(\w+)\.(\w+)\)? LIKE ")
#: What is sought by a part and is no name of a thing: numbers, months, places, and what is called 3号楼.
_NO_NAMES = re.compile(
    r"\.(\w+_no|\w+_code|\w+_key|uscc|period|plate|street|address|store|title|location)$|^unit_engineering\.name$"
)


def _clause(world: World, one: Filter) -> Any:
    return world.read(lambda work: one.where(work, "qwertyzz"))


def _sought(world: World) -> Iterator[tuple[str, set[str]]]:
    """Yield each filter with the columns it looks into for a part of what was typed."""
    for listing in LISTINGS.values():
        for one in listing.filters:
            if one.control is not Control.TEXT or one.options or one.groups:
                continue
            try:
                clause = _clause(world, one)
            except Rejected:
                continue
            if isinstance(clause, sa.ClauseElement):
                yield f"{listing.name}.{one.key}", {".".join(pair) for pair in _SOUGHT.findall(str(clause))}


@pytest.mark.row(58)
def test_every_list_that_seeks_a_name_seeks_its_initials(world: World) -> None:
    without, seen = {}, 0
    for place, columns in _sought(world):
        names = {one for one in columns if not (_NO_NAMES.search(one) or one.endswith("_letters"))}
        letters = {one for one in columns if one.endswith("_letters")}
        seen += len(letters)
        # A name that is copied from a project is sought there.
        copied = "project.name_letters" in letters
        if wrong := {one for one in names if f"{one}_letters" not in letters and not copied}:
            without[place] = wrong
    assert without == {}
    assert seen > 20
