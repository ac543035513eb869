"""上架: a listing is published under a valid code, kept up, withdrawn by its requester or owner (rows 26, 32; 3.7)."""

from sqlmodel import select

from models.house import House
from models.normal import normal
from models.verification import ListingVerification, VerificationCode
from models.verification_codes import SHELF, VERIFICATION, CodeEnd, CodeState, RequesterKind, ShelfState
from services.engine.findings import Finding, Judgement, Outcome, Severity, judge
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import Step, action
from services.engine.steps import step_on
from services.engine.work import Work
from services.tenancy.predicates import number_of
from services.verification.codes import end_code, move_shelf
from services.verification.fact_sources import penalties_of
from services.verification.facts import PublishFacts
from services.verification.orders import Answered, OfCode, PublishHome, Requester
from services.verification.rules import PUBLISH_RULES
from services.verification.submission import ASKERS, KIND_OF, own_firm

NOT_YOURS = Finding("NOT_YOURS", "该核验码不是由您取得的，不能办理", "code_no")


def code_of_number(work: Work, code_no: str) -> VerificationCode | None:
    """Lock and return a code by its number, of any holder."""
    wanted = normal("acct", code_no)
    return work.held(select(VerificationCode).where(VerificationCode.code_no == wanted)).first() if wanted else None


def _caller_as_holder(work: Work, given: Requester | None) -> Requester:
    if given is not None:
        return given if work.caller.enterprise_id is None else _own(work)
    return _own(work)


def _own(work: Work) -> Requester:
    firm = own_firm(work)
    return Requester(KIND_OF[firm.kind], firm.uscc, firm.name)


def _holds(code: VerificationCode, holder: Requester) -> bool:
    return code.holder_no.plain == number_of(holder.number)


def _request(work: Work, code: VerificationCode) -> ListingVerification:
    return work.only(ListingVerification, ListingVerification.id == code.verification_id)


@action("verification.publish", "发布房源", roles=ASKERS)
def publish_home(work: Work, order: PublishHome) -> Answered:
    """Put a listing on the shelf, or say why not; a second difference from what was verified takes it off by force."""
    holder = _caller_as_holder(work, order.holder)
    code = code_of_number(work, order.code_no)
    if code is None:
        return _answer(judge(_unknown(work, order, holder), PUBLISH_RULES), ShelfState.NONE)
    if not _holds(code, holder):
        raise Rejected(NOT_YOURS.message, [NOT_YOURS])
    row = _request(work, code)
    house = work.session.get(House, code.house_id) if code.house_id else None
    facts = PublishFacts(
        today=work.today,
        thresholds=work.thresholds,
        state=code.state,
        valid_to=code.valid_to,
        shelf=code.shelf,
        rent=order.rent,
        area=order.area,
        verified_rent=row.rent,
        verified_area=row.leased_area,
        address_public=order.address_public,
        room=house.room if house else "",
        differences=code.differences,
        penalties=penalties_of(work, (row.principal_no or row.requester_no).plain),
    )
    judgement = judge(facts, PUBLISH_RULES)
    differs = any(one.code == "V09" for one in judgement.findings)
    if judgement.outcome is Outcome.PASS:
        _put_on(work, code, order, differs=differs)
    elif {one.code for one in judgement.stopping} == {"V09"}:
        code.differences += 1
        move_shelf(work, code, "force_off", "发布信息再次与核验信息不一致")
    return _answer(judgement, code.shelf)


def _unknown(work: Work, order: PublishHome, holder: Requester) -> PublishFacts:
    """Return the facts where no code is known: nothing goes on the shelf, only the faults are answered."""
    return PublishFacts(
        today=work.today,
        thresholds=work.thresholds,
        state=None,
        valid_to=None,
        shelf=ShelfState.NONE,
        rent=order.rent,
        area=order.area,
        verified_rent=None,
        verified_area=None,
        address_public="",
        room="",
        uncoded=not order.code_no,
        home_type=order.home_type,
        penalties=penalties_of(work, holder.number),
    )


def _put_on(work: Work, code: VerificationCode, order: PublishHome, *, differs: bool) -> None:
    move_shelf(work, code, "publish", "发布房源")
    code.published_at, code.maintained_on = work.now, work.today
    code.listed_rent, code.listed_area = order.rent, order.area
    code.address_public = order.address_public[:120]
    code.public = {**code.public, "address": code.address_public}
    code.differences += differs
    work.add(code)


def _answer(judgement: Judgement, shelf: ShelfState) -> Answered:
    codes = tuple(sorted({one.code for one in judgement.findings}))
    words = {one.code: one.message for one in judgement.findings if one.severity is not Severity.PENDING}
    return Answered("pass" if judgement.outcome is Outcome.PASS else "fail", codes, shelf.value, words)


def _own_code(work: Work, order: OfCode, *, owner_too: bool = False) -> VerificationCode:
    holder = _caller_as_holder(work, order.holder)
    code = code_of_number(work, order.code_no)
    if code is None:
        raise NotFound("没有查到这个核验码，请核对后重新输入")
    if _holds(code, holder):
        return code
    owner = _request(work, code).owner_id_no.plain
    if owner_too and holder.kind is RequesterKind.OWNER and owner == number_of(holder.number):
        return code
    raise Rejected(NOT_YOURS.message, [NOT_YOURS])


@action("verification.maintain", "维护房源", roles=ASKERS)
def maintain_home(work: Work, order: OfCode) -> Answered:
    """Say that a listing is still true; on a platform one not kept up for thirty days goes off."""
    code = _own_code(work, order)
    if code.state is not CodeState.VALID:
        raise Rejected("该核验码已失效，请重新核验后再发布", [Finding("V08", "未取得有效核验码，不能发布", "code_no")])
    code.maintained_on = work.today
    work.add(code)
    return Answered("pass", (), code.shelf.value)


@action("verification.take_off", "下架房源", roles=ASKERS, step=Step(SHELF, "take_off", field="shelf"))
def take_off_home(work: Work, order: OfCode) -> Answered:
    """Take an own listing off the shelf; the code stays valid."""
    code = _own_code(work, order)
    move_shelf(work, code, "take_off", order.reason or "发布者下架")
    return Answered("pass", (), code.shelf.value)


@action("verification.cancel", "撤销核验码", roles=ASKERS)
def cancel_code(work: Work, order: OfCode) -> Answered:
    """Withdraw a code that the caller obtained, or that was given for the owner's home; a repetition changes nothing."""
    code = _own_code(work, order, owner_too=True)
    if code.state in (CodeState.VALID, CodeState.PENDING):
        row = _request(work, code)
        end_code(work, code, CodeEnd.WITHDRAWN)
        withdraw_waiting(work, row)
    return Answered("pass", (), code.shelf.value)


def withdraw_waiting(work: Work, row: ListingVerification) -> None:
    """Withdraw a request whose code was cancelled before the answer."""
    if step_on(work, row, VERIFICATION, "withdraw"):
        row.retry_at = None
        work.add(row)
