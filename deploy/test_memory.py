"""Memory of a whole run of the tests for the next one on the same tree: files that passed, and how long each test took."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

#: Where runs of pytest add the files that passed and write how far they are: `tests/progress.py`.
FOLDER = "SHENFANG_TEST_PROGRESS"
#: Names a folder in which the runs of `make test` keep the demo that one of them loads: `tests/browser.py`.
SHARED_DEMO = "SHENFANG_TEST_DEMO"
PASSED, SECONDS = "passed.jsonl", "seconds.json"


def tree_digest(root: Path, choice: Sequence[str]) -> str:
    """Return a digest of the tree, the interpreter and the options of a run; empty where git cannot list the tree."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(listed, cwd=root, capture_output=True, check=False)
    if found.returncode != 0:
        return ""
    digest = hashlib.sha256(json.dumps([sys.version, *choice]).encode())
    for name in sorted(filter(None, found.stdout.split(b"\0"))):
        path = root / name.decode()
        content = path.read_bytes() if path.is_file() else b""
        digest.update(b"%d %b %d " % (len(name), name, len(content)) + content)
    return digest.hexdigest()


class Memory:
    """The files that passed since a run on this tree began, with the outcomes of their tests."""

    def __init__(self, folder: Path, digest: str) -> None:
        self.folder, self.digest = folder, digest
        self.files: dict[str, dict[str, str]] = {}

    def recall(self) -> bool:
        """Read what an earlier run on the same tree left; whether there is anything."""
        try:
            first, *lines = (self.folder / PASSED).read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return False
        if not self.digest or first != self.digest:
            return False
        for line in lines:
            # The last line may have been cut off with the run.
            if line.endswith("}"):
                told = json.loads(line)
                self.files[told["file"]] = told["outcomes"]
        return bool(self.files)

    def begin(self, results: Path) -> None:
        """Forget what was, but how long tests took, and prepare for a run from the start."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if results.exists():
            seconds = {name: one["seconds"] for name, one in json.loads(results.read_text(encoding="utf-8")).items()}
            (self.folder / SECONDS).write_text(json.dumps(seconds), encoding="utf-8")
        (self.folder / PASSED).write_text(f"{self.digest}\n", encoding="utf-8")

    def forget(self) -> None:
        """Forget what passed: the next run begins from the start."""
        (self.folder / PASSED).unlink(missing_ok=True)

    def left_out(self) -> list[str]:
        """Options of pytest that leave out what passed."""
        return [f"--ignore={file}" for file in self.files]

    def outcomes(self) -> dict[str, str]:
        return {test: outcome for tests in self.files.values() for test, outcome in tests.items()}


def progress_told(folder: Path, seconds: float, runs: int = 1) -> str:
    """Return a Chinese line about how far so many runs are after some seconds; empty before anything is known."""
    known: list[dict[str, Any]] = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("run-*.json"))
    ]
    total, done = (sum(one[name] for one in known) for name in ("total", "done"))
    if len(known) < runs:
        # A run says how many tests it has when it has found them all, which takes a busy machine minutes.
        return f"正在查找用例，已完成 {done} 项，用时 {minutes(seconds)}" if known else ""
    if not done:
        return ""
    # Runs go side by side: the one that needs longest ends last.
    left = max(seconds * (one["due"] / one["spent"] - 1) for one in known if one["spent"])
    return f"已完成 {done}/{total} 项（{done * 100 // total}%），用时 {minutes(seconds)}，约余 {minutes(left)}"


def minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} 分钟" if seconds >= 60 else f"{seconds:.0f} 秒"
