"""The building table (楼盘表): one cell a unit, coloured with a letter, chosen by mouse or key (rows 70, 76, 82)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from nicegui import events
from nicegui.element import Element

from ui.shell.unit_colours import Colouring
from ui.shell.unit_places import Cell, places_of

__all__ = ["Cell", "UnitTable"]


class UnitTable(Element, component="unit_table.js"):
    """Storeys with their labels from the top down, sections beside each other, a cell a unit, a legend that filters.

    **Data.** `floors` are real storeys with the label people use (3A, -1), in any order; `cells` are units with their
    place (`Cell`); `colourings` are the ways to colour them (`unit_colours.by_code`, `by_word`, `by_band`), between
    which the user switches without asking the server. Units are known by id here, by their place in `cells` in the
    browser: no id goes over the wire.

    **Callbacks**, each optional:

    - `picked(unit)`: a click, Enter or Space on a unit: show its detail.
    - `moved(unit)`: the keyboard or mouse went to another unit: let a picture beside the table follow.
    - `ticked(units)`: the set of all ticked units. With this callback the table ticks: Space, Ctrl and click, Shift and
      arrows or click for a block, the head of a storey or section, Ctrl+A for all that the legend shows, Esc for none.
    - `filtered(units)`: the units that the legend shows, None for all.
    - `coloured(key)`: the user switched to another colouring.

    **Orders from Python**: `choose`, `tick`, `keep`, `colour`, `recolour`. None of them calls a callback back.
    """

    def __init__(
        self,
        floors: Sequence[tuple[int, str]],
        cells: Sequence[Cell],
        colourings: Sequence[Colouring],
        *,
        label: str,
        picked: Callable[[UUID], object] | None = None,
        moved: Callable[[UUID], object] | None = None,
        ticked: Callable[[frozenset[UUID]], object] | None = None,
        filtered: Callable[[frozenset[UUID] | None], object] | None = None,
        coloured: Callable[[str], object] | None = None,
        chosen: UUID | None = None,
    ) -> None:
        super().__init__()
        self.ids = tuple(cell.id for cell in cells)
        self._place = {unit: place for place, unit in enumerate(self.ids)}
        self.colourings = {one.key: one for one in colourings}
        self.chosen = chosen if chosen in self._place else None
        self.ticks: frozenset[UUID] = frozenset()
        places = places_of(floors, cells)
        # Tuples, which the library passes on as they are; lists it would watch cell by cell.
        told: dict[str, Any] = {
            "label": label,
            "rows": tuple((label, items) for (_, label), items in zip(places.floors, places.rows(), strict=True)),
            "sections": places.sections,
            "cells": tuple(
                (cell.label, cell.words, at.row, at.column, at.down, at.span)
                for cell, at in zip(cells, places.cells, strict=True)
            ),
            "modes": tuple(map(self._mode, colourings)),
            "mode": colourings[0].key if colourings else "",
            "ticking": ticked is not None,
            "chosen": self._place.get(chosen, -1) if chosen is not None else -1,
            "ticked": (),
            "kept": None,
        }
        self._props.update(told)
        self.mark("unit-table")
        self._hear("pick", lambda unit: self._picked(unit, picked))
        self._hear("move", lambda unit: moved(self.ids[unit]) if moved is not None else None)
        self.on("ticks", lambda event: self._ticked(event.args, ticked))
        self.on("filter", lambda event: filtered(self._units(event.args)) if filtered is not None else None)
        self.on("colour", lambda event: self._coloured(event.args, coloured))

    @property
    def mode(self) -> str:
        """Return the key of the colouring that is shown."""
        return str(self._props["mode"])

    def choose(self, unit: UUID | None) -> None:
        """Mark a unit as the one in hand and bring it into view; the keyboard goes there when it is in the table."""
        self.chosen = unit
        self._tell("choose", chosen=-1 if unit is None else self._place[unit])

    def tick(self, units: Iterable[UUID]) -> None:
        """Tick these units and no others."""
        self.ticks = frozenset(units)
        self._tell("tick", ticked=self._indexes(self.ticks))

    def keep(self, units: Collection[UUID] | None) -> None:
        """Show these units and fade the others, as a filter from outside does; None shows all. The legend counts them."""
        self._tell("keep", kept=None if units is None else self._indexes(units))

    def colour(self, key: str) -> None:
        """Switch to another colouring."""
        self._tell("colour", mode=key if key in self.colourings else self.mode)

    def recolour(self, colouring: Colouring) -> None:
        """Replace a colouring by a newer one of its key, such as another month's."""
        self.colourings[colouring.key] = colouring
        self._hold(modes=tuple(map(self._mode, self.colourings.values())))
        self.run_method("recolour", self._mode(colouring))

    def focus_table(self) -> None:
        """Put the keyboard on the chosen unit, or on the first."""
        self.run_method("enter")

    def _mode(self, one: Colouring) -> dict[str, Any]:
        return {
            "key": one.key,
            "label": one.label,
            "looks": tuple((look.colour, look.letter, look.label) for look in one.looks),
            "of": tuple(one.of.get(unit, -1) for unit in self.ids),
            "mark": (one.mark.letter, one.mark.label) if one.mark is not None else None,
            "marked": self._indexes(one.marked),
        }

    def _indexes(self, units: Iterable[UUID]) -> tuple[int, ...]:
        return tuple(sorted(self._place[unit] for unit in units if unit in self._place))

    def _units(self, indexes: Any) -> frozenset[UUID] | None:
        """Return the units that the browser names by their places; places outside the table name none."""
        if not isinstance(indexes, list):
            return None
        return frozenset(self.ids[one] for one in indexes if isinstance(one, int) and 0 <= one < len(self.ids))

    def _tell(self, method: str, **prop: Any) -> None:
        # The prop is for a page that draws the table anew; the method spares sending all cells.
        self._hold(**prop)
        self.run_method(method, *prop.values())

    def _hold(self, **prop: Any) -> None:
        with self._props.suspend_updates():
            self._props.update(prop)

    def _hear(self, event: str, told: Callable[[int], object]) -> None:
        def heard(arguments: events.GenericEventArguments) -> object:
            place = arguments.args
            return told(place) if isinstance(place, int) and 0 <= place < len(self.ids) else None

        self.on(event, heard)

    def _picked(self, place: int, told: Callable[[UUID], object] | None) -> object:
        self.chosen = self.ids[place]
        self._hold(chosen=place)
        return told(self.chosen) if told is not None else None

    def _ticked(self, places: Any, told: Callable[[frozenset[UUID]], object] | None) -> object:
        self.ticks = self._units(places) or frozenset()
        self._hold(ticked=self._indexes(self.ticks))
        return told(self.ticks) if told is not None else None

    def _coloured(self, key: Any, told: Callable[[str], object] | None) -> object:
        if key not in self.colourings:
            return None
        self._hold(mode=str(key))
        return told(str(key)) if told is not None else None
