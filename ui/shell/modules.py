"""Modules: what the workspaces are made of; a page says its key, title, group and roles, and how it is drawn."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.access import Role
from services.engine.callers import Caller

if TYPE_CHECKING:
    from ui.shell.place import Place
    from ui.shell.workspace import Workspace

Build = Callable[["Place"], Awaitable[None] | None]


@dataclass(frozen=True)
class Group:
    """A menu of the menu bar and a branch of the tree; `letter` opens it with Alt."""

    key: str
    label: str
    letter: str
    icon: str = "folder"


GROUPS = {
    group.key: group
    for group in (
        Group("inbox", "待办", "D", "inbox"),
        Group("subjects", "主体管理", "T", "folder"),
        Group("parcels", "地块管理", "L", "folder"),
        Group("projects", "项目管理", "P", "folder"),
        Group("alerts", "监测预警", "W", "folder"),
        Group("counter", "窗口业务", "B", "folder"),
        Group("review", "审核", "A", "folder"),
        Group("practitioners", "从业人员", "C", "folder"),
        Group("direct", "公积金直付", "Z", "folder"),
        Group("search", "查询", "Q", "folder"),
        Group("report", "统计", "R", "folder"),
        Group("exchange", "对接", "J", "folder"),
        Group("manage", "管理", "M", "folder"),
    )
}


@dataclass(frozen=True)
class Module:
    """An entry of the menu. `build(place)` draws into the current container; `hidden` ones are only linked to."""

    key: str
    title: str
    icon: str
    group: str
    roles: frozenset[Role]
    build: Build
    hidden: bool = False
    several: bool = False
    #: What the module shows in the status bar of whoever has it.
    status: Callable[["Workspace"], None] | None = None

    def __post_init__(self) -> None:
        if self.group not in GROUPS:
            raise ValueError(f"module {self.key} stands in no group")


def modules_for(caller: Caller, modules: Sequence[Module]) -> list[Module]:
    """The modules of a caller's roles, in the order they were registered."""
    return [module for module in modules if module.roles & caller.roles]
