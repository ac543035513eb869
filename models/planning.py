"""Certificates of a project and, of the planning stage, the land planning permit (row 63, market 2.9)."""

from datetime import date
from decimal import Decimal

from models.columns import area, day, held_key, text
from models.records import InForce, grid_index


class Certificate(InForce):
    """A certificate in force; no two in force of a table share its number in the form numbers are compared in."""

    number_key: str | None = held_key("证书编号", "permit_no")


class LandPlanningPermit(Certificate, table=True):
    """建设用地规划许可证 in force, with the fields of the national table."""

    __table_args__ = (
        grid_index("land_planning_permit", "issued_on", "land_area_total", "permit_no", "land_user", "land_use"),
    )

    permit_no: str = text("证书编号", max=50)
    serial_no: str | None = text("证书流水号", None, max=50)
    supervision_no: str | None = text("电子监管号", None, max=32)
    project_name: str = text("项目名称", max=200, help="按证书所载填写")
    land_user: str = text("用地单位", max=200)
    land_user_uscc: str = text("用地单位信用代码", max=18)
    approving_organ: str | None = text("批准用地机关", None, max=50)
    approval_doc_no: str | None = text("批准用地文号", None, max=64)
    location: str = text("用地位置", max=255)
    land_use: str = text("土地用途", max=64)
    acquire_mode: str | None = text("土地取得方式", None, max=30)
    land_area_text: str = text("用地面积（证载文字）", max=100)
    land_area_total: Decimal = area("总用地面积", positive=True)
    land_area_net: Decimal | None = area("净用地面积", None, positive=True)
    scale_text: str = text("建设规模", max=255)
    contract_no: str | None = text("出让合同号", None, max=50)
    site_opinion_no: str | None = text("预审选址号", None, max=50)
    issuer: str = text("发证机关", max=50)
    issued_on: date = day("发证日期")
