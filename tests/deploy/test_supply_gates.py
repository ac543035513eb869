"""The gates of the supply chain fail when they should, and hold on this tree (security.md 8.2, decision 38)."""

import json
import subprocess
import warnings
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from deploy.supply import advisories, bandit_gate, gate, secret_scan
from deploy.supply.components import carried, packages
from deploy.supply.licences import allowed, licence_of
from deploy.supply.locks import DEVELOPMENT, unpinned


@pytest.mark.proves("D15")
@pytest.mark.parametrize("label", gate.GATES)
def test_the_tree_passes_the_gate(label: str) -> None:
    assert gate.GATES[label]() == []


def test_the_list_of_weaknesses_is_there_and_its_age_is_told() -> None:
    snapshot = advisories.read_snapshot()
    assert snapshot is not None
    if problem := advisories.stale(snapshot, datetime.now(UTC).date()):
        warnings.warn(problem, stacklevel=1)


@pytest.mark.proves("D15")
def test_a_missing_or_old_list_is_not_a_pass(tmp_path: Path) -> None:
    assert "未经审计" in advisories.stale(advisories.read_snapshot(tmp_path / "none.json"), date(2026, 11, 25))
    path = tmp_path / "advisories.json"
    path.write_text(json.dumps({"taken_on": "2026-11-01", "advisories": []}), encoding="utf-8")
    snapshot = advisories.read_snapshot(path)
    assert advisories.stale(snapshot, date(2026, 12, 1)) == ""
    assert "超过" in advisories.stale(snapshot, date(2026, 12, 2))
    assert "之后" in advisories.stale(snapshot, date(2026, 10, 31))


@pytest.mark.proves("D15")
def test_a_version_below_the_fixed_one_is_told() -> None:
    snapshot = advisories.read_snapshot()
    assert snapshot is not None
    found = advisories.weak(snapshot, {"jinja2": "3.1.5", "starlette": "1.3.1", "h11": "0.14.0"})
    assert [line.split()[0] for line in found] == ["h11", "jinja2"]
    assert all("CVE-" in line for line in found)


@pytest.mark.parametrize(
    ("lower", "higher"),
    [("0.0.9", "0.0.31"), ("1.0rc1", "1.0"), ("1.0", "1.0.post1"), ("3.9", "3.10"), ("2026.9", "2026.10")],
)
def test_versions_are_compared_as_numbers(lower: str, higher: str) -> None:
    assert advisories.version_key(lower) < advisories.version_key(higher)


def test_a_lock_without_a_digest_or_a_version_is_told(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1.0\nb>=2\nc==3 \\\n    --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    assert unpinned(lock) == ["a", "b>=2"]


@pytest.mark.parametrize(
    ("licence", "passes"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("", False),
        ("NOASSERTION", False),
    ],
)
def test_an_expression_passes_when_all_of_it_is_allowed(licence: str, passes: bool) -> None:
    assert allowed("anything", licence) is passes


def test_a_vague_word_is_no_licence() -> None:
    assert licence_of("somebody", "", "BSD") == "NOASSERTION"


def test_an_exception_holds_for_its_package_and_its_words_only() -> None:
    licence = next(part.licence for part in packages() if part.name == "docutils")
    assert "GPL" in licence
    assert allowed("docutils", licence)
    assert not allowed("other", licence)
    assert not allowed("docutils", "GPL-3.0-or-later")


def test_everything_carried_as_a_file_is_there_with_a_digest() -> None:
    assert len(carried()) >= 15
    assert all(len(digest) == 64 for part in carried() for digest in part.digests)
    assert all(part.licence != "NOASSERTION" for part in packages(DEVELOPMENT))


@pytest.mark.parametrize(
    "line",
    [
        "dek = '" + "9f" * 32 + "'",
        "-----BEGIN EC PRIVATE" + " KEY-----",
        "password = '" + "Tr0ub4dor&3x'",
        "DATABASE_URL=postgresql://app:" + "s3cretWord" + "@db.internal/house",
        "key: AKIA" + "ABCDEFGHIJKLMNOP",
        "gh" + "p_" + "a1B2" * 9,
    ],
)
def test_a_secret_in_a_tracked_file_is_found_and_not_repeated(tmp_path: Path, line: str) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / "settings.py").write_text(f"a = 1\n{line}\n", encoding="utf-8")
    found = secret_scan.secrets(tmp_path)
    assert len(found) == 1
    assert found[0].startswith("settings.py:2 ")
    assert line.split("'")[-2 if "'" in line else 0] not in found[0]


def test_bandit_tells_what_has_no_reason(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(
        "import pickle\n\n\ndef read(raw):\n    return pickle.loads(raw)\n", encoding="utf-8"
    )
    found = bandit_gate.unexplained(bandit_gate.findings(tmp_path, (".",)))
    assert [line.split(" ")[1].split("（")[0] for line in found] == ["B403", "B301"]


def test_a_reason_without_a_finding_is_told() -> None:
    assert len(bandit_gate.outlived([])) == len(bandit_gate.baseline()["accepted"])


def test_every_exception_has_a_reason() -> None:
    found = bandit_gate.baseline()
    assert all(len(why) >= 6 for why in [*found["skipped"].values(), *(one["why"] for one in found["accepted"])])
    assert all(len(why) >= 4 for why in secret_scan.published().values())
