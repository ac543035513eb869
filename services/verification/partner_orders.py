"""Orders and answers of firms' and platforms' systems about verification, in their own numbers (rows 26, 27, 32)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any

from pydantic import Field
from sqlmodel import select

from models.access import Role
from models.house import RoomKind
from models.sealed import Sealed
from models.tenancy_codes import Channel, LeaseMode
from models.verification import ListingVerification, VerificationCode
from models.verification_codes import CodeEnd, CodeState, RequesterKind, ShelfState, VerificationState
from services.access.visibility import ENTERPRISE
from services.engine.copied import copy_of
from services.engine.findings import Finding
from services.engine.refusals import NotFound, Refusal
from services.engine.registry import action, query
from services.engine.work import Work
from services.partners.wire_fields import NO_BLANKS, Address, Day, IdNumber, Mobile, Money, PersonName
from services.tenancy.predicates import number_of
from services.verification.mandates import record_mandate
from services.verification.orders import PlannedRoom, Publisher, RecordMandate, Requester, VerifyHome
from services.verification.result_notes import told_reasons
from services.verification.submission import code_of, request_of, submit_verification

RequestNo = Annotated[str, Field(min_length=1, max_length=64), NO_BLANKS]
CodeNo = Annotated[str, Field(min_length=18, max_length=18, pattern=r"^\d{18}$")]
CertNo = Annotated[str, Field(min_length=1, max_length=80)]
#: Homes in one message.
MOST = 100
#: Codes in one page of the daily list.
PAGE = 1000


@dataclass(frozen=True, kw_only=True)
class RoomLine:
    """A room of the room plan."""

    label: Annotated[str, Field(title="房间号", min_length=1, max_length=20)]
    kind: Annotated[RoomKind, Field(title="房间类型")]
    usable_area: Annotated[Money, Field(title="使用面积", description="平方米，两位小数")]
    persons: Annotated[int, Field(title="居住人数", ge=1, le=20)]
    hall: Annotated[str, Field(title="所在客厅", max_length=20, description="客厅隔间填写隔自哪一间客厅")] = ""


@dataclass(frozen=True, kw_only=True)
class HomeLine:
    """A home to be verified, under the sender's own number. The mandate's basics are given with the first request."""

    request_no: Annotated[RequestNo, Field(title="请求编号", description="本系统内不重复；重复报送得到同一核验码")]
    cert_no: Annotated[CertNo, Field(title="权属证明编号")]
    flat_room: Annotated[str, Field(title="室号", max_length=30, description="一证多户时必填")] = ""
    owner_name: Annotated[PersonName, Field(title="权利人")]
    owner_id: Annotated[IdNumber, Field(title="权利人证件号码", description="单位填统一社会信用代码")]
    owner_phone: Annotated[Mobile, Field(title="权利人联系电话", description="住房租赁企业必填")] = ""
    mode: Annotated[LeaseMode, Field(title="出租方式")] = LeaseMode.WHOLE
    room_no: Annotated[str, Field(title="出租房间号", max_length=20, description="按间出租时必填")] = ""
    plan: Annotated[tuple[RoomLine, ...], Field(title="拆间信息", max_length=30, description="整套房屋的各房间")] = ()
    n1_declared: Annotated[bool, Field(title="隔间声明", description="已采用轻质不燃材料隔断且采光通风")] = False
    coowner_consent: Annotated[bool, Field(title="共有人同意")] = False
    papers: Annotated[bool, Field(title="有改建批准文件")] = False
    card_no: Annotated[str, Field(title="从业信息卡编号", max_length=40)] = ""
    rent: Annotated[Money, Field(title="月租金")]
    area: Annotated[Money | None, Field(title="出租面积", description="平方米，两位小数")] = None
    address_public: Annotated[str, Field(title="对外地址", max_length=120, description="不含室号")] = ""
    mandate_no: Annotated[str, Field(title="委托合同编号", max_length=60)] = ""
    mandate_signed_on: Annotated[Day | None, Field(title="委托签订日期")] = None
    mandate_from: Annotated[Day | None, Field(title="委托期起")] = None
    mandate_to: Annotated[Day | None, Field(title="委托期止")] = None

    def home(self) -> VerifyHome:
        """The request in our words."""
        plan = tuple(PlannedRoom(one.label, one.kind, one.usable_area, one.persons, one.hall) for one in self.plan)
        return copy_of(VerifyHome, self, plan=plan)


@dataclass(frozen=True, kw_only=True)
class ListingLine(HomeLine):
    """A home that a platform has verified for a publisher, whose identity it keeps and hands in (V12)."""

    principal_kind: Annotated[RequesterKind, Field(title="发布者类别", description="权利人、经纪机构或住房租赁企业")]
    principal_no: Annotated[IdNumber, Field(title="发布者证件号码或信用代码")]
    publisher_name: Annotated[PersonName, Field(title="发布者姓名或名称")] = ""
    publisher_address: Annotated[Address, Field(title="发布者地址")] = ""
    publisher_contact: Annotated[Mobile, Field(title="发布者联系方式")] = ""
    publisher_record_no: Annotated[str, Field(title="备案证书编号", max_length=40, description="企业必填")] = ""

    def home(self) -> VerifyHome:
        """The request in our words, for the publisher."""
        given = Requester(
            RequesterKind.INFO_PLATFORM, "", principal_kind=self.principal_kind, principal_no=self.principal_no
        )
        publisher = Publisher(
            self.publisher_name, self.publisher_address, self.publisher_contact, self.publisher_record_no
        )
        return replace(super().home(), requester=given, publisher=publisher, channel=Channel.IPLAT)


@dataclass(frozen=True)
class SubmitHomes:
    """Homes to be verified by a firm, each answered separately."""

    items: Annotated[tuple[HomeLine, ...], Field(title="房源", min_length=1, max_length=MOST)]


@dataclass(frozen=True)
class SubmitListings:
    """Homes that a platform has verified for their publishers, each answered separately."""

    items: Annotated[tuple[ListingLine, ...], Field(title="房源", min_length=1, max_length=MOST)]


@dataclass(frozen=True)
class ItemAnswer:
    """A home of a message: taken in with its pending code, or not."""

    number: str
    accepted: bool
    code_no: str = ""
    state: str = ""
    reasons: tuple[Finding, ...] = ()


_PARTNERS = {Role.PARTNER}


@action("verification.submit_homes", "报送房源核验", roles=_PARTNERS | ENTERPRISE, event="DATA.CREATE")
def submit_homes(work: Work, order: SubmitHomes) -> list[ItemAnswer]:
    """Take in homes one after the other; one that is refused stops no other."""
    return _submit_each(work, order.items)


@action("verification.submit_listings", "平台报送房源核验", roles=_PARTNERS, event="DATA.CREATE")
def submit_listings(work: Work, order: SubmitListings) -> list[ItemAnswer]:
    """Take in homes for their publishers one after the other."""
    return _submit_each(work, order.items)


def _submit_each(work: Work, items: tuple[HomeLine, ...]) -> list[ItemAnswer]:
    seen: set[tuple[str, str, str]] = set()
    made: list[Any] = []
    for one in items:
        home = one.home()
        key = number_of(one.cert_no), one.flat_room, home.part_key
        if key in seen:
            made.append(_refused(one, "DUPLICATE", "同一次报送中该房源已经出现，请勿重复", "cert_no"))
            continue
        seen.add(key)
        try:
            _keep_mandate(work, one)
            made.append((one, submit_verification(work, home)))
        except Refusal as refusal:
            first = refusal.findings[0] if refusal.findings else None
            made.append(_refused(one, first.code if first else "FORM", refusal.message, first.field if first else ""))
    return work.later(lambda: [one if isinstance(one, ItemAnswer) else _taken(*one) for one in made])


def _keep_mandate(work: Work, one: HomeLine) -> None:
    if not (one.mandate_no and one.mandate_from and one.mandate_to):
        return
    signed = one.mandate_signed_on or one.mandate_from
    try:
        record_mandate(
            work,
            RecordMandate(
                one.mandate_no, None, one.cert_no, one.owner_id, signed, one.mandate_from, one.mandate_to, one.flat_room
            ),
        )
    except NotFound:
        # An unknown house is H01's to tell.
        return


def _refused(one: HomeLine, code: str, message: str, field: str) -> ItemAnswer:
    return ItemAnswer(one.request_no, False, reasons=(Finding(code, message, field),))


def _taken(one: HomeLine, later: Any) -> ItemAnswer:
    given = later.build() if hasattr(later, "build") else later
    return ItemAnswer(one.request_no, True, given.code_no, given.state.value)


@dataclass(frozen=True)
class AskVerification:
    """A request by the sender's own number, or a code by its number."""

    request_no: Annotated[str, Field(title="请求编号", max_length=64)] = ""
    code_no: Annotated[str, Field(title="核验码", max_length=18)] = ""


@dataclass(frozen=True)
class VerificationAnswer:
    """The state of a request: with a code in force, or every reason."""

    request_no: str
    verify_no: str
    state: VerificationState
    code_no: str
    code_state: CodeState
    valid_from: date | None
    valid_to: date | None
    qr_text: str
    shelf: ShelfState
    end_reason: CodeEnd | None = None
    ended_on: date | None = None
    reasons: tuple[Finding, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@query("verification.ask", "查询核验结果", roles=_PARTNERS)
def ask_verification(work: Work, order: AskVerification) -> VerificationAnswer:
    """Answer what became of a request of the calling system; another's is not found."""
    row = request_of(work, work.caller.name, order.request_no) if order.request_no else None
    if row is None and order.code_no:
        visible = work.visible(VerificationCode).where(VerificationCode.code_no == order.code_no)
        code = work.session.exec(visible).first()
        row = work.session.get(ListingVerification, code.verification_id) if code else None
    if row is None:
        raise NotFound("没有查到该核验申请，请核对请求编号或核验码")
    return answer_of(work, row)


def answer_of(work: Work, row: ListingVerification) -> VerificationAnswer:
    """The state of a request for its sender."""
    code = code_of(work, row)
    token = code.token.plain if isinstance(code.token, Sealed) else ""
    return VerificationAnswer(
        row.request_no or "",
        row.verify_no or "",
        row.state,
        code.code_no or "",
        code.state,
        code.valid_from,
        code.valid_to,
        f"{work.house.public_url}/c/{token}" if token and code.state is CodeState.VALID else "",
        code.shelf,
        code.end_reason,
        code.ended_on,
        told_reasons(work, row),
    )


@dataclass(frozen=True)
class AskEnded:
    """Codes that ended on a day, a page after a cursor."""

    day: Annotated[Day, Field(title="日期", description="核验码失效的日期")]
    after: Annotated[str, Field(title="游标", max_length=40, description="上一页答复的 next，首页不填")] = ""


@dataclass(frozen=True)
class EndedCode:
    code_no: str
    reason: CodeEnd
    ended_on: date


@dataclass(frozen=True)
class EndedPage:
    """A page of the daily list; `next` is empty on the last one."""

    codes: tuple[EndedCode, ...]
    next: str = ""


@query("verification.ended", "每日失效核验码清单", roles=_PARTNERS)
def ended_codes(work: Work, order: AskEnded) -> EndedPage:
    """Return a page of all codes that ended on a day, of any holder: platforms take such listings down.

    The list names no home and no person; pages keep what is in memory small, however long the list is.
    """
    table = VerificationCode.__table__  # type: ignore[attr-defined]
    rows = (
        select(table.c.code_no, table.c.end_reason, table.c.ended_on)
        .where(table.c.ended_on == order.day, table.c.code_no.is_not(None), table.c.code_no > order.after)
        .order_by(table.c.code_no)
        .limit(PAGE + 1)
    )
    found = work.session.connection().execute(rows).all()
    codes = tuple(EndedCode(row.code_no, row.end_reason, row.ended_on) for row in found[:PAGE])
    return EndedPage(codes, codes[-1].code_no if len(found) > PAGE else "")
