"""The cycle of kept records, declared once for every kind: draft, submit, review, effective, update (market 3.1-3.5)."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar
from uuid import UUID

from models.access import KEEPERS, SPATIAL_OFFICE, Role
from models.details import own
from models.records import Revision
from services.engine import comparison, cycle_drafts, cycle_effect, cycle_review, cycle_views, periodic, prefill
from services.engine.cycle_judgement import Answers, ask
from services.engine.cycle_orders import RevisionView
from services.engine.door import Gathering
from services.engine.findings import Finding
from services.engine.kept_visibility import declare_visibility
from services.engine.kind_listing import listing_of
from services.engine.kinds import KINDS, Kind
from services.engine.listings import listed
from services.engine.refusals import NotAllowed, NotFound
from services.engine.registry import Action, Query, action, query
from services.engine.work import Work

Order = TypeVar("Order")
Result = TypeVar("Result")
Facts = TypeVar("Facts")


class Acts:
    """The actions and queries of a kind: the handlers of the cycle, each bound to it and registered under its name."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.personal = any(one.personal for one in kind.fields) or any(
            one.personal for child in kind.children for one in child.fields
        )
        draft, submit = kind.makers.draft, kind.makers.submit
        offices = kind.makers.offices
        review = frozenset(role for level in kind.review for role in level.roles)
        later = frozenset(role for level in kind.review[1:] for role in level.roles)
        self.begin = self._act("begin", "起草", draft, cycle_drafts.begin)
        self.save = self._act("save", "保存", draft, cycle_drafts.save)
        self.submit = self._checked("submit", "提交", submit, cycle_review.submit, cycle_review.gather)
        self.withdraw = self._act("withdraw", "撤回", submit if review else review, cycle_review.withdraw)
        self.drop = self._act("drop", "删除草稿：", draft, cycle_drafts.drop)
        #: None of a kind without a source.
        self.fill_in = (
            self._checked("fill_in", "自动带入", draft, prefill.fill_in, prefill.gather_fill)
            if kind.facts.prefill is not None
            else None
        )
        self.update = self._act("update", kind.look.change, draft, cycle_drafts.update)
        #: None of a kind without a period.
        self.next_period = (
            self._act("next_period", "填报下期", draft, periodic.next_period) if kind.period is not None else None
        )
        self.take = self._act("take", "领取审核", review, cycle_review.take)
        self.release = self._act("release", "放回待审", review, cycle_review.release)
        self.send_back = self._act("send_back", "退回修改", review, cycle_review.send_back)
        #: None of a kind with one level of review.
        self.step_back = (
            self._act("step_back", "退回上一级审核", later, cycle_review.step_back) if len(kind.review) > 1 else None
        )
        self.reject = self._act("reject", "不予通过", review, cycle_review.reject)
        self.approve = self._checked("approve", "审核通过", review, cycle_review.approve, cycle_review.gather)
        self.void = self._act("void", "作废", offices.voiders | (review & offices.authority), cycle_effect.void)
        self.record = self._question("record", "查看", cycle_views.record, opens=True)
        self.revision = self._question("revision", "版本", cycle_views.revision, opens=True)
        self.trial = self._trial(draft | submit)
        self.compare = self._question("compare", "版本比对", comparison.compare)

    def _act(
        self, name: str, word: str, roles: frozenset[Role], handler: Callable[[Kind, Work, Order], Result]
    ) -> Action[Order, Result]:
        bound: Callable[[Work, Order], Result] = partial(handler, self.kind)
        return action(*self._names(name, word), roles=set(roles), event="")(bound)

    def _checked(
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

    def _question(
        self, name: str, word: str, handler: Callable[[Kind, Work, Order], Result], *, opens: bool = False
    ) -> Query[Order, Result]:
        """Register a query; one that `opens` a record shows the personal data that the kind has."""
        bound: Callable[[Work, Order], Result] = partial(handler, self.kind)
        name, label = f"{self.kind.name}.{name}", f"{self.kind.label}{word}"
        return query(name, label, roles=set(self.kind.makers.offices.readers), personal=opens and self.personal)(bound)

    def _trial(self, roles: frozenset[Role]) -> Query[UUID, tuple[Finding, ...]]:
        bound: Callable[[Work, UUID, Answers], tuple[Finding, ...]] = partial(cycle_review.trial, self.kind)
        asking: Callable[[Gathering, UUID], Answers] = partial(ask, self.kind)
        name, label = f"{self.kind.name}.trial", f"{self.kind.label}提交前核验"
        return query(name, label, roles=set(roles), gather=asking)(bound)

    def _names(self, name: str, word: str) -> tuple[str, str]:
        return f"{self.kind.name}.{name}", f"{word}{self.kind.label}"


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
    for child in kind.children:
        own(str(child.table.__tablename__), str(kind.table.__tablename__))
    declare_visibility(kind)
    _ACTS[kind.name] = Acts(kind)
    listed(listing_of(kind))
    return kind


@query("records.revision", "查看管理记录", roles={*KEEPERS, *SPATIAL_OFFICE}, personal=True)
def any_revision(work: Work, revision_id: UUID) -> RevisionView:
    """Return a visible version, as its own kind shows it to the caller."""
    row = work.get(Revision, revision_id)
    if row.kind not in KINDS:
        raise NotFound
    question = acts(row.kind).revision
    if not question.roles & work.caller.roles:
        raise NotAllowed("您的岗位不能查询此项内容")
    return question(work, revision_id)
