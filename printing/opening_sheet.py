"""项目开盘确认单 (D10): whose key opens a project, and how many rooms may be let under it."""

from printing.labelled import LabelledPaper, half, labelled, whole
from printing.labelled import render as render


@labelled
class OpeningSheet(LabelledPaper):
    """Content of an opening's confirmation; every text is ready to print."""

    TITLE = "项目开盘确认单"
    NUMBER_LABEL = "确认单编号"
    NOTES_HEADING = "说明"
    NOTES = (
        "项目开盘后，运营主体可以用所关联的密钥签订、备案租赁合同。",
        "密钥到期、挂失、吊销或者运营主体变更的，开盘自动暂停，换用有效密钥后恢复。",
    )

    project: str = whole("项目")
    project_no: str = half("项目编号")
    kind: str = half("项目类别")
    enterprise: str = whole("企业名称")
    operator: str = whole("运营主体")
    key: str = half("密钥序列号（后六位）")
    mode: str = half("关联方式")
    rooms: str = half("开盘房间数")
    opened_on: str = half("开盘日期")
    clerk: str = half("经办人")
    valid_to: str = half("密钥有效期至")

    def opening(self) -> str:
        return "下列集中式租赁住房项目已经开盘，特此确认。"
