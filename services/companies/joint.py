"""准入退出协同: authority or head company begins, the other side confirms, then it goes to review by itself (row 53)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import select

from models.access import Account, AccountState, Role
from models.companies import Initiator, ProjectCompany, SubjectApplication, SubjectKind
from models.records import PACT, REVISION, PactState, Revision, RevisionState
from models.sealed import Sealed
from services.access.sessions import caller_of
from services.companies.company_kinds import PROJECT_COMPANY
from services.companies.exits import PROJECT_EXIT
from services.companies.facts import confirmed
from services.companies.names import code_key
from services.engine import pacts
from services.engine.cycle_judgement import Answers, ask, findings_of, follow, proposal_of, stopping, unanswered
from services.engine.cycle_lock import held, own_office, owner_of
from services.engine.cycle_orders import Submit
from services.engine.cycle_review import submit
from services.engine.door import Gathering
from services.engine.findings import Finding
from services.engine.jobs import performed
from services.engine.kinds import Kind
from services.engine.look_ups import row_by
from services.engine.notices import notify
from services.engine.orders import OneRow, Reasoned
from services.engine.proposals import Form, form_of
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.words import LEAST_WORDS, some_words
from services.engine.work import Work

SIDES = {Role.DIST_HANDLER, Role.HEAD_ADMIN}
_KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (PROJECT_COMPANY, PROJECT_EXIT)}
AGREED = "CNF"


def side_of(work: Work) -> Initiator:
    """Return which side the caller speaks for."""
    return Initiator.AUTHORITY if work.caller.has(Role.DIST_HANDLER) else Initiator.HEAD_COMPANY


@dataclass(frozen=True)
class Offer:
    """A whole draft, sent to the other side; `reasons` answer warnings, as at submission."""

    revision_id: UUID
    version: int
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Offered:
    id: UUID
    expires_on: date


def _kind_of(work: Work, revision_id: UUID) -> Kind:
    row = work.get(Revision, revision_id)
    kind = _KINDS.get(row.kind)
    if kind is None:
        raise NotFound
    return kind


def _ask_for_draft(gathering: Gathering, order: Offer) -> Answers:
    kind: Kind = gathering.look(lambda work: _kind_of(work, order.revision_id))
    return ask(kind, gathering, order.revision_id)


@action("companies.offer", "发送对方确认", roles=SIDES, gather=_ask_for_draft, event="DATA.CREATE")
def offer(work: Work, order: Offer, answers: Answers) -> Offered:
    """Ask the other side about a draft that could be submitted but for its word; one may run for a company at a time."""
    kind = _kind_of(work, order.revision_id)
    row = held(work, kind, order.revision_id, order.version)
    own_office(work, row)
    if REVISION.after("submit", row.state) is None:
        raise Conflict(f"当前状态为“{row.state.label}”，不能发送确认")
    form = form_of(kind, row.payload.json())
    owner = follow(work, kind, owner_of(row), form)
    uscc, name, company_id = _company(work, kind, row, form)
    _give_up_earlier(work, row)
    _refuse_second(work, uscc)
    found = [one for one in findings_of(work, kind, row, form, owner, answers, references=True) if one.code != AGREED]
    if stops := stopping(found):
        raise Rejected(f"还有{len(stops)}处需要修改，暂不能发送确认", found)
    if unanswered(found, order.reasons, LEAST_WORDS):
        raise Rejected(f"有提示项需要说明理由（每项不少于{LEAST_WORDS}个字）后才能发送确认", found)
    if owner.head_company_id is None:
        raise Rejected("请先选择所属总公司")
    application = SubjectApplication(
        kind=SubjectKind.ADMISSION if kind is PROJECT_COMPANY else SubjectKind.EXIT,
        uscc=uscc,
        company_name=name,
        open_key=uscc,
        district_code=owner.district_code,
        head_company_id=owner.head_company_id,
        project_company_id=company_id,
        record_id=row.record_id,
        revision_id=row.id,
        holding_ratio=form.values.get("holding_ratio"),
        intended_parcel=form.values.get("intended_parcel") or "",
        content_digest=row.digest,
        reasons=Sealed.of_json(dict(order.reasons)),
    )
    within = work.thresholds.over(owner.district_code).integer("subjects.offer_working_days")
    pacts.offer(work, application, side_of(work), within=within)
    work.session.flush()
    subject = f"请确认{application.kind.label}：{name}"
    _tell(work, application, subject, "请在确认期限前确认或说明理由后拒绝。", initiator=False)
    assert application.expires_on is not None
    return Offered(application.id, application.expires_on)


def _company(work: Work, kind: Kind, row: Revision, form: Form) -> tuple[str, str, UUID | None]:
    if kind is PROJECT_COMPANY:
        return code_key(form.values.get("uscc") or ""), form.values.get("name") or "", None
    company = work.session.get_one(ProjectCompany, row.project_company_id)
    return company.uscc, company.name, company.id


def _give_up_earlier(work: Work, row: Revision) -> None:
    """Return what was agreed on other terms gives way to what is asked now."""
    if (earlier := confirmed(work, row.record_id)) is not None:
        _released(work, earlier)
        work.session.flush()


def _refuse_second(work: Work, uscc: str) -> None:
    """Refuse a second application for the company and point to the first; an expired offer does not count."""
    wanted = select(SubjectApplication).where(SubjectApplication.open_key == uscc)
    standing = work.held(wanted).first()
    if standing is None or not uscc:
        return
    over = standing.expires_on is not None and work.today > standing.expires_on
    if standing.state is PactState.OFFERED and over:
        take_step(work, standing, PACT, "expire")
        _expired(work, standing)
        work.session.flush()
        return
    if work.first(work.visible(SubjectApplication), SubjectApplication.id == standing.id) is None:
        raise Conflict("该企业已有其他申请正在办理，请与企业所在区的房屋管理局联系")
    by, at = Initiator.of(standing.offered_side).label, standing.offered_at.date()
    message = f"该企业已有{standing.kind.label}申请：由{by}于{at}发起，{standing.state.label}，请在“准入退出协同”中办理"
    raise Conflict(message, (Finding("SUB-03", message, evidence={"application": str(standing.id)}),))


def _tell(work: Work, row: SubjectApplication, subject: str, words: str, *, initiator: bool) -> None:
    """Notify the side that began an application, or the other one."""
    head = (row.offered_side == Initiator.HEAD_COMPANY.value) is initiator
    whom: Any = {"to_enterprise": row.head_company_id} if head else {"to_district": row.district_code}
    notify(work, subject, words, about=row, **whom)


# ------------------------------------------------------------------ the other side's word


def _ask_for_agreed(gathering: Gathering, order: OneRow) -> Answers:
    """Return what outside systems say of the draft that is agreed to, which the other side's office wrote."""

    def look(work: Work) -> tuple[Kind, Any]:
        row = work.get(SubjectApplication, order.id)
        revision = row_by(work, Revision, row.revision_id)
        if revision is None:
            raise Conflict("发起方已删除该申请")
        kind = _KINDS[revision.kind]
        form = form_of(kind, revision.payload.json())
        return kind, proposal_of(work, kind, revision, form, owner_of(revision), {})

    kind, proposal = gathering.look(look)
    return kind.facts.ask(gathering, proposal) if kind.facts.ask is not None else {}


@action(
    "companies.confirm",
    "确认准入退出",
    roles=SIDES,
    gather=_ask_for_agreed,
    step=Step(PACT, "confirm"),
    event="DATA.STATE",
)
def confirm(work: Work, order: OneRow, answers: Answers) -> None:
    """The other side agrees, and what was sent goes to review in the initiator's name at once."""
    row = work.get(SubjectApplication, order.id)
    pacts.confirm(work, row, side_of(work), version=order.version or None)
    revision = work.held(select(Revision).where(Revision.id == row.revision_id)).first()
    if revision is None or revision.digest != row.content_digest:
        raise Conflict("发起方已修改或删除申请内容，请其重新发送确认")
    # Who agrees has a hand in what goes to review, and reviews it no more than its maker.
    payload = revision.payload.json()
    payload["hands"] = list(dict.fromkeys([*payload.get("hands", []), str(work.caller.account_id)]))
    revision.payload = Sealed.of_json(payload)
    work.add(revision)
    work.session.flush()
    initiator = _initiator(work, row, _KINDS[revision.kind])
    reasons = row.reasons.json() if row.reasons is not None else {}
    acting = replace(work, caller=initiator)
    submit(_KINDS[revision.kind], acting, Submit(revision.id, revision.version, reasons), answers)
    _tell(work, row, f"对方已确认：{row.company_name}", "已自动提交区级审核。", initiator=True)


def _initiator(work: Work, row: SubjectApplication, kind: Kind) -> Any:
    """Return the initiator with today's rights; without the right to submit, nothing is submitted in their name."""
    account = row_by(work, Account, row.offered_by)
    over = account is None or (account.valid_to is not None and account.valid_to < work.today)
    if account is None or over or account.state is not AccountState.ACTIVE:
        raise Conflict("发起方账号已停用或到期，不能继续办理，请由在册单位重新发起")
    initiator = caller_of(work.session, account, "", "", work.today)
    if not kind.makers.submit & initiator.roles:
        raise Conflict("发起人已不再担任该岗位，不能继续办理，请由发起方的其他同事重新发送确认")
    return initiator


@action("companies.decline", "拒绝准入退出", roles=SIDES, step=Step(PACT, "decline"), event="DATA.STATE")
def decline(work: Work, order: Reasoned) -> None:
    """The other side does not agree, and says why; the draft stays with its maker."""
    row = work.get(SubjectApplication, order.id)
    pacts.decline(work, row, side_of(work), order.reason, version=order.version or None)
    _ended(work, row)
    _tell(work, row, f"对方未同意：{row.company_name}", order.reason.strip(), initiator=True)


@action("companies.cancel", "撤回协同申请", roles=SIDES, event="DATA.STATE")
def cancel(work: Work, order: Reasoned) -> None:
    """Taken back by the side that began: before the other has spoken, or when it does not go on with what was sent back."""
    row = work.get(SubjectApplication, order.id)
    said = some_words(order.reason, "说明", most=500)
    if row.state is PactState.CONFIRMED and row.open_key is not None:
        if row.offered_side != str(side_of(work)):
            raise NotAllowed("只有发起方可以撤回申请")
        state = work.first(Revision.state, Revision.id == row.revision_id)
        if state is RevisionState.SUBMITTED:
            raise Conflict("该申请正在审核，请先在记录中撤回送审")
        _released(work, row, said)
    else:
        pacts.cancel(work, row, side_of(work), version=order.version or None, reason=said)
        _ended(work, row)
    _tell(work, row, f"对方已撤回：{row.company_name}", "无需再确认。", initiator=False)


def _released(work: Work, row: SubjectApplication, said: str = "") -> None:
    """End what was agreed, which needs no reason."""
    take_step(work, row, PACT, "release", reason=said[:60])
    if said:
        row.reason = Sealed.of_json(said)
    _ended(work, row)


def _ended(work: Work, row: SubjectApplication) -> None:
    row.open_key, row.ended_at = None, work.now
    work.add(row)


def _expired(work: Work, row: SubjectApplication) -> None:
    _ended(work, row)
    for initiator in (False, True):
        _tell(work, row, f"逾期未确认：{row.company_name}", "申请已失效，可重新发起。", initiator=initiator)


@action("companies.expire", "协同申请逾期", roles={Role.SYSTEM}, event="")
def expire(work: Work, order: None) -> int:
    """Expire offers without an answer in time; both sides are notified."""
    rows = pacts.expire_due(work, SubjectApplication, work.today)
    for row in rows:
        _expired(work, row)
    return len(rows)


performed("companies.expire", "协同申请逾期处理", expire, at="00:40")
