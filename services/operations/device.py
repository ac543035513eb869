"""Device integrity: logs collected, access settings compared, each list signed, differences reported (M3)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.access import Role
from models.dialect import rights_of
from models.operations import DeviceManifest
from models.sealing import CryptoError, sm3_hex
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.clock import system_now
from services.engine.door import Door, Gathering
from services.engine.jobs import job
from services.engine.private_files import write_whole
from services.engine.refusals import NotFound
from services.engine.registry import action
from services.engine.work import Work
from services.operations.device_files import (
    ALIKE,
    Settings,
    first_difference,
    likeness,
    line_digests,
    logs_of,
    settings_differ,
    settings_of,
)
from services.ports.crypto import Crypto
from services.ports.place import HostTarget, Place

_TOLD = 20


@dataclass(frozen=True)
class CollectDevice:
    """A host; `accept` takes its access settings as they are now for the new baseline."""

    host: str
    accept: bool = False


@dataclass(frozen=True)
class Collected:
    """A list as it was signed and is not stored yet, and what did not fit before it was made."""

    row: DeviceManifest
    problems: tuple[str, ...]


@dataclass
class Known:
    """The contents of a host's lists so far."""

    logs: list[dict[str, Any]] = field(default_factory=list)
    settings: Settings | None = None
    last_sm3: str = ""
    chain: str = ""
    problems: list[str] = field(default_factory=list)


def targets(place: Place, host: str = "") -> list[HostTarget]:
    """The hosts that are collected, or the one that is named."""
    found = [target for target in place.targets if host in ("", target.host)]
    if not found:
        raise NotFound("没有配置这台主机")
    return found


def _collect(gathering: Gathering, order: CollectDevice) -> Collected:
    """Compare, keep new logs, write and sign the next list; no transaction is open while files are read."""
    (target,) = targets(gathering.house.place, order.host)
    rows: Sequence[DeviceManifest] = gathering.look(lambda work: _rows(work, target.host))
    rights: Settings = gathering.look(lambda work: rights_of(work.session))
    folder = gathering.house.place.device_dir / target.host
    known = read_known(gathering.house.crypto, folder, rows)
    now = {**settings_of(target, gathering.house.place.own_files), **rights}
    problems = [*known.problems, *check_copies(folder, known)]
    fresh: list[dict[str, Any]] = []
    for log in logs_of(target):
        digests = line_digests(log.body)
        if any(entry["sm3"] == log.sm3 for entry in known.logs + fresh):
            continue
        if (changed := _changed(folder, known, digests)) is not None:
            problems.append(f"主机日志 {log.path} 第{first_difference(changed, digests)}行与采集时不符")
            continue
        _keep(folder / "logs" / log.sm3, log.body)
        _keep(folder / "lines" / log.sm3, digests)
        known.chain = sm3_hex((known.chain + log.sm3).encode())
        fresh.append(
            {
                "name": str(log.path),
                "sm3": log.sm3,
                "size": len(log.body),
                "lines_sm3": sm3_hex(digests),
                "chain": known.chain,
            }
        )
    differing = settings_differ(known.settings, now) if known.settings is not None else []
    problems += [] if order.accept else [f"访问控制基线：{place_of_it}" for place_of_it in differing]
    baseline = now if known.settings is None or order.accept else known.settings
    made = system_now()
    manifest = {
        "v": 1,
        "host": target.host,
        "made_at": made.isoformat(timespec="seconds"),
        "previous": known.last_sm3,
        "logs": fresh,
        "chain": known.chain,
        "settings": baseline,
    }
    body = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    name = f"{made:%Y%m%d-%H%M%S-%f}.json"
    _keep(folder / "manifests" / name, body)
    signature = gathering.house.crypto.sign("sig.audit", body)
    row = DeviceManifest(
        host=target.host,
        made_at=made,
        file_name=name,
        body_sm3=sm3_hex(body),
        previous_sm3=known.last_sm3,
        files=len(fresh),
        lines=sum(map(len, baseline.values())),
        kid=signature.kid,
        signature=signature.sig_b64,
    )
    return Collected(row, tuple(problems))


@action("device.collect", "主机日志与访问控制采集", roles={Role.SYSTEM}, gather=_collect, event="")
def collect_device(work: Work, order: CollectDevice, found: Collected) -> tuple[str, ...]:
    """Write down the signed list; what did not fit is DEV.TAMPER and an alarm. Gives what did not fit."""
    row = work.add(found.row)
    detail = {"files": row.files, "accepted": order.accept, "host": row.host}
    work.trail.tell("DEV.LOGSIGN", "device.collect", about=row, detail=detail, digest=row.body_sm3)
    for problem in found.problems[:_TOLD]:
        work.trail.tell(
            "DEV.TAMPER",
            "device.collect",
            kind="host",
            object_id=row.host,
            result="fail",
            reason=problem[:200],
            severity=2,
        )
    if found.problems:
        subject = f"主机 {row.host}：{found.problems[0]}（共{len(found.problems)}处）"
        raise_alarm(work, "DEV.TAMPER", subject, kind="host", key=row.host, severity=2)
    return found.problems


@job("device.integrity", "主机日志与访问控制核查", at="04:10")
def collect_all(door: Door) -> int:
    """Every host; gives how many differences were found."""
    return sum(
        len(door.perform(collect_device, SYSTEM, CollectDevice(target.host))) for target in door.house.place.targets
    )


def _rows(work: Work, host: str) -> Sequence[DeviceManifest]:
    return work.rows(DeviceManifest, DeviceManifest.host == host, by=(DeviceManifest.made_at, DeviceManifest.id))


def read_known(crypto: Crypto, folder: Path, rows: Sequence[DeviceManifest]) -> Known:
    """Read every list of a host and prove it: present, unchanged, signed by us, each naming the one before."""
    known = Known()
    for number, row in enumerate(rows):
        try:
            body = (folder / "manifests" / row.file_name).read_bytes()
        except OSError:
            known.problems.append(f"采集清单 {row.file_name} 已不存在")
            known.last_sm3 = row.body_sm3
            continue
        if sm3_hex(body) != row.body_sm3 or not _signed(crypto, row, body):
            known.problems.append(f"采集清单 {row.file_name} 被改动或签名不正确")
            known.last_sm3 = row.body_sm3
            continue
        # The oldest lists are erased after their time, so the first one at hand may name one that is gone.
        if number and row.previous_sm3 != known.last_sm3:
            known.problems.append(f"采集清单 {row.file_name} 与前一清单不衔接")
        told = json.loads(body)
        known.logs += told["logs"]
        known.settings, known.chain, known.last_sm3 = told["settings"], told["chain"], row.body_sm3
    return known


def _signed(crypto: Crypto, row: DeviceManifest, body: bytes) -> bool:
    try:
        return crypto.verify(row.kid, body, row.signature)
    except CryptoError:
        return False


def check_copies(folder: Path, known: Known) -> list[str]:
    """The kept copies of all collected logs against their digests; the first line that differs is named."""
    problems = []
    for entry in known.logs:
        try:
            body = (folder / "logs" / entry["sm3"]).read_bytes()
        except OSError:
            problems.append(f"已采集的日志 {entry['name']} 的副本已不存在")
            continue
        if sm3_hex(body) != entry["sm3"]:
            lines = _lines(folder, entry)
            line = first_difference(lines, line_digests(body)) if lines is not None else 0
            problems.append(f"已采集的日志 {entry['name']} 的副本第{line}行被改动")
    return problems


def _lines(folder: Path, entry: dict[str, Any]) -> bytes | None:
    try:
        digests = (folder / "lines" / str(entry["sm3"])).read_bytes()
    except OSError:
        return None
    return digests if sm3_hex(digests) == entry["lines_sm3"] else None


def _changed(folder: Path, known: Known, digests: bytes) -> bytes | None:
    """Return the line digests of a collected log that was changed into this one."""
    for entry in reversed(known.logs):
        lines = _lines(folder, entry)
        if lines is not None and likeness(lines, digests) >= ALIKE:
            return lines
    return None


def _keep(path: Path, body: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, body)
