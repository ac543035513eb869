"""The legal-person library's messages, in its own field names (which are not ours to spell)."""

# ruff: noqa: N815

from typing import Annotated, Literal

from pydantic import Field

from integrations.wire.contract import BeijingTime, EchoId, Long, Question, Reply, Short

ENTITY_PATH = "/frk/openapi/entity/basic"

#: 登记状态: exists, cancelled, licence taken away, moved elsewhere, revoked.
RegState = Literal["A", "B", "C", "D", "E"]


class EntityRequest(Question):
    """By the unified social credit code."""

    reqSn: EchoId
    uniScId: Annotated[str, Field(min_length=1, max_length=18)]


class EntityBasic(Reply):
    """The basic particulars of a body."""

    uniScId: Annotated[str, Field(min_length=1, max_length=18)]
    entName: Short
    regState: RegState
    leRep: Short = ""
    opScope: Long = ""


class EntityReply(Reply):
    """Zero or one body."""

    reqSn: EchoId
    total: Annotated[int, Field(ge=0, le=1)]
    libTime: BeijingTime
    entity: EntityBasic | None = None
