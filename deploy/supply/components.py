"""Installed packages compared with the lock: version, licence, digests, dependencies of each."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from deploy.supply.licences import licence_of
from deploy.supply.locks import DEVELOPMENT, EXTRAS, ITSELF, POSTGRES, PRODUCT, ROOT, Locked, normal_name, read_lock

CARRIED = ROOT / "deploy" / "supply" / "carried.json"
SHIPPED = ("deploy", "integrations", "models", "printing", "services", "ui")
ALONE = ("main.py", "pyproject.toml")
#: What an environment brings along before anything is installed into it.
TOOLS = frozenset({"pip", "setuptools", "wheel"})


@dataclass(frozen=True)
class Component:
    """A part. `digests` are SHA-256: of every file the lock allows for a package, of the files themselves otherwise."""

    key: str
    name: str
    version: str
    kind: str
    licence: str
    digests: tuple[str, ...]
    needs: tuple[str, ...] = ()
    note: str = ""


def product_version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def installed() -> dict[str, str]:
    """Name to version of everything in this environment."""
    return {normal_name(one.metadata["Name"]): one.version for one in importlib.metadata.distributions()}


def packages(lock: Path = PRODUCT) -> list[Component]:
    """The packages of a lock as they are installed here; a line whose condition does not hold here is left out."""
    present = installed()
    lines = [line for line in read_lock(lock) if present.get(line.name) == line.version]
    return sorted((_package(line, lines) for line in lines), key=lambda one: one.key)


def shipped_packages() -> list[Component]:
    """The packages of the product and of its extras, one that several lock once."""
    return sorted(
        {part.key: part for lock in (*EXTRAS, PRODUCT) for part in packages(lock)}.values(), key=lambda one: one.key
    )


def _package(line: Locked, lines: list[Locked]) -> Component:
    metadata = importlib.metadata.metadata(line.name).json
    needs = tuple(sorted(f"pkg:pypi/{one.name}@{one.version}" for one in lines if line.name in one.wanted_by))
    licence = licence_of(line.name, _word(metadata, "license_expression"), _word(metadata, "license"))
    return Component(
        f"pkg:pypi/{line.name}@{line.version}", line.name, line.version, "library", licence, line.digests, needs
    )


def _word(metadata: dict[str, str | list[str]], key: str) -> str:
    found = metadata.get(key, "")
    return found if isinstance(found, str) else ""


def direct_needs(*locks: Path) -> tuple[str, ...]:
    """Return what the product itself asks for."""
    present = installed()
    asked = [line for lock in locks for line in read_lock(lock)]
    lines = [line for line in asked if present.get(line.name) == line.version and ITSELF in line.wanted_by]
    return tuple(sorted({f"pkg:pypi/{line.name}@{line.version}" for line in lines}))


def carried() -> list[Component]:
    """Fonts, lists and browser libraries that come as files: in our tree, or inside an installed package."""
    found = []
    for one in json.loads(CARRIED.read_text(encoding="utf-8")):
        files = [_place(one["inside"], path) for path in one["paths"]]
        digests = tuple(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
        kind = "library" if one["id"].startswith("js-") else "data" if one["id"].startswith("data-") else "file"
        key = f"shenfang:{one['id']}"
        found.append(Component(key, one["name"], one["version"], kind, one["licence"], digests, (), one["note"]))
    return sorted(found, key=lambda one: one.key)


def _place(inside: str, path: str) -> Path:
    return Path(str(importlib.metadata.distribution(inside).locate_file(f"{inside}/{path}"))) if inside else ROOT / path


def shipped_files() -> list[Path]:
    """Our own files that ship, in the order of their names."""
    found = [ROOT / name for name in ALONE]
    for folder in SHIPPED:
        found += [path for path in (ROOT / folder).rglob("*") if path.is_file() and _ships(path)]
    return sorted(found)


def _ships(path: Path) -> bool:
    return path.suffix != ".pyc" and not any(part == "__pycache__" or part[0] == "." for part in path.parts[-3:])


def strangers() -> list[str]:
    """Installed packages that no lock names, or not in this version."""
    known: dict[str, set[str]] = {}
    for lock in (PRODUCT, *EXTRAS, DEVELOPMENT, POSTGRES):
        for line in read_lock(lock):
            known.setdefault(line.name, set()).add(line.version)
    return sorted(
        f"{name} {version}"
        for name, version in installed().items()
        if name not in TOOLS and version not in known.get(name, set())
    )


def absent() -> list[str]:
    """Packages of the product's lock without a condition that are not installed in the locked version."""
    present = installed()
    lines = read_lock(PRODUCT)
    return sorted(
        f"{one.name} {one.version}" for one in lines if not one.marker and present.get(one.name) != one.version
    )


def own_lines() -> int:
    """Lines of our own code that ship, for the share of own work the national format asks for."""
    code = [path for path in shipped_files() if path.suffix in (".py", ".js", ".css", ".html", ".sh")]
    return sum(len(re.findall(rb"\n", path.read_bytes())) for path in code)
