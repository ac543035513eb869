"""Buildings of a project to choose from, each with a small picture of its units (rows 70, 76, 82)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nicegui import events
from nicegui.element import Element


@dataclass(frozen=True)
class Thumb:
    """A building: its name, words below it, and its units as section, column, lowest and highest storey, tone's place."""

    name: str
    words: str
    spots: tuple[tuple[str, int, int, int, int], ...]


class UnitThumbs(Element, component="unit_thumbs.js"):
    """A list of buildings by picture and name; `picked(place)` is called with the place of the chosen one.

    `colours` are those of the units, by the place that a spot names.
    """

    def __init__(
        self,
        thumbs: Sequence[Thumb],
        colours: Sequence[str],
        *,
        label: str,
        chosen: int = -1,
        picked: Callable[[int], object],
    ) -> None:
        super().__init__()
        self._props["label"] = label
        # Tuples, which the library passes on as they are; lists it would watch cell by cell.
        self._props["buildings"] = tuple((one.name, one.words, one.spots) for one in thumbs)
        self._props["colours"] = tuple(colours)
        self._props["chosen"] = chosen
        self.mark("unit-thumbs")

        def heard(event: events.GenericEventArguments) -> object:
            place = event.args
            return picked(place) if isinstance(place, int) and 0 <= place < len(thumbs) else None

        self.on("pick", heard)

    def choose(self, place: int) -> None:
        """Mark a building as the one that is shown."""
        with self._props.suspend_updates():
            self._props["chosen"] = place
        self.run_method("choose", place)
