"""`main.py diagnose --out FILE`: one archive for support, without a secret or a person in it.

Versions, settings (masked), schema, counts, sizes, jobs, alarms by code, readiness, self-check and recent log lines, scrubbed.
It is written also where the database or the keys do not answer; what could not be read is named in it.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from deploy import launch
from deploy.commands import OpenedHouse, OpenHouse, Settings, refuse
from deploy.configuration import problems_of
from deploy.scrubbed_log import scrubbed
from deploy.supply.components import product_version
from integrations.cloud_crypto.refusal import StartRefused
from models.sealing import CryptoError
from services.engine.callers import SYSTEM
from services.engine.clock import shanghai_text, system_now
from services.engine.refusals import Refusal
from services.operations.diagnosis import diagnosis
from services.operations.gauges import gauges
from services.operations.readiness import Readiness
from services.operations.self_check import self_check

HELP = "诊断包：版本、设置（遮蔽）、结构、数量、任务、告警、自检和日志，不含个人信息和密钥，交技术支持"
#: Settings whose value names no host, no account and no file; of all others only whether they are set.
SHOWN = frozenset({
    "mode", "port", "crypto_mode", "allow_local_crypto", "key_days", "checks_per_minute", "run_worker", "demo_data",
    "backup_keep_days", "sandbox", "metrics_port", "worker_metrics_port", "log_level", "log_format", "environment_id",
})  # fmt: skip
UNITS = ("shenfang-web@*", "shenfang-worker")
_MOST_LINES = 5_000


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="写入的文件（zip），不得已存在")
    parser.add_argument(
        "--log",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="日志文件，可多次给出；不给时取 systemd 日志",
    )
    parser.add_argument("--lines", type=int, default=1_000, help=f"每份日志取最后多少行，默认1000，最多{_MOST_LINES}")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    if arguments.out.exists():
        return refuse(f"{arguments.out} 已存在，请另给一个文件名")
    parts: dict[str, Any] = {"program": _program(), "host": _host(settings), "settings": _settings(settings)}
    logins: frozenset[str] = frozenset()
    try:
        with closing(open_house(settings)) as house:
            told, logins = _installation(house)
            parts |= told
    except (Refusal, StartRefused, SQLAlchemyError, CryptoError, OSError) as problem:
        # Its text may hold an address or an account.
        parts["unread"] = {"installation": type(problem).__name__}
    lines = {name: list(scrubbed(found, logins)) for name, found in _logs(arguments.log, arguments.lines)}
    _write(arguments.out, parts, lines)
    sys.stdout.write(f"诊断包 {arguments.out}：{len(parts)} 项，日志 {sum(map(len, lines.values()))} 行\n")
    if "unread" in parts:
        sys.stdout.write("系统没有打开，诊断包中没有数据库、任务和自检的内容\n")
        return 3
    return 0


def _program() -> dict[str, Any]:
    manifest = launch.ROOT / launch.MANIFEST
    signed = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
    return {
        "version": str(signed.get("version") or product_version()),
        "build_no": signed.get("build_no"),
        "signed": bool(signed),
        "started_verified": launch.started.ok if launch.started is not None else None,
        "python": platform.python_version(),
        "packages": dict(sorted((one.name, one.version) for one in distributions())),
        "made_at": shanghai_text(system_now()),
    }


def _host(settings: Settings) -> dict[str, Any]:
    memory = {line.split(":")[0]: line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines()[:3]}
    places = {"data": settings.data_dir, "backup": settings.backup_dir, "audit": settings.audit_store_folder}
    return {
        "system": platform.system(),
        "kernel": platform.release(),
        "machine": platform.machine(),
        "distribution": _distribution(),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "memory_kb": memory,
        "folders": {name: _folder(path) for name, path in places.items() if path is not None and path.is_dir()},
    }


def _distribution() -> str:
    try:
        told = platform.freedesktop_os_release()
    except OSError:
        return ""
    return f"{told.get('ID', '')} {told.get('VERSION_ID', '')}".strip()


def _folder(path: Path) -> dict[str, int]:
    sizes = [file.stat().st_size for file in path.rglob("*") if file.is_file() and not file.is_symlink()]
    return {"files": len(sizes), "bytes": sum(sizes), "free": shutil.disk_usage(path).free}


def _settings(settings: Settings) -> dict[str, Any]:
    values = {
        name.upper(): getattr(settings, name) if name in SHOWN else "已设置" if getattr(settings, name) else ""
        for name in sorted(type(settings).model_fields)
    }
    kind = "PostgreSQL" if settings.database.startswith("postgres") else "SQLite"
    return values | {"DATABASE": kind, "problems": len(problems_of(settings))}


def _installation(house: OpenedHouse) -> tuple[dict[str, Any], frozenset[str]]:
    """Every part that can be read, each by itself, and the logins that must not stand in the log."""
    parts: dict[str, Any] = {}
    unread: dict[str, str] = {}
    numbers = None

    def read(name: str, what: Callable[[], Any]) -> None:
        try:
            parts[name] = what()
        except (Refusal, SQLAlchemyError, CryptoError, OSError) as problem:
            unread[name] = type(problem).__name__

    read("numbers", lambda: house.door.ask(diagnosis, SYSTEM))
    read("gauges", lambda: [asdict(one) for one in house.door.ask(gauges, SYSTEM)])
    read("self_check", lambda: [asdict(one) for one in house.door.ask(self_check, SYSTEM)])
    read("readiness", lambda: json.loads(Readiness(house.door).answer()[1]))
    if numbers := parts.pop("numbers", None):
        parts["numbers"] = {
            name: value for name, value in asdict(replace(numbers, logins=frozenset())).items() if value
        }
    if unread:
        parts["unread"] = unread
    return parts, numbers.logins if numbers else frozenset()


def _logs(files: Sequence[Path], most: int) -> Iterator[tuple[str, list[str]]]:
    most = max(1, min(most, _MOST_LINES))
    for number, file in enumerate(files, 1):
        yield f"log-{number}", file.read_text(encoding="utf-8", errors="replace").splitlines()[-most:]
    if not files and (journal := shutil.which("journalctl")):
        units = [word for unit in UNITS for word in ("-u", unit)]
        order = [journal, *units, "-n", str(most), "--no-pager", "-q", "-o", "cat"]
        told = subprocess.run(order, capture_output=True, text=True, errors="replace", check=False)
        yield "journal", told.stdout.splitlines()


def _write(out: Path, parts: dict[str, Any], logs: dict[str, list[str]]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(f"{name}.json", json.dumps(part, ensure_ascii=False, indent=1, default=_plain))
        for name, lines in logs.items():
            archive.writestr(f"{name}.txt", "\n".join(lines) + "\n")


def _plain(value: object) -> str:
    return shanghai_text(value) if isinstance(value, datetime) else str(value)
