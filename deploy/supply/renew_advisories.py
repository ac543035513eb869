"""Take a new snapshot of advisories: `python -m deploy.supply.renew_advisories [--service URL | --archive all.zip]`.

Asks a service of the OSV API, by default the public one, for the records of every locked package, or finds them in an archive
of OSV records that was downloaded elsewhere, and keeps what the gate reads of them. Records of our own, whose ids begin with
SHENFANG, stay.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx

from deploy.supply.advisories import SNAPSHOT
from deploy.supply.locks import DEVELOPMENT, EXTRAS, POSTGRES, PRODUCT, normal_name, read_lock

_SERVICE = "https://api.osv.dev"
_KEPT = ("id", "modified", "aliases", "summary", "withdrawn")


def main() -> int:
    parser = argparse.ArgumentParser(description="更新漏洞通告快照。")
    parser.add_argument("--service", default=_SERVICE, help="OSV 查询服务的地址")
    parser.add_argument("--archive", type=Path, help="无法联网时：另行下载的 OSV 记录压缩包（PyPI 的 all.zip）")
    parser.add_argument("--day", help="压缩包的下载日期，默认今天")
    wanted = parser.parse_args()
    found = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    own = [record for record in found["vulns"] if record["id"].startswith("SHENFANG")]
    names = sorted({line.name for lock in (PRODUCT, *EXTRAS, DEVELOPMENT, POSTGRES) for line in read_lock(lock)})
    if wanted.archive:
        records = {record["id"]: kept(record) for record in archived(wanted.archive, names)}
    else:
        with httpx.Client(base_url=wanted.service, timeout=60) as client:
            records = {record["id"]: kept(record) for name in names for record in asked(client, name)}
    found |= {
        "taken_on": wanted.day or datetime.now(UTC).date().isoformat(),
        "source": "OSV",
        "vulns": [*own, *(records[one] for one in sorted(records))],
    }
    SNAPSHOT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(names)} 个软件包，{len(records)} 条通告")
    return 0


def asked(client: httpx.Client, name: str) -> Iterator[dict[str, Any]]:
    """All records of a package, page by page."""
    order: dict[str, Any] = {"package": {"ecosystem": "PyPI", "name": name}}
    while True:
        answer = client.post("/v1/query", json=order).raise_for_status().json()
        yield from answer.get("vulns", ())
        if not (token := answer.get("next_page_token")):
            return
        order["page_token"] = token


def archived(archive: Path, names: Collection[str]) -> Iterator[dict[str, Any]]:
    """The records of an archive that are about one of these packages."""
    wanted = {normal_name(name) for name in names}
    with ZipFile(archive) as whole:
        for name in whole.namelist():
            record = json.loads(whole.read(name)) if name.endswith(".json") else {}
            packages = (one.get("package", {}) for one in record.get("affected", ()))
            if any(one.get("ecosystem") == "PyPI" and normal_name(one["name"]) in wanted for one in packages):
                yield record


def kept(record: dict[str, Any]) -> dict[str, Any]:
    """The parts of a record that the gate reads: no list of single versions, which the ranges say already."""
    affected = [
        {
            "package": {"ecosystem": "PyPI", "name": one["package"]["name"]},
            "ranges": [span for span in one.get("ranges", ()) if span.get("type") == "ECOSYSTEM"],
        }
        for one in record.get("affected", ())
        if one.get("package", {}).get("ecosystem") == "PyPI"
    ]
    severity = record.get("database_specific", {}).get("severity", "HIGH")
    plain = {key: record[key] for key in _KEPT if key in record}
    return {**plain, "affected": affected, "database_specific": {"severity": severity}}


if __name__ == "__main__":
    sys.exit(main())
