"""Messages of the civil affairs system about what community service centres accepted, in our words (row 12)."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from models.forced_review import CivilState
from services.broker_pushes.orders import Reason, digest_of
from services.partners.wire_fields import NO_BLANKS, IdNumber, Mobile, Moment, Personal, PersonName

AcceptanceNo = Annotated[str, Field(min_length=1, max_length=40), NO_BLANKS]


@dataclass(frozen=True)
class CivilMaterial:
    """A material the centre received."""

    name: Annotated[str, Field(title="材料名称", min_length=1, max_length=60)]
    copies: Annotated[int, Field(title="份数", ge=1, le=99)] = 1
    original: Annotated[bool, Field(title="已核对原件")] = False


@dataclass(frozen=True)
class HandOver:
    """A case that a community service centre accepted."""

    acceptance_no: Annotated[AcceptanceNo, Field(title="受理编号", description="同一编号同一内容重复报送得到同一答复")]
    centre_code: Annotated[
        str, Field(title="受理中心编码", max_length=32, description="中心的单位编码或者九位街镇代码")
    ]
    clerk_no: Annotated[
        str, Field(title="经办人工号", max_length=64, description="在本系统有账号的，填登录名；该人员不能审查本件")
    ]
    clerk_name: Annotated[PersonName, Field(title="经办人姓名")]
    applicant_name: Annotated[PersonName, Field(title="申请人姓名")]
    applicant_id_no: Annotated[IdNumber, Field(title="申请人证件号码")]
    accepted_at: Annotated[Moment, Field(title="受理时间")]
    materials: Annotated[tuple[CivilMaterial, ...], Field(title="已收材料", max_length=50)] = ()
    mobile: Annotated[Mobile, Field(title="联系电话")] = ""
    cert_no: Annotated[str, Field(title="权属证明编号", max_length=80), Personal("cert")] = ""
    gov_case_no: Annotated[
        str,
        Field(title="原办件编号", max_length=40, description="此前被系统拦截的办件；没有的不填，由中心办理网签备案"),
    ] = ""
    matter: Annotated[str, Field(title="申请事项", max_length=500)] = ""

    @property
    def fingerprint(self) -> str:
        return digest_of([str(one) for one in asdict(self).values()])


@dataclass(frozen=True)
class TakeBack:
    """The person withdrew at the centre."""

    acceptance_no: Annotated[AcceptanceNo, Field(title="受理编号")]
    reason: Annotated[str, Field(title="撤回原因", max_length=200)]
    withdrawn_at: Annotated[Moment, Field(title="撤回时间")]


@dataclass(frozen=True)
class AskCivil:
    """A question about one acceptance."""

    acceptance_no: Annotated[AcceptanceNo, Field(title="受理编号")]


@dataclass(frozen=True)
class CivilAnswer:
    """State and result of an acceptance; without `accepted` nothing was kept."""

    accepted: bool
    acceptance_no: str
    state: CivilState | None = None
    case_no: str = ""
    apply_no: str = ""
    due_on: date | None = None
    filing_no: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    decided_at: datetime | None = None
    reasons: tuple[Reason, ...] = ()
