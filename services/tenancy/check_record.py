"""Keeping a run of the rules: facts, sources, every rule's word, so that notices and reviews can cite it (row 7)."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from models.base import Placed
from models.columns import new_id
from models.dialect import bulk_insert
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from models.sealing import sm3_hex
from models.tenancy import CheckItem, CheckRun
from services.engine.adapters import adapter
from services.engine.clock import system_now
from services.engine.findings import Judgement
from services.engine.work import Work
from services.tenancy.fact_sources import OutsideFacts
from services.tenancy.rules.catalogue import RULE_SET

_ANY: TypeAdapter[Any] = TypeAdapter(Any)
_ITEMS: sa.Table = CheckItem.__table__  # type: ignore[attr-defined]


#: What a decision says of one rule.
_SAID = ("code", "result", "severity", "field", "message", "evidence_digest")


def keep_run(
    work: Work,
    about: Placed,
    parameters_on: date,
    outside: OutsideFacts,
    facts: Any,
    judgement: Judgement,
    *,
    rule_set: str = RULE_SET,
) -> CheckRun:
    """Write one run about a record with its items in the decision's own transaction; `facts` are a dataclass."""
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
        object_kind=str(about.__tablename__),
        object_id=about.id,
        rule_set=rule_set,
        parameters_on=parameters_on,
        started_at=work.now,
        finished_at=work.now + (system_now() - work.at),
        outcome=str(judgement.outcome),
        facts=Sealed(adapter(type(facts)).dump_json(facts).decode()),
        sources=sources,
    )
    work.add(run)
    rows: list[dict[str, Any]] = []
    for position, item in enumerate(judgement.items, 1):
        first = item.findings[0] if item.findings else None
        text = _ANY.dump_json([asdict(finding) for finding in item.findings]).decode() if item.findings else ""
        rows.append(
            {
                "id": new_id(),
                "run_id": run.id,
                "position": position,
                "code": item.rule.code,
                "result": str(item.result),
                "severity": str(first.severity) if first else "",
                "field": first.field if first else "",
                "message": first.message[:300] if first else "",
                "source": item.rule.source,
                "milliseconds": slowest.get(item.rule.source, 0),
                "evidence": Sealed(text) if text else None,
                "evidence_digest": sm3_hex(text.encode()) if text else "",
                "forceable": bool(first and first.forceable),
            }
        )
    said = _decision(run, [[row[name] for name in _SAID] for row in rows])
    # Some seventy lines a decision: as objects of the session they would take longer than everything else of it.
    bulk_insert(work.session, _ITEMS, seal_rows(work.sealer, _ITEMS, rows))
    # Not about the row: what is digested is the decision with its facts and findings, for an evidence package to show.
    work.trail.tell("DATA.CREATE", "checks.keep", kind="decision", object_id=run.id, digest=sm3_hex(said.encode()))
    return run


def items_of(work: Work, run: CheckRun) -> Sequence[CheckItem]:
    """Return the results of a run, in the order of the rules."""
    return work.rows(CheckItem, CheckItem.run_id == work.whole(run).id, by=CheckItem.position)


def decision_text(run: CheckRun, items: Sequence[CheckItem]) -> str:
    """Return decision, rules and facts as a single text; facts and evidence appear as digests."""
    ordered = sorted(items, key=lambda item: item.position)
    return _decision(run, [[getattr(item, name) for name in _SAID] for item in ordered])


def _decision(run: CheckRun, items: list[list[Any]]) -> str:
    said = {
        "facts": sm3_hex(run.facts.plain.encode()),
        "items": items,
        "object": str(run.object_id),
        "outcome": run.outcome,
        "parameters_on": run.parameters_on.isoformat(),
        "rule_set": run.rule_set,
        "run": str(run.id),
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
