"""Known weaknesses: a dated snapshot of OSV records, as pip-audit reads them, held against the locks (security.md 8.2).

`python -m deploy.supply.renew_advisories` takes a new snapshot.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from packaging.version import Version

from deploy.supply.components import installed
from deploy.supply.locks import DEVELOPMENT, EXTRAS, PRODUCT, ROOT, normal_name, read_lock

SNAPSHOT = ROOT / "deploy" / "supply" / "advisories.json"
#: Older than this, the list no longer answers the question (decision 38).
FRESH_DAYS = 30


#: The words of advisories for a severity, and ours.
SEVERITIES = {"LOW": "low", "MODERATE": "medium", "HIGH": "high", "CRITICAL": "critical"}


@dataclass(frozen=True)
class Advisory:
    """A weakness of a package: in the versions of `spans`, from the first of each up to but not including the second."""

    package: str
    spans: tuple[tuple[Version, Version | None], ...]
    severity: str
    ids: tuple[str, ...]

    def fix(self, version: Version) -> Version | None:
        """Return the version that mends this one, itself where it is not affected, None where no release mends it."""
        for introduced, fixed in self.spans:
            if introduced <= version and (fixed is None or version < fixed):
                return fixed
        return version


@dataclass(frozen=True)
class Snapshot:
    """The advisories as they were on a day."""

    taken_on: date
    advisories: tuple[Advisory, ...]

    def age(self, today: date) -> int:
        return (today - self.taken_on).days


def read_snapshot(path: Path = SNAPSHOT) -> Snapshot | None:
    """The list, or None when there is none: that is "not audited", never a pass."""
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    return Snapshot(
        date.fromisoformat(found["taken_on"]), tuple(one for record in found["vulns"] for one in _read(record))
    )


def _read(record: dict[str, Any]) -> Iterator[Advisory]:
    """A record of the OSV schema, as an advisory for each package of the Python index it affects."""
    if record.get("withdrawn"):
        return
    word = str(record.get("database_specific", {}).get("severity", "HIGH"))
    for affected in record.get("affected", ()):
        package = affected.get("package", {})
        if package.get("ecosystem") != "PyPI":
            continue
        spans = [
            span
            for one in affected.get("ranges", ())
            if one.get("type") == "ECOSYSTEM"
            for span in _spans(one.get("events", ()))
        ]
        yield Advisory(
            normal_name(package["name"]),
            tuple(spans),
            SEVERITIES.get(word, "high"),
            (record["id"], *record.get("aliases", ())),
        )


def _spans(events: Sequence[dict[str, str]]) -> Iterator[tuple[Version, Version | None]]:
    introduced: Version | None = None
    for event in events:
        if "introduced" in event:
            introduced = Version(event["introduced"])
        elif "fixed" in event and introduced is not None:
            yield introduced, Version(event["fixed"])
            introduced = None
    if introduced is not None:
        yield introduced, None


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
    """Each package of these versions that an advisory affects, as a sentence."""
    found = []
    for one in snapshot.advisories:
        if one.package not in versions:
            continue
        version = Version(versions[one.package])
        if (fix := one.fix(version)) != version:
            needed = f"低于 {fix}" if fix is not None else "受影响，尚无修复版本"
            ids = "、".join(sorted(one.ids, key=lambda word: not word.startswith("CVE")))
            found.append(f"{one.package} {version} {needed}（{one.severity}，{ids}）")
    return found


def weak_here(snapshot: Snapshot) -> list[str]:
    """Return what is weak of what is installed here, and of what the locks would install elsewhere."""
    found = dict.fromkeys(weak(snapshot, installed()))
    for lock in (PRODUCT, *EXTRAS, DEVELOPMENT):
        for line in read_lock(lock):
            found.update(dict.fromkeys(weak(snapshot, {line.name: line.version})))
    return list(found)
