"""Requests an attacker or a careless partner sends, each with the answer of security.md 7 (H47-H62)."""

import base64
import json
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any

import pytest

from integrations import endpoints  # noqa: F401
from integrations.wire.exchange.relay import relays
from models.partners import KeyUse, Partner, PartnerExchange, PartnerKey, PartnerKeyState, PartnerKind, PartnerState
from services.access.acl import change
from services.engine.work import Work
from tests.partner import independent
from tests.partner.independent import KeyPair, Signed
from tests.partner.rig import APP, ID_NO, OTHER, PERSON, Rig
from tests.partner.told import NOTES, STATUS, fresh, told_once


@pytest.mark.proves("M2", "P-g")
def test_a_request_of_an_independent_client_is_accepted_and_its_receipt_kept(rig: Rig) -> None:
    no = fresh("first")
    reply = rig.note(no, message={"amount": "12.50", "holder": {"name": PERSON, "id_no": ID_NO}})
    assert reply.code == "0"
    assert reply.data == {"accepted": True, "no": no}
    assert rig.effects(no) == 1
    (row,) = rig.log(reply.headers["x-request-id"])
    (event,) = rig.events(reply.headers["x-request-id"])
    assert (row.direction, row.app_id, row.business_key, row.row_no, row.code) == ("IN", APP, no, 17, "0")
    assert row.payload is not None
    assert row.payload.json()["holder"] == {"name": "张*", "id_no": "1****************X"}
    assert (event.event, event.account, event.object_id) == ("API.IN", f"partner:{APP}", str(row.id))
    assert row.receipt is not None
    receipt = row.receipt.json()
    # Either side can prove both messages from what is kept.
    sent, got = receipt["request"], receipt["reply"]
    assert independent.verify(rig.fund.sign_keys.public, sent["canonical"].encode(), sent["signature"])
    assert sent["canonical"].endswith(independent.sm3(sent["body"].encode()).hex())
    assert independent.verify(rig.server().signing["sig.api.1"], got["canonical"].encode(), got["signature"])
    assert got["canonical"].endswith(independent.sm3(got["body"].encode()).hex())


def test_a_question_takes_no_idempotency_key_and_may_be_asked_again(rig: Rig) -> None:
    ask = "/api/v1/test/asks"
    for _ in range(2):
        assert rig.send(rig.fund.request(ask, {"no": "nothing"})).data["count"] == 0
    told = rig.send(rig.fund.request(ask, {"no": "nothing"}, key="question-key-1"))
    assert told.code == "E1001"


def test_the_ping_of_a_partner_is_answered_in_clear(rig: Rig) -> None:
    reply = rig.send(rig.fund.request("/api/v1/ping", {"message": "hello"}, encrypted=False))
    assert (reply.data["message"], reply.data["app_id"]) == ("hello", APP)
    assert reply.headers["x-body-enc"] == "none"


def test_a_business_refusal_is_an_answer_with_reasons(rig: Rig) -> None:
    reply = rig.note(fresh("no"), message={"fate": "no"})
    assert (reply.status, reply.code, reply.data["accepted"]) == (200, "0", False)
    assert reply.data["reasons"][0]["code"] == "G01"
    assert rig.log(reply.headers["x-request-id"])[0].findings == "G01"


@pytest.mark.parametrize(
    ("fate", "code"), [("reject", "E1019"), ("conflict", "E1019"), ("foreign", "E1018"), ("denied", "E1009")]
)
def test_what_business_refuses_has_its_code(rig: Rig, fate: str, code: str) -> None:
    no = fresh(fate)
    told_once(rig, rig.note(no, message={"fate": fate}), code)
    assert rig.effects(no) == 0


def test_our_own_fault_says_nothing_of_itself(rig: Rig) -> None:
    reply = rig.note(fresh("break"), message={"fate": "break"})
    assert (reply.status, reply.code) == (500, "E1099")
    assert "ZeroDivision" not in reply.raw.decode()
    assert PERSON not in reply.raw.decode()
    assert len(rig.events(reply.headers["x-request-id"])) == 1


# Time and replay


@pytest.mark.proves("H47")
def test_a_request_sent_twice_is_taken_once(rig: Rig) -> None:
    no = fresh("twice")
    signed = rig.fund.request(NOTES, {"no": no}, key=f"{no}-1")
    assert rig.send(signed).code == "0"
    row = told_once(rig, rig.send(signed), "E1008")
    assert rig.effects(no) == 1
    assert rig.events(row.request_id)[0].event == "API.REPLAY"


@pytest.mark.proves("H48")
@pytest.mark.parametrize(("seconds", "code"), [(-301, "E1005"), (301, "E1005"), (-299, "0"), (299, "0")])
def test_time_may_be_off_by_five_minutes(rig: Rig, seconds: int, code: str) -> None:
    no = fresh("time")
    reply = rig.note(no, at_ms=int((time.time() + seconds) * 1000))
    assert reply.code == code
    assert rig.effects(no) == (code == "0")
    # The reply tells the server's time, so that the partner can set his clock.
    assert abs(int(reply.headers["x-timestamp"]) / 1000 - time.time()) < 5
    if code != "0":
        told_once(rig, reply, code)


def test_a_nonce_is_burnt_by_a_valid_signature_only(rig: Rig) -> None:
    no, nonce = fresh("burn"), secrets.token_hex(16)
    forged = rig.fund.request(NOTES, {"no": no}, key=f"{no}-1", nonce=nonce, keys=KeyPair.fresh())
    told_once(rig, rig.send(forged), "E1006")
    assert rig.note(no, nonce=nonce).code == "0"


# What was signed


@pytest.mark.proves("H49")
def test_a_changed_body_is_noticed(rig: Rig) -> None:
    no = fresh("body")
    signed = rig.fund.request(NOTES, {"no": no}, key=f"{no}-1")
    changed = signed.body.replace(b'"v":1', b'"v":2')
    told_once(rig, rig.send(signed.with_body(changed)), "E1007")
    fixed_up = signed.with_body(changed).with_header("X-Content-SM3", independent.sm3(changed).hex())
    row = told_once(rig, rig.send(fixed_up), "E1006")
    assert rig.events(row.request_id)[0].event == "API.SIGFAIL"
    assert rig.effects(no) == 0
    # What nobody proved to have sent is no receipt.
    assert row.receipt is not None
    assert "request" not in row.receipt.json()


def _other_method(signed: Signed) -> Signed:
    return Signed("PUT", signed.target, signed.headers, signed.body)


def _other_target(target: str) -> Callable[[Signed], Signed]:
    return lambda signed: Signed(signed.method, target, signed.headers, signed.body)


def _other(name: str, value: str) -> Callable[[Signed], Signed]:
    return lambda signed: signed.with_header(name, value)


def _later(signed: Signed) -> Signed:
    return signed.with_header("X-Timestamp", str(int(time.time() * 1000) + 1))


@pytest.mark.proves("H50")
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (_other_method, "E1006"),
        (_other_target("/api/v1/test/plain"), "E1006"),
        (_other_target(f"{NOTES}?a=1"), "E1006"),
        (_other("X-Idempotency-Key", "another-key-1"), "E1006"),
        (_other("X-Body-Enc", "none"), "E1006"),
        (_other("Content-Type", "text/plain"), "E1006"),
        (_later, "E1006"),
        (_other("X-Nonce", secrets.token_hex(16)), "E1006"),
        (_other("X-Audience", "shfg-rental-prod"), "E1002"),
        (_other("X-Sign-Alg", "RSA-SHA256"), "E1002"),
        (_other("X-App-Id", OTHER), "E1004"),
    ],
)
def test_everything_signed_is_bound(rig: Rig, changed: Callable[[Signed], Signed], code: str) -> None:
    no = fresh("bound")
    reply = rig.send(changed(rig.fund.request(NOTES, {"no": no}, key=f"{no}-1")))
    assert (reply.code, reply.status) == (code, STATUS[code])
    assert rig.effects(no) == 0


def _signatures(r: int, s: int) -> dict[str, bytes]:
    n, integer, wrap = independent.N, independent.der_integer, independent.der_wrap
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    good = wrap(0x30, integer(r) + integer(s))
    return {
        "BER length": bytes([0x30, 0x81, good[1]]) + good[2:],
        "indefinite": bytes([0x30, 0x80]) + good[2:] + b"\0\0",
        "trailing byte": good + b"\0",
        "trailing inside": wrap(0x30, integer(r) + integer(s) + b"\x05\0"),
        "negative": wrap(0x30, b"\x02\x20" + (r | 1 << 255).to_bytes(32, "big") + integer(s)),
        "padded": wrap(0x30, b"\x02\x22\0\0" + r.to_bytes(32, "big") + integer(s)),
        "r is 0": wrap(0x30, integer(0) + integer(s)),
        "s is 0": wrap(0x30, integer(r) + integer(0)),
        "r is n": wrap(0x30, integer(n) + integer(s)),
        "s beyond n": wrap(0x30, integer(r) + integer(s + n)),
        "raw": raw,
        "hex": raw.hex().encode(),
        "empty sequence": b"\x30\0",
    }


@pytest.mark.proves("H51")
@pytest.mark.parametrize("name", list(_signatures(1, 1)))
def test_a_signature_has_one_form_only(rig: Rig, name: str) -> None:
    no = fresh("form")
    signed = rig.fund.request(NOTES, {"no": no}, key=f"{no}-1")
    (_, r), (_, s) = independent.der_parts(base64.b64decode(signed.header("X-Signature")))
    made = _signatures(int.from_bytes(r, "big"), int.from_bytes(s, "big"))[name]
    told_once(rig, rig.send(signed.with_header("X-Signature", base64.b64encode(made).decode())), "E1006")
    assert rig.effects(no) == 0


@pytest.mark.proves("H51")
def test_a_signature_in_another_spelling_of_base64_is_refused(rig: Rig) -> None:
    no = fresh("spelling")
    signed = rig.fund.request(NOTES, {"no": no}, key=f"{no}-1")
    for spelled in (signed.header("X-Signature").replace("=", "") + "*", signed.header("X-Signature") + "===="):
        told_once(rig, rig.send(signed.with_header("X-Signature", spelled)), "E1006")


@pytest.mark.proves("H52")
def test_a_request_for_another_environment_is_refused(rig: Rig) -> None:
    no = fresh("elsewhere")
    reply = rig.send(rig.fund.request(NOTES, {"no": no}, key=f"{no}-1", audience="shfg-rental-prod"))
    assert (reply.code, rig.effects(no)) == ("E1002", 0)


# Whose key


@pytest.mark.proves("H53")
def test_an_app_with_the_key_of_another_is_refused(rig: Rig) -> None:
    no, other = fresh("key-of-other"), rig.clients[OTHER]
    for kid in (rig.fund.sign_kid, other.sign_kid):
        reply = rig.send(rig.fund.request(NOTES, {"no": no}, key=f"{no}-1", sign_kid=kid, keys=other.sign_keys))
        told_once(rig, reply, "E1006" if kid == rig.fund.sign_kid else "E1004")
    assert rig.effects(no) == 0


@pytest.mark.proves("H53")
def test_a_key_for_envelopes_signs_nothing(rig: Rig) -> None:
    no = fresh("usage")
    signed = rig.fund.request(NOTES, {"no": no}, key=f"{no}-1", sign_kid=rig.fund.enc_kid, keys=rig.fund.enc_keys)
    told_once(rig, rig.send(signed), "E1004")


def test_an_unknown_app_is_refused_and_leaves_no_row(rig: Rig) -> None:
    before = rig.world.read(lambda work: work.session.exec(work.visible(PartnerExchange)).all())
    reply = rig.send(rig.fund.request(NOTES, {"no": "x"}, key="some-key-1", app_id="nobody-knows"))
    assert (reply.code, reply.status) == ("E1004", 401)
    after = rig.world.read(lambda work: work.session.exec(work.visible(PartnerExchange)).all())
    assert len(after) == len(before)


def _set_key(rig: Rig, **values: Any) -> None:
    def write(work: Work) -> None:
        partner = rig.row("short-lived")
        change(work, "partner", partner.id, "test.act")
        for key in work.session.exec(work.visible(PartnerKey).where(PartnerKey.partner_id == partner.id)).all():
            if key.use is KeyUse.SIGN:
                for name, value in values.items():
                    setattr(key, name, value)
                work.add(key)

    rig.world.act(write)


@pytest.mark.proves("H54")
def test_a_key_counts_in_its_time_only_and_never_once_revoked(rig: Rig) -> None:
    client = rig.partner("short-lived")
    assert rig.note(fresh("valid"), client=client).code == "0"
    now = datetime.now(UTC)
    for values in (
        {"valid_from": now + timedelta(hours=1), "valid_to": now + timedelta(days=1)},
        {"valid_from": now - timedelta(days=2), "valid_to": now - timedelta(seconds=1)},
        {"valid_from": now - timedelta(days=2), "valid_to": now + timedelta(days=1), "state": PartnerKeyState.REVOKED},
    ):
        _set_key(rig, **values)
        no = fresh("dead")
        told_once(rig, rig.note(no, client=client), "E1004")
        assert rig.effects(no) == 0
    _set_key(rig, state=PartnerKeyState.ACTIVE)
    assert rig.note(fresh("valid"), client=client).code == "0"


@pytest.mark.proves("H54")
def test_a_disabled_partner_is_refused(rig: Rig) -> None:
    client = rig.partner("stopped")

    def stop(work: Work) -> None:
        row = work.session.exec(work.visible(Partner).where(Partner.app_id == "stopped")).one()
        change(work, "partner", row.id, "test.act")
        row.state = PartnerState.DISABLED
        work.add(row)

    assert rig.note(fresh("before"), client=client).code == "0"
    rig.world.act(stop)
    told_once(rig, rig.note(fresh("after"), client=client), "E1004")


def test_a_partner_is_heard_from_his_own_networks_only(rig: Rig) -> None:
    client = rig.partner("elsewhere", networks="10.9.0.0/16")
    told_once(rig, rig.note(fresh("network"), client=client), "E1009")
    at_home = rig.partner("at-home", networks="10.9.0.0/16,127.0.0.0/8")
    assert rig.note(fresh("network"), client=at_home).code == "0"


# Envelopes


def _flip(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def flipped(made: dict[str, Any]) -> dict[str, Any]:
        if name in ("kid", "mid"):
            text = str(made[name])
            return {**made, name: text[:-1] + ("0" if text[-1] != "0" else "1")}
        raw = bytearray(base64.b64decode(made[name]))
        raw[-1] ^= 1
        return {**made, name: base64.b64encode(bytes(raw)).decode()}

    return flipped


def _ek(x: int, y: int, c3: bytes = b"\1" * 32, c2: bytes = b"\1" * 48) -> Callable[[dict[str, Any]], dict[str, Any]]:
    wrap, integer = independent.der_wrap, independent.der_integer
    made = wrap(0x30, integer(x) + integer(y) + wrap(4, c3) + wrap(4, c2))
    return lambda envelope: {**envelope, "ek": base64.b64encode(made).decode()}


_POINT = independent.G
_BROKEN: dict[str, Callable[[dict[str, Any]], Any]] = {
    **{f"flip {name}": _flip(name) for name in ("ek", "iv", "ct", "tag", "kid", "mid")},
    "point off the curve": _ek(_POINT[0], _POINT[1] + 1),
    "infinity": _ek(0, 0),
    "point beyond p": _ek(_POINT[0] + independent.P, _POINT[1]),
    "wrong C3": _ek(*_POINT),
    "empty cipher": _ek(*_POINT, c2=b""),
    "unknown member": lambda made: {**made, "extra": 1},
    "missing member": lambda made: {name: value for name, value in made.items() if name != "tag"},
    "other version": lambda made: {**made, "v": 2},
    "other algorithm": lambda made: {**made, "alg": "RSA"},
    "no object": lambda made: [made],
}


@pytest.mark.proves("H58", "H60", "H61")
@pytest.mark.parametrize("name", list(_BROKEN))
def test_a_broken_envelope_is_refused_with_one_text(rig: Rig, name: str) -> None:
    no = fresh("broken")
    made = json.loads(rig.fund.envelope(json.dumps({"no": no}).encode()))
    body = json.dumps(_BROKEN[name](made)).encode()
    reply = rig.send(rig.fund.request(NOTES, body=body, key=f"{no}-1"))
    told_once(rig, reply, "E1013")
    assert reply.body["msg"] == "加密报文无法打开"
    assert rig.effects(no) == 0


@pytest.mark.proves("H59")
def test_an_envelope_for_or_from_somebody_else_is_refused(rig: Rig) -> None:
    no = fresh("foreign")
    for changed in ({"sender": OTHER}, {"receiver": "shfg-rental-prod"}):
        body = rig.fund.envelope(json.dumps({"no": no}).encode(), **changed)
        told_once(rig, rig.send(rig.fund.request(NOTES, body=body, key=f"{no}-1")), "E1013")
    assert rig.effects(no) == 0


@pytest.mark.parametrize("path", ["/api/v1", "//api/v1/ping", "/api//v1/ping", "/API/v1/ping", "/api/v1//ping"])
def test_every_spelling_of_a_path_gets_a_signed_refusal(rig: Rig, path: str) -> None:
    signed = rig.fund.request(path, {}, encrypted=False)
    host, port = rig.url.removeprefix("http://").split(":")
    # A client library would tidy the path up.
    line = HTTPConnection(host, int(port), timeout=10)
    line.request("POST", path, signed.body, dict(signed.headers))
    reply = line.getresponse()
    assert reply.status in (400, 404)
    assert json.loads(reply.read())["code"] in ("E1003", "E1018")
    assert reply.getheader("X-Signature")


def test_an_unknown_version_is_refused_with_those_there_are(rig: Rig) -> None:
    """Leasing-domain I05; a path of the known version that leads nowhere is like a record that is not there."""
    newer, nowhere = (
        rig.send(rig.fund.request(path, {}, encrypted=False)) for path in ("/api/v2/ping", "/api/v1/none")
    )
    assert (newer.code, newer.body["msg"]) == ("E1018", "接口版本不受支持，支持的版本：v1")
    assert (nowhere.code, nowhere.body["msg"]) == ("E1018", "没有查到符合条件的记录")


@pytest.mark.proves("H59")
def test_an_old_envelope_under_a_new_nonce_and_key_has_no_second_effect(rig: Rig) -> None:
    no = fresh("old")
    body = rig.fund.envelope(json.dumps({"no": no}).encode())
    assert rig.send(rig.fund.request(NOTES, body=body, key=f"{no}-1")).code == "0"
    told_once(rig, rig.send(rig.fund.request(NOTES, body=body, key=f"{no}-2")), "E1012")
    # A resend keeps envelope and key, and gets the same reply.
    again = rig.send(rig.fund.request(NOTES, body=body, key=f"{no}-1"))
    assert (again.code, again.headers["x-idempotent-replay"]) == ("0", "true")
    assert rig.effects(no) == 1


@pytest.mark.proves("H61")
def test_what_must_be_sealed_is_not_taken_in_clear(rig: Rig) -> None:
    no = fresh("clear")
    told_once(rig, rig.send(rig.fund.request(NOTES, {"no": no}, key=f"{no}-1", encrypted=False)), "E1014")
    told_once(
        rig,
        rig.send(rig.fund.request(NOTES, {"no": no}, key=f"{no}-2", encrypted=False, body_enc="sm4-env-v1")),
        "E1013",
    )
    assert rig.effects(no) == 0


# Rights


@pytest.mark.proves("H62")
def test_an_endpoint_outside_ones_scope_is_refused(rig: Rig) -> None:
    other = rig.clients[OTHER]
    told_once(rig, rig.note(fresh("scope"), client=other), "E1009")
    told_once(rig, rig.send(rig.fund.request("/api/v1/test/secret", {"no": "1"})), "E1009")
    told_once(rig, rig.send(rig.fund.request("/api/v1/test/nothing", {"no": "1"})), "E1018")


@pytest.mark.proves("H62")
@pytest.mark.row(13)
@pytest.mark.row(14)
@pytest.mark.row(18)
def test_a_scope_given_by_mistake_makes_nobody_another_kind_of_partner(rig: Rig) -> None:
    """Whoever gave the fund every scope there is has not made it an association, a district or a firm."""
    declared = [one for one in relays() if one.path != "/ping"]
    assert {one.sender for one in declared} == set(PartnerKind)
    every = ",".join(sorted({one.right for one in declared}))
    for kind, app_id in ((PartnerKind.FUND, "all-scopes-fund"), (PartnerKind.ASSOCIATION, "all-scopes-assoc")):
        client = rig.partner(app_id, scopes=every, kind=kind)
        for one in declared:
            key = f"{one.path[1:].replace('/', '-')}-0001" if one.changes else None
            sent = rig.send(client.request(f"/api/v1{one.path}", {"undeclared": 1}, key=key), client)
            assert sent.code == ("E1017" if one.sender is kind else "E1009"), (kind, one.path)


# Once


@pytest.mark.proves("H57")
def test_a_repeated_key_gets_the_stored_reply_or_is_refused(rig: Rig) -> None:
    no = fresh("again")
    first, again = rig.note(no), rig.note(no)
    assert again.data == first.data
    assert "x-idempotent-replay" not in first.headers
    assert again.headers["x-idempotent-replay"] == "true"
    assert again.headers["x-signature"] != first.headers["x-signature"]
    assert rig.effects(no) == 1
    other = rig.fund.request(NOTES, {"no": f"{no}-other"}, key=f"{no}-key-0001")
    told_once(rig, rig.send(other), "E1012")
    assert rig.effects(f"{no}-other") == 0
    assert rig.log(again.headers["x-request-id"])[0].replayed


def test_a_key_belongs_to_its_app_and_endpoint(rig: Rig) -> None:
    no = fresh("scope-of-key")
    other = rig.partner(f"p{no[-6:]}")
    key = f"{no}-key-0001"
    assert rig.note(no, key=key).code == "0"
    assert rig.note(no, key=key, client=other).code == "0"
    plain = rig.send(rig.fund.request("/api/v1/test/plain", {"no": no}, key=key, encrypted=False))
    assert plain.code == "0"
    assert rig.effects(no) == 3


def test_a_refused_request_may_be_tried_again_under_its_key(rig: Rig) -> None:
    no = fresh("retry")
    signed = rig.fund.request(NOTES, {"no": no, "fate": "conflict"}, key=f"{no}-1")
    assert rig.send(signed).code == "E1019"
    assert rig.send(rig.fund.request(NOTES, {"no": no}, key=f"{no}-1")).code == "0"
    assert rig.effects(no) == 1
