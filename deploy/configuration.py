"""Problems of an installation's settings, all at once, found without touching keys or tables (operations O-F4)."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from deploy.addresses import outbound_policy, system_urls
from deploy.exchange import environment_id_of
from deploy.place import place_of
from deploy.settings import Settings
from integrations.cloud_crypto.refusal import StartRefused
from services.engine.refusals import Refusal
from ui.front import open_front

#: Settings without which production would keep its records outside of every backup.
STORES = ("database_url", "backup_dir", "audit_store")
#: Settings of the crypto service; those in the second row name files.
CRYPTO = ("crypto_url", "crypto_client_id")
CRYPTO_FILES = ("crypto_secret_file", "crypto_ca_file", "crypto_cert_file", "crypto_key_file")


def problems_of(settings: Settings) -> list[str]:
    """Chinese sentences about what keeps an installation with these settings from starting as it should."""
    problems = [*_missing(settings), *_unreadable(settings)]
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


def _systems(settings: Settings) -> None:
    if settings.system_urls:
        outbound_policy(settings, system_urls(settings.system_urls))
