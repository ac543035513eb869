"""A project's records on their way, told shortly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.access import Role
from models.records import Revision
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Begun, Decide, FillIn, RevisionView, Save, Saved, StartUpdate, Submit
from services.engine.kinds import kind_named
from services.records.attachments import AttachFile, attach_file
from tests.files_made import png
from tests.land import Land

OPINION = "材料齐全，情况属实"
_SPEAKS = {Role.DIST_REVIEWER: "pdshen01", Role.SPATIAL_REVIEWER: "pdkjshen01"}


@dataclass
class Desk:
    """One kind's records, drafted by binjiang01 and submitted by binjiang_admin unless another is named."""

    land: Land
    kind: str
    drafter: str = "binjiang01"
    submitter: str = "binjiang_admin"

    def perform(self, act: Any, login: str, order: Any) -> Any:
        return self.land.market.world.door.perform(act, self.land.market.caller(login), order)

    def ask(self, query: Any, login: str, order: Any) -> Any:
        return self.land.market.world.door.ask(query, self.land.market.caller(login), order)

    def begin(self, about: UUID | None, values: Mapping[str, Any], lists: Any = None) -> Begun:
        order = Begin(about, values, lists or {})
        begun: Begun = self.perform(acts(self.kind).begin, self.drafter, order)
        self.keep_files(begun.revision_id)
        return begun

    def keep_files(self, revision_id: UUID) -> None:
        """Hand in what the slots ask for."""
        files: dict[str, Sequence[UUID]] = {}
        for slot in kind_named(self.kind).slots:
            if slot.least:
                kept = self.perform(attach_file, self.drafter, AttachFile(revision_id, slot.name, "材料.png", png()))
                files[slot.name] = (kept.id,)
        if files:
            view = self.view(revision_id)
            self.perform(
                acts(self.kind).save,
                self.drafter,
                Save(revision_id, view.version, view.values, view.children, files),
            )

    def view(self, revision_id: UUID, login: str = "") -> RevisionView:
        seen: RevisionView = self.ask(acts(self.kind).revision, login or self.drafter, revision_id)
        return seen

    def save(self, revision_id: UUID, values: Mapping[str, Any], lists: Any = None) -> Saved:
        view = self.view(revision_id)
        files: dict[str, list[UUID]] = {}
        for one in view.files:
            files.setdefault(one.slot, []).append(one.id)
        order = Save(
            revision_id, view.version, {**view.values, **values}, view.children if lists is None else lists, files
        )
        saved: Saved = self.perform(acts(self.kind).save, self.drafter, order)
        return saved

    def fill_in(self, revision_id: UUID, key: str, *, again: bool = False) -> Saved:
        order = FillIn(revision_id, self.view(revision_id).version, key, again)
        saved: Saved = self.perform(acts(self.kind).fill_in, self.drafter, order)
        return saved

    def submit(self, revision_id: UUID, reasons: Mapping[str, str] | None = None) -> None:
        order = Submit(revision_id, self.view(revision_id).version, reasons or {})
        self.perform(acts(self.kind).submit, self.submitter, order)

    @property
    def usual_reviewers(self) -> list[str]:
        """Who speaks at the levels of the kind in 浦东, as far as the district and its spatial office do."""
        levels = kind_named(self.kind).review
        return [login for level in levels for role, login in _SPEAKS.items() if role in level.roles]

    def approve(self, revision_id: UUID, *reviewers: str) -> None:
        for login in reviewers or self.usual_reviewers:
            version = self.land.market.row(Revision, revision_id).version
            self.perform(acts(self.kind).approve, login, Decide(revision_id, version, OPINION))

    def effective(
        self,
        about: UUID | None,
        values: Mapping[str, Any],
        lists: Any = None,
        *,
        reviewers: Sequence[str] = (),
        reasons: Mapping[str, str] | None = None,
    ) -> Begun:
        begun = self.begin(about, values, lists)
        self.submit(begun.revision_id, reasons)
        self.approve(begun.revision_id, *reviewers)
        return begun

    def update(self, record_id: UUID, reason: str = "情况有变化") -> Begun:
        begun: Begun = self.perform(acts(self.kind).update, self.drafter, StartUpdate(record_id, reason))
        return begun
