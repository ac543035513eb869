"""The life of keys: prepared, active, retired, compromised, destroyed; the root key; processes that share the store."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from integrations.cloud_crypto import keystore
from integrations.cloud_crypto.local import LocalProvider
from integrations.cloud_crypto.refusal import StartRefused
from models.sealing import FAMILIES, CryptoError, FieldKey, Sealer, aad, family_of
from tests.ready import start

PLACE = aad("tenant", "id_no", "018f3c1e-7a2b-7c3d-9e4f-5a6b7c8d9e0f")
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def opened(directory: Path) -> LocalProvider:
    return LocalProvider(directory, mode="test", now=lambda: NOON)


def refusal(act: Callable[..., object], *args: object) -> str:
    with pytest.raises(CryptoError) as caught:
        act(*args)
    return caught.value.code


def states(provider: LocalProvider, family: str) -> dict[str, str]:
    return {key.kid: key.state for key in provider.keys("") if key.family == family}


@pytest.mark.parametrize("family", [*FAMILIES, *keystore.PAIR_FAMILIES, keystore.ROOT_FAMILY])
def test_a_rotation_leaves_exactly_one_active_key(tmp_path: Path, family: str) -> None:
    provider = opened(tmp_path)
    made = provider.rotate(family)
    again = opened(tmp_path)
    assert (made.kid, made.state) == (f"{family}.2", "active")
    assert [kid for kid, state in states(again, family).items() if state == "active"] == [made.kid]
    assert states(again, family)[f"{family}.1"] == ("destroyed" if family == keystore.ROOT_FAMILY else "retired")


def test_a_key_is_meant_for_its_period(tmp_path: Path) -> None:
    days = {key.kid: (key.expires_at - key.created_at).days for key in opened(tmp_path).keys("") if key.expires_at}
    assert days["dek.pii.1"] == days["sig.doc.1"] == days["mac.row.1"] == 365
    assert days["kek.root.1"] == 730
    longer = LocalProvider(tmp_path / "other", mode="test", now=lambda: NOON, periods={**keystore.PERIODS, "dek": 90})
    assert [(key.expires_at - key.created_at).days for key in longer.keys("dek") if key.expires_at] == [90] * 4


def test_a_prepared_key_reads_but_does_not_write(tmp_path: Path) -> None:
    provider = opened(tmp_path)
    prepared = provider.prepare("idx.pii")
    assert provider.prepare("idx.pii") == prepared
    sealer = Sealer(provider.key_ring())
    assert sealer.index("id_no", "X").startswith("b1:idx.pii.1:")
    assert [index.split(":")[1] for index in sealer.indexes("id_no", "X")] == ["idx.pii.1", "idx.pii.2"]
    assert provider.rotate("idx.pii").kid == prepared.kid


def test_what_was_sealed_before_a_root_key_change_is_opened_after_it(tmp_path: Path) -> None:
    token = Sealer(opened(tmp_path).key_ring()).seal("张三", PLACE)
    before = (tmp_path / "root.key").read_bytes()
    opened(tmp_path).rotate("kek.root")
    assert (tmp_path / "root.key").read_bytes() != before
    assert Sealer(opened(tmp_path).key_ring()).open(token, PLACE) == "张三"
    assert "kek.root.1:" not in (tmp_path / "keys.json").read_text().split('"keys"')[1]


@pytest.mark.parametrize("died", ["before the store", "after the store"])
def test_a_process_that_dies_while_changing_the_root_key_loses_nothing(tmp_path: Path, died: str) -> None:
    provider = opened(tmp_path)
    old_root, old_store = (tmp_path / "root.key").read_bytes(), (tmp_path / "keys.json").read_bytes()
    ring = provider.key_ring()
    provider.rotate("kek.root")
    (tmp_path / "root.key.next").write_bytes((tmp_path / "root.key").read_bytes())
    (tmp_path / "root.key.next").chmod(0o600)
    (tmp_path / "root.key").write_bytes(old_root)
    if died == "before the store":
        (tmp_path / "keys.json").write_bytes(old_store)
    assert opened(tmp_path).key_ring() == ring
    assert not (tmp_path / "root.key.next").exists()


@pytest.mark.proves("M7")
@pytest.mark.parametrize("changes", [1, 2, 3, 4, 5])
def test_a_process_killed_while_it_changes_keys_leaves_a_store_that_opens_everything(
    tmp_path: Path, changes: int
) -> None:
    token = Sealer(opened(tmp_path).key_ring()).seal("张三", PLACE)
    child = start("-m", "tests.integrations.keys_child", str(tmp_path), talks=True)
    assert child.stdout is not None
    for _ in range(2 * changes - 1):
        child.stdout.readline()
    child.kill()
    child.wait()
    child.stdout.close()
    sealer = Sealer(opened(tmp_path).key_ring())
    assert sealer.open(token, PLACE) == "张三"
    assert sealer.open(sealer.seal("李四", PLACE), PLACE) == "李四"


def test_a_damaged_store_does_not_cost_the_root_key(tmp_path: Path) -> None:
    opened(tmp_path)
    root = (tmp_path / "root.key").read_bytes()
    (tmp_path / "root.key.next").write_bytes(bytes(32))
    (tmp_path / "root.key.next").chmod(0o600)
    (tmp_path / "keys.json").write_text("{}")
    with pytest.raises(StartRefused, match="从备份恢复"):
        opened(tmp_path)
    assert (tmp_path / "root.key").read_bytes() == root


def test_another_process_notices_a_rotation(tmp_path: Path) -> None:
    ours, theirs = opened(tmp_path), opened(tmp_path)
    theirs.refresh()
    assert not theirs.refresh()
    ours.rotate("dek.pii")
    assert theirs.refresh()
    assert theirs.key_ring().active["dek.pii"] == "dek.pii.2"
    assert not theirs.refresh()


def test_a_token_of_a_key_made_elsewhere_is_opened_at_once(tmp_path: Path) -> None:
    ours, theirs = opened(tmp_path), opened(tmp_path)
    reader = theirs.sealer()
    for family in ("dek.pii", "mac.qr", "mac.row", "dek.doc"):
        ours.rotate(family)
    writer = ours.sealer()
    assert reader.open(writer.seal("张三", PLACE), PLACE) == "张三"
    assert reader.check_qr(writer.qr_token("lc")) == "lc"
    assert reader.check_mac(b"row", writer.mac(b"row"))
    assert reader.open_file(writer.seal_file(b"pdf", "f"), "f") == b"pdf"
    ours.rotate("sig.doc")
    signed = ours.sign("sig.doc", b"pdf")
    assert theirs.verify(signed.kid, b"pdf", signed.sig_b64)
    assert refusal(reader.open, "e1:dek.pii.77:AAAA:AAAA:AAAA", PLACE) == "KEY_NOT_FOUND"


@pytest.mark.parametrize(
    ("kid", "state"),
    [
        ("dek.pii.1", "destroyed"),
        ("dek.pii.1", "retired"),
        ("dek.pii.1", "compromised"),
        ("sig.doc.1", "pre"),
        ("kek.root.1", "destroyed"),
    ],
)
def test_an_active_key_ends_only_when_another_takes_its_place(tmp_path: Path, kid: str, state: str) -> None:
    provider = opened(tmp_path)
    assert refusal(provider.set_state, kid, state) == "KEY_STATE"
    assert states(opened(tmp_path), family_of(kid))[kid] == "active"


def test_no_key_comes_back(tmp_path: Path) -> None:
    provider = opened(tmp_path)
    provider.rotate("dek.pii")
    assert refusal(provider.set_state, "dek.pii.1", "active") == "KEY_STATE"
    provider.set_state("dek.pii.1", "destroyed")
    for state in ("pre", "active", "retired", "compromised"):
        assert refusal(provider.set_state, "dek.pii.1", state) == "KEY_STATE"
    assert refusal(provider.set_state, "dek.pii.9", "destroyed") == "KEY_NOT_FOUND"
    assert provider.rotate("dek.pii").kid == "dek.pii.3"


def test_a_destroyed_key_opens_nothing_and_is_nowhere_on_disk(tmp_path: Path) -> None:
    provider = opened(tmp_path)
    token = Sealer(provider.key_ring()).seal("张三", PLACE)
    provider.rotate("dek.pii")
    provider.set_state("dek.pii.1", "destroyed")
    assert refusal(Sealer(opened(tmp_path).key_ring()).open, token, PLACE) == "KEY_NOT_FOUND"
    row = next(row for row in json.loads((tmp_path / "keys.json").read_text())["keys"] if row["kid"] == "dek.pii.1")
    stored = keystore.StoredKey(row["kid"], row["state"], row["created_at"], b"", row["expires_at"], row["public"])
    root = FieldKey("kek.root.1", (tmp_path / "root.key").read_bytes())
    assert root.open(row["secret"], stored.place) == b""


def test_what_a_destroyed_key_signed_stays_verifiable_but_not_what_a_compromised_one_signed(tmp_path: Path) -> None:
    provider = opened(tmp_path)
    signed = provider.sign("sig.doc", b"pdf")
    provider.rotate("sig.doc")
    provider.set_state(signed.kid, "destroyed")
    assert opened(tmp_path).verify(signed.kid, b"pdf", signed.sig_b64)
    later = provider.sign("sig.doc", b"pdf")
    provider.rotate("sig.doc")
    provider.set_state(later.kid, "compromised")
    assert not provider.verify(later.kid, b"pdf", later.sig_b64)
    provider.set_state(later.kid, "destroyed")
    assert not opened(tmp_path).verify(later.kid, b"pdf", later.sig_b64)


def test_a_retired_pair_opens_what_was_sealed_to_it(tmp_path: Path) -> None:
    provider = opened(tmp_path)
    old = provider.public_key("enc.api")
    provider.rotate("enc.api")
    assert provider.open_key("enc.api.1", provider.seal_key(old, b"cek")) == b"cek"
    provider.set_state("enc.api.1", "destroyed")
    assert refusal(provider.open_key, "enc.api.1", provider.seal_key(old, b"cek")) == "KEY_STATE"


def test_what_a_compromised_data_key_sealed_is_still_opened_but_its_codes_count_no_more(tmp_path: Path) -> None:
    provider = opened(tmp_path)
    sealer = Sealer(provider.key_ring())
    token, paper = sealer.seal("张三", PLACE), sealer.qr_token("lc")
    for family in ("dek.pii", "mac.qr"):
        provider.rotate(family)
        provider.set_state(f"{family}.1", "compromised")
    sealer = Sealer(provider.key_ring())
    assert sealer.open(token, PLACE) == "张三"
    assert sealer.check_qr(paper) is None


def test_the_inventory_shows_no_secret(tmp_path: Path) -> None:
    provider = opened(tmp_path)
    provider.rotate("sig.api")
    shown = repr(provider.keys())
    for key in keystore.KeyStore(tmp_path, tmp_path / "root.key").read():
        if key.secret:
            assert key.secret.hex() not in shown
            assert base64.b64encode(key.secret).decode() not in shown
    assert [key.kid for key in provider.keys("sig.api")] == ["sig.api.1", "sig.api.2"]
