"""转租预警通知单 (D10, row 49): a person's sublets are above the threshold, and a district has to handle it."""

from printing.labelled import LabelledPaper, half, labelled, whole
from printing.labelled import render as render


@labelled
class SubletNotice(LabelledPaper):
    """Content of the notice; every text is ready to print, the person's name and number masked."""

    TITLE = "个人转租预警通知单"
    NUMBER_LABEL = "通知单编号"
    NOTES_HEADING = "处理要求"
    NOTES = (
        "请核实转租房屋和套（间）数，约谈转租人，督促其依法办理市场主体登记；核实为误报的，写明原因后关闭。",
        "转租人减少转租套（间）数或者办理市场主体登记的，系统自动关闭预警；再次超过标准的，重新预警。",
        "本通知单供主管部门内部处理使用，不得向无关人员提供。",
    )

    alert_no: str = half("预警编号")
    opened_on: str = half("预警日期")
    person: str = half("转租人")
    id_no: str = half("证件号码")
    units: str = half("转租套（间）数")
    threshold: str = half("预警标准")
    districts: str = whole("分区情况")
    basis: str = whole("依据")
    handler: str = half("处理单位")
    due_on: str = half("处理期限")

    def opening(self) -> str:
        return "下列人员的个人转租已超过预警标准，请及时核查处理。"
