"""The daily list as a platform reads it; source of the handbook's tables (row 32)."""

from pydantic import Field

from models.verification_codes import CodeEnd
from services.partners.wire_fields import Day, WireModel


class EndedLine(WireModel):
    """A code that ended on the day."""

    code_no: str = Field(title="核验码", max_length=18)
    reason: CodeEnd = Field(title="失效原因")
    ended_on: Day = Field(title="失效日期")


class EndedList(WireModel):
    """A page of the daily list."""

    codes: list[EndedLine] = Field(title="当日失效的核验码", description="相应房源应在5个工作日内下架")
    next: str = Field("", title="游标", max_length=18, description="还有下一页时有值，下次请求填入 after")
