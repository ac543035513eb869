"""The outside systems, found in their packages by `system.py`, and the clients that ask them."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import integrations
from integrations.wire.client import DEFAULT_TIMEOUT, Timeout
from integrations.wire.outbound import Outside
from integrations.wire.system import OutsideSystem, SimulatedPartners
from services.ports.systems import Systems


@cache
def _declared(folders: tuple[str, ...]) -> tuple[ModuleType, ...]:
    packages = [package.name for package in pkgutil.iter_modules(folders, "integrations.") if package.ispkg]
    # The wire has the form of a declaration, not a declaration.
    named = [f"{name}.system" for name in packages if name != "integrations.wire"]
    return tuple(importlib.import_module(name) for name in named if find_spec(name) is not None)


def outside_systems() -> tuple[OutsideSystem[Any], ...]:
    """Every system we ask, in the order of its package's name."""
    return tuple(module.SYSTEM for module in _declared(tuple(integrations.__path__)) if hasattr(module, "SYSTEM"))


def partner_groups() -> tuple[SimulatedPartners, ...]:
    """Every declaration of simulated partners, in the order of its package's name."""
    return tuple(module.PARTNERS for module in _declared(tuple(integrations.__path__)) if hasattr(module, "PARTNERS"))


def system_names() -> tuple[str, ...]:
    """The names by which addresses are given; the association's list has its own, for the association is a partner."""
    return tuple(system.name for system in outside_systems())


def systems_at(urls: Mapping[str, str], outside: Outside, timeout: Timeout = DEFAULT_TIMEOUT) -> Systems:
    """The clients of every system at these addresses, simulated or real; one set serves a whole process."""
    return Systems(
        {
            system.name: system.client(urls[system.name], outside, timeout)
            for system in outside_systems()
            # An installation may have no address of an optional one.
            if system.name in urls or not system.optional
        }
    )
