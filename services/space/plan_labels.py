"""Gives the texts of a site plan to the outlines they stand in (row 81)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.engine.late import shapely
from services.space.building_labels import Label, read_label
from services.space.planes import Pair

#: Outlines that differ by less than this factor are about equal.
_ALIKE = 2.0


@dataclass
class PlacedLabel:
    """A label with its place; texts of one block or one paragraph are one label."""

    label: Label
    place: Pair
    words: str
    handles: tuple[str, ...]


@dataclass
class Labelled:
    """The labels of each outline, by the outline's place in the list, and those outside of all."""

    of: dict[int, list[PlacedLabel]] = field(default_factory=dict)
    orphans: list[PlacedLabel] = field(default_factory=list)


def placed_labels(texts: Sequence[dict[str, Any]]) -> list[PlacedLabel]:
    """The texts that say something of a building, those of one block joined."""
    groups: dict[str, PlacedLabel] = {}
    for number, text in enumerate(texts):
        key = text["group"] or str(number)
        label = read_label(text["text"])
        if key in groups:
            known = groups[key]
            known.label = known.label.joined(label)
            known.words += text["text"]
        else:
            place = (float(text["place"][0]), float(text["place"][1]))
            groups[key] = PlacedLabel(label, place, text["text"], (text["handle"],))
    return list(groups.values())


def give_labels(labels: Sequence[PlacedLabel], polygons: Sequence[Any]) -> Labelled:
    """Give each label to an outline around it: a number to the smallest one, other words to the nearest number's."""
    given = Labelled()
    tree = shapely.STRtree(list(polygons))
    around: list[list[int]] = []
    for label in labels:
        point = shapely.Point(label.place)
        found = [int(place) for place in tree.query(point, predicate="intersects")]
        around.append(_by_nearness(point, found, polygons))
    numbered: list[tuple[PlacedLabel, int]] = []
    for label, places in zip(labels, around, strict=True):
        if label.label.number is not None and places:
            given.of.setdefault(places[0], []).append(label)
            numbered.append((label, places[0]))
    for label, places in zip(labels, around, strict=True):
        if label.label.number is not None or not places:
            continue
        near = [(math.dist(one.place, label.place), place) for one, place in numbered if place in places]
        if label.label.says or _looks_like(label.words):
            given.of.setdefault(min(near)[1] if near else places[0], []).append(label)
    lost = [label for label, places in zip(labels, around, strict=True) if not places]
    given.orphans = [label for label in lost if label.label.number is not None]
    return given


def _by_nearness(point: Any, places: Sequence[int], polygons: Sequence[Any]) -> list[int]:
    """Outlines around a point, the likeliest first: small ones, and of about equal ones the one it lies deepest in."""
    if len(places) < 2:
        return list(places)
    least = min(polygons[place].area for place in places)

    def nearness(place: int) -> tuple[bool, float]:
        return polygons[place].area > _ALIKE * least, -float(polygons[place].boundary.distance(point))

    return sorted(places, key=nearness)


def _looks_like(words: str) -> bool:
    """Return whether words are a label whose value was left out, such as `F` or `H=`."""
    plain = words.strip().upper()
    return plain in ("F", "层", "#", "号楼", "H") or plain.endswith("=") or plain.startswith(("H=", "高度"))


def joined(labels: Sequence[PlacedLabel]) -> Label:
    """All labels of an outline as one."""
    whole = Label()
    for one in labels:
        whole = whole.joined(one.label)
    return whole


def numbers_of(labels: Sequence[PlacedLabel]) -> list[str]:
    """The different building numbers in an outline."""
    return list(dict.fromkeys(one.label.number for one in labels if one.label.number is not None))
