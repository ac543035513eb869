"""The crypto provider the settings ask for: software keys in files, the cloud's services, or their simulator in the demo."""

import json
from pathlib import Path
from typing import Literal, Protocol

from integrations.cloud_crypto.http import HttpProvider
from integrations.cloud_crypto.keystore import PERIODS
from integrations.cloud_crypto.line import Service, read_secret
from integrations.cloud_crypto.local import LocalProvider
from integrations.cloud_crypto.provider import Bound, Mode
from integrations.cloud_crypto.refusal import StartRefused
from integrations.cloud_crypto.simulator import SimulatedCloud


class CryptoSettings(Protocol):
    """The settings of cryptography that main.py reads from the environment."""

    mode: Mode
    data_dir: Path
    key_dir: Path | None
    root_key_file: Path | None
    allow_local_crypto: bool
    key_days: str
    crypto_mode: Literal["local", "http"]
    crypto_url: str
    crypto_client_id: str
    crypto_secret_file: Path | None
    crypto_ca_file: Path | None
    crypto_cert_file: Path | None
    crypto_key_file: Path | None


def open_crypto(settings: CryptoSettings) -> Bound:
    """Open the crypto provider that the settings ask for, or refuse to start with a reason."""
    if settings.crypto_mode == "local":
        provider = LocalProvider(
            settings.key_dir or settings.data_dir / "keys",
            mode=settings.mode,
            root_file=settings.root_key_file,
            allow_local_crypto=settings.allow_local_crypto,
            periods=periods_of(settings.key_days),
        )
        return Bound(provider)
    if settings.crypto_url:
        return Bound(HttpProvider(service_of(settings), mode=settings.mode))
    if settings.mode == "production":
        raise StartRefused("CRYPTO_MODE=http 需要设置 CRYPTO_URL、CRYPTO_CLIENT_ID 和 CRYPTO_SECRET_FILE")
    cloud = SimulatedCloud(settings.data_dir / "simulated-cloud", mode=settings.mode)
    environment = {
        "CRYPTO_URL": cloud.service.url,
        "CRYPTO_CLIENT_ID": cloud.service.client_id,
        "CRYPTO_SECRET_FILE": str(cloud.secret_file.resolve()),
    }
    return Bound(HttpProvider(cloud.service, mode=settings.mode), cloud, environment)


def periods_of(text: str) -> dict[str, int]:
    """KEY_DAYS: days a new key is meant to be used, by use; what is not named keeps its default."""
    try:
        named = json.loads(text or "{}")
        if not isinstance(named, dict) or not all(type(days) is int and 1 <= days <= 3650 for days in named.values()):
            raise ValueError
    except ValueError:
        named = {"": 0}
    if not named.keys() <= PERIODS.keys():
        raise StartRefused(f'KEY_DAYS 设置有误，应如 {{"dek": 365, "sig": 365}}，可设 {"、".join(PERIODS)}，1至3650天')
    return {**PERIODS, **named}


def service_of(settings: CryptoSettings) -> Service:
    """Return address and credentials of the cloud's crypto services."""
    if not settings.crypto_client_id or settings.crypto_secret_file is None:
        raise StartRefused("CRYPTO_MODE=http 需要设置 CRYPTO_URL、CRYPTO_CLIENT_ID 和 CRYPTO_SECRET_FILE")
    return Service(
        settings.crypto_url,
        settings.crypto_client_id,
        read_secret(settings.crypto_secret_file),
        settings.crypto_ca_file,
        settings.crypto_cert_file,
        settings.crypto_key_file,
    )
