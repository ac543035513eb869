"""Formats of protected values: published vectors, round trips, and everything an intruder may change."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from hypothesis import given, settings
from hypothesis import strategies as st

from models.dialect import Database
from models.sealing import (
    CryptoError,
    FieldKey,
    KeyRing,
    Sealer,
    aad,
    hmac_sm3,
    sealer_of,
    sm3,
    sm3_hex,
)
from models.sealing.formats import b64u, encrypt, lp
from tests.models.sealing_vectors import (
    B1,
    E1,
    ID_NO,
    M1,
    P1,
    PLACE,
    Q1,
    ROW,
    USER,
    published,
    published_ring,
    refusal,
    rotated,
)

_KEY = hmac_sm3(bytes(range(32)), b"SHFG/field/enc/v1")[:16]


def row(table: str, row_id: str, version: int, fields: Sequence[tuple[str, str | None]]) -> bytes:
    """The bytes an m1 covers, as the specification spells them."""
    parts = [b"m1", lp(table.encode()), lp(row_id.encode()), lp(str(version).encode())]
    for name, text in fields:
        parts += (lp(name.encode()), b"\0" if text is None else b"\1" + lp(text.encode()))
    return b"".join(parts)


# Vectors of the specification


def test_sm3_gives_the_standard_digests() -> None:
    assert sm3_hex(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3_hex(b"") == "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"
    assert sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_e1_token_is_the_published_one() -> None:
    assert published().seal(ID_NO, PLACE) == E1
    assert published().open(E1, PLACE) == ID_NO


def test_b1_index_is_the_published_one() -> None:
    assert published().index("id_no", ID_NO) == B1


def test_m1_is_the_published_one() -> None:
    assert published().mac(row("sys_user", ROW, 3, USER)) == M1
    assert published().check_mac(row("sys_user", ROW, 3, USER), M1)


def test_q1_token_is_the_published_one() -> None:
    token = published(lambda n: bytes.fromhex("00112233445566778899aabbccddeeff")).qr_token("hv")
    assert token == Q1
    assert published().check_qr(Q1) == "hv"


def test_p1_record_is_the_published_one() -> None:
    assert published().hash_password("Test@2026#shfg") == P1
    assert published().check_password("Test@2026#shfg", P1)
    assert not published().check_password("test@2026#shfg", P1)


# e1


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_any_text_survives_sealing(text: str) -> None:
    ours = Sealer(KeyRing.fresh())
    assert ours.open(ours.seal(text, PLACE), PLACE) == text


def test_rare_hanzi_and_long_payloads_survive_sealing() -> None:
    ours = Sealer(KeyRing.fresh())
    text = json.dumps({"name": "𠮷田·㐂𬴂", "note": "备案" * 50_000}, ensure_ascii=False)
    assert ours.open(ours.seal(text, PLACE), PLACE) == text


def test_each_of_many_tokens_is_what_a_cipher_of_its_own_gives_in_every_thread() -> None:
    ours, afresh = FieldKey("dek.pii.1", bytes(range(32))), algorithms.SM4(_KEY)

    def seal_many(thread: int) -> None:
        for size in range(100):
            iv, plain = sm3(b"%d %d" % (thread, size))[:16], bytes([thread]) * size
            token = ours.seal(plain, PLACE, iv)
            assert token.split(":")[2:4] == [b64u(iv), b64u(encrypt(afresh, iv, plain))]
            assert ours.open(token, PLACE) == plain

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(seal_many, range(8)))


def test_same_text_never_gives_the_same_token() -> None:
    ours = Sealer(KeyRing.fresh())
    assert ours.seal(ID_NO, PLACE) != ours.seal(ID_NO, PLACE)


def test_a_token_shows_nothing_of_its_text() -> None:
    token = Sealer(KeyRing.fresh()).seal("zhangsan", PLACE)
    assert "zhangsan" not in token
    assert token.startswith("e1:dek.pii.1:")


@pytest.mark.parametrize(
    "place", [aad("tenant", "phone", ROW), aad("landlord", "id_no", ROW), aad("tenant", "id_no", ROW[:-1] + "e"), ""]
)
def test_a_token_moved_to_another_place_is_refused(place: str) -> None:
    assert refusal(lambda: published().open(E1, place)) == "AUTH_FAILED"


def test_every_changed_character_of_a_token_is_refused() -> None:
    ours = published()
    for at, other in product(range(E1.index(":", 3) + 1, len(E1)), "Aq-9:+= "):
        changed = E1[:at] + other + E1[at + 1 :]
        assert changed == E1 or refusal(ours.open, changed, PLACE) == "AUTH_FAILED"


def test_every_truncated_token_is_refused() -> None:
    refused = {refusal(published().open, E1[:end], PLACE) for end in range(len(E1))}
    assert refused <= {"AUTH_FAILED", "KEY_NOT_FOUND"}


@pytest.mark.parametrize(
    "token", ["", "e1", "e1:", "e1::::", "明文", ID_NO, E1 + ":", E1 + "\n", " " + E1, "e2" + E1[2:]]
)
def test_garbage_is_refused_as_a_token(token: str) -> None:
    assert refusal(lambda: published().open(token, PLACE)) in {"AUTH_FAILED", "KEY_NOT_FOUND"}


def test_a_token_has_one_spelling() -> None:
    spare_bits = E1.replace("DA0ODw:", "DA0ODx:")
    standard_alphabet = E1.replace("-", "+").replace("_", "/")
    padded = E1.replace("DA0ODw:", "DA0ODw==:")
    for other in (spare_bits, standard_alphabet, padded):
        assert refusal(published().open, other, PLACE) == "AUTH_FAILED"


@pytest.mark.proves("G8")
def test_bad_padding_under_a_right_mac_is_refused_with_the_same_code() -> None:
    """G8: the padding is checked in full, and its failure looks like any other."""
    key, iv = bytes(range(32)), bytes(16)
    for tail in (b"\x00", b"\x11", b"\x02\x03\x03", b"\xff"):
        run = Cipher(algorithms.SM4(hmac_sm3(key, b"SHFG/field/enc/v1")[:16]), modes.CBC(iv)).encryptor()
        ct = run.update(b"x" * (16 - len(tail)) + tail) + run.finalize()
        signed = b"e1" + lp(b"dek.pii.1") + lp(PLACE.encode()) + iv + ct
        tag = hmac_sm3(hmac_sm3(key, b"SHFG/field/mac/v1"), signed)
        token = f"e1:dek.pii.1:{b64u(iv)}:{b64u(ct)}:{b64u(tag)}"
        assert refusal(published().open, token, PLACE) == "AUTH_FAILED"


def test_a_token_of_an_unknown_or_foreign_key_is_named_so() -> None:
    assert refusal(lambda: published().open(E1.replace("dek.pii.1", "dek.pii.7"), PLACE)) == "KEY_NOT_FOUND"
    assert refusal(lambda: published().open(E1.replace("dek.pii.1", "mac.row.1"), PLACE)) == "KEY_USAGE"


def test_a_token_relabelled_to_another_family_is_refused() -> None:
    assert refusal(lambda: published().open(E1.replace("dek.pii.1", "dek.auth.1"), PLACE)) == "AUTH_FAILED"


def test_only_data_keys_seal() -> None:
    ours = published()
    assert ours.seal("x", PLACE, family="dek.auth").startswith("e1:dek.auth.1:")
    assert refusal(lambda: ours.seal("x", PLACE, family="mac.row")) == "KEY_USAGE"
    assert refusal(lambda: ours.seal("x", PLACE, family="dek.none")) == "KEY_NOT_FOUND"


def test_a_lone_surrogate_is_refused() -> None:
    assert refusal(lambda: published().seal("\ud800", PLACE)) == "BAD_INPUT"
    assert refusal(lambda: published().index("name", "\ud800")) == "BAD_INPUT"


def test_an_error_tells_only_its_code() -> None:
    with pytest.raises(CryptoError) as caught:
        published().open(E1[:-1] + "A", PLACE)
    assert str(caught.value) == "AUTH_FAILED"
    assert not caught.value.retryable


# b1, m1, rotation


def test_an_index_depends_on_domain_and_value() -> None:
    ours = Sealer(KeyRing.fresh())
    assert ours.index("name", "张三") == ours.index("name", "张三")
    assert len({ours.index("name", "张三"), ours.index("acct", "张三"), ours.index("name", "张四")}) == 3
    assert refusal(lambda: ours.index("na\0me", "张三")) == "BAD_INPUT"


def test_after_a_rotation_old_values_are_read_and_new_ones_use_the_new_key() -> None:
    ring = KeyRing.fresh()
    before = Sealer(ring)
    after = Sealer(rotated(rotated(rotated(ring, "dek.pii"), "idx.pii"), "mac.row"))
    assert after.open(before.seal(ID_NO, PLACE), PLACE) == ID_NO
    assert after.seal(ID_NO, PLACE).startswith("e1:dek.pii.2:")
    assert after.indexes("id_no", ID_NO) == [after.index("id_no", ID_NO), before.index("id_no", ID_NO)]
    assert after.check_mac(row("t", ROW, 1, USER), before.mac(row("t", ROW, 1, USER)))
    assert after.mac(row("t", ROW, 1, USER)).startswith("m1:mac.row.2:")


@pytest.mark.parametrize(
    ("table", "row_id", "version", "fields"),
    [
        ("sys_role", ROW, 3, USER),
        ("sys_user", ROW[:-1] + "e", 3, USER),
        ("sys_user", ROW, 2, USER),
        ("sys_user", ROW, 3, [*USER[:3], ("cert_fp", "")]),
        ("sys_user", ROW, 3, [("login", "zhangsan"), ("roles", "R_ADMIN"), *USER[2:]]),
        ("sys_user", ROW, 3, USER[:3]),
        ("sys_user", ROW, 3, [USER[1], USER[0], *USER[2:]]),
        ("sys_user", ROW, 3, [("login", "zhangsanroles"), ("", "R_CLERK"), *USER[2:]]),
    ],
)
def test_a_row_mac_notices_every_change(
    table: str, row_id: str, version: int, fields: list[tuple[str, str | None]]
) -> None:
    assert not published().check_mac(row(table, row_id, version, fields), M1)


@pytest.mark.parametrize(
    "mac",
    [
        "",
        "m1",
        "m1:",
        "m1::",
        M1[:-1],
        M1 + "A",
        M1 + "\udcff",
        "m1:mac.row.9:x",
        "m1:dek.pii.1:x",
        "m1:mac.qr.1:x",
        M1.replace("mac.row", "mac.sess"),
    ],
)
def test_garbage_is_no_row_mac(mac: str) -> None:
    assert not published().check_mac(row("sys_user", ROW, 3, USER), mac)


def test_a_ring_without_a_family_or_with_a_short_key_is_refused() -> None:
    ring = KeyRing.fresh()
    fewer = {family: kid for family, kid in ring.active.items() if family != "mac.qr"}
    assert refusal(lambda: KeyRing(ring.keys, fewer)) == "KEY_NOT_FOUND"
    assert refusal(lambda: KeyRing(ring.keys, {**ring.active, "dek.pii": "dek.auth.1"})) == "KEY_NOT_FOUND"
    assert refusal(lambda: KeyRing({**ring.keys, "dek.pii.2": bytes(16)}, ring.active)) == "BAD_INPUT"
    assert refusal(lambda: KeyRing({**ring.keys, "dek.pii.x": bytes(32)}, ring.active)) == "BAD_INPUT"


def test_keys_are_never_printed() -> None:
    ring = published_ring()
    shown = repr(ring) + repr(Sealer(ring))
    assert repr(ring.keys["dek.pii.1"]) not in shown
    assert "x01" not in shown


# q1, sessions


def test_every_kind_of_paper_gets_its_own_token() -> None:
    ours = Sealer(KeyRing.fresh())
    kinds = ["lc", "fn", "cn", "rc", "qr", "hv", "pc"]
    tokens = [ours.qr_token(kind) for kind in kinds]
    assert [ours.check_qr(token) for token in tokens] == kinds
    assert len({token.split(".")[3] for token in tokens}) == len(kinds)


@pytest.mark.parametrize("kind", ["", "HV", "h.v", "toolong", "号", "h1"])
def test_a_kind_that_would_not_parse_is_refused(kind: str) -> None:
    assert refusal(lambda: published().qr_token(kind)) == "BAD_INPUT"


def test_every_changed_character_of_a_qr_token_is_refused() -> None:
    ours = published()
    for at, other in product(range(len(Q1)), "Aq-9._ 中"):
        changed = Q1[:at] + other + Q1[at + 1 :]
        assert changed == Q1 or ours.check_qr(changed) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        "q1",
        "q1....",
        Q1[:-1],
        Q1 + "A",
        Q1 + "\n",
        "\n" + Q1,
        Q1.upper(),
        Q1.replace("hv", "fn"),
        "\ud800",
        "\0" * 60,
        "q1.hv.9" + Q1[7:],
        "q1.hv.0" + Q1[7:],
        "q1.hv.١" + Q1[7:],
        "A" * 10_000_000,
        Q1 * 100_000,
        "二维码" * 20,
    ],
    ids=range(17),
)
def test_garbage_is_no_qr_token(token: str) -> None:
    assert published().check_qr(token) is None


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=80))
def test_arbitrary_text_is_no_qr_token(token: str) -> None:
    assert published().check_qr(token) is None


def test_qr_tokens_of_the_previous_key_stay_valid_and_keep_their_digest() -> None:
    ring = KeyRing.fresh()
    before, after = Sealer(ring), Sealer(rotated(ring, "mac.qr"))
    token = before.qr_token("lc")
    assert after.check_qr(token) == "lc"
    assert after.token_digest(token) == before.token_digest(token)
    assert after.qr_token("lc").startswith("q1.lc.2.")


def test_what_is_stored_of_a_token_is_not_the_token() -> None:
    ours = published()
    assert ours.token_digest(Q1) == hmac_sm3(bytes(range(0x60, 0x80)), Q1.encode()).hex()
    assert ours.session_digest("sid") == hmac_sm3(bytes(range(0x40, 0x60)), b"sid").hex()
    assert ours.session_digest("sid") != ours.session_digest("sie")


# p1


def test_a_password_is_salted_and_checked_whole() -> None:
    ours = Sealer(KeyRing.fresh())
    long = "房屋租赁#" * 40
    first, second = ours.hash_password(long), ours.hash_password(long)
    assert first != second
    assert ours.check_password(long, first)
    assert not ours.check_password(long[:-1], first)


@pytest.mark.parametrize(
    "record",
    [
        "",
        "p1",
        P1[:-1],
        "p2" + P1[2:],
        P1.replace("200000", "1000"),
        P1.replace("200000", "9999999"),
        P1 + ":",
        "口令",
        P1.replace("200000", "-20000"),
        P1.replace("200000", "２０００００"),
    ],
)
def test_a_damaged_password_record_matches_nothing(record: str) -> None:
    assert not published().check_password("Test@2026#shfg", record)


def test_a_record_stretched_too_little_matches_nothing() -> None:
    weak = PBKDF2HMAC(hashes.SM3(), length=32, salt=bytes(range(16)), iterations=1000).derive(b"Test@2026#shfg")
    record = f"p1:1000:AAECAwQFBgcICQoLDA0ODw:{b64u(weak)}"
    assert not published().check_password("Test@2026#shfg", record)


def test_a_password_that_is_no_text_matches_nothing() -> None:
    assert not published().check_password("\ud800", P1)


# The sealer of a database


def test_a_session_without_a_sealer_says_what_to_do(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'plain.db'}")
    with database.read() as session, pytest.raises(RuntimeError, match=r"Database\(url, sealer\)"):
        sealer_of(session)


def test_a_session_carries_the_sealer_of_its_database(tmp_path: Path) -> None:
    ours = published()
    with Database(f"sqlite:///{tmp_path / 'sealed.db'}", ours).read() as session:
        assert sealer_of(session) is ours
