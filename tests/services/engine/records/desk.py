"""People at work on the records of these tests, in few words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import select

from models.records import RevisionState
from services.engine.callers import Caller
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Begun, Decide, OneRevision, RevisionView, Save, StartUpdate, Submit
from services.engine.findings import Finding
from services.engine.kinds import kind_named
from services.engine.refusals import Refusal
from tests.market import Market
from tests.services.engine.records.kinds_made import Site

MAKER, COLLEAGUE, REVIEWER, SECOND = "shenpu01", "shenpu_admin", "pdshen01", "pdshen02"
OPINION, REASON = "材料齐全，同意", "现场情况有变化"
_NUMBERS = count(1)


def a_name(word: str = "工地") -> str:
    """A name nobody else in this run has."""
    return f"{word}{next(_NUMBERS)}"


@dataclass
class Desk:
    market: Market

    def who(self, login: str) -> Caller:
        return self.market.caller(login)

    def do(self, verb: str, login: str | Caller, order: Any, kind: str = "made_site") -> Any:
        caller = self.who(login) if isinstance(login, str) else login
        return self.market.world.door.perform(getattr(acts(kind), verb), caller, order)

    def ask(self, verb: str, login: str | Caller, order: Any, kind: str = "made_site") -> Any:
        caller = self.who(login) if isinstance(login, str) else login
        return self.market.world.door.ask(getattr(acts(kind), verb), caller, order)

    def refused(self, verb: str, login: str | Caller, order: Any, kind: str = "made_site") -> Refusal:
        """The refusal of what must not go through."""
        try:
            answer = self.do(verb, login, order, kind)
        except Refusal as refusal:
            return refusal
        raise AssertionError(f"{verb} went through with {answer!r}")

    # Sites

    def begun(self, login: str = MAKER, kind: str = "made_site", **values: Any) -> Begun:
        begun: Begun = self.do("begin", login, Begin(values=values or self.whole()), kind)
        return begun

    def whole(self, **change: Any) -> dict[str, Any]:
        return {"name": a_name(), "where": "310115", "land": "100.00", **change}

    def submitted(self, login: str = MAKER, reasons: Mapping[str, str] | None = None, **change: Any) -> Begun:
        begun = self.begun(login, **self.whole(**change))
        self.do("submit", login, Submit(begun.revision_id, begun.version, reasons or {}))
        return begun

    def effective(self, login: str = MAKER, reviewer: str = REVIEWER, **change: Any) -> Begun:
        begun = self.submitted(login, **change)
        self.approve(begun.revision_id, reviewer)
        return begun

    def approve(self, revision_id: UUID, login: str = REVIEWER, kind: str = "made_site") -> None:
        view = self.view(revision_id, login, kind)
        self.do("approve", login, Decide(revision_id, view.version, OPINION), kind)

    def update(self, record_id: UUID, login: str = MAKER) -> Begun:
        begun: Begun = self.do("update", login, StartUpdate(record_id, REASON))
        return begun

    def save(
        self,
        begun: Begun,
        values: Mapping[str, Any],
        children: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
        login: str = MAKER,
    ) -> tuple[Finding, ...]:
        version = self.view(begun.revision_id, login).version
        saved = self.do("save", login, Save(begun.revision_id, version, values, children or {}))
        found: tuple[Finding, ...] = saved.findings
        return found

    def view(self, revision_id: UUID, login: str = MAKER, kind: str = "made_site") -> RevisionView:
        view: RevisionView = self.ask("revision", login, revision_id, kind)
        return view

    def state(self, begun: Begun) -> RevisionState:
        return self.view(begun.revision_id).state

    def decide(self, revision_id: UUID, login: str = REVIEWER, opinion: str = OPINION) -> Decide:
        return Decide(revision_id, self.view(revision_id, login).version, opinion)

    def row(self, begun: Begun) -> Site | None:
        found: Site | None = self.market.world.read(
            lambda work: work.session.exec(select(Site).where(Site.id == begun.record_id)).first()
        )
        return found

    def one(self, begun: Begun) -> OneRevision:
        return OneRevision(begun.revision_id)


def codes(findings: Sequence[Finding]) -> list[str]:
    return [finding.code for finding in findings]


__all__ = ["COLLEAGUE", "MAKER", "OPINION", "REASON", "REVIEWER", "SECOND", "Desk", "a_name", "codes", "kind_named"]
