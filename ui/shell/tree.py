"""The tree: the modules of a user by group, under the favourites of his own choice."""

from collections.abc import Callable

from nicegui import events
from nicegui.element import Element

from ui.shell.modules import Branch, told
from ui.shell.own_desk import OwnDesk
from ui.shell.workspace import Workspace

_MOST = 12


class Tree(Element, component="tree.js"):
    """The modules by group; favourites stand above them, in the order they were chosen in."""

    def __init__(self, workspace: Workspace, branches: tuple[Branch, ...], own: OwnDesk) -> None:
        super().__init__()
        self.workspace, self.own = workspace, own
        self._known = {module.key for _, members in branches for module in members}
        self._props["starred"] = []
        self._props["groups"] = told(branches)
        self.on("open", self._of_the_tree(workspace.open))
        self.on("star", self._of_the_tree(self.star))

    @property
    def starred(self) -> list[str]:
        """The keys of the favourites."""
        return list(self._props["starred"])

    def show(self) -> None:
        """Show the favourites among what the user keeps."""
        self._props["starred"] = [key for key in self.own.keys if key in self._known]
        self.update()

    async def star(self, key: str) -> None:
        """Put a module among the favourites, or take it out."""
        title = self.workspace.modules[key].title
        left = [one for one in self.own.keys if one != key]
        added = len(left) == len(self.own.keys)
        if added and len(self.starred) >= _MOST:
            self.workspace.desk.say(f"最多收藏{_MOST}个功能，请先取消不常用的", "warn")
            return
        if await self.own.keep([*left, key] if added else left):
            self.show()
            self.workspace.desk.say(f"已收藏“{title}”" if added else f"已取消收藏“{title}”", "good")

    def _of_the_tree(self, act: Callable[[str], object]) -> Callable[[events.GenericEventArguments], object]:
        """Run an act on a module of the tree alone, whatever a script may send."""

        def chosen(event: events.GenericEventArguments) -> object:
            return act(str(event.args)) if isinstance(event.args, str) and event.args in self._known else None

        return chosen
