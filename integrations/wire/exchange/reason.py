"""A reason as partners read it, about any subject."""

from pydantic import Field

from integrations.wire.exchange.relay import WireModel


class Reason(WireModel):
    """A finding about what a partner sent."""

    code: str = Field(title="规则代码", max_length=12)
    severity: str = Field(title="处理", max_length=12)
    field: str = Field(title="字段", max_length=80)
    message: str = Field(title="说明", max_length=400)
