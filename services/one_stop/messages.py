"""Messages of the case library in our words: what a citizen applied for, every field as text until a rule has seen it (row 1)."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, ValidationError

from models.one_stop_codes import ApplicantRole, StopKind
from models.tenancy_codes import Channel, Side, Situation
from services.engine.adapters import adapter
from services.engine.refusals import Rejected
from services.partners.wire_fields import Moment, Personal

#: A number as systems write it: no blank and nothing that cannot be printed.
Ident = Annotated[str, Field(pattern=r"^[!-~]+$")]
Number = Annotated[str, Field(max_length=40), Personal("id")]
Name = Annotated[str, Field(max_length=120), Personal("name")]
Phone = Annotated[str, Field(max_length=40), Personal("phone")]
Address = Annotated[str, Field(max_length=300), Personal("addr")]
Few = Annotated[str, Field(max_length=40)]
Long = Annotated[str, Field(max_length=300)]


@dataclass(frozen=True)
class StopPerson:
    """A person or body named in an application."""

    name: Annotated[Name, Field(title="姓名（名称）")] = ""
    id_type: Annotated[str, Field(title="证件类型", max_length=2)] = "11"
    id_no: Annotated[Number, Field(title="证件号码")] = ""
    mobile: Annotated[Phone, Field(title="联系电话")] = ""
    relation: Annotated[Few, Field(title="与承租人关系")] = ""
    side: Annotated[Side | None, Field(title="所代理一方", description="仅委托人填写")] = None


@dataclass(frozen=True)
class StopApplicant:
    """The person who applies; an agent names the principal and what the mandate covers."""

    name: Annotated[Name, Field(title="姓名（名称）")] = ""
    id_type: Annotated[str, Field(title="证件类型", max_length=2)] = "11"
    id_no: Annotated[Number, Field(title="证件号码")] = ""
    mobile: Annotated[Phone, Field(title="联系电话")] = ""
    role: Annotated[ApplicantRole, Field(title="申请人身份")] = ApplicantRole.LESSEE
    principal: Annotated[StopPerson | None, Field(title="委托人")] = None
    mandate_scope: Annotated[tuple[Situation, ...], Field(title="委托权限")] = ()

    @property
    def side(self) -> Side:
        """Return the side of the applicant."""
        if self.role is ApplicantRole.AGENT:
            return (self.principal and self.principal.side) or Side.LESSEE
        return Side.LESSOR if self.role is ApplicantRole.LESSOR else Side.LESSEE


@dataclass(frozen=True)
class StopHouse:
    """The home as the applicant names it."""

    proof_type: Annotated[Few, Field(title="住房证明类型")] = "A1"
    title_cert_no: Annotated[str, Field(title="权属证明编号", max_length=80), Personal("cert")] = ""
    address_text: Annotated[Address, Field(title="坐落")] = ""
    district_code: Annotated[str, Field(title="区代码", max_length=6)] = ""
    room_no: Annotated[Few, Field(title="室号", description="一证多户时必填")] = ""
    house_id: Annotated[Few, Field(title="房屋编码", description="仅供参考")] = ""


@dataclass(frozen=True)
class StopForm:
    """The form of an application: of a new filing, or of a cancellation with its filing number, mode and day."""

    house: Annotated[StopHouse, Field(title="房屋")] = StopHouse()
    deal_kind: Annotated[Few, Field(title="成交方式")] = "SELF"
    lease_mode: Annotated[Few, Field(title="出租方式")] = "WHOLE"
    rooms: Annotated[tuple[Few, ...], Field(title="房间", max_length=30)] = ()
    lessors: Annotated[tuple[StopPerson, ...], Field(title="出租人", max_length=30)] = ()
    lessees: Annotated[tuple[StopPerson, ...], Field(title="承租人", max_length=30)] = ()
    co_occupants: Annotated[tuple[StopPerson, ...], Field(title="同住人", max_length=60)] = ()
    sign_date: Annotated[Few, Field(title="签订日期")] = ""
    start_date: Annotated[Few, Field(title="起租日期")] = ""
    end_date: Annotated[Few, Field(title="止租日期")] = ""
    rent_amount: Annotated[Few, Field(title="租金")] = ""
    rent_unit: Annotated[Few, Field(title="租金单位")] = "MONTH"
    filing_no: Annotated[Few, Field(title="备案编号")] = ""
    contract_no: Annotated[Few, Field(title="合同编号")] = ""
    mode: Annotated[Few, Field(title="注销方式", description="BOTH 双方 ONE 单方")] = ""
    reason: Annotated[Few, Field(title="注销原因")] = ""
    termination_date: Annotated[Few, Field(title="终止日期")] = ""


@dataclass(frozen=True)
class StopAttachment:
    """A file handed in for a material."""

    material: Annotated[Few, Field(title="材料")]
    file_name: Annotated[Long, Field(title="文件名")] = ""
    size: Annotated[int, Field(title="字节数", ge=0)] = 0


@dataclass(frozen=True)
class StopLicenceRef:
    """An electronic licence named instead of a file."""

    material: Annotated[Few, Field(title="材料")]
    licence_no: Annotated[str, Field(title="证照编号", max_length=80)] = ""


@dataclass(frozen=True)
class LibraryMessage:
    """A message about a case: the newest version wins whatever the order, a repeated `msg_id` has no second effect."""

    msg_id: Annotated[Ident, Field(title="报文编号", min_length=1, max_length=64)]
    case_no: Annotated[Ident, Field(title="办件编号", min_length=1, max_length=40)]
    version: Annotated[int, Field(title="办件版本", ge=0)]
    event_time: Annotated[Moment, Field(title="发生时间", description="带时区")]
    kind: Annotated[StopKind, Field(title="报文种类")]
    item_code: Annotated[str, Field(title="事项编码", max_length=30)] = ""
    situation: Annotated[Situation, Field(title="情形")] = Situation.NEW
    channel: Annotated[Channel, Field(title="渠道")] = Channel.YWTB
    accept_center_code: Annotated[str, Field(title="受理中心区代码", max_length=6)] = ""
    applicant: Annotated[StopApplicant | None, Field(title="申请人")] = None
    form: Annotated[StopForm | None, Field(title="申请表")] = None
    attachments: Annotated[tuple[StopAttachment, ...], Field(title="附件", max_length=60)] = ()
    e_licence_refs: Annotated[tuple[StopLicenceRef, ...], Field(title="电子证照引用", max_length=60)] = ()
    library_status: Annotated[Few, Field(title="库内状态")] = ""


@dataclass(frozen=True)
class Content:
    """Applicant and form of a case's newest version, as they are kept."""

    applicant: StopApplicant = StopApplicant()
    form: StopForm = StopForm()


def message_of(raw: dict[str, Any]) -> LibraryMessage:
    """Read a message; one that cannot be read is refused by the names of its fields, never their values."""
    try:
        message = adapter(LibraryMessage).validate_python(raw)
    except ValidationError as problem:
        fields = sorted({".".join(map(str, fault["loc"])) for fault in problem.errors(include_input=False)})
        raise Rejected(f"报文内容不合约定：{'、'.join(fields[:8])}") from None
    if message.event_time.tzinfo is None:
        raise Rejected("报文内容不合约定：event_time")
    return message


def message_json(message: LibraryMessage) -> dict[str, Any]:
    """A message as it is kept and sent."""
    kept: dict[str, Any] = adapter(LibraryMessage).dump_python(message, mode="json")
    return kept


def content_json(content: Content) -> dict[str, Any]:
    kept: dict[str, Any] = adapter(Content).dump_python(content, mode="json")
    return kept


def content_of(kept: dict[str, Any] | None) -> Content:
    """The content back from what was kept."""
    return Content() if not kept else adapter(Content).validate_python(kept)


def with_content(message: LibraryMessage, before: Content) -> Content:
    """The content after a message; what it does not bring stays."""
    return Content(message.applicant or before.applicant, message.form or before.form)
