"""Settings of an installation: a field for each, whose name in capitals is the environment variable."""

import sys
from collections.abc import Iterable
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings

from deploy.database_addresses import why_not

#: A name of the environment is a misspelt setting when it is this long and this like one.
_SHORTEST, _ALIKE = 6, 0.85


class Settings(BaseSettings):
    """All settings from the environment, each under its name in capitals."""

    mode: Literal["demo", "test", "production"] = "demo"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    data_dir: Path = Path(".data")
    database_url: str = ""
    read_database_url: str = ""
    database_pooled: bool = False
    public_url: str = ""
    key_dir: Path | None = None
    root_key_file: Path | None = None
    allow_local_crypto: bool = False
    key_days: str = ""
    crypto_mode: Literal["local", "http"] = "local"
    crypto_url: str = ""
    crypto_client_id: str = ""
    crypto_secret_file: Path | None = None
    crypto_ca_file: Path | None = None
    crypto_cert_file: Path | None = None
    crypto_key_file: Path | None = None
    system_urls: str = ""
    outbound_networks: str = ""
    virus_scanner: str = ""
    checks_per_minute: int = 30
    run_worker: bool = True
    jobs_inside: bool = False
    demo_data: bool = True
    backup_dir: Path | None = None
    backup_copy_dir: Path | None = None
    backup_keep_days: int = 30
    device_targets: str = ""
    environment_id: str = ""
    sandbox: bool = False
    gateway_addresses: str = ""
    gateway_keys: str = ""
    gateway_issuer: str = "gateway"
    admin_networks: str = ""
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    tls_client_ca_file: Path | None = None
    audit_store: Path | None = None
    evidence_store: Path | None = None
    syslog_url: str = ""
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=0, ge=0, le=65535)
    worker_metrics_port: int = Field(default=0, ge=0, le=65535)
    otlp_url: str = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator("otlp_url")
    @classmethod
    def _collector_is_an_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("应为 http:// 或 https:// 地址，如 http://127.0.0.1:4318/v1/traces")
        if url and find_spec("opentelemetry") is None:
            raise ValueError("链路跟踪所用的包未安装：先执行 python3 deploy/setup.py --tracing")
        return url

    @field_validator("database_url", "read_database_url")
    @classmethod
    def _database_is_known(cls, url: str) -> str:
        if url and (why := why_not(url)):
            raise ValueError(why)
        return url

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'shenfang.db'}"

    @property
    def audit_store_folder(self) -> Path:
        return self.audit_store or self.data_dir / "audit-store"

    @property
    def reachable_at(self) -> str:
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def demo(self) -> bool:
        return self.mode in {"demo", "test"}


def read_settings() -> Settings:
    """Read the settings; end the process with one Chinese sentence when a value cannot be used."""
    try:
        return Settings()
    except ValidationError as problem:
        wrong = "；".join(f"{name}：{why}" for name, why in explained(problem))
        sys.stderr.write(f"设置的值不可用：{wrong}。见 docs/admin/settings.md\n")
        raise SystemExit(2) from None


def strange_names(names: Iterable[str]) -> list[str]:
    """Chinese sentences about names that are no setting but look like a misspelt one."""
    known = {name.upper() for name in Settings.model_fields}
    found = []
    for name in sorted(set(names) - known):
        if len(name) >= _SHORTEST and (meant := get_close_matches(name, known, 1, _ALIKE)):
            found.append(f"没有名为 {name} 的设置，是否应为 {meant[0]}？")
    return found


def explained(problem: ValidationError) -> list[tuple[str, str]]:
    """The variable and, in Chinese, what its value should be, for each value that cannot be used."""
    return [(str(error["loc"][0]).upper(), _wanted(error["type"], error.get("ctx", {}))) for error in problem.errors()]


def _wanted(kind: str, facts: dict[str, object]) -> str:
    if kind == "value_error":
        return str(facts["error"])
    if kind == "literal_error":
        choices = str(facts["expected"]).replace("'", "").replace(" or ", "、").replace(", ", "、")
        return f"应为 {choices} 之一"
    if kind in {"greater_than_equal", "less_than_equal"}:
        return "应为0至65535的整数"
    return {"int_parsing": "应为整数", "bool_parsing": "应为 true 或 false"}.get(kind, "不正确")
