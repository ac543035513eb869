"""A record on its way, told shortly: begun, filled, submitted, reviewed, by the people of its sample."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import select

from models.records import RevisionState
from services.engine.callers import Caller
from services.engine.cycle import Acts, acts
from services.engine.cycle_orders import (
    Begin,
    Decide,
    OneRevision,
    RevisionView,
    Save,
    StartUpdate,
    Submit,
)
from services.engine.kinds import Kind, kind_named
from services.engine.proposals import values_of
from services.records.attachments import AttachFile, attach_file
from tests.conformance.samples import Sample, load_samples
from tests.files_made import png
from tests.market import Market

_NUMBERS = count(1)
OPINION = "材料齐全，情况属实"
REASON = "现场情况有变化"


@dataclass
class Story:
    """One record of one kind. `revision_id` is the version in hand."""

    market: Market
    kind: Kind
    sample: Sample
    record_id: UUID = field(init=False)
    revision_id: UUID = field(init=False)

    @classmethod
    def of(cls, market: Market, name: str) -> "Story":
        """A new sample of a kind, nothing done yet."""
        return cls(market, kind_named(name), load_samples()[name](market, next(_NUMBERS)))

    @property
    def acts(self) -> Acts:
        return acts(self.kind)

    def caller(self, login: str) -> Caller:
        return self.market.caller(login)

    @property
    def drafter(self) -> Caller:
        return self.caller(self.sample.drafter)

    @property
    def submitter(self) -> Caller:
        return self.caller(self.sample.submitter)

    @property
    def stranger(self) -> Caller:
        return self.caller(self.sample.stranger)

    def reviewer(self, step: int = 0) -> Caller:
        return self.caller(self.sample.reviewers[step])

    def perform(self, act: Any, caller: Caller, order: Any) -> Any:
        return self.market.world.door.perform(act, caller, order)

    def ask(self, query: Any, caller: Caller, order: Any) -> Any:
        return self.market.world.door.ask(query, caller, order)

    # Steps

    def begin(self) -> "Story":
        begun = self.perform(self.acts.begin, self.drafter, Begin(self.sample.about))
        self.record_id, self.revision_id = begun.record_id, begun.revision_id
        return self

    def view(self, caller: Caller | None = None) -> RevisionView:
        view: RevisionView = self.ask(self.acts.revision, caller or self.drafter, self.revision_id)
        return view

    def version(self) -> int:
        return self.view(self.submitter).version

    def fill(self, change: Mapping[str, Any] | None = None) -> "Story":
        """Save the whole sample, with files in every slot that asks for some."""
        files: dict[str, tuple[UUID, ...]] = {}
        for slot in self.kind.slots:
            files[slot.name] = tuple(
                self._file(slot.name) for _ in range(max(slot.least, slot.name in self.sample.papers))
            )
        values = {**self.sample.values, **(change or {})}
        order = Save(self.revision_id, self.version(), values, self.sample.children, files)
        self.perform(self.acts.save, self.drafter, order)
        return self

    def _file(self, slot: str) -> UUID:
        kept = self.perform(attach_file, self.drafter, AttachFile(self.revision_id, slot, "材料.png", png()))
        made: UUID = kept.id
        return made

    def agree(self) -> "Story":
        """What others have to say before it is submitted."""
        if self.sample.agreed is not None:
            self.sample.agreed(self.market, self.record_id)
        return self

    def submit(self) -> "Story":
        self.agree()
        self.perform(self.acts.submit, self.submitter, Submit(self.revision_id, self.version(), self.sample.reasons))
        return self

    def approve(self, levels: int | None = None) -> "Story":
        """Through the first levels, or through every level there is."""
        for step in range(len(self.kind.review) if levels is None else levels):
            order = Decide(self.revision_id, self.view(self.reviewer(step)).version, OPINION)
            self.perform(self.acts.approve, self.reviewer(step), order)
        return self

    def send_back(self, *fields: str) -> "Story":
        order = Decide(self.revision_id, self.view(self.reviewer()).version, "请补充联系方式", fields)
        self.perform(self.acts.send_back, self.reviewer(), order)
        return self

    def effective(self) -> "Story":
        return self.begin().fill().submit().approve()

    def update(self) -> "Story":
        begun = self.perform(self.acts.update, self.drafter, StartUpdate(self.record_id, REASON))
        self.revision_id = begun.revision_id
        return self

    # What stands there

    def state(self) -> RevisionState:
        return self.view(self.submitter).state

    def row(self) -> Any:
        """The typed row in force, or None."""
        table = self.kind.table
        return self.market.world.read(
            lambda work: work.session.exec(select(table).where(table.id == self.record_id)).first()
        )

    def values(self) -> dict[str, Any]:
        """What is in force, parsed."""
        return values_of(self.row())

    def both_hats(self, login: str) -> Caller:
        """The submitter, were he also what this reviewer is."""
        return replace(self.submitter, scopes=(*self.submitter.scopes, *self.caller(login).scopes))

    def one(self) -> OneRevision:
        return OneRevision(self.revision_id)
