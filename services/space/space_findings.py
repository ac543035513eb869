"""Findings of the spatial checks: the code a report names, its rule SPA-01..16, and what a clerk reads (rows 80, 81)."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.space.planes import Pair

#: The rule behind a code. A code that no rule names has none.
RULES = {
    "RING_AUTO_CLOSED": "SPA-01",
    "NOT_CLOSED": "SPA-01",
    "TOO_FEW_POINTS": "SPA-02",
    "DUPLICATE_POINT": "SPA-02",
    "SPIKE": "SPA-02",
    "SELF_INTERSECTION": "SPA-03",
    "HOLE_OUTSIDE_SHELL": "SPA-03",
    "WRONG_ZONE": "SPA-04",
    "ZONE_PREFIX": "SPA-04",
    "NOT_CGCS2000": "SPA-04",
    "NEEDS_TRANSFORM": "SPA-04",
    "OUTSIDE_SHANGHAI": "SPA-04",
    "XY_SWAPPED": "SPA-05",
    "AREA_MISMATCH": "SPA-06",
    "CERTIFIED_AREA": "SPA-07",
    "EDGE_LENGTH": "SPA-08",
    "OVERLAP": "SPA-09",
    "WRONG_DISTRICT": "SPA-10",
    "OUTSIDE_RED_LINE": "SPA-11",
    "OUTLINES_OVERLAP": "SPA-12",
    "STOREYS_DIFFER": "SPA-13",
    "UNITS_UNMATCHED": "SPA-14",
    "UNIT_AREA": "SPA-15",
    "OUTLINE_OPEN": "SPA-16",
    "SPLINE": "SPA-16",
    "BLOCK_MISSING": "SPA-16",
    "UNITS_UNKNOWN": "SPA-16",
    "TOO_MANY_ENTITIES": "SPA-16",
}


#: Words about stated edges begin so where they differ from the coordinates (SPA-08).
EDGES_DIFFER = "不符"


@dataclass(frozen=True)
class SpaceFinding:
    """A thing found in a file. With `note` it is reported and stops nothing; with `warns` a reason lets it pass on the page.

    `subject` is the parcel, building or layer meant, `place` where the map zooms to, `handles` entities of a drawing.
    """

    code: str
    message: str
    subject: str = ""
    place: Pair | None = None
    handles: tuple[str, ...] = ()
    note: bool = False
    warns: bool = False

    @property
    def rule(self) -> str:
        return RULES.get(self.code.partition(":")[0], "")


def rules_of(findings: Iterable[SpaceFinding]) -> list[str]:
    """The rules behind findings, each once."""
    return sorted({finding.rule for finding in findings if finding.rule})
