"""The picture of an estate: homes in 3D or as a plan, coloured like the building table beside it (row 82)."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Set
from uuid import UUID

# Registers the module with three.js that our component imports.
import nicegui.elements.scene  # noqa: F401
from nicegui import events
from nicegui.element import Element

from services.space.estate import Estate
from services.space.planes import Pair
from ui.shell.unit_colours import Colouring
from ui.space.outline_box import pairs_of

_PLAIN, _MARKED, _HIDDEN = 63, 64, 128


class EstateView(Element, component="estate.js", esm={"shenfang-prisms": "prisms"}):
    """Draws the homes of an estate.

    `picked(place)` is called with the place of a home in `estate.homes`, None for none; `boxed(places)` with those in a
    box that was drawn, `outlined(points)` with a polygon on the ground; `ready(webgl, slow)` once the browser has said
    whether it draws in 3D. Nothing is drawn before `show`.
    """

    def __init__(
        self,
        estate: Estate,
        *,
        picked: Callable[[int | None], object],
        boxed: Callable[[list[int]], object],
        outlined: Callable[[list[Pair]], object],
        ready: Callable[[bool, bool], object],
    ) -> None:
        super().__init__()
        self.estate = estate
        self._props["label"] = (
            f"{estate.project}三维模型：方向键在户之间移动，Shift加方向键转动，加减号缩放，Esc取消选择；楼盘表给出同样内容"
        )
        self.mark("estate")

        def chosen(event: events.GenericEventArguments) -> object:
            place = event.args
            return picked(place if isinstance(place, int) and 0 <= place < len(estate.homes) else None)

        def said(event: events.GenericEventArguments) -> object:
            told = event.args if isinstance(event.args, dict) else {}
            return ready(bool(told.get("webgl")), bool(told.get("slow")))

        def enclosed(event: events.GenericEventArguments) -> object:
            sent = event.args if isinstance(event.args, list) else []
            return boxed([one for one in sent if isinstance(one, int) and 0 <= one < len(estate.homes)])

        def drawn(event: events.GenericEventArguments) -> object:
            return outlined(pairs_of(event.args))

        self.on("pick", chosen)
        self.on("box", enclosed)
        self.on("area", drawn)
        self.on("ready", said)

    def show(self) -> None:
        """Send the picture to the browser."""
        self.run_method("show", dict(self.estate.drawn))

    def paint(self, colouring: Colouring, kept: Set[UUID] | None) -> None:
        """Colour the homes; those that are not kept are not drawn, those without a row in the table stay plain."""
        self.run_method("paint", [look.colour for look in colouring.looks], self.coded(colouring, kept))

    def coded(self, colouring: Colouring, kept: Set[UUID] | None) -> str:
        """The colours of all homes, a byte each, in base64."""
        return b64encode(
            bytes(_byte(home.id, colouring.of, colouring.marked, kept) for home in self.estate.homes)
        ).decode()

    def look(self, **values: float) -> None:
        """Cut above a storey, explode storeys, show one storey or one building."""
        self.run_method("look", values)

    def choose(self, place: int | None) -> None:
        """Mark a home; no callback follows."""
        self.run_method("choose", -1 if place is None else place, False)

    def enclose(self, places: list[int]) -> None:
        """Mark the homes that are ticked; no callback follows."""
        self.run_method("enclose", places)

    def flat(self, flat: bool) -> None:
        """Show the plan instead of the 3D picture, or again the picture."""
        self.run_method("plane", flat)

    def home(self) -> None:
        """Look at the whole estate again."""
        self.run_method("home")


def _byte(home: UUID | None, of: Mapping[UUID, int], marked: Set[UUID], kept: Set[UUID] | None) -> int:
    if home is None:
        return _PLAIN | _MARKED | (0 if kept is None else _HIDDEN)
    byte = min(of.get(home, _PLAIN), _PLAIN) | (_MARKED if home in marked else 0)
    return byte if kept is None or home in kept else byte | _HIDDEN
