"""Sample records of every kind: each area adds a module `samples_<area>.py` here with a function a kind.

    @sample("parcel")
    def parcel(market: Market, number: int) -> Sample: ...

`number` is another one each time, for what must be unique. A kind without a sample fails the suite.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.market import Market


@dataclass(frozen=True)
class Sample:
    """A whole record as its makers would keep it, by logins of `tests/market.py`.

    `reviewers` holds one login a level, in order. `stranger` has a maker's role and no part in this record. `change` is what
    an update fills in anew: values by field that differ from `values` and break no rule.
    """

    drafter: str
    submitter: str
    reviewers: tuple[str, ...]
    stranger: str
    values: Mapping[str, Any]
    change: Mapping[str, Any]
    children: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    about: UUID | None = None
    #: What others must have done before it may be submitted for the first time: `(market, record_id)`.
    agreed: Callable[[Market, UUID], None] | None = None
    #: Slots that a rule of the kind asks a file for, beside those that always have one.
    papers: Sequence[str] = ()
    #: Why warnings of the sample are accepted, by rule code.
    reasons: Mapping[str, str] = field(default_factory=dict)


Make = Callable[[Market, int], Sample]
SAMPLES: dict[str, Make] = {}


def sample(kind: str) -> Callable[[Make], Make]:
    """Register the sample of a kind."""

    def keep(make: Make) -> Make:
        if kind in SAMPLES:
            raise RuntimeError(f"kind {kind} has two samples")
        SAMPLES[kind] = make
        return make

    return keep


def load_samples() -> dict[str, Make]:
    """All samples there are."""
    for found in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if found.name.startswith("samples_"):
            importlib.import_module(f"tests.conformance.{found.name}")
    return SAMPLES
