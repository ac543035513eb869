"""Figures of a home page: a number and its label; a press opens the rows it counted."""

from collections.abc import Iterable
from functools import partial

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.figures import Figure
from ui.shell.place import Place


def draw_figures(place: Place, figures: Iterable[Figure]) -> None:
    """Draw figures into the current container; those whose list the user does not have are not to be pressed."""
    for figure in figures:
        module = place.workspace.list_module(figure.listing) if figure.listing else figure.opens
        known = module in place.workspace.modules
        with web.element("li"), web.element("button" if known else "div").classes("sf-figure") as box:
            TextElement(tag="strong", text=f"{figure.count:,}")
            TextElement(tag="span", text=figure.label)
        box.mark(f"figure-{figure.key}")
        if known:
            box.props("type=button")
            box.on("click", partial(place.workspace.open_anew, module, figure.filters))
