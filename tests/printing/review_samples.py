"""Made-up pages of forced reviews of filings."""

from datetime import date

from printing.forced_review import ForcedApplication, ForcedOpinion, ReasonLine
from printing.page import Issue

_WHO = {
    "apply_no": "QB3101152611210000016",
    "case_no": "SL3101152611210000016",
    "applicant": "邵清扬 310***********0034",
    "capacity": "合同当事人",
    "address": "上海市浦东新区唐陆公路1486弄113号203室",
    "accepted_by": "浦东新区住房租赁服务中心",
    "accepted_on": "2026年11月21日",
    "reason": "产权人已依法更名，户籍证明已核对，登记信息尚未更新",
}


def _issue() -> Issue:
    return Issue("QB3101152611210000016", "浦东新区住房租赁服务中心", date(2026, 11, 25))


def _lines(result: str) -> tuple[ReasonLine, ...]:
    return (
        ReasonLine("H02", "出租人与登记的权利人不一致", result, "权利人与出租人关系证明"),
        ReasonLine("H07", "该房屋存在权利限制，需人工核实", result, "解除限制或者准予出租的证明"),
    )


APPLICATION = ForcedApplication(issue=_issue(), reasons=_lines("申请复核"), **_WHO)
AGREED = ForcedOpinion(
    issue=_issue(),
    reasons=_lines("豁免"),
    result="已备案",
    filing_no="BA3101152611250000018",
    opinion="更名证明属实，同意",
    second_opinion="同意初审意见",
    reviewer="陆伟",
    decided_on="2026年11月25日",
    **_WHO,
)
REFUSED = ForcedOpinion(
    issue=_issue(),
    reasons=_lines("未同意"),
    result="未同意",
    filing_no="",
    opinion="所提交的材料不能证明出租人与登记权利人为同一人",
    second_opinion="",
    reviewer="陆伟",
    decided_on="2026年11月25日",
    **_WHO,
)
