"""Requests of another form than the profile's: messages, headers, sizes, queries (H19, H28, H31, H34)."""

import json
import secrets
from typing import Any

import pytest
from sqlmodel import col

from models.partners import PartnerExchange, PartnerKind
from tests.partner.independent import Replied, Signed
from tests.partner.rig import APP, ID_NO, PERSON, Rig
from tests.partner.told import NOTES, fresh, told_once


def _send_plain(rig: Rig, plain: bytes) -> Replied:
    key = f"plain-{secrets.token_hex(6)}"
    return rig.send(rig.fund.request(NOTES, body=rig.fund.envelope(plain), key=key))


@pytest.mark.proves("H19", "H28", "H31", "H32", "H34")
@pytest.mark.parametrize(
    "plain",
    [
        b'{"no":"1","no":"2"}',
        b'{"no":"1","status":"DONE"}',
        b'{"no":1}',
        b'{"no":"1","amount":12.5}',
        b'{"no":"1","amount":"1,000.00"}',
        b'{"no":"1","amount":"1e309"}',
        b'{"no":"1","amount":NaN}',
        b'{"no":"1","amount":"-1.00"}',
        b'{"no":"1","amount":"12.345"}',
        b'{"no":"1","amount":"1234567890123.00"}',
        '{"no":"１"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"no":"1"}',
        b'{"no":"\\ud800"}',
        b'{"no":"a\\u0000b"}',
        '{"no":"a\u202eb"}'.encode(),
        '{"no":"a\u200bb"}'.encode(),
        b'{"no":' + b"[" * 10_000,
        b'{"no":"1",',
        b"[]",
        b"null",
        b"",
    ],
)
def test_a_message_of_another_form_is_refused_with_field_names_only(rig: Rig, plain: bytes) -> None:
    row = told_once(rig, _send_plain(rig, plain), "E1017")
    assert row.payload is None


def test_a_refusal_names_fields_and_no_values(rig: Rig) -> None:
    plain = json.dumps({"no": "1", "holder": {"name": PERSON}, "身份证110105": ID_NO}).encode()
    reply = _send_plain(rig, plain)
    assert reply.body["msg"] == "报文字段不符合要求：holder.id_no、（未声明的字段）"


@pytest.mark.proves("H31", "H45")
def test_what_is_too_large_is_not_read(rig: Rig) -> None:
    body = b"x" * ((1 << 20) + 1)
    reply = rig.send(rig.fund.request(NOTES, body=body, key="large-key-1"))
    assert (reply.status, reply.code) == (413, "E1015")

    def chunks() -> Any:
        for _ in range(40):
            yield b"x" * 32_768

    signed = rig.fund.request(NOTES, body=b"", key="large-key-2")
    response = rig.line.post(rig.url + NOTES, headers=signed.headers, content=chunks())
    assert (response.status_code, response.json()["code"]) == (413, "E1015")


def test_headers_of_another_form_are_refused(rig: Rig) -> None:
    signed = rig.fund.request(NOTES, {"no": "1"}, key="header-key-1")
    for name, value in (
        ("X-Nonce", "A" * 32),
        ("X-Nonce", "short"),
        ("X-Timestamp", "17954856000"),
        ("X-App-Id", "UPPER"),
        ("X-Idempotency-Key", "short"),
        ("X-Idempotency-Key", None),
        ("X-Body-Enc", "gzip"),
        ("X-Content-SM3", "0" * 63),
        ("X-Signature", None),
    ):
        reply = rig.send(signed.with_header(name, value))
        assert (reply.code, reply.status) == ("E1001", 400), name
    twice = Signed(signed.method, signed.target, [*signed.headers, ("X-Nonce", secrets.token_hex(16))], signed.body)
    response = rig.line.post(rig.url + NOTES, headers=twice.headers, content=twice.body)
    assert response.json()["code"] == "E1001"
    assert response.headers["x-request-nonce"] == ""


def test_a_compressed_body_and_another_media_type_are_refused(rig: Rig) -> None:
    signed = rig.fund.request(NOTES, {"no": "1"}, key="media-key-1")
    assert rig.send(signed.with_header("Content-Encoding", "gzip")).code == "E1016"
    text = rig.fund.request(NOTES, {"no": "1"}, key="media-key-2", media="text/plain")
    told_once(rig, rig.send(text), "E1016")


def test_a_query_is_signed_and_not_taken_by_endpoints(rig: Rig) -> None:
    signed = rig.fund.request(NOTES, {"no": "1"}, key="query-key-1", query="b=2&a=%E5%85%AC")
    told_once(rig, rig.send(signed), "E1017")
    repeated = Signed(signed.method, f"{NOTES}?a=1&a=2", signed.headers, signed.body)
    assert rig.send(repeated).code == "E1003"


def test_a_log_line_of_a_known_app_says_what_was_wrong(rig: Rig) -> None:
    reply = rig.note(fresh("why"), message={"fate": "reject"})
    row = rig.log(reply.headers["x-request-id"])[0]
    assert (row.detail, row.http_status) == ("该单据已办结", 409)
    assert row.label == "测试单据"


def test_every_row_of_the_log_is_whole(rig: Rig) -> None:
    rows = rig.world.read(
        lambda work: work.session.exec(work.visible(PartnerExchange).order_by(col(PartnerExchange.at))).all()
    )
    assert len(rows) > 20
    assert all(row.mac for row in rows)


def test_partners_of_every_kind_are_registered(rig: Rig) -> None:
    assert rig.row(APP).kind is PartnerKind.FUND
