"""直付房租进度单 (D10, row 23): a mandate with its bills, the fund's results, the times, and what is abnormal."""

from collections.abc import Sequence

from printing.labelled import LabelledPaper, column, half, labelled, optional, or_dash, whole, write_list
from printing.labelled import render as render
from printing.page import Paper
from printing.table import DENSE


@labelled
class BillResult:
    """A bill and what the fund decided on it."""

    bill_no: str = column("账单编号", 0.2)
    period: str = column("账期", 0.15)
    rent: str = column("租金（元）", 0.12, centred=True)
    paid: str = column("实付（元）", 0.12, centred=True, show=or_dash)
    result: str = column("结果", 0.11, centred=True)
    decided_at: str = column("处理时间", 0.12, centred=True, show=or_dash)
    reason: str = column("说明", 0.18, show=or_dash)


@labelled
class Step:
    """An event of the mandate with the number of its acknowledgement."""

    at: str = column("时间", 0.12, centred=True)
    who: str = column("发起方", 0.13, centred=True)
    what: str = column("事项", 0.19)
    detail: str = column("内容", 0.36, show=or_dash)
    receipt: str = column("回执", 0.2, show=or_dash)


@labelled
class DirectPaySheet(LabelledPaper):
    """Content of the sheet; every text is ready to print, the persons and the account masked."""

    TITLE = "直付房租进度单"
    NUMBER_LABEL = "进度单编号"
    NOTES_HEADING = "说明"
    NOTES = (
        "本进度单仅反映出具时的办理情况，此后的变化以系统查询结果为准。",
        "支付结果以公积金中心的通知为准；未支付的原因为公积金中心给出的说明。",
    )

    entrust_no: str = half("委托书编号")
    state: str = half("状态")
    filing_no: str = half("备案编号")
    contract_no: str = half("合同编号", empty="—")
    tenant: str = whole("承租人")
    spouse: str = optional("配偶")
    enterprise: str = whole("企业")
    project: str = whole("项目", empty="—")
    rent: str = half("月租金")
    pay_cycle: str = half("提取周期")
    draw: str = half("提取月份")
    stops_from: str = half("停止提取", empty="—")
    payee: str = whole("收款账户")
    abnormal: str = whole("异常", empty="无")
    findings: str = optional("核验结果")
    gaps: str = optional("逐月缺口")
    operator: str = half("出具人")
    data_time: str = half("数据时间")
    bills: Sequence[BillResult] = ()
    steps: Sequence[Step] = ()
    #: Bills and steps there are; the paper lists the newest.
    all_bills: int = 0
    all_steps: int = 0

    def go_on(self, paper: Paper) -> None:
        for title, entries, count in (
            ("账单和支付结果", self.bills, self.all_bills),
            ("办理经过", self.steps, self.all_steps),
        ):
            paper.heading(f"{title}（{count}）")
            if entries:
                write_list(paper, entries, style=DENSE)
            else:
                paper.write("没有记录。")
            paper.gap(6)
            if rest := count - len(entries):
                paper.write(f"其余{rest}条可在系统中查看。")
