"""The tree of modules: one element, however many modules there are."""

from collections.abc import Callable, Sequence

from nicegui import events
from nicegui.element import Element

from ui.shell.modules import Group, Module


class Tree(Element, component="tree.js"):
    """The modules by group; `opened` gets the key of the one that was chosen."""

    def __init__(self, groups: Sequence[tuple[Group, Sequence[Module]]], opened: Callable[[str], object]) -> None:
        super().__init__()
        known = {module.key for _, members in groups for module in members}
        self._props["groups"] = tuple(
            {
                "label": group.label,
                "icon": group.icon,
                "members": [{"key": one.key, "title": one.title, "icon": one.icon} for one in members],
            }
            for group, members in groups
        )

        def chosen(event: events.GenericEventArguments) -> object:
            # Only modules of the tree, whatever a script may send.
            return opened(str(event.args)) if isinstance(event.args, str) and event.args in known else None

        self.on("open", chosen)
