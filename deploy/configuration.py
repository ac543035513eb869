"""Settings as the parts of the product take them, and all their problems at once, without keys or tables (operations O-F4)."""

import json
import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from deploy.settings import Settings
from integrations.cloud_crypto.refusal import StartRefused
from integrations.systems import outside_systems
from integrations.wire.outbound import BadAddress, Outbound
from services.engine.refusals import Refusal
from services.ports.place import HostTarget, Place
from ui.front import open_front

#: Settings without which production would keep its records outside of every backup.
STORES = ("database_url", "backup_dir", "audit_store")
#: Settings of the crypto service; those in the second row name files.
CRYPTO = ("crypto_url", "crypto_client_id")
CRYPTO_FILES = ("crypto_secret_file", "crypto_ca_file", "crypto_cert_file", "crypto_key_file")

_NAME = re.compile(r"[a-z0-9-]{3,32}")
ROOT = Path(__file__).resolve().parent.parent
#: What is collected of this machine unless DEVICE_TARGETS says otherwise; what is not there is left out.
LOCAL_LOGS = ("/var/log/*.log.[0-9]*", "/var/log/*.[0-9]", "/var/log/*-[0-9]*", "/var/log/postgresql/*.log.[0-9]*")
LOCAL_SETTINGS = (
    "/etc/passwd",
    "/etc/group",
    "/etc/sudoers",
    "/etc/sudoers.d/*",
    "/etc/ssh/sshd_config",
    "/etc/postgresql/*/*/pg_hba.conf",
)


def problems_of(settings: Settings) -> list[str]:
    """Chinese sentences about what keeps an installation with these settings from starting as it should."""
    problems = [*_missing(settings), *_unreadable(settings), *_pooler(settings)]
    checks: tuple[Callable[[Settings], object], ...] = (open_front, _systems, environment_id_of, place_of)
    for check in checks:
        try:
            check(settings)
        except (StartRefused, Refusal) as refused:
            problems.append(str(refused).removeprefix("正式环境拒绝启动："))
        except (ValueError, KeyError, TypeError):
            problems.append("DEVICE_TARGETS 设置有误：应为 JSON，见 docs/admin/settings.md")
    return problems


def refuse_unless_whole(settings: Settings) -> None:
    """Raise `StartRefused` with everything that production lacks; demo and test have a default for each."""
    if settings.mode == "production" and (missing := list(_missing(settings))):
        raise StartRefused("正式环境拒绝启动：" + "；".join(missing))


def _missing(settings: Settings) -> Iterator[str]:
    if settings.mode != "production":
        return
    wanted = [*STORES, *((*CRYPTO, *CRYPTO_FILES) if settings.crypto_mode == "http" else ())]
    if lacking := [name.upper() for name in wanted if not getattr(settings, name)]:
        yield f"缺少 {'、'.join(lacking)}"
    if not settings.system_urls:
        yield "SYSTEM_URLS 未设置：正式环境需要各外部系统的地址（JSON）"
    if settings.crypto_mode == "local" and not settings.allow_local_crypto:
        yield "CRYPTO_MODE 应为 http；使用本机软件密码模块须设置 ALLOW_LOCAL_CRYPTO=true"


def _unreadable(settings: Settings) -> Iterator[str]:
    for name in (*CRYPTO_FILES, "root_key_file", "tls_cert_file", "tls_key_file", "tls_client_ca_file"):
        path: Path | None = getattr(settings, name)
        if path is not None and not os.access(path, os.R_OK) and not (name == "root_key_file" and not path.exists()):
            yield f"{name.upper()} 指定的文件 {path} 不存在或不能读取"


def _pooler(settings: Settings) -> Iterator[str]:
    """Say when an address is that of a pooler by its usual port, and nothing says so."""
    for name in ("database_url", "read_database_url"):
        if not settings.database_pooled and ":6432/" in getattr(settings, name):
            yield f"{name.upper()} 的端口 6432 是 pgbouncer 的惯用端口：经过事务模式的 pgbouncer 时须设 DATABASE_POOLED=true"


def _systems(settings: Settings) -> None:
    if settings.system_urls:
        outbound_policy(settings, system_urls(settings.system_urls))


def system_urls(text: str) -> dict[str, str]:
    """System to address. Raises `StartRefused` with what is to be mended."""
    example = """SYSTEM_URLS='{"property_register": "https://…"}'（整个值放在单引号内）"""
    try:
        urls = json.loads(text)
    except ValueError:
        raise StartRefused(f"SYSTEM_URLS 设置有误：不是 JSON，应如 {example}") from None
    if not isinstance(urls, dict) or not all(isinstance(url, str) and url for url in urls.values()):
        raise StartRefused(f"SYSTEM_URLS 设置有误：应为系统名到地址，如 {example}")
    systems = {system.name: system for system in outside_systems()}
    missing = [name for name, system in systems.items() if name not in urls and not system.optional]
    strange = [name for name in urls if name not in systems]
    told = []
    if missing:
        told.append(f"缺少 {'、'.join(missing)}")
    if strange:
        told.append(f"没有名为 {'、'.join(strange)} 的系统")
    if told:
        raise StartRefused(f"SYSTEM_URLS 设置有误：{'；'.join(told)}。系统名为 {'、'.join(systems)}")
    return urls


def outbound_policy(settings: Settings, urls: dict[str, str]) -> Outbound:
    """Return the policy for calls out; refuse a system's address that may not be called before anything starts."""
    try:
        policy = Outbound.of_mode(settings.mode, settings.outbound_networks)
    except BadAddress as problem:
        raise StartRefused(f"OUTBOUND_NETWORKS 设置有误：{problem}") from None
    for system, url in urls.items():
        try:
            policy.check_url(url)
        except BadAddress as problem:
            raise StartRefused(f"SYSTEM_URLS 中 {system} 的地址不可用：{problem}") from None
    return policy


def environment_id_of(settings: Settings) -> str:
    """Return the name under which partners know this installation, or refuse a name they could not use."""
    name = settings.environment_id or f"shfg-rental-{settings.mode}"
    if not _NAME.fullmatch(name):
        raise StartRefused("ENVIRONMENT_ID 设置有误：应为3至32位小写字母、数字和连字符，如 shfg-rental-prod")
    return name


def place_of(settings: Settings) -> Place:
    """Return where this installation's operations are."""
    home: Path = settings.data_dir.resolve()
    keys: Path = settings.key_dir or home / "keys"
    code = [
        ROOT / part
        for part in ("main.py", "deploy/*.py", "deploy/commands/*.py", "models/*.py", "services/engine/*.py")
    ]
    own = (home, home / "*.db", keys, keys / "*.*", settings.root_key_file or keys / "root.key", *code)
    return Place(
        data_dir=home,
        backup_dir=settings.backup_dir or home / "backups",
        backup_copy_dir=settings.backup_copy_dir,
        backup_keep_days=settings.backup_keep_days,
        targets=_targets(settings.device_targets),
        own_files=tuple(map(str, own)),
    )


def _targets(told: str) -> tuple[HostTarget, ...]:
    """DEVICE_TARGETS is JSON: a list of {host, logs, settings, root}; `root` is where the host's files are mounted."""
    if not told:
        return (HostTarget(socket.gethostname()[:64], LOCAL_LOGS, LOCAL_SETTINGS),)
    return tuple(
        HostTarget(
            str(one["host"])[:64],
            tuple(one.get("logs", LOCAL_LOGS)),
            tuple(one.get("settings", LOCAL_SETTINGS)),
            Path(one.get("root", "/")),
        )
        for one in json.loads(told)
    )
