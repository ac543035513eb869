"""Modules: what the workspaces are made of; a page says its key, title, group and roles, and how it is drawn."""

import tomllib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.access import Role
from services.engine.callers import Caller
from ui.shell.place import Host, Place

Build = Callable[[Place], Awaitable[None] | None]


@dataclass(frozen=True)
class Group:
    """A menu of the menu bar and a branch of the tree; `letter` opens it with Alt.

    `first` names the modules that come first, in their order; all others follow by themselves.
    """

    key: str
    label: str
    letter: str
    icon: str = "folder"
    first: tuple[str, ...] = ()


def _groups() -> dict[str, Group]:
    menus = tomllib.loads((Path(__file__).parent / "menus.toml").read_text(encoding="utf-8"))
    return {key: Group(key, **{**menu, "first": tuple(menu.get("first", ()))}) for key, menu in menus.items()}


GROUPS = _groups()


#: Every module that was declared, by its key: also those that a user does not have.
KNOWN: dict[str, "Module"] = {}


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
    #: Draws the module's part of the status bar of users who have it.
    status: Callable[[Host], None] | None = None
    #: Its place among the modules that the group does not name.
    order: int = 1000
    #: The listing it shows; figures that count its rows open it.
    listing: str = ""

    def __post_init__(self) -> None:
        if self.group not in GROUPS:
            raise ValueError(f"module {self.key} stands in no group")
        KNOWN[self.key] = self


def in_menu_order(modules: Iterable[Module]) -> tuple[Module, ...]:
    """Sort modules as the menus show them: by group, then those the group names, then by their own order."""
    groups = list(GROUPS)

    def place(module: Module) -> tuple[int, int, int, str]:
        first = GROUPS[module.group].first
        named = first.index(module.key) if module.key in first else len(first)
        return groups.index(module.group), named, module.order, module.key

    return tuple(sorted(modules, key=place))


def modules_for(caller: Caller, modules: Sequence[Module]) -> list[Module]:
    """The modules of a caller's roles, in menu order."""
    return [module for module in modules if module.roles & caller.roles]


Branch = tuple[Group, tuple[Module, ...]]


@lru_cache(maxsize=128)
def told(branches: tuple[Branch, ...]) -> tuple[dict[str, Any], ...]:
    """Return groups and their modules for the browser: made once for all pages of users who have the same."""
    return tuple(
        {
            "label": group.label,
            "letter": group.letter,
            "icon": group.icon,
            "members": tuple({"key": one.key, "title": one.title, "icon": one.icon} for one in members),
        }
        for group, members in branches
    )
