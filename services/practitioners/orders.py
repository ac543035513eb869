"""Orders and answers of the practitioners' area (rows 38-44)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from models.practitioner_codes import ApplyKind, ApplyState, BrandState, CardEnd
from services.engine.findings import Finding

POSTS = ("店长", "租赁顾问", "房源管家", "客服专员", "运营专员", "资料专员", "风控专员", "其他")
#: How many characters each text of a person may have.
LONGEST = {
    "name": 60,
    "id_type": 4,
    "education": 20,
    "qualification": 40,
    "qualification_no": 40,
    "post": 20,
    "store": 60,
    "note": 200,
}


@dataclass(frozen=True)
class PersonData:
    """A person as a form or a row of a table gives him; `id_type` is a code of `models.tenancy_codes.IdType`."""

    name: str
    id_type: str
    id_no: str
    mobile: str = ""
    education: str = ""
    qualification: str = ""
    qualification_no: str = ""
    post: str = ""
    store: str = ""
    hired_on: date | None = None
    contract_from: date | None = None
    contract_to: date | None = None
    insured: bool = False
    note: str = ""


@dataclass(frozen=True)
class ApplyFor:
    """An application; `draft_id` is the draft or the returned application it goes on with, `card_id` the card changed.

    Without `submit` it is kept as a draft and may be incomplete, but for the number.
    """

    person: PersonData
    portrait_id: UUID | None
    kind: ApplyKind = ApplyKind.NEW
    card_id: UUID | None = None
    draft_id: UUID | None = None
    batch_id: UUID | None = None
    submit: bool = True
    #: The version of the draft the page loaded; 0 does not ask.
    version: int = 0


@dataclass(frozen=True)
class ApplyAnswer:
    """Result of an application. `apply_id` is None when the row was refused and nothing was stored."""

    apply_id: UUID | None
    apply_no: str
    state: ApplyState
    findings: tuple[Finding, ...] = ()

    @property
    def accepted(self) -> bool:
        return self.apply_id is not None


@dataclass(frozen=True)
class FileRows:
    """At most 200 applications of a batch, all of a single firm."""

    batch_id: UUID
    rows: tuple[ApplyFor, ...]


@dataclass(frozen=True)
class KeptPortrait:
    """`portrait_id` is None when the picture cannot be used at all; `turned` says that it was set upright."""

    portrait_id: UUID | None
    turned: bool
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Told:
    """A record with what is to be said of it."""

    id: UUID
    reason: str = ""
    version: int = 0


@dataclass(frozen=True)
class LeaveFirm:
    """The firm's report that a person left: the card is cancelled, or given up before activation."""

    card_id: UUID
    left_on: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class CancelAtWindow:
    """A cancellation by the holder at the district's window; `document` is what the card reader returned."""

    card_id: UUID
    name: str
    id_type: str
    id_no: str
    reason: CardEnd = CardEnd.IN_PERSON
    note: str = ""


@dataclass(frozen=True)
class BrandForm:
    """A short name and a logo; `brand_id` is the draft or returned one it goes on with.

    Without `logo` the picture already kept with it stays.
    """

    short_name: str
    logo: bytes = b""
    brand_id: UUID | None = None
    submit: bool = True


@dataclass(frozen=True)
class BrandAnswer:
    id: UUID
    state: BrandState


DUTIES = ("居间代理", "房源收储", "客户接待", "业务咨询", "签约备案")
_OF_POST = {
    "店长": "业务咨询",
    "租赁顾问": "居间代理",
    "房源管家": "房源收储",
    "客服专员": "客户接待",
    "运营专员": "业务咨询",
    "资料专员": "签约备案",
    "风控专员": "签约备案",
    "其他": "业务咨询",
}
KNOWN = (*POSTS, *DUTIES)


def duty_of(post: str) -> str:
    """Return the duty of a post; the name of a duty is itself a duty."""
    return _OF_POST.get(post, post if post in DUTIES else "业务咨询")
