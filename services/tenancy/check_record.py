"""Keeping a run of the rules: facts, sources, every rule's word, so that notices and reviews can cite it (row 7)."""

from dataclasses import asdict
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from models.columns import new_id
from models.sealed import Sealed
from models.sealing import sm3_hex
from models.tenancy import CheckItem, CheckRun, GovCase
from services.engine.clock import system_now
from services.engine.findings import Judgement
from services.engine.work import Work
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.gathering import OutsideFacts
from services.tenancy.rules.catalogue import RULE_SET

_FACTS: TypeAdapter[FilingFacts] = TypeAdapter(FilingFacts)
_ANY: TypeAdapter[Any] = TypeAdapter(Any)


def keep_run(
    work: Work, case: GovCase, parameters_on: date, outside: OutsideFacts, facts: FilingFacts, judgement: Judgement
) -> CheckRun:
    """Write one run with its items in the decision's own transaction."""
    answers = outside.answers()
    sources: list[dict[str, object]] = [
        {
            "question": name,
            "source": answer.source,
            "state": str(answer.state),
            "at": answer.at.isoformat() if answer.at else "",
            "ms": answer.milliseconds,
            "note": answer.note,
        }
        for name, answer in answers
    ]
    slowest: dict[str, int] = {}
    for _, answer in answers:
        slowest[answer.source] = max(slowest.get(answer.source, 0), answer.milliseconds)
    run = CheckRun(
        id=new_id(),
        object_kind="gov_case",
        object_id=case.id,
        rule_set=RULE_SET,
        parameters_on=parameters_on,
        started_at=work.now,
        finished_at=work.now + (system_now() - work.at),
        outcome=str(judgement.outcome),
        facts=Sealed(_FACTS.dump_json(facts).decode()),
        sources=sources,
    )
    work.add(run)
    for position, item in enumerate(judgement.items, 1):
        first = item.findings[0] if item.findings else None
        evidence = [asdict(finding) for finding in item.findings]
        text = _ANY.dump_json(evidence).decode() if evidence else ""
        work.add(
            CheckItem(
                run_id=run.id,
                position=position,
                code=item.rule.code,
                result=item.result,
                severity=str(first.severity) if first else "",
                field=first.field if first else "",
                message=first.message[:300] if first else "",
                source=item.rule.source,
                milliseconds=slowest.get(item.rule.source, 0),
                evidence=Sealed(text) if text else None,
                evidence_digest=sm3_hex(text.encode()) if text else "",
                forceable=bool(first and first.forceable),
            )
        )
    return run
