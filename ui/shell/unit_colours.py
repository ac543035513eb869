"""Ways to colour a building table and the 3D picture beside it: each colour with a letter, and what they mean (rows 70, 76, 82)."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

Value = TypeVar("Value")

#: Colours by tone, for the table, its legend, its thumbnail and the 3D picture. Black text is readable on each.
TONES: Mapping[str, str] = {
    "unlisted": "#ffffff",
    "available": "#00c200",
    "earnest": "#ff9cff",
    "signed": "#ffff00",
    "registered": "#ff8a80",
    "green": "#bfe8c0",
    "amber": "#ffe2a8",
    "blue": "#b9d9f7",
    "violet": "#dccbf5",
    "rose": "#f7c6d4",
    "teal": "#b5e5e0",
    "grey": "#d5dbe3",
    "band-1": "#eaf4fb",
    "band-2": "#c9e3f5",
    "band-3": "#9fcdec",
    "band-4": "#73b3e0",
    "band-5": "#f6c98b",
    "band-6": "#ee9d6a",
    "good": "#a6dfae",
    "warn": "#ffd27a",
    "bad": "#ff9d94",
    "none": "#f3f5f8",
}
_SPARE = ("green", "blue", "amber", "violet", "teal", "rose", "grey")


@dataclass(frozen=True)
class Look:
    """A colour and the letter that says the same without colour."""

    tone: str
    letter: str
    label: str

    @property
    def colour(self) -> str:
        return TONES[self.tone]


@dataclass(frozen=True)
class Colouring:
    """A way to colour units: its looks in the legend's order, and of each unit the place of its look among them.

    A unit without an entry in `of` is drawn plain, which also is how a value stays hidden from those who may not see it.
    Units in `marked` are hatched and bear the letter of `mark` beside their own (限: a mortgage, a seizure).
    """

    key: str
    label: str
    looks: tuple[Look, ...]
    of: Mapping[UUID, int]
    mark: Look | None = None
    marked: Set[UUID] = field(default_factory=frozenset)

    def look_of(self, unit: UUID) -> Look | None:
        """Return the look of a unit, none where it is drawn plain."""
        place = self.of.get(unit)
        return None if place is None else self.looks[place]


def by_code(key: str, label: str, values: Mapping[UUID, Value], looks: Mapping[Value, Look]) -> Colouring:
    """Colour units by a value with a fixed look, in the order of `looks`; looks that no unit has are left out."""
    seen = set(values.values())
    used = [value for value in looks if value in seen]
    place = {value: number for number, value in enumerate(used)}
    found = {unit: place[value] for unit, value in values.items() if value in place}
    return Colouring(key, label, tuple(looks[value] for value in used), found)


def by_word(key: str, label: str, words: Mapping[UUID, str]) -> Colouring:
    """Colour units by a word of the register, which comes without a look: tones in turn, the first free letter of each."""
    looks: dict[str, Look] = {}
    letters: set[str] = set()
    for number, word in enumerate(sorted(set(words.values()) - {""})):
        letter = next((one for one in word if one not in letters), str(number + 1))
        letters.add(letter)
        looks[word] = Look(_SPARE[number % len(_SPARE)], letter, word)
    return by_code(key, label, words, looks)


def by_band(
    key: str, label: str, values: Mapping[UUID, Decimal], edges: Sequence[Decimal], say: Callable[[Decimal], str] = str
) -> Colouring:
    """Colour units by at most five edges: up to the first, above it up to the second, and so on."""
    looks: dict[int, Look] = {}
    for place in range(len(edges) + 1):
        low = say(edges[place - 1]) if place else ""
        high = say(edges[place]) if place < len(edges) else ""
        told = f"{low}以上" if not high else f"{low}-{high}" if low else f"{high}及以下"
        looks[place] = Look(f"band-{place + 1}", str(place + 1), told)
    bands = {unit: sum(value > edge for edge in edges) for unit, value in values.items()}
    return by_code(key, label, bands, looks)
