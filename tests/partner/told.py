"""What a refusal must look like from outside and in our own books."""

import json
import secrets

from models.partners import PartnerExchange
from tests.partner.independent import Replied
from tests.partner.rig import ID_NO, PERSON, Rig

NOTES = "/api/v1/test/notes"


def fresh(name: str) -> str:
    return f"{name}-{secrets.token_hex(4)}"


def told_once(rig: Rig, reply: Replied, code: str) -> PartnerExchange:
    """The refusal carries its code and nothing of ours; the log has one line of it and the audit one event."""
    assert (reply.code, reply.status) == (code, STATUS[code])
    assert set(reply.body) == {"code", "msg", "request_id"}
    text = reply.raw.decode()
    assert PERSON not in text
    assert ID_NO not in text
    assert "Traceback" not in text
    (row,) = rig.log(reply.headers["x-request-id"])
    (event,) = rig.events(reply.headers["x-request-id"])
    assert row.code == code
    assert (event.result, json.loads(event.body)["rsn"]) == ("deny", code)
    assert PERSON not in event.body
    return row


STATUS = {
    "E1001": 400,
    "E1002": 400,
    "E1003": 400,
    "E1004": 401,
    "E1005": 401,
    "E1006": 401,
    "E1007": 401,
    "E1008": 401,
    "E1009": 403,
    "E1010": 429,
    "E1011": 409,
    "E1012": 422,
    "E1013": 400,
    "E1014": 400,
    "E1015": 413,
    "E1016": 415,
    "E1017": 422,
    "E1018": 404,
    "E1019": 409,
    "E1020": 503,
}
