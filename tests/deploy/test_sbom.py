"""The bill of materials: complete, of the form it says, and the same every time (security.md 8.1)."""

import base64
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy.commands.release import signer_of
from deploy.commands.sbom import sign
from deploy.settings import Settings
from deploy.supply.components import installed, packages
from deploy.supply.locks import EXTRAS, PRODUCT, ROOT, read_lock
from deploy.supply.sbom import Bill, cyclonedx, make_bill, national, write_bills
from integrations.cloud_crypto import sm2
from tests.commands import run_main

TIME = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


WRITE = """
import sys
from datetime import datetime
from pathlib import Path
from deploy.supply.sbom import write_bills
write_bills(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def made() -> Bill:
    return make_bill(TIME)


@pytest.fixture(scope="module")
def bill(made: Bill) -> dict[str, Any]:
    return cyclonedx(made)


@pytest.mark.proves("D15")
def test_the_bill_is_cyclonedx_1_6(bill: dict[str, Any]) -> None:
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"])
    assert bill["metadata"]["timestamp"] == "2026-11-25T08:00:00Z"
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is None
    assert all(one["alg"] == "SHA-256" for part in bill["components"] for one in part["hashes"])


def test_the_strict_validator_finds_a_field_the_form_does_not_have(bill: dict[str, Any]) -> None:
    spoilt = {**bill, "components": [{**bill["components"][0], "licence": "MIT"}]}
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(spoilt)) is not None


def test_every_installed_package_of_the_lock_is_in_the_bill_with_the_digests_of_the_lock(bill: dict[str, Any]) -> None:
    present = installed()
    locked = {
        one.name: one for lock in (PRODUCT, *EXTRAS) for one in read_lock(lock) if present.get(one.name) == one.version
    }
    found = {part["name"]: part for part in bill["components"] if part["bom-ref"].startswith("pkg:")}
    assert set(found) == set(locked)
    assert len(found) > 70
    assert len(bill["components"]) == len({part["bom-ref"] for part in bill["components"]})
    for name, part in found.items():
        assert [one["content"] for one in part["hashes"]] == list(locked[name].digests)
        assert part["purl"] == f"pkg:pypi/{name}@{locked[name].version}"


def test_dependencies_name_parts_of_the_bill_and_reach_all_of_them(bill: dict[str, Any]) -> None:
    refs = {part["bom-ref"] for part in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    needs = {line["ref"]: set(line["dependsOn"]) for line in bill["dependencies"]}
    assert set(needs) == refs
    reached, ahead = set(), {bill["metadata"]["component"]["bom-ref"]}
    while ahead:
        one = ahead.pop()
        reached.add(one)
        ahead |= needs[one] - reached
    assert reached == refs
    assert (
        next(key for key in refs if "pydantic-core@" in key) in needs[next(key for key in refs if "/pydantic@" in key)]
    )


@pytest.mark.proves("D15")
@pytest.mark.night
def test_the_same_tree_and_moment_give_the_same_bytes(tmp_path: Path) -> None:
    # Another process has other hashes, and so another order of what lies in sets.
    order = [sys.executable, "-c", WRITE, str(tmp_path / "two"), TIME.isoformat()]
    # Somebody may be writing in the tree meanwhile; then it is not the same tree.
    for _ in range(5):
        before = make_bill(TIME).tree_sm3
        first = [path.read_bytes() for path in write_bills(tmp_path / "one", TIME)]
        told = subprocess.run(order, cwd=ROOT, capture_output=True, text=True, check=False)
        ended = run_main(tmp_path, "sbom", "--out", str(tmp_path / "three"), "--time", TIME.isoformat())
        if make_bill(TIME).tree_sm3 == before:
            break
    assert (told.returncode, ended.code) == (0, 0), told.stderr + ended.err
    for folder in ("two", "three"):
        assert [path.read_bytes() for path in sorted((tmp_path / folder).iterdir())] == first


def test_another_moment_gives_another_serial_number(made: Bill) -> None:
    assert made.serial != make_bill(TIME.replace(hour=9)).serial


def test_the_national_form_has_its_fields(bill: dict[str, Any], made: Bill) -> None:
    found = national(made)
    assert set(found) == {"格式", "序列号", "时间戳", "作者", "软件", "组件", "依赖", "签名"}
    assert re.fullmatch("[0-9a-f]{64}", found["软件"]["摘要"])
    assert {part["标识"] for part in found["组件"]} == {part["bom-ref"] for part in bill["components"]}
    assert all(part["许可证"] and part["摘要"] and "依赖" in part for part in found["组件"])


def test_the_bill_names_no_registry(bill: dict[str, Any]) -> None:
    assert re.findall(r"https?://", json.dumps(bill)) == []


def test_both_bills_are_signed_with_the_release_key(tmp_path: Path) -> None:
    key = sm2.PrivateKey.fresh()
    (tmp_path / "release.key").write_text(json.dumps({"kid": "sig.release.1", "private": key.hex}), encoding="utf-8")
    signer = signer_of(Settings(), tmp_path / "release.key", None)
    for path in write_bills(tmp_path, TIME):
        sign(path, signer)
        signature = base64.b64decode(path.with_name(path.name + ".sig").read_bytes())
        assert sm2.verify(key.public, path.read_bytes(), signature)
        assert not sm2.verify(key.public, path.read_bytes() + b" ", signature)


def test_a_package_outside_the_lock_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger-1.0.dist-info"
    stranger.mkdir()
    (stranger / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    from deploy.supply.components import strangers

    assert strangers() == ["stranger 1.0"]
    assert "stranger" not in {part.name for part in packages()}
