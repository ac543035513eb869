"""The part of the manual about a list, shown where the list has little or nothing to show."""

from nicegui.element import Element


class Guide(Element, component="guide.js"):
    """Draws the part of the manual about a module; the browser fetches it."""

    def __init__(self, module: str) -> None:
        super().__init__()
        self._props["module"] = module
