"""ENV1 envelopes: the published one, and every way to spoil one (security 4.5, 4.9; H58-H61 at the level of the function)."""

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from integrations.cloud_crypto import curve, der, sm2
from integrations.cloud_crypto.local import LocalProvider
from integrations.wire.exchange.envelopes import message_id, open_envelope, seal_envelope
from models.sealing import CryptoError, hmac_sm3, sm3_hex
from tests.integrations import sm2_samples as samples

SENDER, RECEIVER, KID = "gjj-center", "shfg-rental-test", "shfg-enc-2026a"
MID = "9b2f6a1e-0c55-4d2b-8a77-1f2e3d4c5b6a"
PLAIN = (
    '{"warrant_no":"WT202611240001","contract_no":"ZL310115202600123",'
    '"tenant":{"name":"张三","id_no":"11010519491231002X"}}'
).encode()
BODY = (
    '{"v":1,"alg":"SM2-SM4CBC-HSM3","kid":"shfg-enc-2026a","mid":"9b2f6a1e-0c55-4d2b-8a77-1f2e3d4c5b6a","ek":"'
    + samples.EK
    + '","iv":"AAECAwQFBgcICQoLDA0ODw==","ct":"vWZR9c0dSkLaB4+NkfzSo6RKZUfghDrOXlTNoC6v15FobJPDswJur0cnwC184Z4686CbBJyz'
    'UPzX0w5n28Z21ln3VJ+8tu/kklVICrKwE+lG1W1lxlqyUmV88gahd1AqtXu/VrPRqqoCaQcx6YaOHq1PwWTOiEnFUowX8zSSQ60=",'
    '"tag":"MN8Z1jUn1dvQe1b8HW1P5KfkXEqij/qHc5J0jiBNGGE="}'
)
BODY_SM3 = "0ed6f4f7ab859f821ffa6fe27735536dc03eca53488bbc4e07258afba6f6b411"
pytestmark = pytest.mark.proves("M2")


class Sample(LocalProvider):
    """A provider that holds the published encryption key under its published name, and makes the published `ek`."""

    def open_key(self, key: str, sealed: bytes) -> bytes:
        if key == KID:
            return sm2.decrypt(sm2.PrivateKey.of(samples.SERVER_ENC_D), sealed)
        return super().open_key(key, sealed)

    def seal_key(self, public_key: str, secret: bytes) -> bytes:
        return sm2.encrypt(sm2.PublicKey.of(public_key), secret, _k=samples.K)


@pytest.fixture(scope="module")
def crypto(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return Sample(tmp_path_factory.mktemp("keys"), mode="test")


def fixed(size: int) -> bytes:
    return {48: samples.CEK, 16: bytes(range(16))}[size]


def code(crypto: Sample, text: str, sender: str = SENDER, receiver: str = RECEIVER) -> str:
    with pytest.raises(CryptoError) as caught:
        open_envelope(crypto, text, sender, receiver)
    assert str(caught.value) == "AUTH_FAILED"
    return caught.value.code


def changed(**members: Any) -> str:
    return json.dumps({**json.loads(BODY), **members}, separators=(",", ":"))


def test_the_published_envelope_is_made_and_opened(crypto: Sample) -> None:
    made = seal_envelope(crypto, samples.SERVER_ENC_P, KID, SENDER, RECEIVER, MID, PLAIN, _random=fixed)
    assert made == BODY
    assert len(made) == 580
    assert sm3_hex(made.encode()) == BODY_SM3
    assert open_envelope(crypto, BODY, SENDER, RECEIVER) == PLAIN
    assert message_id(BODY) == MID


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 4096, 200_000])
def test_a_message_of_any_size_travels_to_our_own_key(tmp_path: Path, size: int) -> None:
    provider = LocalProvider(tmp_path, mode="test")
    plain, mid = bytes(size), str(uuid4())
    text = seal_envelope(provider, provider.public_key("enc.api"), "enc.api.1", "a-app", "b-env", mid, plain)
    assert open_envelope(provider, text, "a-app", "b-env") == plain
    assert "\n" not in text


def test_no_two_envelopes_are_alike(tmp_path: Path) -> None:
    provider = LocalProvider(tmp_path, mode="test")
    key = provider.public_key("enc.api")
    one, other = (json.loads(seal_envelope(provider, key, "enc.api.1", "a", "b", MID, b"x")) for _ in range(2))
    assert all(one[name] != other[name] for name in ("ek", "iv", "ct", "tag"))


@pytest.mark.proves("H58")
@pytest.mark.parametrize("name", ["ek", "iv", "ct", "tag"])
def test_every_flipped_bit_is_refused_alike_h58(crypto: Sample, name: str) -> None:
    """H58: bit flips in ek, iv, ct and tag."""
    data = base64.b64decode(json.loads(BODY)[name])
    for place in range(0, len(data) * 8, 7 if name == "ek" else 3):
        spoilt = bytearray(data)
        spoilt[place // 8] ^= 1 << place % 8
        assert code(crypto, changed(**{name: base64.b64encode(bytes(spoilt)).decode()})) == "AUTH_FAILED"


@pytest.mark.proves("H58")
@pytest.mark.parametrize(
    "change",
    [
        {"kid": "shfg-enc-2026b"},
        {"kid": "enc.api.1"},
        {"kid": "enc.api.99"},
        {"kid": "sig.doc.1"},
        {"kid": "dek.pii.1"},
        {"kid": "KEY"},
        {"kid": 1},
        {"mid": "9b2f6a1e-0c55-4d2b-8a77-1f2e3d4c5b6b"},
        {"mid": "9B2F6A1E-0C55-4D2B-8A77-1F2E3D4C5B6A"},
        {"mid": ""},
        {"v": 2},
        {"v": True},
        {"v": "1"},
        {"alg": "SM2-SM4GCM"},
        {"iv": ""},
        {"ct": ""},
        {"ct": "vWZR9c0dSkI="},
        {"tag": ""},
        {"tag": None},
        {"ek": ["x"]},
    ],
    ids=str,
)
def test_changed_members_are_refused_alike_h58(crypto: Sample, change: dict[str, Any]) -> None:
    """H58: kid and mid are under the tag, and nothing else may differ either."""
    assert code(crypto, changed(**change)) == "AUTH_FAILED"


@pytest.mark.proves("H59")
def test_an_envelope_of_another_receiver_or_sender_is_refused_h59(crypto: Sample) -> None:
    """H59."""
    assert code(crypto, BODY, receiver="shfg-rental-prod") == "AUTH_FAILED"
    assert code(crypto, BODY, sender="other-app") == "AUTH_FAILED"
    # Names that run into each other are still two names.
    assert code(crypto, BODY, sender=f"{SENDER}\n{RECEIVER}", receiver=KID) == "AUTH_FAILED"


def _ek(x: int, y: int, digest: bytes, cipher: bytes) -> str:
    return base64.b64encode(der.write_cipher(x, y, digest, cipher)).decode()


def _part() -> tuple[int, int, bytes, bytes]:
    return der.read_cipher(base64.b64decode(samples.EK))


@pytest.mark.proves("H60")
@pytest.mark.parametrize(
    "ek",
    [
        lambda x, y, digest, cipher: _ek(x, y + 1, digest, cipher),
        lambda x, y, digest, cipher: _ek(0, 0, digest, cipher),
        lambda x, y, digest, cipher: _ek(x + curve.P, y, digest, cipher),
        lambda x, y, digest, cipher: _ek(x, y, bytes(32), cipher),
        lambda x, y, digest, cipher: _ek(x, y, digest[:31], cipher),
        lambda x, y, digest, cipher: _ek(x, y, digest, b""),
        lambda x, y, digest, cipher: _ek(x, y, digest, cipher[:47]),
        lambda x, y, digest, cipher: base64.b64encode(b"\x04" + bytes(64) + digest + cipher).decode(),
    ],
    ids=["off the curve", "infinity", "out of range", "wrong C3", "short C3", "empty cipher", "short key", "raw"],
)
def test_content_keys_that_are_none_are_refused_alike_h60(crypto: Sample, ek: Callable[..., str]) -> None:
    """H60."""
    assert code(crypto, changed(ek=ek(*_part()))) == "AUTH_FAILED"


@pytest.mark.proves("H60")
def test_a_content_key_of_another_length_is_refused_h60(crypto: Sample) -> None:
    """H60: rightly encrypted, but no 48 bytes."""
    for size in (1, 16, 47, 49, 96):
        sealed = crypto.seal_key(samples.SERVER_ENC_P, bytes(range(1, size + 1)))
        assert code(crypto, changed(ek=base64.b64encode(sealed).decode())) == "AUTH_FAILED"


@pytest.mark.proves("H61")
@pytest.mark.parametrize(
    "text",
    [
        PLAIN.decode(),
        "",
        "null",
        "[]",
        '"x"',
        "{}",
        BODY[:-1],
        BODY + " x",
        BODY.replace('"v":1', '"v":1,"v":1'),
        BODY.replace('{"v":1', '{"x":0,"v":1'),
        BODY.replace('"tag"', '"TAG"'),
        BODY.replace("==", "=="[:1]),
        BODY.replace("==", "== "),
        BODY.replace("DA0ODw==", "DA0ODx=="),
        BODY.replace("+", "-"),
        "[" * 5000,
        "\ud800",
    ],
    ids=lambda text: re.sub(r"\W", "", ascii(text))[:24] or "empty",
)
def test_what_is_no_envelope_is_refused_alike_h61(crypto: Sample, text: str) -> None:
    """H61: plain text, unknown or missing or doubled members, other spellings."""
    assert code(crypto, text) == "AUTH_FAILED"


def test_bad_padding_under_a_right_tag_is_refused_alike(crypto: Sample) -> None:
    iv, ct = bytes(range(16)), bytes(32)
    aad = "\n".join(("ENV1", SENDER, RECEIVER, KID, MID)).encode()
    tag = hmac_sm3(samples.CEK[16:], len(aad).to_bytes(4, "big") + aad + iv + ct)
    text = changed(ct=base64.b64encode(ct).decode(), tag=base64.b64encode(tag).decode())
    assert code(crypto, text) == "AUTH_FAILED"


def test_a_name_that_would_break_the_text_is_not_sealed(crypto: Sample) -> None:
    for kid, mid in (('a"b', MID), (KID, 'x"'), ("", MID), (KID, "")):
        with pytest.raises(CryptoError):
            seal_envelope(crypto, samples.SERVER_ENC_P, kid, SENDER, RECEIVER, mid, PLAIN)
