"""Bandit over what ships: a finding passes only with a reason written down, and a reason only while it has a finding."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.supply.components import ALONE, SHIPPED
from deploy.supply.locks import ROOT

BASELINE = ROOT / "deploy" / "supply" / "bandit.json"


@dataclass(frozen=True)
class Finding:
    test: str
    place: str
    line: int
    severity: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}:{self.line} {self.test}（{self.severity}）{self.text}"


def findings(root: Path = ROOT, targets: tuple[str, ...] = (*SHIPPED, *ALONE[:1])) -> list[Finding]:
    """Return what bandit says about a tree, without the tests that are skipped with a reason."""
    skipped = ",".join(sorted(baseline()["skipped"]))
    command = [
        sys.executable,
        "-m",
        "bandit",
        "--quiet",
        "--recursive",
        "--format",
        "json",
        "--skip",
        skipped,
        *targets,
    ]
    told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if told.returncode not in (0, 1):
        raise RuntimeError(told.stderr[-500:])
    results: list[dict[str, Any]] = json.loads(told.stdout)["results"]
    return [
        Finding(
            one["test_id"],
            one["filename"].removeprefix("./"),
            one["line_number"],
            one["issue_severity"],
            one["issue_text"],
        )
        for one in results
    ]


def baseline() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(BASELINE.read_text(encoding="utf-8"))
    return found


def unexplained(found: list[Finding]) -> list[str]:
    """Findings without a reason."""
    accepted = {(one["test"], one["place"]) for one in baseline()["accepted"]}
    return [str(one) for one in found if (one.test, one.place) not in accepted]


def outlived(found: list[Finding]) -> list[str]:
    """Reasons whose finding is gone."""
    present = {(one.test, one.place) for one in found}
    return [
        f"deploy/supply/bandit.json 中 {one['test']} {one['place']} 已无对应发现，请删除"
        for one in baseline()["accepted"]
        if (one["test"], one["place"]) not in present
    ]
