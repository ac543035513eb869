"""Play a recorded set in this process, once for everything that is asked of it."""

import json
from collections import defaultdict
from collections.abc import Collection
from importlib import import_module
from pathlib import Path
from typing import Any

import main
from deploy.replays.ground import throw_away
from deploy.settings import Settings
from tests.commands import as_a_process, run_main

ROOT = Path(__file__).resolve().parent.parent


def played(kind: str, folder: Path, houses: Path) -> dict[str, list[dict[str, Any]]]:
    """What a replay of a set tells, by kind: the answers and the codes, the cases and the filings."""
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with as_a_process(ROOT), throw_away(Settings(), main.open_house, folder) as ground:
        for what, one in import_module(f"deploy.replays.{kind}").played(ground, houses):
            told[what].append(json.loads(json.dumps(one)))
    return told


def told_by_command(*arguments: object) -> list[dict[str, Any]]:
    """What `main.py replay` prints, an object a line; it ends well and says nothing else."""
    done = run_main(ROOT, "replay", *map(str, arguments))
    assert (done.code, done.err) == (0, "")
    return [json.loads(line) for line in done.out.splitlines()]


def houses_of(houses: Path, ids: Collection[str], copy: Path) -> Path:
    """A copy of a file of houses with these alone, which are loaded in a moment."""
    head, *lines = houses.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    kept = [line for line in lines if line.split(",", 1)[0] in ids]
    assert len(kept) == len(set(ids))
    copy.write_text("".join([head, *kept]), encoding="utf-8")
    return copy


def share_of(cases: dict[str, tuple[str, set[str]]]) -> set[str]:
    """Return the first case of each sort, and all that share a key with one of them: its house, filing, group."""
    chosen = set({sort: case for case, (sort, _) in reversed(cases.items())}.values())
    before = 0
    while len(chosen) > before:
        before = len(chosen)
        keys = {key for case in chosen for key in cases[case][1]}
        chosen |= {case for case, (_, own) in cases.items() if own & keys}
    return chosen
