"""The sharing platform's messages, in the field names of the national tables (which are not ours to spell)."""

# ruff: noqa: N815

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar

from pydantic import Field

from integrations.wire.contract import Answering, Asking, BeijingTime, EchoId, Endpoint, Long, Reply, Short

#: Certificates of land, of planned buildings, of construction, of completion and of delivery.
CertType = Literal["YDGHXKZ", "GCGHXKZ", "SGXKZ", "JGYSBA", "JGGHYS", "JFSYXKZ"]
CertNo = Annotated[str, Field(min_length=1, max_length=60)]
SquareMetres = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
Yuan = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]
Storeys = Annotated[int, Field(ge=0, le=200)]
CreditCode = Annotated[str, Field(min_length=1, max_length=18)]


class PermitRequest(Asking):
    """A question by the type of a certificate and its number."""

    request_id: EchoId = Field(alias="reqId")
    certType: CertType
    certNo: CertNo


class Certificate(Reply):
    """A certificate with its number, and the code of the project it is registered under."""

    #: Our names of the holder's credit code, and of the lists with what their lines are called here.
    HOLDER: ClassVar[str] = ""
    #: Our name of the number, where a form calls it otherwise.
    NUMBER: ClassVar[str] = "permit_no"
    LISTS: ClassVar[tuple[str, ...]] = ()

    permit_no: CertNo = Field(alias="zsbh")
    registered_under: Annotated[str, Field(max_length=24)] = Field("", alias="xmdm")

    @property
    def holder(self) -> str:
        return str(getattr(self, self.HOLDER))

    def told(self) -> dict[str, Any]:
        """Return the values by the names of our form; empty ones are left out."""
        apart = {"registered_under", *self.LISTS}
        named = ((self.NUMBER if name == "permit_no" else name, value) for name, value in self.model_dump().items())
        return {name: value for name, value in named if value not in (None, "") and name not in apart}

    def lists(self) -> dict[str, list[dict[str, Any]]]:
        return {name: [one.told() for one in getattr(self, name)] for name in self.LISTS}


class LandPermit(Certificate):
    """建设用地规划许可证, 20 fields by the names of our form."""

    HOLDER = "land_user_uscc"

    serial_no: Short = Field("", alias="zslsh")
    supervision_no: Annotated[str, Field(max_length=32)] = Field("", alias="dzjgh")
    project_name: Long = Field(alias="xmmc")
    land_user: Long = Field(alias="yddw")
    land_user_uscc: Annotated[str, Field(min_length=1, max_length=18)] = Field(alias="yddwdm")
    approving_organ: Short = Field("", alias="pzydjg")
    approval_doc_no: Short = Field("", alias="pzydwh")
    location: Long = Field(alias="ydwz")
    land_use: Short = Field(alias="tdyt")
    acquire_mode: Short = Field("", alias="tdqdfs")
    land_area_text: Short = Field("", alias="ydmj")
    land_area_total: SquareMetres = Field(alias="zydmj")
    land_area_net: SquareMetres | None = Field(None, alias="jydmj")
    scale_text: Long = Field(alias="jsgm")
    contract_no: Short = Field("", alias="hth")
    site_opinion_no: Short = Field("", alias="ysxzh")
    issuer: Short = Field(alias="fzjg")
    issued_on: date = Field(alias="fzrq")


class BuildingLine(Reply):
    """规划建筑物 of a planning permit."""

    building_no: Short = Field(alias="zh")
    name: Short = Field("", alias="mc")
    use: Short = Field(alias="yt")
    structure: Short = Field("", alias="jg")
    floors_above: Storeys = Field(alias="dscs")
    floors_below: Storeys = Field(alias="dxcs")
    height_m: Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=2)] | None = Field(None, alias="gd")
    gfa_above: SquareMetres = Field(alias="dsmj")
    gfa_below: SquareMetres = Field(alias="dxmj")
    gfa_total: SquareMetres = Field(alias="zmj")
    footprint_area: SquareMetres | None = Field(None, alias="jdmj")
    sets: Annotated[int, Field(ge=0, le=100_000)] | None = Field(None, alias="ts")

    def told(self) -> dict[str, Any]:
        return {name: value for name, value in self.model_dump().items() if value not in (None, "")}


class PlanningPermit(Certificate):
    """建设工程规划许可证 with its planned buildings."""

    HOLDER = "builder_uscc"
    LISTS = ("buildings",)

    builder: Long = Field(alias="jsdw")
    builder_uscc: CreditCode = Field(alias="jsdwdm")
    project_name: Long = Field(alias="xmmc")
    location: Long = Field(alias="jswz")
    scale_text: Long = Field(alias="jsgm")
    gfa_total: SquareMetres = Field(alias="zjzmj")
    gfa_above: SquareMetres = Field(alias="dsjzmj")
    gfa_below: SquareMetres = Field(alias="dxjzmj")
    far_area: SquareMetres | None = Field(None, alias="jrjzmj")
    place_name_doc_no: Short = Field("", alias="dmpw")
    issuer: Short = Field(alias="fzjg")
    issued_on: date = Field(alias="fzrq")
    extended_to: date | None = Field(None, alias="yqz")
    buildings: Annotated[tuple[BuildingLine, ...], Field(max_length=500)] = Field((), alias="jzw")


class PlanningNo(Reply):
    """A planning permit that a construction permit names."""

    permit_no: CertNo = Field(alias="ghxkzbh")

    def told(self) -> dict[str, Any]:
        return {"permit_no": self.permit_no}


class BuildingPermit(Certificate):
    """施工许可证, by the national construction-market table."""

    HOLDER = "builder_uscc"
    LISTS = ("plannings",)

    project_name: Long = Field(alias="gcmc")
    builder: Long = Field(alias="jsdw")
    builder_uscc: CreditCode = Field(alias="jsdwdm")
    address: Long = Field(alias="jsdz")
    scale_text: Long = Field("", alias="jsgm")
    works_area: SquareMetres = Field(alias="mj")
    contract_amount: Yuan = Field(alias="htje")
    contract_start: date | None = Field(None, alias="htkg")
    contract_finish: date = Field(alias="htjg")
    survey_unit: Long = Field("", alias="kcdw")
    design_unit: Long = Field("", alias="sjdw")
    contractor: Long = Field(alias="sgdw")
    contractor_uscc: CreditCode = Field(alias="sgdwdm")
    supervisor: Long = Field(alias="jldw")
    supervisor_uscc: CreditCode = Field(alias="jldwdm")
    issuer: Short = Field(alias="fzjg")
    issued_on: date = Field(alias="fzrq")
    plannings: Annotated[tuple[PlanningNo, ...], Field(max_length=20)] = Field((), alias="ghxkz")


class CompletedLine(Reply):
    """单位工程 of a filing."""

    unit_no: Short = Field(alias="dwgcbh")

    def told(self) -> dict[str, Any]:
        return {"unit_no": self.unit_no}


class CompletionPaper(Certificate):
    """竣工验收备案 with its unit works."""

    HOLDER, NUMBER, LISTS = "builder_uscc", "filing_no", ("works",)

    builder: Long = Field(alias="jsdw")
    builder_uscc: CreditCode = Field(alias="jsdwdm")
    filed_area: SquareMetres = Field(alias="bamj")
    cost: Yuan | None = Field(None, alias="gczj")
    structure: Short = Field("", alias="jglx")
    start_on: date | None = Field(None, alias="kgrq")
    accepted_on: date = Field(alias="ysrq")
    filed_on: date = Field(alias="barq")
    filing_organ: Short = Field("", alias="bajg")
    works: Annotated[tuple[CompletedLine, ...], Field(max_length=200)] = Field((), alias="dwgc")


class AcceptedLine(Reply):
    """规划建筑物 of an acceptance, with its measured area."""

    building_no: Short = Field(alias="zh")
    measured_gfa: SquareMetres | None = Field(None, alias="scmj")

    def told(self) -> dict[str, Any]:
        return {name: value for name, value in self.model_dump().items() if value not in (None, "")}


class AcceptancePaper(Certificate):
    """竣工规划资源验收合格证 with its buildings."""

    HOLDER, NUMBER, LISTS = "builder_uscc", "acceptance_no", ("buildings",)

    builder: Long = Field(alias="jsdw")
    builder_uscc: CreditCode = Field(alias="jsdwdm")
    planning_no: Annotated[str, Field(max_length=60)] = Field("", alias="ghxkzbh")
    measured_gfa_total: SquareMetres = Field(alias="scjzmj")
    measured_gfa_above: SquareMetres | None = Field(None, alias="scdsmj")
    measured_gfa_below: SquareMetres | None = Field(None, alias="scdxmj")
    survey_report_no: Short = Field("", alias="chbgbh")
    issuer: Short = Field("", alias="fzjg")
    issued_on: date = Field(alias="fzrq")
    buildings: Annotated[tuple[AcceptedLine, ...], Field(max_length=500)] = Field((), alias="jzw")


class DeliveredLine(Reply):
    """自然幢 that a permit lets be delivered."""

    natural_building_no: Short = Field(alias="zrzh")

    def told(self) -> dict[str, Any]:
        return {"natural_building_no": self.natural_building_no}


class DeliveryPaper(Certificate):
    """新建住宅交付使用许可证 with its buildings."""

    HOLDER, LISTS = "builder_uscc", ("buildings",)

    builder: Long = Field(alias="jsdw")
    builder_uscc: CreditCode = Field(alias="jsdwdm")
    scope_text: Long = Field("", alias="xkfw")
    sets: Annotated[int, Field(ge=0, le=100_000)] = Field(alias="ts")
    permitted_area: SquareMetres = Field(alias="jzmj")
    place_name_doc_no: Short = Field("", alias="dmpw")
    issuer: Short = Field("", alias="fzjg")
    issued_on: date = Field(alias="fzrq")
    buildings: Annotated[tuple[DeliveredLine, ...], Field(max_length=500)] = Field((), alias="zrz")


Cert = TypeVar("Cert", bound=Certificate)


class PermitReply(Answering, Generic[Cert]):
    """A certificate or none; two of one number are no answer."""

    request_id: EchoId = Field(alias="reqId")
    total: Annotated[int, Field(ge=0, le=1)]
    data_time: BeijingTime = Field(alias="dataTime")
    cert: Cert | None = None


PATH = "/share/openapi/cert/query"
#: The forms of certificates by the platform's type, and the types by our names of their kinds.
FORMS: dict[CertType, type[Certificate]] = {
    "YDGHXKZ": LandPermit,
    "GCGHXKZ": PlanningPermit,
    "SGXKZ": BuildingPermit,
    "JGYSBA": CompletionPaper,
    "JGGHYS": AcceptancePaper,
    "JFSYXKZ": DeliveryPaper,
}
TYPES: dict[str, CertType] = {
    "land_planning_permit": "YDGHXKZ",
    "engineering_planning_permit": "GCGHXKZ",
    "construction_permit": "SGXKZ",
    "completion_filing": "JGYSBA",
    "planning_acceptance": "JGGHYS",
    "delivery_permit": "JFSYXKZ",
}
ENDPOINTS: dict[CertType, Endpoint[Any]] = {
    kind: Endpoint(PATH, PermitRequest, PermitReply[form])  # type: ignore[valid-type]
    for kind, form in FORMS.items()
}
