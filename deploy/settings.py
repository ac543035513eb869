"""Settings of an installation: a field for each, whose name in capitals is the environment variable."""

import sys
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """All settings from the environment, each under its name in capitals."""

    mode: Literal["demo", "test", "production"] = "demo"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    data_dir: Path = Path(".data")
    database_url: str = ""
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
        wrong = "；".join(f"{error['loc'][0]}".upper() for error in problem.errors())
        sys.stderr.write(f"设置的值不可用：{wrong}，见 docs/admin/settings.md\n")
        raise SystemExit(2) from None
