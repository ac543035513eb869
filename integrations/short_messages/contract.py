"""The short message platform's messages, in its own field names."""

from typing import Annotated, Literal

from pydantic import Field

from integrations.wire.contract import Asking, BeijingTime, Endpoint, Receipt

MessageId = Annotated[str, Field(min_length=8, max_length=64)]


class Submit(Asking):
    """短信提交: a text for a telephone; the platform splits long texts and joins them on the telephone."""

    request_id: MessageId = Field(alias="msg_id")
    mobile: Annotated[str, Field(pattern=r"^1\d{10}$")]
    content: Annotated[str, Field(min_length=1, max_length=300)]


class SubmitReply(Receipt):
    """提交回执: taken, which is not yet read."""

    request_id: MessageId = Field(alias="msg_id")
    status: Literal["ACCEPTED"]
    serial_no: Annotated[str, Field(min_length=1, max_length=60)]
    accept_time: BeijingTime


SUBMIT = Endpoint("/dxpt/api/v1/submit", Submit, SubmitReply)
