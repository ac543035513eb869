"""个人信息查看记录 (D23): who looked at a citizen's record, when and what for, to take home from the counter."""

from printing.labelled import LabelledPaper, column, half, labelled, or_dash, whole, write_list
from printing.labelled import render as render
from printing.page import BODY, CLAUSE, Paper
from printing.table import DENSE


@labelled
class Look:
    """An access to personal data; every text is ready to print."""

    at: str = column("时间", 0.13, centred=True, show=lambda at: at.replace(" ", "\n"))
    unit: str = column("单位", 0.22)
    official: str = column("岗位与人员", 0.15)
    act: str = column("业务", 0.16)
    what: str = column("内容", 0.11)
    purpose: str = column("目的", 0.17, show=or_dash)


@labelled
class AccessSheet(LabelledPaper):
    """Accesses to a person's data, newest first, with the time and clerk of the enquiry."""

    TITLE = "个人信息查看记录"
    NUMBER_LABEL = "查询编号"
    GAP = 10
    NOTES = (
        "“遮蔽后的信息”指姓名、证件号码等仅显示部分字符；“完整信息”指显示了全部字符。",
        "对查看记录有异议的，可以向办理本次查询的单位或者市住房租赁管理事务中心提出，由其调查后答复。",
    )

    number: str = whole("证件号码")
    asked_at: str = half("查询时间")
    operator: str = half("经办人")
    total: int
    looks: tuple[Look, ...] = ()

    def go_on(self, paper: Paper) -> None:
        if self.looks:
            told = f"截至查询时间，本系统记录的查看共 {self.total} 次"
            told += "：" if self.total == len(self.looks) else f"，以下为最近 {len(self.looks)} 次："
            paper.write(told, BODY.but(after=5))
            write_list(paper, self.looks, number=0.06, style=DENSE, pad=3.0)
        else:
            paper.write("截至查询时间，本系统没有该证件号码的查看记录。", CLAUSE)
        paper.gap(6)
