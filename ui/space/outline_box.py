"""The control of a field that holds an outline: a map and the table of its points (row 80)."""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from nicegui import events
from nicegui.element import Element

from models.geometry import Geometry, Ring
from services.space.red_line_views import Around, OutlineView
from services.space.space_findings import SpaceFinding

Shape = list[list[list[tuple[float, float]]]]
_MOST, _FARTHEST = 200_000, 1e9


class OutlineBox(Element, component="outline_editor.js", esm={"shenfang-map": "map", "shenfang-outline": "outline"}):
    """`value` is the outline as text, empty while there is none; `edited(words)` is called after every change by hand."""

    def __init__(self, text: str, *, label: str, editable: bool, drawn_as: str = "绘制地块") -> None:
        super().__init__()
        self.value = text
        self.enabled = editable
        self._told: list[Callable[..., Any]] = []
        self._props["label"] = label
        self._props["editable"] = editable
        self._props["drawnAs"] = drawn_as
        self._props["inputId"] = f"{self.html_id}-first"
        self._props["shape"] = shape_of(text)
        self._props["around"] = []
        self._props["marks"] = []
        self._props["opens"] = (580e3, 3390e3, 720e3, 3530e3)
        self.cut: Callable[[list[tuple[float, float]]], Any] | None = None
        self.merge: Callable[[], Any] | None = None
        self.drawn: Callable[[], Any] | None = None
        self.looked: Callable[[tuple[float, float, float, float]], Any] | None = None
        self.mark("outline")
        if editable:
            self.on("changed", self._changed)
            self.on("cut", self._cut)
            self.on("view", self._view)
            self.on("drawn", lambda: self.drawn() if self.drawn is not None else None)
            self.on("merge", lambda: self.merge() if self.merge is not None else None)

    @property
    def input_id(self) -> str:
        """The id of the first thing in it that takes the keyboard."""
        return str(self._props["inputId"])

    def on_value_change(self, callback: Callable[..., Any]) -> "OutlineBox":
        self._told.append(callback)
        return self

    def set_value(self, text: str, words: str = "已载入") -> None:
        """Another outline instead; it can be undone in the page."""
        self.value = text
        self._props["shape"] = shape_of(text)
        self.run_method("load", self._props["shape"], words)
        self._tell()

    def show(self, view: OutlineView) -> None:
        """Draw what lies around, and mark where something was found."""
        self._props["around"] = [asdict(one) for one in view.around]
        self._props["marks"] = [mark for finding in view.findings if (mark := _mark(finding))]
        self._props["opens"] = view.opens
        self.run_method("tell", self._props["around"], self._props["marks"], view.opens)

    def show_shape(self, shape: Shape, words: str) -> None:
        """Show an outline that is only looked at."""
        self._props["shape"] = shape
        self.run_method("load", shape, words, False)

    def surroundings(self, around: Sequence[Around], opens: tuple[float, float, float, float]) -> None:
        """Draw what lies around, and open the map there while nothing is drawn."""
        self._props["around"], self._props["opens"] = [asdict(one) for one in around], opens
        # The map may still be on its way: then it finds them in its properties.
        self.update()
        self.run_method("surround", self._props["around"])
        self.run_method("tell", self._props["around"], [], opens)

    def preview(self, view: list[Around], marks: Sequence[SpaceFinding]) -> None:
        """Draw what was read and is not taken over yet, and where its faults are."""
        self.run_method("preview", [asdict(one) for one in view], [mark for one in marks if (mark := _mark(one))])

    def go(self, place: tuple[float, float]) -> None:
        """Show a place of the map."""
        self.run_method("go", *place)

    def say(self, words: str) -> None:
        self.run_method("say", words)

    def _changed(self, event: events.GenericEventArguments) -> None:
        shape = _read(event.args)
        if shape is None:
            return
        self._props["shape"] = shape
        self.value = text_of(shape)
        self._tell()

    def _cut(self, event: events.GenericEventArguments) -> Any:
        return self.cut(pairs_of(event.args)) if self.cut is not None else None

    def _view(self, event: events.GenericEventArguments) -> Any:
        box = [_place([one, 0]) for one in event.args] if isinstance(event.args, list) else []
        if self.looked is None or len(box) != 4 or None in box:
            return None
        west, south, east, north = (one[0] for one in box if one is not None)
        return self.looked((west, south, east, north))

    def surround(self, around: Sequence[Around]) -> None:
        """Draw what lies around the part of the map in view."""
        self.run_method("surround", [asdict(one) for one in around])

    def _tell(self) -> None:
        for callback in self._told:
            callback()


def shape_of(text: str) -> Shape:
    """The rings of an outline's text in metres; nothing of another text."""
    try:
        outline = Geometry.of(text)
    except ValueError:
        return []
    return [[[(e / 1000, n / 1000) for e, n in ring] for ring in polygon] for polygon in outline.polygons]


def text_of(shape: Shape) -> str:
    """An outline as its field keeps it; rings of fewer than three points are left out."""
    areas = []
    for polygon in shape:
        rings: list[Ring] = [
            tuple((round(e * 1000), round(n * 1000)) for e, n in ring) for ring in polygon if len(ring) > 2
        ]
        if rings and len(polygon[0]) > 2:
            areas.append(tuple(rings))
    return str(Geometry(tuple(areas))) if areas else ""


def _read(sent: Any) -> Shape | None:
    """Read what the browser sent; None unless it is an outline."""
    if not isinstance(sent, list):
        return None
    shape: Shape = []
    count = 0
    for polygon in sent:
        if not isinstance(polygon, list):
            return None
        rings = []
        for ring in polygon:
            places = [_place(one) for one in ring] if isinstance(ring, list) else [None]
            count += len(places)
            if count > _MOST or any(place is None for place in places):
                return None
            rings.append([place for place in places if place is not None])
        shape.append(rings)
    return shape


def pairs_of(sent: Any) -> list[tuple[float, float]]:
    """The places a browser sent; what is none is left out."""
    return [place for one in sent[:_MOST] if (place := _place(one)) is not None] if isinstance(sent, list) else []


def _place(sent: Any) -> tuple[float, float] | None:
    if not (isinstance(sent, list) and len(sent) == 2 and all(isinstance(one, int | float) for one in sent)):
        return None
    e, n = float(sent[0]), float(sent[1])
    return (e, n) if math.isfinite(e) and math.isfinite(n) and max(abs(e), abs(n)) < _FARTHEST else None


def _mark(finding: SpaceFinding) -> dict[str, Any] | None:
    if finding.place is None:
        return None
    tone = "warn" if finding.note or finding.warns else "bad"
    return {"e": finding.place[0], "n": finding.place[1], "tone": tone}


def stops(findings: Sequence[SpaceFinding]) -> int:
    """The number of findings that must be repaired."""
    return sum(1 for one in findings if not (one.note or one.warns))
