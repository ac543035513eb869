"""Answers to the provident fund's two questions as the handbook prints them (rows 15, 16)."""

from pydantic import Field

from models.direct_pay_codes import EndingKind
from models.tenancy_codes import ContractState, FilingState, PayCycle
from services.partners.wire_fields import Day, IdNumber, Moment, Money, PersonName, WireModel


class FoundTenant(WireModel):
    """A tenant of a filing."""

    name: PersonName = Field(title="姓名")
    id_no: IdNumber = Field(title="证件号码")


class FilingSummary(WireModel):
    """A filing as of now."""

    filing_no: str = Field(title="备案编号")
    contract_no: str = Field(title="合同编号")
    state: FilingState = Field(title="备案状态")
    valid_from: Day = Field(title="备案有效期起")
    valid_to: Day = Field(title="备案有效期止")
    changed_at: Moment = Field(title="最后变动时间")


class FoundFiling(FilingSummary):
    """A filing in full."""

    contract_state: ContractState = Field(title="合同状态")
    address: str = Field(title="坐落")
    house_code: str = Field(title="房屋编码")
    enterprise_uscc: str = Field(title="企业统一社会信用代码", description="不是企业出租的为空")
    enterprise: str = Field(title="企业名称")
    landlords: list[str] = Field(title="出租人姓名或名称")
    tenants: list[FoundTenant] = Field(title="承租人")
    start: Day = Field(title="起租日期")
    end: Day = Field(title="止租日期")
    month_rent: Money = Field(title="月租金")
    pay_cycle: PayCycle | str = Field(title="付租周期", description="代码同报文；没有填写的为空")
    ended_on: Day | None = Field(title="终止日期", description="没有终止的为 `null`")


class FoundFilings(WireModel):
    """Details where a number was asked for, summaries where a person was."""

    filings: list[FoundFiling] = Field(title="按编号查到的备案")
    summaries: list[FilingSummary] = Field(title="按承租人查到的备案")


class EndingLine(WireModel):
    """An end or a restoring of a filing."""

    line_no: int = Field(title="序号", description="递增，不会改变")
    filing_no: str = Field(title="备案编号")
    contract_no: str = Field(title="合同编号")
    kind: EndingKind = Field(title="终止方式")
    ended_on: Day = Field(title="终止日期")
    recorded_at: Moment = Field(title="登记时间")


class NumberedState(WireModel):
    """The state of a filing that was asked for by number."""

    filing_no: str = Field(title="备案编号")
    contract_no: str = Field(title="合同编号")
    state: FilingState = Field(title="备案状态")
    ended_on: Day | None = Field(title="终止日期", description="没有终止的为 `null`")


class FilingEndings(WireModel):
    """A page of ends, or those of the filings asked for."""

    lines: list[EndingLine] = Field(title="终止和恢复记录")
    cursor: str = Field(title="游标", description="下一次查询从这里继续")
    more: bool = Field(title="还有", description="为真时请立即用游标再查")
    numbers: list[NumberedState] = Field(title="按编号查询的备案现状")
