"""Known weaknesses: a dated list that ships with the tree, held against what is locked and installed (security.md 8.2)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from deploy.supply.components import installed
from deploy.supply.locks import DEVELOPMENT, PRODUCT, ROOT, normal_name, read_lock

SNAPSHOT = ROOT / "deploy" / "supply" / "advisories.json"
#: Older than this, the list no longer answers the question (decision 38).
FRESH_DAYS = 30


@dataclass(frozen=True)
class Advisory:
    """A package is weak below `fixed`."""

    package: str
    fixed: str
    severity: str
    ids: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Snapshot:
    taken_on: date
    advisories: tuple[Advisory, ...]

    def age(self, today: date) -> int:
        return (today - self.taken_on).days


def read_snapshot(path: Path = SNAPSHOT) -> Snapshot | None:
    """The list, or None when there is none: that is "not audited", never a pass."""
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    advisories = tuple(
        Advisory(
            normal_name(one["package"]), one["fixed"], one["severity"], tuple(one.get("ids", ())), one.get("note", "")
        )
        for one in found["advisories"]
    )
    return Snapshot(date.fromisoformat(found["taken_on"]), advisories)


def stale(snapshot: Snapshot | None, today: date) -> str:
    """Return why the list cannot be relied on, or an empty text."""
    if snapshot is None:
        return "缺少漏洞通告快照 deploy/supply/advisories.json，未经审计"
    age = snapshot.age(today)
    if age < 0:
        return f"漏洞通告快照的日期 {snapshot.taken_on} 在今天之后"
    if age > FRESH_DAYS:
        return f"漏洞通告快照取自 {snapshot.taken_on}，已超过 {FRESH_DAYS} 天，请更新"
    return ""


def weak(snapshot: Snapshot, versions: dict[str, str]) -> list[str]:
    """Return a sentence for each package below a fixed version."""
    return [
        f"{one.package} {versions[one.package]} 低于 {one.fixed}（{one.severity}"
        + (f"，{'、'.join(one.ids)}" if one.ids else "")
        + "）"
        for one in snapshot.advisories
        if one.package in versions and version_key(versions[one.package]) < version_key(one.fixed)
    ]


def weak_here(snapshot: Snapshot) -> list[str]:
    """Return what is weak of what is installed here, and of what the locks would install elsewhere."""
    found = dict.fromkeys(weak(snapshot, installed()))
    for lock in (PRODUCT, DEVELOPMENT):
        for line in read_lock(lock):
            found.update(dict.fromkeys(weak(snapshot, {line.name: line.version})))
    return list(found)


def version_key(version: str) -> tuple[tuple[int, ...], tuple[int, int]]:
    """A key that orders versions as far as they occur here: numbers, then pre-release, release, post-release."""
    matched = re.match(r"^v?(\d+(?:\.\d+)*)(.*)$", version.split("+")[0])
    if matched is None:
        return (), (-2, 0)
    numbers = [int(part) for part in matched[1].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    rest = re.match(r"^[.-]?(a|b|rc|dev|post)\.?(\d*)", matched[2])
    if rest is None:
        return tuple(numbers), (0, 0)
    order = {"dev": -4, "a": -3, "b": -2, "rc": -1, "post": 1}[rest[1]]
    return tuple(numbers), (order, int(rest[2] or 0))
