"""The published vector of security.md 4.9 and properties of the canonical texts."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.wire.exchange import profile
from integrations.wire.exchange.envelopes import open_envelope, seal_envelope
from integrations.wire.exchange.profile import Head, ProfileError, ReplyHead
from models.sealing import CryptoError, sm3_hex
from tests.partner import independent
from tests.partner.independent import KeyPair
from tests.world import provider

PA = "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
PE = "049502d35af82017a8a182b653e51040ca325df2c5cb242d78f6ea82c6802d403972f93018f05de1df3166db86cd45b7236e25e198391d192feea95f702ead1b4d"
PS = "04c3d88b3f9de1a25c6573bba6bf56656fe68c04d27b6acdfb42789ce5bf01ea2f98d0412df5bf50eec7c2b96511f2b998f9b07eee1d07e249b2acd5f0c7952ada"
D_A = KeyPair(0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8)
D_E = KeyPair(0xFF0A8031AA4945DE80EA4C5366C38B1A48956698E1309E70F3A138734CECCA81)
D_S = KeyPair(0xA47D8A5D3896DB12FB8EF268C345C9826F6C993101FAFF0246F0648237972A9F)
K = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
PLAIN = '{"warrant_no":"WT202611240001","contract_no":"ZL310115202600123","tenant":{"name":"张三","id_no":"11010519491231002X"}}'
BODY = (
    '{"v":1,"alg":"SM2-SM4CBC-HSM3","kid":"shfg-enc-2026a","mid":"9b2f6a1e-0c55-4d2b-8a77-1f2e3d4c5b6a",'
    '"ek":"MIGZAiAE6/xxjo0XmGIEMiaOd/62QV4u3g4HPA9PZA7NLhSacwIhAOhY+dgeVDClezbaq4+VCjxk5u5qYwlNmSg6/3Z+Ek3wBCB0ztRoiTXGa8W9'
    'DMCMZqvFM0PYmpf4oFIXFfZfltGjZgQwOKnORaz2ufBGSkPhfSYmHmawLC+rUfkhc8c7fXliWAAmUfUH8WuPC4Is9bdNfBd1",'
    '"iv":"AAECAwQFBgcICQoLDA0ODw==","ct":"vWZR9c0dSkLaB4+NkfzSo6RKZUfghDrOXlTNoC6v15FobJPDswJur0cnwC184Z4686CbBJyzUPzX0w5n28Z2'
    '1ln3VJ+8tu/kklVICrKwE+lG1W1lxlqyUmV88gahd1AqtXu/VrPRqqoCaQcx6YaOHq1PwWTOiEnFUowX8zSSQ60=",'
    '"tag":"MN8Z1jUn1dvQe1b8HW1P5KfkXEqij/qHc5J0jiBNGGE="}'
)
CANONICAL = (
    "SM2-SM3-V1\nPOST\nshfg-rental-test\n/api/v1/direct-pay/warrants\n"
    "batch=2026-11&channel=%E5%85%AC%E7%A7%AF%E9%87%91\ngjj-center\ngjj-sig-2026a\n1795485600000\n"
    "8f14e45fceea167a5a36dedd4bea2543\nWT202611240001-1\napplication/json\nsm4-env-v1\n"
    "0ed6f4f7ab859f821ffa6fe27735536dc03eca53488bbc4e07258afba6f6b411"
)
SIGNATURE = "MEUCIHV5AAcalqPmI/009KdNI+4Ry7zsE9jfxfKGidUeJJ/rAiEA+8dAvkCdpHJQwAmzBzVdnkPaSxvZ2Yth5dMJKff0EHo="
REPLY = '{"code":"0","msg":"ok","data":{"warrant_no":"WT202611240001","status":"ACCEPTED"}}'
REPLY_CANONICAL = (
    "SM2-SM3-V1-RESP\n200\nshfg-rental-test\ngjj-center\nshfg-sig-2026a\n1795485600123\n8f14e45fceea167a5a36dedd4bea2543\n"
    "req-01JD8Z6Q4T\napplication/json\nnone\n0de5bf61a68469dda76935308991e2b7ebc9546677704f02baea37d16a8a05c8"
)
REPLY_SIGNATURE = "MEYCIQDG4nzv3KyQECUoBVGOsGyiigkWW2ImCfxmh4WWaiFkMQIhAJ+PF+VHkGm4eOtygkVZnbJebStuK7+6SkNU5/Ekx9G1"
HEADERS = [
    (b"X-Sign-Alg", b"SM2-SM3-V1"),
    (b"X-Audience", b"shfg-rental-test"),
    (b"X-App-Id", b"gjj-center"),
    (b"X-Key-Id", b"gjj-sig-2026a"),
    (b"X-Timestamp", b"1795485600000"),
    (b"X-Nonce", b"8f14e45fceea167a5a36dedd4bea2543"),
    (b"X-Idempotency-Key", b"WT202611240001-1"),
    (b"X-Body-Enc", b"sm4-env-v1"),
    (b"X-Content-SM3", b"0ed6f4f7ab859f821ffa6fe27735536dc03eca53488bbc4e07258afba6f6b411"),
    (b"X-Signature", SIGNATURE.encode()),
    (b"Content-Type", b"application/json; charset=utf-8"),
]


@pytest.fixture(scope="module", autouse=True)
def _keys() -> None:
    from integrations.cloud_crypto.provider import Bound

    Bound(provider())


@pytest.mark.proves("M2")
def test_the_published_request_is_read_and_its_signature_holds() -> None:
    head = profile.read_head(HEADERS, keyed=True)
    path = profile.canonical_path(b"/api/v1/direct-pay/warrants")
    query = profile.canonical_query(b"channel=%E5%85%AC%E7%A7%AF%E9%87%91&batch=2026-11")
    text = profile.request_text(head, "POST", path, query)
    assert text.decode() == CANONICAL
    assert sm3_hex(text) == "a21eb73eef794be08cc426ffd61bb04b9544fddf2c5037d72455afbbd0caee2f"
    assert len(BODY) == 580
    assert sm3_hex(BODY.encode()) == head.content_sm3
    assert provider().verify_peer(PA, text, head.signature)


def test_the_published_reply_is_written_and_its_signature_holds() -> None:
    head = ReplyHead(
        200,
        "shfg-rental-test",
        "gjj-center",
        "shfg-sig-2026a",
        "1795485600123",
        "8f14e45fceea167a5a36dedd4bea2543",
        "req-01JD8Z6Q4T",
        "application/json",
        "none",
        sm3_hex(REPLY.encode()),
    )
    assert head.text().decode() == REPLY_CANONICAL
    assert provider().verify_peer(PS, head.text(), REPLY_SIGNATURE)


def test_an_empty_body_has_the_published_digest() -> None:
    assert sm3_hex(b"") == "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"


def test_the_independent_client_agrees_with_every_published_value() -> None:
    assert (D_A.public, D_E.public, D_S.public) == (PA, PE, PS)
    r, s = D_A.sign(b"message digest", K)
    assert f"{r:064X}".startswith("F5A03B06")
    assert f"{r:064X}".endswith("E720B3")
    assert f"{s:064X}".startswith("B1B6AA29")
    assert f"{s:064X}".endswith("BBC1AA")
    for keys, text, signature in ((D_A, CANONICAL, SIGNATURE), (D_S, REPLY_CANONICAL, REPLY_SIGNATURE)):
        r, s = keys.sign(text.encode(), K)
        der = independent.der_wrap(0x30, independent.der_integer(r) + independent.der_integer(s))
        assert base64.b64encode(der).decode() == signature
        assert independent.verify(keys.public, text.encode(), signature)
    opened = independent.unseal(D_E, json.loads(BODY), "gjj-center", "shfg-rental-test")
    assert opened.decode() == PLAIN


# Canonical texts


def _read(reader: Callable[[Any], Any], raw: Any) -> Any:
    """What a reader makes of something, or the code with which it refuses."""
    try:
        return reader(raw)
    except ProfileError as refused:
        return refused.code


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
values = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.dictionaries(names, values, max_size=6))
def test_any_query_has_one_canonical_form(pairs: dict[str, str]) -> None:
    sent = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs.items())
    other = "&".join(f"{quote(name, safe='~')}={quote(value, safe='/:~')}" for name, value in reversed(pairs.items()))
    canonical = profile.canonical_query(sent.encode())
    assert canonical == profile.canonical_query(other.encode())
    assert canonical == profile.canonical_query(canonical.encode())
    assert canonical == independent.normal_query(sent)


@given(st.binary(max_size=60))
def test_no_query_breaks_the_reader(raw: bytes) -> None:
    told = _read(profile.canonical_query, raw)
    assert told == "E1003" or profile.canonical_query(told.encode()) == told


@pytest.mark.proves("H35")
@pytest.mark.parametrize(
    "raw",
    [b"a=1&a=2", b"a=1&%61=2", b"a=1+2", b"a=1;b=2", b"a=%zz", b"a=%ff", b"=1", b"a=1&&b=2", b"a=\xe5\x85\xac", b"a=%"],
)
def test_a_query_two_programs_could_read_differently_is_refused(raw: bytes) -> None:
    with pytest.raises(ProfileError) as refused:
        profile.canonical_query(raw)
    assert refused.value.code == "E1003"


@pytest.mark.parametrize(
    "raw", [b"/a/../b", b"/a/./b", b"/a//b", b"/a/", b"a", b"", b"/a%2Fb", b"/a b", b"/\xe5\x85\xac", b"/a\n", b"/a;b"]
)
def test_a_path_that_is_not_plain_is_refused(raw: bytes) -> None:
    with pytest.raises(ProfileError) as refused:
        profile.canonical_path(raw)
    assert refused.value.code == "E1003"


@given(st.text(max_size=30), st.sampled_from([name for name, _ in HEADERS if name not in (b"Content-Type",)]))
def test_no_header_value_breaks_the_reader(value: str, name: bytes) -> None:
    changed = [(key, value.encode() if key == name else old) for key, old in HEADERS]
    # What is accepted cannot put lines of its own into what is signed.
    told = _read(lambda pairs: profile.request_text(profile.read_head(pairs, keyed=True), "POST", "/a", ""), changed)
    assert told == "E1001" or told.count(b"\n") == 12


@pytest.mark.proves("H35")
@pytest.mark.parametrize("name", [name for name, _ in HEADERS])
def test_a_header_sent_twice_is_refused(name: bytes) -> None:
    twice = [*HEADERS, next(pair for pair in HEADERS if pair[0] == name)]
    with pytest.raises(ProfileError) as refused:
        profile.read_head(twice, keyed=True)
    assert refused.value.code == "E1001"


@pytest.mark.parametrize("name", [name for name, _ in HEADERS if name != b"Content-Type"])
def test_a_missing_header_is_refused(name: bytes) -> None:
    with pytest.raises(ProfileError) as refused:
        profile.read_head([pair for pair in HEADERS if pair[0] != name], keyed=True)
    assert refused.value.code == "E1001"


def test_headers_beyond_sixteen_kilobytes_are_refused() -> None:
    with pytest.raises(ProfileError) as refused:
        profile.read_head([*HEADERS, (b"x-filler", b"a" * (16 << 10))], keyed=True)
    assert refused.value.code == "E1001"


def test_two_different_heads_never_sign_the_same_text() -> None:
    head = profile.read_head(HEADERS)
    fields = list(vars(head))
    texts = {profile.request_text(head, "POST", "/a", "")}
    for name in fields[1:-1]:
        changed = Head(**{**vars(head), name: "0" + getattr(head, name)[1:] + "1"})
        texts.add(profile.request_text(changed, "POST", "/a", ""))
    assert len(texts) == len(fields) - 1


# Envelopes


@given(st.binary(max_size=3000))
def test_an_envelope_of_the_independent_client_opens_as_what_was_sealed(plain: bytes) -> None:
    kid, public = provider().active_kid("enc.api"), provider().public_key("enc.api")
    made = independent.seal(public, kid, "gjj-test", "shfg-rental-test", plain)
    assert open_envelope(provider(), json.dumps(made), "gjj-test", "shfg-rental-test") == plain


@given(st.binary(max_size=3000))
def test_the_independent_client_opens_what_we_seal(plain: bytes) -> None:
    mid = "9b2f6a1e-0c55-4d2b-8a77-1f2e3d4c5b6a"
    made = seal_envelope(provider(), D_E.public, "peer-enc-1", "shfg-rental-test", "gjj-test", mid, plain)
    assert independent.unseal(D_E, json.loads(made), "shfg-rental-test", "gjj-test") == plain


@given(st.data())
def test_any_flipped_bit_of_an_envelope_is_one_error(data: st.DataObject) -> None:
    kid, public = provider().active_kid("enc.api"), provider().public_key("enc.api")
    made = independent.seal(public, kid, "gjj-test", "shfg-rental-test", b'{"no":"1"}')
    name = data.draw(st.sampled_from(["ek", "iv", "ct", "tag"]))
    raw = bytearray(base64.b64decode(made[name]))
    place = data.draw(st.integers(0, 1 << 20)) % (len(raw) * 8)
    raw[place // 8] ^= 1 << place % 8
    changed = {**made, name: base64.b64encode(bytes(raw)).decode()}
    with pytest.raises(CryptoError) as refused:
        open_envelope(provider(), json.dumps(changed), "gjj-test", "shfg-rental-test")
    assert refused.value.code == "AUTH_FAILED"
