"""The bill of materials: CycloneDX 1.6, and the form with the fields of GB/T 47020 (security.md 8.1).

Equal environment, tree and moment give equal bytes. The release command signs the result and lists it in the manifest;
neither form names a registry, because the packages may come from any.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from deploy.supply.components import (
    Component,
    carried,
    direct_needs,
    own_lines,
    product_version,
    shipped_files,
    shipped_packages,
)
from deploy.supply.licences import single_licences
from deploy.supply.locks import EXTRAS, PRODUCT, ROOT
from models.sealing import sm3_hex

PRODUCT_KEY = "shenfang:product"
AUTHOR = "申房项目组"
#: Licence names that the standard list of the format does not have.
_OWN_LICENCES = "LicenseRef-"


@dataclass(frozen=True)
class Bill:
    """The data from which both forms are written."""

    version: str
    time: str
    tree_sm3: str
    tree_sha256: str
    parts: tuple[Component, ...]
    direct: tuple[str, ...]
    own_lines: int

    @property
    def serial(self) -> str:
        """A name that follows from the content, so that two different bills never share one."""
        keys = "\n".join(f"{part.key} {' '.join(part.digests)}" for part in self.parts)
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'shenfang {self.version} {self.time} {self.tree_sm3} {keys}')}"


def make_bill(time: datetime) -> Bill:
    """The bill of this tree in this environment."""
    lines = [f"{path.relative_to(ROOT).as_posix()}\0{sm3_hex(path.read_bytes())}" for path in shipped_files()]
    whole = "\n".join(lines).encode()
    return Bill(
        version=product_version(),
        time=time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        tree_sm3=sm3_hex(whole),
        tree_sha256=hashlib.sha256(whole).hexdigest(),
        parts=(*shipped_packages(), *carried()),
        direct=direct_needs(PRODUCT, *EXTRAS),
        own_lines=own_lines(),
    )


def moment_of_tree() -> datetime | None:
    """SOURCE_DATE_EPOCH, or when the tree's newest commit was made; None when neither is known."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH", ""):
        return datetime.fromtimestamp(int(epoch), UTC)
    told = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return datetime.fromtimestamp(int(told.stdout), UTC) if told.returncode == 0 and told.stdout.strip() else None


def cyclonedx(bill: Bill) -> dict[str, Any]:
    """CycloneDX 1.6."""
    product = {
        "bom-ref": PRODUCT_KEY,
        "type": "application",
        "name": "shenfang",
        "version": bill.version,
        "description": "申房：住房租赁服务及监管、房地产市场管理",
        "hashes": [{"alg": "SHA-256", "content": bill.tree_sha256}],
        "properties": [{"name": "shenfang:tree-sm3", "value": bill.tree_sm3}],
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": bill.serial,
        "version": 1,
        "metadata": {
            "timestamp": bill.time,
            "lifecycles": [{"phase": "build"}],
            "tools": {"components": [{"type": "application", "name": "shenfang-sbom", "version": bill.version}]},
            "authors": [{"name": AUTHOR}],
            "component": product,
        },
        "components": [_component(part) for part in bill.parts],
        "dependencies": _dependencies(bill),
        "compositions": [{"aggregate": "complete", "assemblies": [PRODUCT_KEY]}],
    }


def _component(part: Component) -> dict[str, Any]:
    found: dict[str, Any] = {"bom-ref": part.key, "type": part.kind, "name": part.name}
    if part.version:
        found["version"] = part.version
    if part.note:
        found["description"] = part.note
    found["scope"] = "required"
    found["hashes"] = [{"alg": "SHA-256", "content": digest} for digest in part.digests]
    found["licenses"] = _licences(part.licence)
    if part.key.startswith("pkg:"):
        found["purl"] = part.key
    return found


def _licences(expression: str) -> list[dict[str, Any]]:
    names = single_licences(expression)
    if len(names) == 1:
        key = "name" if names[0].startswith(_OWN_LICENCES) else "id"
        return [{"license": {key: names[0]}}]
    return [{"expression": expression}]


def _dependencies(bill: Bill) -> list[dict[str, Any]]:
    # Browser libraries come inside NiceGUI, fonts and lists in our own tree.
    inside = [part.key for part in bill.parts if part.key.startswith("shenfang:") and not _browser(part)]
    browser = [part.key for part in bill.parts if _browser(part)]
    lines = [{"ref": PRODUCT_KEY, "dependsOn": sorted({*bill.direct, *inside})}]
    for part in bill.parts:
        needs = {*part.needs, *(browser if part.name == "nicegui" else [])}
        lines.append({"ref": part.key, "dependsOn": sorted(needs)})
    return lines


def _browser(part: Component) -> bool:
    return part.key.startswith(("shenfang:js-", "shenfang:font-roboto"))


def national(bill: Bill) -> dict[str, Any]:
    """The fields of GB/T 47020, by their Chinese names."""
    needs = {line["ref"]: line["dependsOn"] for line in _dependencies(bill)}
    return {
        "格式": "GB/T 47020 软件物料清单",
        "序列号": bill.serial,
        "时间戳": bill.time,
        "作者": AUTHOR,
        "软件": {
            "名称": "申房",
            "版本": bill.version,
            "摘要算法": "SM3",
            "摘要": bill.tree_sm3,
            "自研代码行数": bill.own_lines,
        },
        "组件": [
            {
                "标识": part.key,
                "名称": part.name,
                "版本": part.version,
                # Third parts are used as they come; fonts and lists are cut, not rewritten.
                "自研占比": "0%",
                "许可证": part.licence,
                "摘要算法": "SHA-256",
                "摘要": list(part.digests),
                "依赖": needs[part.key],
            }
            for part in bill.parts
        ],
        "依赖": needs[PRODUCT_KEY],
        "签名": "见同目录同名 .sig 文件（SM2，发布密钥）",
    }


def written(content: dict[str, Any]) -> bytes:
    """Return a text for one content."""
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def write_bills(folder: Path, time: datetime) -> list[Path]:
    """Write both forms into a folder and return their paths."""
    bill = make_bill(time)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "sbom.cdx.json", folder / "sbom.gbt47020.json"]
    for path, content in zip(paths, (cyclonedx(bill), national(bill)), strict=True):
        path.write_bytes(written(content))
    return paths
