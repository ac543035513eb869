"""Licences: that of each part, whether it may ship, and the list for people (security.md 8.2)."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from deploy.supply.locks import ROOT

REGISTER = ROOT / "deploy" / "supply" / "licences.json"
UNKNOWN = "NOASSERTION"
#: How authors spell a licence that has one meaning only; every vaguer word is settled by name in the register.
_SPELLINGS = {
    "MIT": "MIT",
    "MIT License": "MIT",
    "Apache-2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "BSD-3-Clause": "BSD-3-Clause",
    "MPL-2.0": "MPL-2.0",
    "PSF-2.0": "PSF-2.0",
}


@cache
def register() -> dict[str, Any]:
    """The allow-list, the conditions of single licences, the exceptions and what was settled by name."""
    found: dict[str, Any] = json.loads(REGISTER.read_text(encoding="utf-8"))
    return found


def licence_of(name: str, expression: str, word: str) -> str:
    """An SPDX expression: as settled by name, as the package declares it, or as its one word means."""
    if exception := register()["exceptions"].get(name):
        return str(exception["licence"])
    if settled := register()["named"].get(name):
        return str(settled)
    return expression or _SPELLINGS.get(word.strip(), UNKNOWN)


def allowed(name: str, licence: str) -> bool:
    """Return whether a part may ship: each AND is met, one OR suffices; a named exception holds for its words only."""
    from license_expression import Licensing  # type: ignore[import-untyped]

    exception = register()["exceptions"].get(name)
    if exception and exception["licence"] == licence:
        return True
    licensing = Licensing()
    parsed = licensing.parse(licence)
    if parsed is None:
        return False
    met = {one: licensing.TRUE if one.key in register()["allowed"] else licensing.FALSE for one in parsed.symbols}
    return bool(parsed.subs(met, simplify=True) == licensing.TRUE)


def single_licences(licence: str) -> list[str]:
    """The licence names in an expression."""
    return [word for word in re.findall(r"[A-Za-z0-9.+-]+", licence) if word not in ("AND", "OR", "WITH")]
