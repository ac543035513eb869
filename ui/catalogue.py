"""Every module of every workspace, found in the packages of ui, in the order the menus show them."""

import importlib
import pkgutil
from collections.abc import Iterator

import ui
from ui.demo_clock import DEMO_CLOCK
from ui.shell.modules import Module, in_menu_order


def _found() -> Iterator[Module]:
    """Import every module of ui and yield what it declares as a `Module` or a tuple of them."""
    for file in pkgutil.walk_packages(ui.__path__, "ui."):
        if file.name == __name__:
            continue
        for value in vars(importlib.import_module(file.name)).values():
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, Module):
                    yield one


_ALL = in_menu_order({module.key: module for module in _found()}.values())
MODULES: tuple[Module, ...] = tuple(module for module in _ALL if module is not DEMO_CLOCK)


def modules_of(mode: str) -> tuple[Module, ...]:
    """The modules of a mode: the business date is moved in demo and test only (decision 30)."""
    return (*MODULES, DEMO_CLOCK) if mode in {"demo", "test"} else MODULES
