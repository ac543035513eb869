"""Editors of lists that a table of cells does not serve, such as the units of a sales plan; areas register their own."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from services.engine.cycle_orders import RevisionView
from services.engine.findings import Finding
from services.engine.kinds import Child


class ListEditor(Protocol):
    """The editor of a list as a form uses it; `lines` are raw values by field."""

    child: Child
    lines: list[dict[str, Any]]

    def tell(self, findings: Sequence[tuple[int, str, Finding]]) -> None:
        """Show what is wrong with which line: row from 0, field, finding."""
        ...

    def reach(self, row: int, name: str) -> None:
        """Put the keyboard on a line."""
        ...


#: Draws an editor; with `changed` it edits and calls that after every change, without it only shows.
Make = Callable[[Child, RevisionView, Callable[[], object] | None], ListEditor]
_EDITORS: dict[tuple[str, str], Make] = {}


def list_editor(kind: str, child: str) -> Callable[[Make], Make]:
    """Register the editor of a list of a kind."""

    def register(make: Make) -> Make:
        _EDITORS[kind, child] = make
        return make

    return register


def editor_of(kind: str, child: str) -> Make | None:
    return _EDITORS.get((kind, child))
