"""The cycle of kept records, declared once for every kind: draft, submit, review, effective, update (market 3.1-3.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import UUID

from models.access import AUTHORITY, Role
from services.engine import (
    comparison,
    cycle_drafts,
    cycle_effect,
    cycle_review,
    cycle_submission,
    cycle_views,
    periodic,
    prefill,
)
from services.engine.cycle_judgement import Answers
from services.engine.cycle_orders import (
    Begin,
    Begun,
    Compare,
    Comparison,
    Decide,
    FillIn,
    NextPeriod,
    OneRevision,
    RevisionView,
    Save,
    Saved,
    StartUpdate,
    Submit,
    Void,
)
from services.engine.door import Gathering
from services.engine.findings import Finding
from services.engine.kept_visibility import declare_visibility
from services.engine.kind_listing import READERS, listing_of
from services.engine.kinds import KINDS, Kind
from services.engine.listings import listed
from services.engine.registry import Action, Query, action, query
from services.engine.work import Work

Order = TypeVar("Order")
Result = TypeVar("Result")
Facts = TypeVar("Facts")


@dataclass(frozen=True)
class Acts:
    """The actions and queries of a kind."""

    begin: Action[Begin, Begun]
    save: Action[Save, Saved]
    submit: Action[Submit, None]
    withdraw: Action[OneRevision, None]
    drop: Action[OneRevision, None]
    fill_in: Action[FillIn, Saved]
    update: Action[StartUpdate, Begun]
    #: None of a kind without a period.
    next_period: Action[NextPeriod, Begun] | None
    take: Action[OneRevision, None]
    release: Action[OneRevision, None]
    send_back: Action[Decide, None]
    reject: Action[Decide, None]
    approve: Action[Decide, None]
    void: Action[Void, None]
    record: Query[UUID, RevisionView]
    revision: Query[UUID, RevisionView]
    trial: Query[UUID, tuple[Finding, ...]]
    compare: Query[Compare, Comparison]


_ACTS: dict[str, Acts] = {}


def acts(kind: Kind | str) -> Acts:
    """The actions and queries of a registered kind."""
    return _ACTS[kind if isinstance(kind, str) else kind.name]


def kept(kind: Kind) -> Kind:
    """Register a kind: its visibility, its listing, its actions and its queries. Returns it, so that it can be named."""
    if kind.name in KINDS:
        raise RuntimeError(f"kind {kind.name} is registered twice")
    if kind.period is not None and kind.look.change != "更正":
        raise RuntimeError(f"kind {kind.name} has a period: a month is corrected (更正), the next is a new record")
    KINDS[kind.name] = kind
    declare_visibility(kind)
    _ACTS[kind.name] = _registered(kind)
    listed(listing_of(kind))
    return kind


class _Handlers:
    """Registers the handlers of the cycle for one kind, each bound to it."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.personal = any(one.personal for one in kind.fields) or any(
            one.personal for child in kind.children for one in child.shape.fields
        )

    def act(
        self, name: str, word: str, roles: frozenset[Role], handler: Callable[[Kind, Work, Order], Result]
    ) -> Action[Order, Result]:
        bound: Callable[[Work, Order], Result] = partial(handler, self.kind)
        return action(*self._names(name, word), roles=set(roles), event="")(bound)

    def checked(
        self,
        name: str,
        word: str,
        roles: frozenset[Role],
        handler: Callable[[Kind, Work, Order, Facts], Result],
        gather: Callable[[Kind, Gathering, Order], Facts],
    ) -> Action[Order, Result]:
        bound: Callable[[Work, Order, Facts], Result] = partial(handler, self.kind)
        asking: Callable[[Gathering, Order], Facts] = partial(gather, self.kind)
        return action(*self._names(name, word), roles=set(roles), gather=asking, event="")(bound)

    def question(
        self,
        name: str,
        word: str,
        roles: frozenset[Role],
        handler: Callable[[Kind, Work, Order], Result],
        *,
        opens: bool = False,
    ) -> Query[Order, Result]:
        """Register a query; one that `opens` a record shows the personal data that the kind has."""
        bound: Callable[[Work, Order], Result] = partial(handler, self.kind)
        name, label = f"{self.kind.name}.{name}", f"{self.kind.label}{word}"
        return query(name, label, roles=set(roles), personal=opens and self.personal)(bound)

    def trial(self, roles: frozenset[Role]) -> Query[UUID, tuple[Finding, ...]]:
        bound: Callable[[Work, UUID, Answers], tuple[Finding, ...]] = partial(cycle_submission.trial, self.kind)
        asking: Callable[[Gathering, UUID], Answers] = partial(cycle_submission.gather_trial, self.kind)
        name, label = f"{self.kind.name}.trial", f"{self.kind.label}提交前核验"
        return query(name, label, roles=set(roles), gather=asking)(bound)

    def _names(self, name: str, word: str) -> tuple[str, str]:
        return f"{self.kind.name}.{name}", f"{word}{self.kind.label}"


def _registered(kind: Kind) -> Acts:
    draft, submit = kind.makers.draft, kind.makers.submit
    review = frozenset(role for level in kind.review for role in level.roles)
    made = _Handlers(kind)
    approve = made.checked("approve", "审核通过", review, cycle_review.approve, cycle_review.gather_approve)
    return Acts(
        begin=made.act("begin", "起草", draft, cycle_drafts.begin),
        save=made.act("save", "保存", draft, cycle_drafts.save),
        submit=made.checked("submit", "提交", submit, cycle_submission.submit, cycle_submission.gather_submit),
        withdraw=made.act("withdraw", "撤回", submit, cycle_submission.withdraw),
        drop=made.act("drop", "删除草稿：", draft, cycle_drafts.drop),
        fill_in=made.checked("fill_in", "自动带入", draft, prefill.fill_in, prefill.gather_fill),
        update=made.act("update", kind.look.change, draft, cycle_drafts.update),
        next_period=made.act("next_period", "填报下期", draft, periodic.next_period)
        if kind.period is not None
        else None,
        take=made.act("take", "领取审核", review, cycle_review.take),
        release=made.act("release", "放回待审", review, cycle_review.release),
        send_back=made.act("send_back", "退回修改", review, cycle_review.send_back),
        reject=made.act("reject", "不予通过", review, cycle_review.reject),
        approve=approve,
        void=made.act("void", "作废", frozenset(cycle_views.VOIDERS | (review & AUTHORITY)), cycle_effect.void),
        record=made.question("record", "查看", READERS, cycle_views.record, opens=True),
        revision=made.question("revision", "版本", READERS, cycle_views.revision, opens=True),
        trial=made.trial(draft | submit),
        compare=made.question("compare", "版本比对", READERS, comparison.compare),
    )
