"""The checks on arrival: form and materials, one correction notice that lists everything, or acceptance (rows 1, 3)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import col

from models.one_stop import StopCase, StopCorrection
from models.one_stop_codes import STOP, RefusalGround, StopAct, StopMaterialKind
from models.sealed import Sealed
from models.tenancy import GovCase
from models.tenancy_codes import CASE, ApplicantSide, CaseState, FilingState, Side, Situation
from services.engine.findings import Finding, Rule, Severity, judge
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work
from services.one_stop.applications import lease_form_of
from services.one_stop.cancel_facts import cancel_facts_of
from services.one_stop.case_log import log_step, move
from services.one_stop.lease_groups import HANDLERS, match_case
from services.one_stop.materials import complete_from_library, gap_finding, given_materials
from services.one_stop.messages import Content, content_of
from services.one_stop.receipts import issue_correction, issue_refusal
from services.ports.answers import Answer, HeldLicences, skipped
from services.tenancy.filing_facts import CancelFacts, FilingFacts
from services.tenancy.rules.catalogue import BY_CODE

#: Rules of the form alone; every other rule runs when the case is decided.
FORM_RULES: tuple[Rule[FilingFacts], ...] = tuple(BY_CODE[code] for code in ("P02", "P05", "P12", "T01", "T02"))
COMMITMENT_RULE: Rule[CancelFacts] = BY_CODE["C03"]
DAY_RULE: Rule[CancelFacts] = BY_CODE["C05"]
#: Minutes after which the licence library is asked again, then hourly.
_RETRY_MINUTES = (1, 5, 30)


def check_intake(work: Work, case: StopCase, held: Answer[HeldLicences]) -> None:
    """Accept a complete application; otherwise ask once for everything that is wrong or missing."""
    content = content_of(case.content.json() if case.content else None)
    if held.state.value not in ("SKIPPED", "ABSENT"):
        log_step(work, case, StopAct.ASK_LIBRARY, answer=held.state.value, milliseconds=held.milliseconds)
    found = complete_from_library(work, case, content, held)
    work.session.flush()
    findings = _findings(work, case, content)
    if found.missing:
        findings.append(gap_finding(found.missing))
    if found.unknown and not findings:
        _wait(work, case)
        return
    case.retry_at = None
    if findings:
        gaps = list(found.missing)
        if any(one.code == "C03" for one in findings):
            gaps.append(StopMaterialKind.COMMITMENT)
        correct(work, case, findings, gaps)
    else:
        accept(work, case)


def _wait(work: Work, case: StopCase) -> None:
    """Leave a case received while the licence library is silent: its silence is no gap of the applicant's."""
    minutes = _RETRY_MINUTES[case.retries] if case.retries < len(_RETRY_MINUTES) else 60
    case.retries, case.retry_at = case.retries + 1, work.now + timedelta(minutes=minutes)
    log_step(work, case, StopAct.CHECK_INTAKE, answer="PENDING", note="电子证照库未应答，稍后再查")


def _findings(work: Work, case: StopCase, content: Content) -> list[Finding]:
    if case.situation is Situation.NEW:
        lease = lease_form_of(content, given_materials(work, case), house=None, channel=case.channel)
        facts = FilingFacts(lease, work.today, work.thresholds, skipped("不动产登记"), skipped("公房系统"))
        return judge(facts, FORM_RULES).stopping
    cancel = cancel_facts_of(work, case, content)
    findings = judge(cancel, (COMMITMENT_RULE,)).stopping
    if cancel.filing_state is FilingState.ACTIVE:
        findings += judge(cancel, (DAY_RULE,)).stopping
    return findings


def correct(
    work: Work,
    case: StopCase,
    findings: list[Finding],
    gaps: list[StopMaterialKind],
    *,
    note: str = "",
) -> None:
    """Send one notice with everything that is to be put right, and until when."""
    days = work.thresholds.integer("one_stop.correct_days")
    case.corrections += 1
    case.correct_by = work.today + timedelta(days=days)
    case.codes = " ".join(sorted({one.code for one in findings if one.code}))
    named = {*filter(None, case.gaps.split(" ")), *(kind.value for kind in gaps)}
    case.gaps = " ".join(sorted(named))
    work.add(
        StopCorrection(
            case_id=case.id,
            position=case.corrections,
            at=work.now,
            until=case.correct_by,
            codes=case.codes,
            gaps=" ".join(sorted(kind.value for kind in gaps)),
            findings=Sealed.of_json([[one.code, one.message, one.field, one.found] for one in findings]),
            by_account=work.caller.account_id,
        )
    )
    words = note or "；".join(dict.fromkeys(one.message for one in findings))
    move(work, case, "correct", StopAct.CORRECT, findings=findings, note=words[:300])
    issue_correction(work, case, findings, gaps, note)


def accept(work: Work, case: StopCase) -> None:
    """Accept a complete application; it is compared with others at once and decided when its turn comes."""
    case.codes, case.correct_by, case.retries = "", None, 0
    case.accepted_at, case.accepted_on = work.now, work.today
    if case.corrections:
        unanswered = col(StopCorrection.answered_at).is_(None)
        for notice in work.rows(StopCorrection, StopCorrection.case_id == case.id, unanswered):
            notice.answered_at = work.now
            work.add(notice)
    take_step(work, open_gov_case(work, case), CASE, "accept", log=False)
    move(work, case, "accept", StopAct.ACCEPT)
    work.session.flush()
    if case.situation is Situation.NEW:
        match_case(work, case)


def open_gov_case(work: Work, case: StopCase) -> GovCase:
    """Open the case of the filing library, which collects every channel's accepted cases."""
    gov = GovCase(
        case_no=case.case_no,
        situation=case.situation,
        house_id=case.house_id,
        part_keys=case.part_keys,
        start=case.start,
        end=case.end,
        side=ApplicantSide.LESSOR if case.side is Side.LESSOR else ApplicantSide.LESSEE,
        channel=case.channel,
        unit_id=case.unit_id,
        clerk_id=case.clerk_id,
        district_code=case.district_code,
        street_code=case.street_code,
        received_at=case.received_at,
        accepted_on=work.today,
        state=CaseState.RECEIVED,
    )
    work.add(gov)
    case.gov_case_id = gov.id
    return gov


@dataclass(frozen=True)
class AskCorrection:
    """A clerk's request to an applicant: materials, and a sentence about everything else."""

    case_id: UUID
    materials: tuple[StopMaterialKind, ...]
    words: str


@action("one_stop.correct", "通知补正", roles=HANDLERS, step=Step(STOP, "correct"))
def ask_for_correction(work: Work, order: AskCorrection) -> None:
    """Ask an applicant once for everything that a clerk misses, before acceptance."""
    case = work.hold(StopCase, order.case_id)
    words = enough_words(order.words, "补正说明", least=4, most=300)
    findings = [Finding("F08", words, "materials", Severity.CORRECT)]
    correct(work, case, findings, list(order.materials), note=words)


@dataclass(frozen=True)
class RefuseCase:
    """A refusal at intake: its ground in law, and the reason in words; `version` as in `OneRow`."""

    id: UUID
    ground: RefusalGround
    reason: str
    version: int = 0


@action("one_stop.refuse", "不予受理", roles=HANDLERS, step=Step(STOP, "refuse"))
def refuse_case(work: Work, order: RefuseCase) -> None:
    """Refuse an application that is not this authority's matter or rests on false material, with a written decision."""
    case = work.hold(StopCase, order.id)
    reason = enough_words(order.reason, "不予受理理由", least=10, most=300)
    move(work, case, "refuse", StopAct.REFUSE, note=reason)
    issue_refusal(work, case, order.ground, reason)
