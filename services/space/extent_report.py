"""The answer to a coordinate file: a line of `main.py space extent`, and the extent that later files are held against."""

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

from services.engine.refusals import Refusal
from services.space.coordinate_files import read_coordinates
from services.space.extent import Declared, Extent, check_extent
from services.space.overlaps import Neighbour
from services.space.space_findings import SpaceFinding, rules_of

#: Notes that the report names by their codes; other notes are shown on the page only.
_NAMED_NOTES = frozenset({"RING_AUTO_CLOSED", "RING_CCW"})


def answer_file(
    file_name: str, content: bytes, declared: Declared, earlier: Sequence[Neighbour]
) -> tuple[dict[str, Any], Neighbour | None]:
    """Check a file against the extents before it; an accepted one is returned as the next neighbour."""
    stem = PurePath(file_name).stem
    try:
        file = read_coordinates(content)
    except Refusal as refusal:
        return _line(file_name, stem, None, [_unreadable(refusal)]), None
    extent = check_extent(file, declared, earlier)
    name = parcel_name(extent, stem)
    neighbour = Neighbour(name, extent.plane, extent.whole) if extent.accepted else None
    return _line(file_name, name, extent, extent.findings), neighbour


def parcel_name(extent: Extent, stem: str) -> str:
    """The parcel's number where the file has one parcel with a number, else the name of the file."""
    names = {parcel.name for parcel in extent.parcels}
    return next(iter(names)) if len(names) == 1 and names != {""} else stem


def _line(file_name: str, name: str, extent: Extent | None, findings: Iterable[SpaceFinding]) -> dict[str, Any]:
    found = list(findings)
    codes = [finding.code for finding in found if not finding.note or finding.code in _NAMED_NOTES]
    return {
        "file": file_name,
        "parcel": name,
        "verdict": "accept" if all(finding.note for finding in found) else "reject",
        "codes": list(dict.fromkeys(codes)),
        "spa": rules_of(found),
        "area": round(extent.area, 2) if extent is not None and extent.parcels else None,
        "rings": extent.rings if extent is not None else 0,
    }


def _unreadable(refusal: Refusal) -> SpaceFinding:
    return SpaceFinding("UNREADABLE", refusal.message)
