"""Which provider the settings ask for, and what is refused before anything starts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.settings import Settings
from integrations.cloud_crypto.http import HttpProvider
from integrations.cloud_crypto.keystore import PERIODS
from integrations.cloud_crypto.local import LocalProvider
from integrations.cloud_crypto.provider import Bound
from integrations.cloud_crypto.provider_choice import open_crypto, periods_of
from integrations.cloud_crypto.refusal import StartRefused


def settings(folder: Path, **given: object) -> Settings:
    return Settings(mode="test", data_dir=folder, **given)  # type: ignore[arg-type]


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Bound]:
    opened = open_crypto(settings(tmp_path, crypto_mode="http"))
    yield opened
    opened.close()


def test_software_keys_are_the_default_of_the_demo(tmp_path: Path) -> None:
    opened = open_crypto(settings(tmp_path))
    assert isinstance(opened.provider, LocalProvider)
    assert opened.banner == ""
    assert opened.environment == {}


def test_the_demo_brings_its_own_cloud_and_its_worker_finds_it(cloud: Bound, tmp_path: Path) -> None:
    assert isinstance(cloud.provider, HttpProvider)
    token = cloud.sealer.seal("张三", "a|b|c")
    named = {name.lower(): value for name, value in cloud.environment.items()}
    worker = open_crypto(settings(tmp_path / "worker", crypto_mode="http", **named))
    assert worker.cloud is None
    assert worker.sealer.open(token, "a|b|c") == "张三"


def test_a_cloud_of_the_demo_keeps_its_keys(cloud: Bound, tmp_path: Path) -> None:
    ring = cloud.provider.key_ring()
    cloud.close()
    again = open_crypto(settings(tmp_path, crypto_mode="http"))
    assert again.provider.key_ring() == ring
    again.close()


def test_a_rotation_is_followed(tmp_path: Path) -> None:
    opened = open_crypto(settings(tmp_path))
    LocalProvider(tmp_path / "keys", mode="test").rotate("dek.pii")
    opened.follow()
    assert opened.sealer.seal("张三", "a|b|c").startswith("e1:dek.pii.2:")


def test_an_address_without_a_client_or_a_secret_is_refused(tmp_path: Path) -> None:
    for given in ({}, {"crypto_client_id": "a"}, {"crypto_client_id": "a", "crypto_secret_file": tmp_path / "none"}):
        with pytest.raises(StartRefused, match=r"密钥文件|CRYPTO_SECRET_FILE"):
            open_crypto(settings(tmp_path, crypto_mode="http", crypto_url="http://127.0.0.1:9", **given))


def test_production_has_no_simulated_cloud(tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match="CRYPTO_URL"):
        open_crypto(Settings(mode="production", data_dir=tmp_path, crypto_mode="http"))
    assert not (tmp_path / "simulated-cloud").exists()


def test_periods_are_read_by_use() -> None:
    assert periods_of("") == dict(PERIODS)
    assert periods_of('{"dek": 90}') == {**PERIODS, "dek": 90}


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"dek": 0}', '{"dek": "1"}', '{"dex": 1}', '{"dek": 99999}', '{"dek": true}']
)
def test_periods_without_sense_are_refused(text: str) -> None:
    with pytest.raises(StartRefused, match="KEY_DAYS"):
        periods_of(text)
