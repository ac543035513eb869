"""The crypto services over HTTP: a real server speaks the contract, and every way it may fail is borne (security 3.4)."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from integrations.cloud_crypto import contract, sm2
from integrations.cloud_crypto.http import HttpProvider
from integrations.cloud_crypto.line import read_secret
from integrations.cloud_crypto.provider import Bound
from integrations.cloud_crypto.refusal import NotReady, StartRefused
from integrations.cloud_crypto.simulator import CloudCryptoSimulator, SimulatedCloud
from integrations.wire.exchange.envelopes import open_envelope, seal_envelope
from models.sealing import FAMILIES, CryptoError, aad

MESSAGE = "租赁合同备案通知书".encode()
PLACE = aad("tenant", "id_no", "018f3c1e-7a2b-7c3d-9e4f-5a6b7c8d9e0f")
pytestmark = pytest.mark.proves("M2", "M7")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedCloud]:
    running = SimulatedCloud(tmp_path_factory.mktemp("cloud"), mode="test")
    yield running
    running.stop()


@pytest.fixture
def provider(cloud: SimulatedCloud) -> Iterator[HttpProvider]:
    """A fresh client that waits half a second and tries again at once; faults ordered in a test end with it."""
    yield HttpProvider(replace(cloud.service, seconds=0.5, rest=0.0), mode="test")
    httpx.delete(f"{cloud.service.url}/sim/faults").raise_for_status()


def order(cloud: SimulatedCloud, fault: str, *, path: str = "", times: int | None = None) -> None:
    told = {"fault": fault, "path": path, "times": times}
    httpx.post(f"{cloud.service.url}/sim/faults", json=told).raise_for_status()


def refusal(act: Callable[..., object], *args: object) -> str:
    with pytest.raises(CryptoError) as caught:
        act(*args)
    return caught.value.code


def asked(cloud: SimulatedCloud, path: str, body: bytes, **headers: str) -> dict[str, Any]:
    """One raw request, rightly signed unless a header says otherwise."""
    stamp, nonce = headers.get("X-Timestamp", str(time.time_ns() // 1_000_000)), uuid4().hex
    told = {
        "X-Client-Id": cloud.CLIENT,
        "X-Timestamp": stamp,
        "X-Nonce": nonce,
        "X-Client-MAC": contract.client_mac(cloud.service.secret, path, stamp, nonce, body),
        **headers,
    }
    reply: dict[str, Any] = httpx.post(cloud.service.url + path, content=body, headers=told).json()
    return reply


# What it does


def test_the_keys_arrive_as_the_service_holds_them(cloud: SimulatedCloud, provider: HttpProvider) -> None:
    ring = cloud.simulator.provider.key_ring()
    assert provider.key_ring() == ring
    assert set(ring.active) == set(FAMILIES)
    assert provider.keys("") == cloud.simulator.provider.keys("")
    assert [key.kid for key in provider.keys("enc")] == [key.kid for key in cloud.simulator.provider.keys("enc")]


def test_signatures_are_made_there_and_checked_here(cloud: SimulatedCloud, provider: HttpProvider) -> None:
    signed = provider.sign("sig.doc", MESSAGE)
    assert provider.verify(signed.kid, MESSAGE, signed.sig_b64)
    assert not provider.verify(signed.kid, MESSAGE + b"x", signed.sig_b64)
    assert cloud.simulator.provider.verify(signed.kid, MESSAGE, signed.sig_b64)
    assert provider.verify_peer(provider.public_key("sig.doc"), MESSAGE, signed.sig_b64)


def test_a_key_serves_its_own_use_only(provider: HttpProvider) -> None:
    for act, key in ((provider.sign, "enc.api"), (provider.open_key, "sig.doc"), (provider.sign, "dek.pii")):
        assert refusal(act, key, MESSAGE) == "KEY_USAGE"
    assert refusal(provider.sign, "sig.doc.99", MESSAGE) == "KEY_NOT_FOUND"


def test_an_envelope_is_opened_by_the_service(provider: HttpProvider) -> None:
    mid = str(uuid4())
    text = seal_envelope(provider, provider.public_key("enc.api"), "enc.api.1", "app", "env", mid, MESSAGE)
    assert open_envelope(provider, text, "app", "env") == MESSAGE
    assert refusal(open_envelope, provider, text, "other", "env") == "AUTH_FAILED"
    assert refusal(provider.open_key, "enc.api", b"0" * 120) == "AUTH_FAILED"


def test_a_rotation_there_is_followed_here(cloud: SimulatedCloud, provider: HttpProvider) -> None:
    bound = Bound(provider)
    prepared = provider.prepare("dek.pii")
    bound.follow()
    assert bound.sealer.seal("张三", PLACE).split(":")[1] != prepared.kid
    cloud.simulator.provider.rotate("dek.pii")
    bound.follow()
    assert bound.sealer.seal("张三", PLACE).split(":")[1] == prepared.kid
    assert provider.rotate("sig.api").kid == provider.sign("sig.api", MESSAGE).kid
    assert refusal(provider.set_state, "sig.api.9", "destroyed") == "KEY_NOT_FOUND"
    assert provider.set_state("sig.api.1", "compromised").state == "compromised"
    assert refusal(provider.set_state, "sig.api.1", "active") == "KEY_STATE"


def test_a_key_retired_a_moment_ago_is_not_signed_with(cloud: SimulatedCloud, provider: HttpProvider) -> None:
    made = cloud.simulator.provider.rotate("sig.audit")
    assert provider.sign("sig.audit", MESSAGE).kid == made.kid


def test_health_tells_what_answers(provider: HttpProvider) -> None:
    health = provider.health()
    assert (health.mode, health.certified, health.breaker) == ("http", True, "closed")


def test_a_certificate_is_judged_by_the_service(provider: HttpProvider) -> None:
    checked = provider.verify_cert(b"no certificate", "sign", datetime(2026, 11, 24, tzinfo=UTC))
    assert checked.state in {"unknown", "untrusted"}


# Nobody listens


def test_data_keys_never_cross_the_line_in_clear(cloud: SimulatedCloud) -> None:
    pair = sm2.PrivateKey.fresh()
    reply = asked(cloud, contract.EXPORT_KEYS, json.dumps({"reqId": "1", "wrapTo": pair.public.hex}).encode())
    text = json.dumps(reply)
    for key in cloud.simulator.provider.key_ring().keys.values():
        assert base64.b64encode(key).decode() not in text
        assert key.hex() not in text
    row = reply["data"]["keys"][0]
    assert sm2.decrypt(pair, base64.b64decode(row["ek"])) == cloud.simulator.provider.key_ring().keys[row["keyId"]]


@pytest.mark.parametrize("fault", ["badsig", "wrongkey"])
def test_keys_of_somebody_else_are_not_taken(cloud: SimulatedCloud, provider: HttpProvider, fault: str) -> None:
    order(cloud, fault, path=contract.EXPORT_KEYS)
    with pytest.raises(StartRefused, match="密码服务"):
        HttpProvider(replace(cloud.service, seconds=0.5), mode="test")
    before = provider.key_ring()
    cloud.simulator.provider.rotate("mac.sess")
    assert not provider.refresh()
    assert provider.key_ring() is before


def test_only_a_known_client_is_answered(cloud: SimulatedCloud) -> None:
    body = json.dumps({"reqId": "1"}).encode()
    assert asked(cloud, contract.KEYS, body)["respValue"] == 0
    for headers in ({"X-Client-Id": "other"}, {"X-Client-MAC": "0" * 64}, {"X-Nonce": "1"}):
        reply = asked(cloud, contract.KEYS, body, **headers)
        assert (reply["respValue"], reply["data"]) == (1002, {})


def test_a_request_is_good_once_and_now(cloud: SimulatedCloud) -> None:
    body, stamp, nonce = json.dumps({"reqId": "1"}).encode(), str(time.time_ns() // 1_000_000), "0" * 32
    mac = contract.client_mac(cloud.service.secret, contract.KEYS, stamp, nonce, body)
    headers = {"X-Timestamp": stamp, "X-Nonce": nonce, "X-Client-MAC": mac}
    assert [asked(cloud, contract.KEYS, body, **headers)["respValue"] for _ in range(2)] == [0, 1003]
    for off in (-301_000, 301_000):
        late = str(int(stamp) + off)
        assert asked(cloud, contract.KEYS, body, **{"X-Timestamp": late})["respValue"] == 1003


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"reqId":1}', b'{"reqId":"1","reqId":"1"}', b"\xff", b"[" * 9999]
)
def test_what_is_no_request_is_refused(cloud: SimulatedCloud, body: bytes) -> None:
    assert asked(cloud, contract.SIGN, body)["respValue"] == 1001


# It fails


@pytest.mark.proves("H64")
@pytest.mark.parametrize(
    "fault", ["500", "busy", "badjson", "badsig", "wrongkey", "wrongreqid", "truncate", "html", "huge"]
)
def test_a_failure_is_tried_again_once_and_a_lasting_one_is_told_h64(
    cloud: SimulatedCloud, provider: HttpProvider, fault: str
) -> None:
    order(cloud, fault, path=contract.SIGN, times=1)
    assert provider.verify("sig.doc.1", MESSAGE, provider.sign("sig.doc", MESSAGE).sig_b64)
    order(cloud, fault, path=contract.SIGN)
    assert refusal(provider.sign, "sig.doc", MESSAGE) in {"UNAVAILABLE", "INTERNAL"}


def test_silence_ends_in_time(cloud: SimulatedCloud, provider: HttpProvider) -> None:
    order(cloud, "timeout", path=contract.SIGN)
    assert refusal(provider.sign, "sig.doc", MESSAGE) == "TIMEOUT"
    assert httpx.get(f"{cloud.service.url}/sim/health").json()["faults"] == 1


def test_the_second_try_does_not_double_the_time(cloud: SimulatedCloud, provider: HttpProvider) -> None:
    patient = HttpProvider(replace(cloud.service, seconds=1.5, in_all=2.0), mode="test")
    order(cloud, "timeout", path=contract.SIGN)
    began = time.monotonic()
    assert refusal(patient.sign, "sig.doc", MESSAGE) == "TIMEOUT"
    assert time.monotonic() - began < 2.7


def test_a_slow_answer_is_an_answer(cloud: SimulatedCloud, provider: HttpProvider) -> None:
    order(cloud, "slow:50", path=contract.SIGN)
    assert provider.sign("sig.doc", MESSAGE).kid


def test_a_change_of_keys_is_never_tried_twice(cloud: SimulatedCloud, provider: HttpProvider) -> None:
    kids = [key.kid for key in provider.keys("sig.acl")]
    order(cloud, "truncate", path=contract.ROTATE, times=1)
    with pytest.raises(CryptoError):
        provider.rotate("sig.acl")
    assert len(provider.keys("sig.acl")) == len(kids) + 1


def test_after_five_failures_it_is_left_alone_and_taken_up_again(cloud: SimulatedCloud) -> None:
    provider = HttpProvider(replace(cloud.service, seconds=0.5), mode="test")
    bound = Bound(provider)
    token = bound.sealer.seal("张三", PLACE)
    order(cloud, "500")
    while not provider.away:
        assert refusal(provider.sign, "sig.doc", MESSAGE) in {"UNAVAILABLE", "INTERNAL"}
    httpx.delete(f"{cloud.service.url}/sim/faults").raise_for_status()
    # Left alone for ten seconds: it would answer well, but is not asked.
    assert refusal(provider.sign, "sig.doc", MESSAGE) == "UNAVAILABLE"
    assert refusal(bound.sealer.seal, "张三", PLACE) == "UNAVAILABLE"
    assert refusal(bound.sealer.open, token, PLACE) == "UNAVAILABLE"
    assert refusal(bound.sealer.indexes, "id_no", "X") == "UNAVAILABLE"
    assert refusal(bound.sealer.check_password, "x", "p1") == "UNAVAILABLE"
    assert bound.sealer.check_mac(b"row", bound.sealer.mac(b"row"))
    assert bound.sealer.session_digest("cookie")


def test_it_is_taken_up_again_when_it_answers(cloud: SimulatedCloud, provider: HttpProvider) -> None:
    bound = Bound(provider)
    order(cloud, "500")
    while not provider.away:
        provider.refresh()
    assert refusal(bound.sealer.seal, "张三", PLACE) == "UNAVAILABLE"
    httpx.delete(f"{cloud.service.url}/sim/faults").raise_for_status()
    bound.follow()
    assert not provider.away
    assert bound.sealer.open(bound.sealer.seal("张三", PLACE), PLACE) == "张三"


# When it refuses to start


def test_the_simulator_refuses_production(tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match="模拟器不得"):
        CloudCryptoSimulator(tmp_path, {}, mode="production")
    assert list(tmp_path.iterdir()) == []


def test_production_wants_a_line_that_both_sides_prove(cloud: SimulatedCloud) -> None:
    for service in (cloud.service, replace(cloud.service, url="https://127.0.0.1:1")):
        with pytest.raises(StartRefused, match="https"):
            HttpProvider(service, mode="production")


def test_without_the_service_nothing_starts(cloud: SimulatedCloud) -> None:
    with pytest.raises(NotReady, match="密码服务没有应答"):
        HttpProvider(replace(cloud.service, url="http://127.0.0.1:9/none", seconds=0.2), mode="test")
    with pytest.raises(StartRefused, match="密码服务未能提供密钥") as refused:
        HttpProvider(replace(cloud.service, secret=b"another secret of thirty-two characters"), mode="test")
    assert not isinstance(refused.value, NotReady)


def test_a_secret_is_for_its_owner_only_and_long_enough(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    with pytest.raises(StartRefused, match="无法读取"):
        read_secret(file)
    file.write_text("x" * 32 + "\n")
    file.chmod(0o644)
    with pytest.raises(StartRefused, match="chmod 600"):
        read_secret(file)
    file.chmod(0o600)
    assert read_secret(file) == b"x" * 32
    file.write_text("short")
    with pytest.raises(StartRefused, match="过短"):
        read_secret(file)


def test_certificates_that_cannot_be_used_are_named(cloud: SimulatedCloud, tmp_path: Path) -> None:
    junk, none = tmp_path / "junk.pem", tmp_path / "none.pem"
    junk.write_text("no certificate")
    for service, words in (
        (replace(cloud.service, ca_file=none), f"CRYPTO_CA_FILE {none}"),
        (replace(cloud.service, ca_file=junk), f"CRYPTO_CA_FILE {junk}"),
        (replace(cloud.service, cert_file=junk, key_file=none), f"CRYPTO_CERT_FILE {junk}、CRYPTO_KEY_FILE {none}"),
    ):
        with pytest.raises(StartRefused, match="证书文件不能使用") as refused:
            HttpProvider(service, mode="test")
        assert words in str(refused.value)
        assert not isinstance(refused.value, NotReady)


def test_a_provider_prints_no_secret(cloud: SimulatedCloud, provider: HttpProvider) -> None:
    shown = repr(provider) + repr(cloud.service) + repr(provider.key_ring())
    assert cloud.service.secret.decode() not in shown
