"""Commands of `main.py` beyond serving: a module each, found by its file.

A module has `HELP` (a Chinese line), `arguments(parser)` and `run(settings, arguments, open_house) -> int`; its name
with `_` for `-` is the command. `open_house(settings)` gives keys, database, systems and the door; the command closes
it.
"""

import importlib
import pkgutil
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from deploy.settings import Settings as Settings

if TYPE_CHECKING:
    from services.engine.door import Door


class OpenedHouse(Protocol):
    """The product as a command opens it: settings, the door to everything else, and `close`."""

    @property
    def settings(self) -> Settings: ...
    @property
    def door(self) -> "Door": ...
    def close(self) -> None: ...


OpenHouse = Callable[[Settings], OpenedHouse]


def refuse(sentence: str) -> int:
    """Say why a command does nothing; the exit code of a refusal."""
    sys.stderr.write(f"{sentence}\n")
    return 2


def add_commands(parts: Any, argv: Sequence[str]) -> None:
    """Add the command that is asked for to the parser of `main.py`, or all of them where help is.

    A process that serves loads none, nor the libraries that they need.
    """
    names = {found.name.replace("_", "-"): found.name for found in pkgutil.iter_modules(__path__)}
    asked = argv[0] if argv else ""
    for shown, name in names.items():
        if asked == shown or (asked and asked not in {*names, *parts.choices}):
            module = importlib.import_module(f"deploy.commands.{name}")
            parser = parts.add_parser(shown, help=module.HELP, description=module.HELP)
            module.arguments(parser)
            parser.set_defaults(run=module.run)
