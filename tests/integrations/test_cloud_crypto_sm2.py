"""SM2: published vectors, agreement with stock gmssl, and a regression test for each of its defects (G1-G7)."""

import base64
import random
import secrets
from collections.abc import Callable

import gmssl.func
import gmssl.sm2
import pytest

from integrations.cloud_crypto import curve, der, sm2
from models.sealing import CryptoError, sm3_hex
from tests.integrations import sm2_samples as samples

PARTNER = sm2.PrivateKey.of(samples.PARTNER_D)
SERVER_ENC = sm2.PrivateKey.of(samples.SERVER_ENC_D)
SERVER_SIG = sm2.PrivateKey.of(samples.SERVER_SIG_D)
MESSAGE = "租赁合同备案通知书".encode()


def refusal(act: Callable[..., object], *args: object) -> str:
    with pytest.raises(CryptoError) as caught:
        act(*args)
    return caught.value.code


def stock_gmssl(key: sm2.PrivateKey) -> gmssl.sm2.CryptSM2:
    """gmssl as shipped, given its public key in the one way that does not damage it."""
    stock = gmssl.sm2.CryptSM2(key.hex, "", mode=1)
    stock.public_key = key.public.hex[2:]
    return stock


def raw(signature: bytes) -> str:
    return "{:064x}{:064x}".format(*der.read_signature(signature))


# Vectors


@pytest.mark.parametrize(
    ("private", "public"),
    [
        (samples.PARTNER_D, samples.PARTNER_P),
        (samples.SERVER_ENC_D, samples.SERVER_ENC_P),
        (samples.SERVER_SIG_D, samples.SERVER_SIG_P),
    ],
)
def test_public_keys_are_the_published_ones(private: str, public: str) -> None:
    assert sm2.PrivateKey.of(private).public.hex == public
    assert sm2.PublicKey.of(public).hex == public


def test_the_sample_signature_is_the_published_one() -> None:
    r, s = der.read_signature(sm2.sign_by_us(PARTNER, b"message digest", _k=samples.K))
    assert f"{r:064x}" == "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    assert f"{s:064x}" == "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"


@pytest.mark.parametrize(
    ("key", "message", "signature"),
    [
        (PARTNER, samples.REQUEST, samples.REQUEST_SIGNATURE),
        (SERVER_SIG, samples.RESPONSE, samples.RESPONSE_SIGNATURE),
        (SERVER_SIG, samples.CHECKPOINT, samples.CHECKPOINT_SIGNATURE),
    ],
    ids=["request", "response", "checkpoint"],
)
def test_published_signatures_are_made_and_accepted(key: sm2.PrivateKey, message: bytes, signature: str) -> None:
    assert base64.b64encode(sm2.sign_by_us(key, message, _k=samples.K)).decode() == signature
    assert sm2.verify(key.public, message, base64.b64decode(signature))
    assert not sm2.verify(key.public, message + b"\n", base64.b64decode(signature))


def test_the_canonical_request_has_the_published_digest() -> None:
    assert sm3_hex(samples.REQUEST) == samples.REQUEST_SM3


def test_the_published_envelope_key_is_made_and_opened() -> None:
    assert base64.b64encode(sm2.encrypt(SERVER_ENC.public, samples.CEK, _k=samples.K)).decode() == samples.EK
    assert sm2.decrypt(SERVER_ENC, base64.b64decode(samples.EK)) == samples.CEK


# Agreement with stock gmssl


@pytest.mark.parametrize("k", [1, 2, 3, 63, 64, 65, 1 << 255, curve.N - 1, curve.N - 2, curve.N >> 1])
def test_our_multiplication_of_g_is_gmssls(k: int) -> None:
    theirs = stock_gmssl(PARTNER)._kg(k, gmssl.sm2.default_ecc_table["g"])
    assert "{:064x}{:064x}".format(*curve.times_g(k)) == theirs
    assert curve.times_secret(k, curve.G) == curve.times_g(k)


def test_signatures_and_ciphers_pass_both_ways() -> None:
    for _ in range(3):
        key = sm2.PrivateKey.fresh()
        stock = stock_gmssl(key)
        theirs = stock.sign_with_sm3(MESSAGE)
        assert stock.verify_with_sm3(raw(sm2.sign(key, MESSAGE)), MESSAGE)
        assert sm2.verify(key.public, MESSAGE, der.write_signature(int(theirs[:64], 16), int(theirs[64:], 16)))
        x, y, digest, cipher = der.read_cipher(sm2.encrypt(key.public, MESSAGE))
        assert stock.decrypt(x.to_bytes(32, "big") + y.to_bytes(32, "big") + digest + cipher) == MESSAGE
        box = stock.encrypt(MESSAGE)
        shaped = der.write_cipher(
            int.from_bytes(box[:32], "big"), int.from_bytes(box[32:64], "big"), box[64:96], box[96:]
        )
        assert sm2.decrypt(key, shaped) == MESSAGE


def test_sums_that_end_at_infinity_are_no_point() -> None:
    assert curve.sum_of_products(curve.N - 5, 5, curve.G) is None
    assert curve.sum_of_products(5, 5, curve.G) == curve.times_g(10)


# G1: nonces


@pytest.mark.proves("G1")
def test_a_seeded_generator_gives_nothing_away() -> None:
    """G1: with stock nonces one signature and the seed give the private key."""
    key = sm2.PrivateKey.fresh()
    random.seed(20260101)
    r, s = der.read_signature(sm2.sign(key, MESSAGE))
    random.seed(20260101)
    guessed = int("".join(random.choice("0123456789abcdef") for _ in range(64)), 16)
    assert (guessed - s) * pow(s + r, -1, curve.N) % curve.N != key.d
    assert sm2.sign(key, MESSAGE) != sm2.sign(key, MESSAGE)


@pytest.mark.proves("G1")
def test_gmssls_own_nonces_come_from_the_system() -> None:
    """G1: what gmssl draws by itself is ours as well."""
    assert gmssl.func.random_hex is sm2.secret_hex
    random.seed(1)
    first = gmssl.func.random_hex(64)
    random.seed(1)
    assert gmssl.func.random_hex(64) != first
    assert len(gmssl.func.random_hex(7)) == 7


# G2, G7: public keys


@pytest.mark.proves("G2")
def test_keys_that_begin_with_zeros_and_fours_are_kept_whole() -> None:
    """G2: the constructor of gmssl strips them."""
    found = 0
    while found < 3:
        key = sm2.PrivateKey.fresh()
        if key.public.hex[2] not in "04":
            continue
        found += 1
        assert len(sm2._Gmssl(key).public_key) == 128
        assert sm2.verify(sm2.PublicKey.of(key.public.hex), MESSAGE, sm2.sign(key, MESSAGE))


@pytest.mark.proves("G7")
def test_a_signature_always_carries_the_identity_of_its_key() -> None:
    """G7: Z holds the public key, so signing derives it and never goes without."""
    assert sm2.digest_of(PARTNER.public, MESSAGE) != sm2.digest_of(SERVER_SIG.public, MESSAGE)
    assert sm2.verify(PARTNER.public, MESSAGE, sm2.sign(sm2.PrivateKey(PARTNER.d), MESSAGE))


@pytest.mark.parametrize(
    "text",
    [
        "",
        samples.PARTNER_P[2:],
        samples.PARTNER_P[:-2],
        samples.PARTNER_P + "00",
        "02" + samples.PARTNER_P[2:66],
        "06" + samples.PARTNER_P[2:],
        samples.PARTNER_P[:-1] + "4",
        "04" + "0" * 128,
        "04" + "f" * 128,
        "04" + f"{curve.P + 1:064x}" + samples.PARTNER_P[66:],
        samples.PARTNER_P[:-1] + "g",
        samples.PARTNER_P[:-2] + "_3",
        samples.PARTNER_P[:-2] + " 3",
        samples.PARTNER_P[:-1] + "３",
    ],
    ids=range(14),
)
@pytest.mark.proves("G3")
def test_a_key_that_is_no_uncompressed_point_of_the_curve_is_refused(text: str) -> None:
    """G3: gmssl takes any two numbers."""
    assert refusal(sm2.PublicKey.of, text) == "BAD_INPUT"


# G3, G4: ciphers


@pytest.mark.proves("G3")
def test_a_cipher_whose_point_is_off_the_curve_is_refused() -> None:
    """G3: stock gmssl would compute with it."""
    x, y, digest, cipher = der.read_cipher(base64.b64decode(samples.EK))
    for point in ((x, y + 1), (0, 0), (x + curve.P, y), (x, y + curve.P)):
        assert refusal(sm2.decrypt, SERVER_ENC, der.write_cipher(*point, digest, cipher)) == "AUTH_FAILED"


@pytest.mark.proves("G4")
def test_every_changed_byte_of_a_cipher_is_refused() -> None:
    """G4: stock gmssl decrypts a changed amount without a word."""
    sealed = base64.b64decode(samples.EK)
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        assert refusal(sm2.decrypt, SERVER_ENC, changed) == "AUTH_FAILED"


def test_cut_empty_lengthened_or_foreign_ciphers_are_refused_alike() -> None:
    x, y, digest, cipher = der.read_cipher(base64.b64decode(samples.EK))
    sealed = base64.b64decode(samples.EK)
    for changed in (
        b"",
        sealed[:-1],
        sealed + b"\0",
        der.write_cipher(x, y, digest, b""),
        der.write_cipher(x, y, digest[:-1], cipher),
        der.write_cipher(x, y, b"", cipher),
        der.write_cipher(x, y, digest, cipher + b"\0"),
        x.to_bytes(32, "big") + y.to_bytes(32, "big") + digest + cipher,
    ):
        assert refusal(sm2.decrypt, SERVER_ENC, changed) == "AUTH_FAILED"
    assert refusal(sm2.decrypt, SERVER_SIG, sealed) == "AUTH_FAILED"


@pytest.mark.parametrize("size", [1, 31, 32, 33, 48, 300])
def test_secrets_of_any_length_survive(size: int) -> None:
    """Stock gmssl loses one of 256 one-byte texts."""
    secret = secrets.token_bytes(size)
    assert sm2.decrypt(SERVER_ENC, sm2.encrypt(SERVER_ENC.public, secret)) == secret


def test_one_byte_secrets_are_never_lost() -> None:
    assert all(sm2.decrypt(PARTNER, sm2.encrypt(PARTNER.public, b"A")) == b"A" for _ in range(100))


def test_nothing_is_not_encrypted() -> None:
    assert refusal(sm2.encrypt, PARTNER.public, b"") == "BAD_INPUT"


# G5: signatures


@pytest.mark.parametrize(
    ("r", "s"),
    [(0, 1), (1, 0), (0, 0), (curve.N, 1), (1, curve.N), (1, curve.N - 1), (curve.N - 7, 7)],
    ids=range(7),
)
@pytest.mark.proves("G5")
def test_numbers_out_of_range_are_no_signature(r: int, s: int) -> None:
    assert not sm2.verify(PARTNER.public, MESSAGE, der.write_signature(r, s))


@pytest.mark.proves("G5")
def test_a_valid_signature_shifted_by_the_order_is_refused() -> None:
    r, s = der.read_signature(sm2.sign_by_us(PARTNER, MESSAGE, _k=samples.K))
    assert not sm2.verify(PARTNER.public, MESSAGE, der.write_signature(r + curve.N, s))
    assert not sm2.verify(PARTNER.public, MESSAGE, der.write_signature(r, s + curve.N))


def other_encodings(signature: bytes) -> dict[str, bytes]:
    """The same r and s in every shape that is not strict DER."""
    r, s = der.read_signature(signature)
    rb, sb = r.to_bytes(33, "big"), s.to_bytes(33, "big")
    body = signature[2:]
    return {
        "trailing byte": signature + b"\0",
        "trailing byte inside": bytes([0x30, len(body) + 1]) + body + b"\0",
        "long length": b"\x30\x81" + bytes([len(body)]) + body,
        "longer length": b"\x30\x82\0" + bytes([len(body)]) + body,
        "indefinite length": b"\x30\x80" + body + b"\0\0",
        "set": b"\x31" + signature[1:],
        "padded integers": bytes([0x30, 72]) + b"\x02\x22\0" + rb + b"\x02\x22\0" + sb,
        "negative": bytes([0x30, 68]) + b"\x02\x20" + rb[1:] + b"\x02\x20" + sb[1:],
        "empty integer": b"\x30\x04\x02\0\x02\0",
        "raw": rb[1:] + sb[1:],
        "hex": signature.hex().encode(),
        "base64": base64.b64encode(signature),
        "cut": signature[:-1],
        "three integers": bytes([0x30, len(body) + 3]) + body + b"\x02\x01\x01",
        "nothing": b"",
        "a tag alone": b"\x30",
    }


@pytest.mark.proves("G5")
def test_only_strict_der_is_a_signature() -> None:
    # r of the sample has its top bit set, so that dropping the leading zero makes it negative.
    signature = sm2.sign_by_us(PARTNER, b"message digest", _k=samples.K)
    accepted = [
        name
        for name, other in other_encodings(signature).items()
        if sm2.verify(PARTNER.public, b"message digest", other)
    ]
    assert accepted == []


def test_an_integer_with_a_needless_zero_is_refused() -> None:
    r, s = der.read_signature(base64.b64decode(samples.REQUEST_SIGNATURE))
    assert r >> 255 == 0
    shaped = b"\x30\x46\x02\x21" + r.to_bytes(33, "big") + b"\x02\x21" + s.to_bytes(33, "big")
    assert not sm2.verify(PARTNER.public, samples.REQUEST, shaped)


def test_every_flipped_bit_of_a_signature_is_refused() -> None:
    signature = base64.b64decode(samples.REQUEST_SIGNATURE)
    for at in range(len(signature)):
        changed = signature[:at] + bytes([signature[at] ^ (1 << (at % 8))]) + signature[at + 1 :]
        assert not sm2.verify(PARTNER.public, samples.REQUEST, changed)


def test_a_pair_forged_without_the_key_is_refused() -> None:
    """Raw verification does not hash: r and s chosen first fit some number, but no message."""
    s, t = 12345, 67890
    point = curve.sum_of_products(s, t, (PARTNER.public.x, PARTNER.public.y))
    assert point is not None
    r = (t - s) % curve.N
    e = (r - point[0]) % curve.N
    assert stock_gmssl(PARTNER).verify(f"{r:064x}{s:064x}", e.to_bytes(32, "big"))
    assert not sm2.verify(PARTNER.public, e.to_bytes(32, "big"), der.write_signature(r, s))


def test_another_signers_signature_is_refused() -> None:
    assert not sm2.verify(SERVER_SIG.public, MESSAGE, sm2.sign(PARTNER, MESSAGE))


# G6: private numbers


@pytest.mark.parametrize("d", [0, -1, curve.N - 1, curve.N, curve.N + 1, 1 << 256])
def test_a_private_number_out_of_range_is_refused(d: int) -> None:
    assert refusal(sm2.PrivateKey, d) == "BAD_INPUT"


@pytest.mark.parametrize("text", ["", "0" * 64, "f" * 64, samples.PARTNER_D[1:], samples.PARTNER_D + "0", "g" * 64])
def test_a_private_key_of_another_shape_is_refused(text: str) -> None:
    assert refusal(sm2.PrivateKey.of, text) == "BAD_INPUT"


@pytest.mark.parametrize("k", [0, -1, curve.N, curve.N + 1])
@pytest.mark.proves("G6")
def test_a_nonce_out_of_range_is_refused(k: int) -> None:
    """G6: gmssl takes 0·G for G itself."""
    with pytest.raises(CryptoError, match="BAD_INPUT"):
        sm2.sign_by_us(PARTNER, MESSAGE, _k=k)
    with pytest.raises(CryptoError, match="BAD_INPUT"):
        sm2.encrypt(PARTNER.public, MESSAGE, _k=k)
    with pytest.raises(CryptoError, match="INTERNAL"):
        sm2._Gmssl(PARTNER)._kg(k, gmssl.sm2.default_ecc_table["g"])


def test_a_signature_made_with_a_broken_table_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in one place of the table of G is found: what is signed is verified by other places of it."""
    bits, rows = curve._table_of_g()
    k = curve.N // 3
    assert (k + curve.N).bit_length() == 257
    place = ((k + curve.N) & ((1 << bits) - 1)) - 1
    broken = [list(row) for row in rows]
    broken[0][place] = broken[0][place - 1]
    monkeypatch.setattr(curve, "_table_of_g", lambda: (bits, broken))
    with pytest.raises(CryptoError, match="INTERNAL"):
        sm2.sign_by_us(PARTNER, MESSAGE, _k=k)
    monkeypatch.undo()
    assert sm2.verify(PARTNER.public, MESSAGE, sm2.sign_by_us(PARTNER, MESSAGE, _k=k))


def test_a_private_key_is_never_printed() -> None:
    assert samples.PARTNER_D not in repr(PARTNER)
    assert str(PARTNER.d) not in repr(PARTNER)


def test_a_key_written_to_often_gives_what_a_key_written_to_once_gives() -> None:
    key = sm2.PrivateKey.fresh()
    for k in (1, 2, curve.N - 1, secrets.randbelow(curve.N - 1) + 1):
        assert curve.times_known(k, (key.public.x, key.public.y)) == curve.times_secret(k, (key.public.x, key.public.y))
    assert curve.times_known(7, curve.G) == curve.times_g(7)
    for number in range(20):
        plain = bytes([number]) * 48
        assert sm2.decrypt(key, sm2.encrypt(key.public, plain)) == plain
