"""The local provider: its key store, its signatures, and when it refuses to start."""

import base64
import json
import os
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import gmssl.func
import pytest

from integrations.cloud_crypto import keystore, sm2
from integrations.cloud_crypto.local import LocalProvider
from integrations.cloud_crypto.refusal import StartRefused
from integrations.cloud_crypto.selftest import KNOWN_ANSWERS, KnownAnswer, self_test
from models.sealing import FAMILIES, CryptoError, FieldKey, Sealer, aad, sm3_hex
from tests.integrations import sm2_samples as samples

MESSAGE = "租赁合同备案通知书".encode()
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def demo(directory: Path) -> LocalProvider:
    return LocalProvider(directory, mode="demo", now=lambda: NOON)


def refusal(act: Callable[..., object], *args: object) -> str:
    with pytest.raises(CryptoError) as caught:
        act(*args)
    return caught.value.code


def edit_store(directory: Path, change: Callable[[list[dict[str, str]]], None]) -> None:
    file = directory / "keys.json"
    store = json.loads(file.read_text())
    change(store["keys"])
    file.write_text(json.dumps(store))


def wrapped(root_file: Path, kid: str, state: str, secret: bytes) -> dict[str, str]:
    """A row of the store, rightly wrapped."""
    public = "" if kid.startswith(("dek", "idx", "mac")) else sm2.PrivateKey.of(secret.hex()).public.hex
    key = keystore.StoredKey(kid, state, "2025-11-24T04:00:00Z", secret, public=public)
    token = FieldKey("kek.root.1", root_file.read_bytes()).seal(secret, key.place, bytes(16))
    return {"kid": kid, "state": state, "created_at": key.created_at, "public": public, "secret": token}


# Key store


def test_the_first_start_makes_every_key_and_the_next_finds_them(tmp_path: Path) -> None:
    first, second = demo(tmp_path / "keys"), demo(tmp_path / "keys")
    assert set(first.key_ring().active) == set(FAMILIES)
    assert first.key_ring() == second.key_ring()
    assert len(set(first.key_ring().keys.values())) == len(FAMILIES)
    pairs = [first.public_key(family) for family in keystore.PAIR_FAMILIES]
    assert len(set(pairs)) == 5
    assert pairs == [second.public_key(family) for family in keystore.PAIR_FAMILIES]


def test_two_installations_share_no_key(tmp_path: Path) -> None:
    one, other = demo(tmp_path / "a"), demo(tmp_path / "b")
    assert set(one.key_ring().keys.values()).isdisjoint(other.key_ring().keys.values())


def test_processes_that_start_together_get_the_same_keys(tmp_path: Path) -> None:
    rings = []
    threads = [threading.Thread(target=lambda: rings.append(demo(tmp_path / "keys").key_ring())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rings) == 8
    assert all(ring == rings[0] for ring in rings)


def test_key_files_are_for_their_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        demo(tmp_path / "keys")
    finally:
        os.umask(before)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "keys").iterdir()}
    assert modes == {"keys.json": 0o600, "root.key": 0o600, "lock": 0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_the_store_shows_no_key(tmp_path: Path) -> None:
    provider = demo(tmp_path / "keys")
    stored = (tmp_path / "keys" / "keys.json").read_text()
    for key in provider.key_ring().keys.values():
        assert key.hex() not in stored
        assert base64.b64encode(key).decode() not in stored
        assert base64.urlsafe_b64encode(key).decode().rstrip("=") not in stored
    assert all(row["secret"].startswith("e1:kek.root.1:") for row in json.loads(stored)["keys"])


def test_the_root_key_may_lie_elsewhere(tmp_path: Path) -> None:
    root_file = tmp_path / "safe" / "root"
    first = LocalProvider(tmp_path / "keys", mode="test", root_file=root_file)
    second = LocalProvider(tmp_path / "keys", mode="test", root_file=root_file)
    assert first.key_ring() == second.key_ring()
    assert len(root_file.read_bytes()) == 32
    assert not (tmp_path / "keys" / "root.key").exists()


@pytest.mark.parametrize("name", ["keys.json", "root.key"])
def test_a_readable_key_file_is_refused(tmp_path: Path, name: str) -> None:
    demo(tmp_path)
    (tmp_path / name).chmod(0o640)
    with pytest.raises(StartRefused, match="chmod 600"):
        demo(tmp_path)


@pytest.mark.parametrize("name", ["keys.json", "root.key"])
def test_a_lost_half_is_never_made_anew(tmp_path: Path, name: str) -> None:
    demo(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(StartRefused, match="从备份恢复"):
        demo(tmp_path)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("root", [b"", b"short", bytes(32), bytes(33)])
def test_a_wrong_root_key_is_refused(tmp_path: Path, root: bytes) -> None:
    demo(tmp_path)
    (tmp_path / "root.key").write_bytes(root)
    with pytest.raises(StartRefused, match="损坏"):
        demo(tmp_path)


def swap_secrets(rows: list[dict[str, str]]) -> None:
    rows[0]["secret"], rows[1]["secret"] = rows[1]["secret"], rows[0]["secret"]


@pytest.mark.parametrize(
    "change",
    [
        swap_secrets,
        lambda rows: rows[0].update(state="retired"),
        lambda rows: rows[0].update(created_at="2020-01-01T00:00:00Z"),
        lambda rows: rows[0].update(kid="dek.pii.2"),
        lambda rows: rows[0].update(secret=rows[0]["secret"][:-1] + ("E" if rows[0]["secret"][-1] == "A" else "A")),
        lambda rows: rows[0].update(secret=""),
        lambda rows: rows[0].pop("state"),
        lambda rows: rows.pop(),
        lambda rows: rows.append(rows[0]),
        lambda rows: rows.clear(),
    ],
    ids=["swapped", "state", "time", "name", "tag", "empty", "no state", "one fewer", "twice", "none"],
)
def test_an_edited_store_is_refused(tmp_path: Path, change: Callable[[list[dict[str, str]]], None]) -> None:
    demo(tmp_path)
    edit_store(tmp_path, change)
    with pytest.raises(StartRefused, match="从备份恢复"):
        demo(tmp_path)


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"keys": 1}', '{"keys": [1]}', "[" * 100_000, "\xff"])
def test_a_store_that_is_no_store_is_refused(tmp_path: Path, content: str) -> None:
    demo(tmp_path)
    (tmp_path / "keys.json").write_text(content, encoding="latin-1")
    with pytest.raises(StartRefused, match="从备份恢复"):
        demo(tmp_path)


def test_what_one_start_sealed_the_next_opens(tmp_path: Path) -> None:
    place = aad("tenant", "id_no", "018f3c1e-7a2b-7c3d-9e4f-5a6b7c8d9e0f")
    token = Sealer(demo(tmp_path).key_ring()).seal("11010519491231002X", place)
    assert Sealer(demo(tmp_path).key_ring()).open(token, place) == "11010519491231002X"


def test_retired_keys_still_read_and_verify_but_neither_seal_nor_sign(tmp_path: Path) -> None:
    demo(tmp_path)
    pair = sm2.PrivateKey.fresh()
    old = wrapped(tmp_path / "root.key", "dek.pii.7", "retired", bytes(range(1, 33)))
    old_pair = wrapped(tmp_path / "root.key", "sig.doc.7", "retired", bytes.fromhex(pair.hex))
    edit_store(tmp_path, lambda rows: rows.extend((old, old_pair)))
    provider = demo(tmp_path)
    assert provider.key_ring().of_family("dek.pii") == ["dek.pii.1", "dek.pii.7"]
    assert provider.sign("sig.doc", MESSAGE).kid == "sig.doc.1"
    assert refusal(provider.sign, "sig.doc.7", MESSAGE) == "KEY_STATE"
    assert provider.verify("sig.doc.7", MESSAGE, base64.b64encode(sm2.sign(pair, MESSAGE)).decode())


def test_a_retired_key_cannot_be_put_back_into_use(tmp_path: Path) -> None:
    demo(tmp_path)
    old = wrapped(tmp_path / "root.key", "dek.pii.7", "retired", bytes(range(1, 33)))
    edit_store(tmp_path, lambda rows: rows.append(old))

    def trade_states(rows: list[dict[str, str]]) -> None:
        for row in rows:
            if row["kid"].startswith("dek.pii."):
                row["state"] = "retired" if row["state"] == "active" else "active"

    edit_store(tmp_path, trade_states)
    with pytest.raises(StartRefused, match="从备份恢复"):
        demo(tmp_path)


# Signatures and envelopes


def test_a_signature_is_stored_with_its_key_moment_and_digest(tmp_path: Path) -> None:
    provider = demo(tmp_path)
    signature = provider.sign("sig.doc", MESSAGE)
    assert (signature.kid, signature.at, signature.sm3) == ("sig.doc.1", NOON, sm3_hex(MESSAGE))
    assert provider.verify(signature.kid, MESSAGE, signature.sig_b64)
    assert not provider.verify(signature.kid, MESSAGE + b" ", signature.sig_b64)
    assert not provider.verify("sig.acl.1", MESSAGE, signature.sig_b64)


def test_a_signature_can_be_checked_with_the_public_key_alone(tmp_path: Path) -> None:
    provider = demo(tmp_path)
    signature = provider.sign("sig.api.1", MESSAGE)
    key = sm2.PublicKey.of(provider.public_key("sig.api"))
    assert sm2.verify(key, MESSAGE, base64.b64decode(signature.sig_b64))


def test_the_published_request_signature_is_accepted(tmp_path: Path) -> None:
    provider = demo(tmp_path)
    assert provider.verify_peer(samples.PARTNER_P, samples.REQUEST, samples.REQUEST_SIGNATURE)
    assert not provider.verify_peer(samples.SERVER_SIG_P, samples.REQUEST, samples.REQUEST_SIGNATURE)
    assert refusal(provider.verify_peer, "04", samples.REQUEST, samples.REQUEST_SIGNATURE) == "BAD_INPUT"


@pytest.mark.parametrize("mark", ["", " ", "\n", "=", "A", "中", "\ud800"])
def test_a_signature_has_one_spelling(tmp_path: Path, mark: str) -> None:
    provider = demo(tmp_path)
    changed = samples.REQUEST_SIGNATURE[:-1] if mark == "" else samples.REQUEST_SIGNATURE + mark
    assert not provider.verify_peer(samples.PARTNER_P, samples.REQUEST, changed)
    assert not provider.verify("sig.doc.1", samples.REQUEST, mark)


def test_a_key_serves_its_own_use_only(tmp_path: Path) -> None:
    provider = demo(tmp_path)
    assert refusal(provider.sign, "enc.api", MESSAGE) == "KEY_USAGE"
    assert refusal(provider.sign, "dek.pii", MESSAGE) == "KEY_USAGE"
    assert refusal(provider.verify, "enc.api.1", MESSAGE, samples.REQUEST_SIGNATURE) == "KEY_USAGE"
    assert refusal(provider.open_key, "sig.api", base64.b64decode(samples.EK)) == "KEY_USAGE"
    assert refusal(provider.sign, "sig.doc.2", MESSAGE) == "KEY_NOT_FOUND"
    assert refusal(provider.public_key, "sig.release") == "KEY_NOT_FOUND"


def test_a_content_key_travels_between_two_installations(tmp_path: Path) -> None:
    ours, theirs = demo(tmp_path / "a"), demo(tmp_path / "b")
    sealed = ours.seal_key(theirs.public_key("enc.api"), samples.CEK)
    assert theirs.open_key("enc.api", sealed) == samples.CEK
    assert refusal(ours.open_key, "enc.api", sealed) == "AUTH_FAILED"


# When it refuses to start


@pytest.mark.proves("G10")
def test_production_refuses_software_keys_unless_told_otherwise(tmp_path: Path) -> None:
    """G10: not certified."""
    with pytest.raises(StartRefused, match="经认证的密码服务"):
        LocalProvider(tmp_path / "keys", mode="production", root_file=tmp_path / "root")
    assert not (tmp_path / "keys").exists()
    allowed = LocalProvider(tmp_path / "keys", mode="production", root_file=tmp_path / "root", allow_local_crypto=True)
    assert allowed.banner is not None
    assert not allowed.health().certified
    assert demo(tmp_path / "demo").banner is None


def test_production_wants_its_root_key_outside_the_code(tmp_path: Path) -> None:
    inside = Path(keystore.__file__).parent / "root"
    for root_file in (None, inside):
        with pytest.raises(StartRefused, match="程序目录"):
            LocalProvider(tmp_path, mode="production", root_file=root_file, allow_local_crypto=True)
    assert not inside.exists()


def test_production_refuses_the_published_keys(tmp_path: Path) -> None:
    provider = LocalProvider(tmp_path / "keys", mode="production", root_file=tmp_path / "root", allow_local_crypto=True)
    for public in (samples.PARTNER_P, samples.SERVER_ENC_P, samples.SERVER_SIG_P):
        assert refusal(provider.verify_peer, public, MESSAGE, samples.REQUEST_SIGNATURE) == "KEY_STATE"
        assert refusal(provider.seal_key, public, samples.CEK) == "KEY_STATE"


@pytest.mark.parametrize(
    ("kid", "secret"), [("dek.pii.1", bytes(range(32))), ("sig.api.1", bytes.fromhex(samples.SERVER_SIG_D))]
)
def test_production_refuses_a_store_with_published_keys(tmp_path: Path, kid: str, secret: bytes) -> None:
    root_file = tmp_path / "root"
    LocalProvider(tmp_path, mode="test", root_file=root_file)

    def plant(rows: list[dict[str, str]]) -> None:
        rows[:] = [row for row in rows if row["kid"] != kid] + [wrapped(root_file, kid, "active", secret)]

    edit_store(tmp_path, plant)
    assert LocalProvider(tmp_path, mode="test", root_file=root_file).banner is None
    with pytest.raises(StartRefused, match="公开的测试密钥"):
        LocalProvider(tmp_path, mode="production", root_file=root_file, allow_local_crypto=True)


@pytest.mark.parametrize("answer", KNOWN_ANSWERS, ids=lambda answer: answer.name)
def test_each_known_answer_is_right(answer: KnownAnswer) -> None:
    assert answer.compute() == answer.expected


def test_one_wrong_answer_stops_the_start() -> None:
    wrong = KnownAnswer("SM3", lambda: sm3_hex(b"abd"), KNOWN_ANSWERS[0].expected)
    with pytest.raises(StartRefused, match="密码自检未通过（SM3）"):
        self_test([*KNOWN_ANSWERS, wrong])


def test_a_failing_computation_stops_the_start() -> None:
    failing = KnownAnswer("SM2 公钥检查", lambda: sm2.PublicKey(1, 1), "never")
    with pytest.raises(StartRefused, match="SM2 公钥检查"):
        self_test([failing])


@pytest.mark.proves("G1")
def test_gmssls_own_nonces_put_back_stop_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """G1: another import may undo our replacement."""
    monkeypatch.setattr(gmssl.func, "random_hex", lambda digits: "1" * digits)
    with pytest.raises(StartRefused, match="随机数来源"):
        demo(tmp_path / "keys")
    assert not (tmp_path / "keys").exists()


def test_health_tells_what_answers_and_since_when(tmp_path: Path) -> None:
    health = demo(tmp_path).health()
    assert (health.mode, health.certified, health.breaker) == ("local", False, "closed")
    assert health.self_tested_at == NOON
    assert health.latency_ms > 0


def test_a_provider_prints_no_key(tmp_path: Path) -> None:
    provider = demo(tmp_path)
    shown = repr(provider) + repr(provider.key_ring()) + repr(provider.sign("sig.doc", MESSAGE))
    assert not any(repr(key)[2:-1] in shown or key.hex() in shown for key in provider.key_ring().keys.values())
