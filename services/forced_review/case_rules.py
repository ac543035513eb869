"""The rules a case is judged by: those of the counter, and of an application of the case library its own (row 11)."""

from collections.abc import Sequence
from dataclasses import replace

from models.one_stop import StopCase
from models.tenancy import GovCase, LeaseContract
from services.engine.findings import Judgement, Rule, judge
from services.engine.work import Work
from services.one_stop.decisions import STOP_RULES
from services.one_stop.lease_groups import open_conflicts
from services.tenancy.fact_sources import OutsideFacts
from services.tenancy.filing import case_facts
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.lease_form import LeaseForm
from services.tenancy.rules.catalogue import FILING_RULES


def application_of(work: Work, case: GovCase) -> StopCase | None:
    """The application of the case library behind a case."""
    return work.first(StopCase, StopCase.gov_case_id == case.id)


def rules_of(work: Work, case: GovCase) -> tuple[Sequence[Rule[FilingFacts]], tuple[str, ...]]:
    """Return the rules for a case, and the fields in which another application for its lease differs (F13)."""
    application = application_of(work, case)
    return (FILING_RULES, ()) if application is None else (STOP_RULES, open_conflicts(work, application))


def judge_case(work: Work, case: GovCase, contract: LeaseContract, form: LeaseForm, outside: OutsideFacts) -> Judgement:
    """Judge a case by today's facts; nothing is written."""
    rules, conflicts = rules_of(work, case)
    facts = replace(case_facts(work, case, contract, form, outside), merged_conflicts=conflicts)
    return judge(facts, rules)
