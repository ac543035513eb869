"""Certificates of the planning stage, planned buildings and estates (rows 63-66, market 2.9)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.building_codes import (
    BuildingUse,
    CertificateKind,
    CoOwnership,
    DeliveryStandard,
    RightType,
    Structure,
)
from models.columns import (
    area,
    building_no,
    code,
    computed,
    credit_code,
    day,
    flag,
    held_key,
    integer,
    letters_key,
    moment,
    number,
    percent,
    ref,
    text,
)
from models.records import ChildRow, InForce, grid_index


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
    land_user_uscc: str = credit_code("用地单位信用代码")
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


class RealtyCertificate(Certificate, table=True):
    """不动产权证 in force: of the land, or of the whole estate once it is built (大产证), with the items of the paper."""

    __table_args__ = (
        grid_index(
            "realty_certificate",
            *("kind", "mortgaged", "sealed", "registered_on", "use_term_to", "parcel_area", "holder"),
            *("cert_no", "realty_unit_code"),
        ),
    )

    number_key: str | None = held_key("不动产权证号", "cert_no")
    kind: CertificateKind = code(CertificateKind, "证书类别")
    cert_no: str = text("不动产权证号", max=60)
    realty_unit_code: str = text("不动产单元号", max=28, help="28位")
    holder: str = text("权利人", max=200, help="共有的填写本公司，其他权利人填在“权利人”清单中")
    holder_uscc: str = credit_code("权利人信用代码")
    co_ownership: CoOwnership = code(CoOwnership, "共有情况", CoOwnership.SOLE)
    location: str = text("坐落", max=255)
    right_type: RightType = code(RightType, "权利类型")
    right_nature: str = text("权利性质", max=40, help="如出让、划拨")
    land_use: str | None = text("土地用途", None, max=64)
    house_use: str | None = text("房屋用途", None, max=64)
    parcel_area: Decimal = area("宗地面积", positive=True)
    building_area: Decimal | None = area("建筑面积", None, positive=True)
    use_term_from: date = day("使用期限起")
    use_term_to: date = day("使用期限止", after="use_term_from")
    land_no: str | None = text("地号", None, max=60, help="如××镇9街坊73/7丘")
    room_or_part: str | None = text("室号部位", None, max=100)
    building_type: str | None = text("房屋类型", None, max=40)
    total_floors: int | None = integer("总层数", None, unit="层")
    completed_on: date | None = day("竣工日期", None)
    registered_on: date = day("登记日期")
    replaces_no: str | None = text("原证号", None, max=60, help="换证、补证的填写被替代的证号")
    mortgaged: bool = computed(flag("抵押", False))
    sealed: bool = computed(flag("查封", False))
    replaced_by_no: str | None = computed(text("换发新证号", None, max=60))
    checked_at: datetime | None = computed(moment("登记状态核对时间", None))


class RealtyHolder(ChildRow, table=True):
    """A further holder of a certificate."""

    holder_name: str = text("权利人", max=200)
    holder_uscc: str = credit_code("信用代码")
    share: Decimal | None = percent("份额", None)


class EngineeringPlanningPermit(Certificate, table=True):
    """建设工程规划许可证 in force; its planned buildings are a list under it."""

    __table_args__ = (
        grid_index(
            "engineering_planning_permit",
            *("issued_on", "extended_to", "gfa_total", "gfa_above", "gfa_below", "building_count"),
            *("permit_no", "builder", "project_name"),
        ),
    )

    permit_no: str = text("证书编号", max=50)
    builder: str = text("建设单位", max=200)
    builder_uscc: str = credit_code("建设单位信用代码")
    project_name: str = text("建设项目名称", max=200, help="按证书所载填写")
    location: str = text("建设位置", max=255)
    scale_text: str = text("建设规模", max=255)
    gfa_total: Decimal = area("总建筑面积", positive=True)
    gfa_above: Decimal = area("地上建筑面积")
    gfa_below: Decimal = area("地下建筑面积")
    far_area: Decimal | None = area("计容建筑面积", None)
    place_name_doc_no: str | None = text("地名批文号", None, max=60)
    issuer: str = text("发证机关", max=50)
    issued_on: date = day("发证日期")
    valid_to: date | None = day("证载有效期至", None)
    extended_to: date | None = day("延期至", None, after="issued_on")
    building_count: int | None = computed(integer("建筑物幢数", None, unit="幢"))


class PlannedBuilding(ChildRow, table=True):
    """规划建筑物 of an engineering planning permit; its id stays while its number does."""

    building_no: str = building_no("幢号", index=True)
    name: str | None = text("建筑物名称", None, max=100)
    use: BuildingUse = code(BuildingUse, "建筑用途")
    structure: Structure | None = code(Structure, "结构类型", None)
    floors_above: int = integer("地上层数", unit="层")
    floors_below: int = integer("地下层数", unit="层")
    height_m: Decimal | None = number("建筑高度", None, unit="m")
    gfa_above: Decimal | None = area("地上建筑面积", None)
    gfa_below: Decimal | None = area("地下建筑面积", None)
    gfa_total: Decimal = area("总建筑面积", positive=True)
    far_area: Decimal | None = area("计容建筑面积", None)
    footprint_area: Decimal | None = area("基底面积", None)
    sets: int | None = integer("住宅套数", None, unit="套")
    saleable_area: Decimal | None = area("可售面积", None)
    self_held_area: Decimal | None = area("自持面积", None)
    affordable_area: Decimal | None = area("保障房面积", None)
    public_facility_area: Decimal | None = area("公共设施面积", None)
    is_affordable: bool | None = flag("保障性住房", None)
    delivery_standard: DeliveryStandard | None = code(DeliveryStandard, "交付标准", None)
    remark: str | None = text("备注", None, max=200, help="请勿填写个人信息")


class Community(InForce, table=True):
    """小区: the planned figures of an estate; a project that a road cuts in two has two."""

    __table_args__ = (
        UniqueConstraint("name_key"),
        grid_index("community", "sets_total", "total_gfa", "pm_office_area", "name", "address", "buildings_total"),
    )

    name: str = text("小区名称", max=200)
    name_letters: str | None = letters_key("小区名称", "name")
    name_key: str | None = held_key("小区名称", "project_id", "name", max=240, unique=False)
    approved_place_name: str | None = text("核准地名", None, max=200)
    address: str | None = text("坐落", None, max=255)
    property_area_code: str | None = text("物业管理区域编号", None, max=40)
    land_area: Decimal | None = area("用地面积", None)
    total_gfa: Decimal = area("总建筑面积", positive=True)
    residential_gfa: Decimal | None = area("住宅建筑面积", None)
    sets_total: int = integer("总套数", unit="套")
    buildings_total: int | None = integer("幢数", None, unit="幢")
    parking_ground: int | None = integer("地面车位", None, unit="个")
    parking_underground: int | None = integer("地下车位", None, unit="个")
    green_ratio: Decimal | None = percent("绿地率", None)
    pm_office_area: Decimal | None = area("物业服务用房面积", None)
    owners_committee_area: Decimal | None = area("业主委员会用房面积", None)
    pm_rooms: str | None = text("物业用房位置", None, max=200)
    pm_company: str | None = text("前期物业服务企业", None, max=200)
    pm_contract_no: str | None = text("前期物业服务合同号", None, max=60)
    temporary_covenant_filed: bool | None = flag("临时管理规约已备案", None)


class CommunityBuilding(ChildRow, table=True):
    """A planned building that belongs to the estate, by permit and number."""

    planning_permit_id: UUID = ref("engineering_planning_permit", "工程规划许可证")
    building_no: str = building_no("幢号")


class CommunityFacility(ChildRow, table=True):
    """A public facility of the estate."""

    facility: str = text("设施名称", max=60)
    facility_area: Decimal = area("面积", positive=True)
    building_no: str | None = building_no("所在幢号", None)
    facility_owner: str | None = text("移交或产权单位", None, max=200)
    due_on: date | None = day("交付期限", None)
