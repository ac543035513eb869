"""The portal's sign-in in its own field names: the ticket in the address, its redemption and the portal's keys."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from integrations.wire.contract import Answering, Asking, EchoId, Endpoint, Question, Receipt, Short

#: The portal and we, as tickets name them.
ISSUER, AUDIENCE = "ywtb", "shfg-zlba"
#: Where a browser signs in; the values of its query are `client`, `redirect_uri` and `state`.
SIGN_IN = "/uias/login"
#: The longest a ticket may say it is good.
LONGEST_SECONDS = 120

TicketText = Annotated[str, Field(min_length=40, max_length=2000)]


class TicketContent(Question):
    """Content of a ticket. It names no person: the address of a page is kept in histories and logs."""

    iss: Literal["ywtb"]
    aud: Literal["shfg-zlba"]
    jti: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
    iat: int = Field(ge=0, le=1 << 40)
    exp: int = Field(ge=0, le=1 << 40)
    state: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]


class RedeemRequest(Asking):
    """票据换取身份."""

    request_id: EchoId = Field(alias="biz_id")
    ticket: TicketText


class RedeemReply(Answering):
    """票据换取身份应答; `result` is USED for a ticket that was exchanged before."""

    request_id: EchoId = Field(alias="biz_id")
    ticket_id: Annotated[str, Field(max_length=64)]
    result: Literal["OK", "USED", "UNKNOWN"]
    user_name: Short = ""
    cert_type: Short = ""
    cert_no: Short = ""
    phone: Short = ""
    #: Only persons whose document was compared with the person are let in.
    real_name_level: Literal["L0", "L1", "L2", "L3"] = "L0"


class KeysRequest(Asking):
    """公钥查询."""

    request_id: EchoId = Field(alias="biz_id")


class KeysReply(Receipt):
    """公钥查询应答: the keys that sign tickets, two while they change."""

    request_id: EchoId = Field(alias="biz_id")
    keys: Annotated[tuple[Annotated[str, StringConstraints(pattern=r"^04[0-9a-f]{128}$")], ...], Field(max_length=2)]


REDEEM = Endpoint("/uias/api/v1/ticket/redeem", RedeemRequest, RedeemReply)
KEYS = Endpoint("/uias/api/v1/keys", KeysRequest, KeysReply)
