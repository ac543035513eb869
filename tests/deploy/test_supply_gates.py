"""The gates of the supply chain fail when they should, and hold on this tree (security.md 8.2, decision 38)."""

import json
import subprocess
import warnings
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import pytest

from deploy.supply import advisories, gate, pages, renew_advisories, secret_scan
from deploy.supply.components import carried, packages
from deploy.supply.licences import allowed, licence_of
from deploy.supply.locks import DEVELOPMENT, unpinned

#: Ruff knows most rules of bandit, and takes a fiftieth of its time; licences change with the lock.
BY_NIGHT = ("许可证", "静态安全检查（bandit）")


@pytest.mark.proves("D15")
@pytest.mark.parametrize(
    "label", [pytest.param(one, marks=[pytest.mark.night] if one in BY_NIGHT else []) for one in gate.GATES]
)
def test_the_tree_passes_the_gate(label: str) -> None:
    assert gate.GATES[label]() == []


def test_the_licence_list_is_not_made_where_a_locked_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = packages(DEVELOPMENT)[0]
    monkeypatch.setattr(pages, "packages", lambda path: [one for one in packages(path) if one.key != missing.key])
    with pytest.raises(SystemExit, match=missing.name):
        pages.licence_page()


def test_the_list_of_weaknesses_is_there_and_its_age_is_told() -> None:
    snapshot = advisories.read_snapshot()
    assert snapshot is not None
    if problem := advisories.stale(snapshot, datetime.now(UTC).date()):
        warnings.warn(problem, stacklevel=1)


@pytest.mark.proves("D15")
def test_a_missing_or_old_list_is_not_a_pass(tmp_path: Path) -> None:
    assert "未经审计" in advisories.stale(advisories.read_snapshot(tmp_path / "none.json"), date(2026, 11, 25))
    path = tmp_path / "advisories.json"
    path.write_text(json.dumps({"taken_on": "2026-11-01", "vulns": []}), encoding="utf-8")
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


OSV: dict[str, Any] = {
    "id": "GHSA-1",
    "aliases": ["CVE-2026-1"],
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "Some_Thing"},
            "ranges": [
                {
                    "type": "ECOSYSTEM",
                    "events": [
                        {"introduced": "0"},
                        {"fixed": "1.10"},
                        {"introduced": "2.0rc1"},
                        {"fixed": "2.0.post1"},
                    ],
                }
            ],
        },
        {
            "package": {"ecosystem": "npm", "name": "other"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}],
        },
    ],
    "database_specific": {"severity": "MODERATE"},
}


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ("1.9", "1.10"),
        ("1.10", None),
        ("1.10.0", None),
        ("2.0b1", None),
        ("2.0rc1", "2.0.post1"),
        ("2.0", "2.0.post1"),
        ("2.0.post1", None),
        ("2026.10", None),
    ],
)
def test_a_record_affects_the_versions_of_its_ranges(tmp_path: Path, version: str, fixed: str | None) -> None:
    path = tmp_path / "advisories.json"
    path.write_text(json.dumps({"taken_on": "2026-11-01", "vulns": [OSV]}), encoding="utf-8")
    snapshot = advisories.read_snapshot(path)
    assert snapshot is not None
    told = [f"some-thing {version} 低于 {fixed}（medium，CVE-2026-1、GHSA-1）"] if fixed else []
    assert advisories.weak(snapshot, {"some-thing": version, "other": "1"}) == told


def test_what_no_release_mends_is_told_and_what_was_withdrawn_is_not(tmp_path: Path) -> None:
    path = tmp_path / "advisories.json"
    open_range = {"type": "ECOSYSTEM", "events": [{"introduced": "1"}]}
    affected = [{"package": {"ecosystem": "PyPI", "name": "a"}, "ranges": [open_range]}]
    records = [{"id": "X-1", "affected": affected}, {"id": "X-2", "affected": affected, "withdrawn": "2026-01-01"}]
    path.write_text(json.dumps({"taken_on": "2026-11-01", "vulns": records}), encoding="utf-8")
    snapshot = advisories.read_snapshot(path)
    assert snapshot is not None
    assert advisories.weak(snapshot, {"a": "3"}) == ["a 3 受影响，尚无修复版本（high，X-1）"]
    assert advisories.weak(snapshot, {"a": "0.9"}) == []


def test_a_new_snapshot_keeps_what_the_gate_reads() -> None:
    pages = [{"vulns": [OSV], "next_page_token": "2"}, {"vulns": [{**OSV, "id": "GHSA-2"}]}]
    orders = []

    def answer(request: httpx.Request) -> httpx.Response:
        orders.append(json.loads(request.content))
        return httpx.Response(200, json=pages[len(orders) - 1])

    with httpx.Client(base_url="http://osv.test", transport=httpx.MockTransport(answer)) as client:
        records = [renew_advisories.kept(one) for one in renew_advisories.asked(client, "some-thing")]
    assert [one.get("page_token") for one in orders] == [None, "2"]
    assert [one["id"] for one in records] == ["GHSA-1", "GHSA-2"]
    assert records[0]["affected"] == OSV["affected"][:1]


def test_the_records_of_a_downloaded_archive_are_found_by_their_package(tmp_path: Path) -> None:
    elsewhere = {"id": "GHSA-9", "affected": [{"package": {"ecosystem": "PyPI", "name": "other-thing"}, "ranges": []}]}
    with ZipFile(tmp_path / "all.zip", "w") as archive:
        for record in (OSV, elsewhere):
            archive.writestr(f"{record['id']}.json", json.dumps(record))
        archive.writestr("README", "no record")
    records = [*renew_advisories.archived(tmp_path / "all.zip", ["some_Thing"])]
    assert [renew_advisories.kept(one)["id"] for one in records] == [OSV["id"]]


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


def test_bandit_tells_what_has_no_reason_and_a_reason_without_a_finding(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(
        "import pickle  # nosec B403 # own files only\n\n\ndef read(raw):\n    return pickle.loads(raw)  # nosec B301\n"
        "\n\nnothing = 1  # nosec B403 # gone\n",
        encoding="utf-8",
    )
    first, second = gate.bandit(tmp_path, (".",))
    assert first.startswith("bad.py:5 B301（")
    assert second.startswith("bad.py:8 ")


def test_every_published_value_has_a_reason() -> None:
    assert all(len(why) >= 4 for why in secret_scan.published().values())
