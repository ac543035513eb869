"""The cycle of kept records, declared once for every kind: draft, submit, review, effective, update (market 3.1-3.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any, get_type_hints
from uuid import UUID

from models.access import AUTHORITY, MARKET, Role
from services.engine import (
    comparison,
    cycle_drafts,
    cycle_effect,
    cycle_review,
    cycle_submission,
    cycle_views,
    prefill,
    record_lists,
)
from services.engine.cycle_orders import (
    Begin,
    Begun,
    Compare,
    Comparison,
    Decide,
    Decided,
    DecideMany,
    FillIn,
    OneRevision,
    RecordPage,
    Records,
    RevisionView,
    Save,
    Saved,
    StartUpdate,
    Submit,
    Void,
)
from services.engine.findings import Finding
from services.engine.kept_visibility import declare_visibility
from services.engine.kinds import KINDS, Kind
from services.engine.registry import Action, Query, action, query
from services.engine.work import Work

__all__ = ["Acts", "acts", "kept"]


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
    take: Action[OneRevision, None]
    release: Action[OneRevision, None]
    send_back: Action[Decide, None]
    reject: Action[Decide, None]
    approve: Action[Decide, None]
    approve_many: Action[DecideMany, tuple[Decided, ...]]
    void: Action[Void, None]
    page: Query[Records, RecordPage]
    record: Query[UUID, RevisionView]
    revision: Query[UUID, RevisionView]
    trial: Query[UUID, tuple[Finding, ...]]
    compare: Query[Compare, Comparison]


_ACTS: dict[str, Acts] = {}


def acts(kind: Kind | str) -> Acts:
    """The actions and queries of a registered kind."""
    return _ACTS[kind if isinstance(kind, str) else kind.name]


def kept(kind: Kind) -> Kind:
    """Register a kind: its visibility, its actions and its queries. Returns it, so that it can be named."""
    if kind.name in KINDS:
        raise RuntimeError(f"kind {kind.name} is registered twice")
    KINDS[kind.name] = kind
    declare_visibility(kind)
    _ACTS[kind.name] = _registered(kind)
    return kind


def _registered(kind: Kind) -> Acts:
    label = kind.label
    draft, submit = kind.makers.draft, kind.makers.submit
    review = frozenset(role for level in kind.review for role in level.roles)
    readers = MARKET | review | {Role.ANALYST}
    personal = any(one.personal for one in kind.fields) or any(
        one.personal for child in kind.children for one in child.shape.fields
    )

    def act(name: str, word: str, roles: frozenset[Role], handler: Any, gather: Any = None, event: str = "") -> Any:
        return action(
            f"{kind.name}.{name}",
            f"{word}{label}",
            roles=set(roles),
            gather=_of(kind, gather) if gather else None,
            event=event,
        )(_of(kind, handler))

    def question(name: str, word: str, roles: frozenset[Role], handler: Any, gather: Any = None) -> Any:
        return query(
            f"{kind.name}.{name}",
            f"{label}{word}",
            roles=set(roles),
            personal=personal and name in {"record", "revision"},
            gather=_of(kind, gather) if gather else None,
        )(_of(kind, handler))

    asks = kind.facts.ask is not None
    approve = act("approve", "审核通过", review, cycle_review.approve, cycle_review.gather_approve if asks else None)
    return Acts(
        begin=act("begin", "起草", draft, cycle_drafts.begin),
        save=act("save", "保存", draft, cycle_drafts.save),
        submit=act("submit", "提交", submit, cycle_submission.submit, cycle_submission.gather_submit if asks else None),
        withdraw=act("withdraw", "撤回", submit, cycle_submission.withdraw),
        drop=act("drop", "删除草稿：", draft, cycle_drafts.drop),
        fill_in=act("fill_in", "自动带入", draft, prefill.fill_in, prefill.gather_fill),
        update=act("update", kind.look.change, draft, cycle_drafts.update),
        take=act("take", "领取审核", review, cycle_review.take),
        release=act("release", "放回待审", review, cycle_review.release),
        send_back=act("send_back", "退回修改", review, cycle_review.send_back),
        reject=act("reject", "不予通过", review, cycle_review.reject),
        approve=approve,
        approve_many=act("approve_many", "批量通过", review, cycle_review.approve_many, _many(kind, approve)),
        void=act("void", "作废", frozenset(cycle_views.VOIDERS | (review & AUTHORITY)), cycle_effect.void),
        page=question("page", "列表", readers, _page),
        record=question("record", "查看", readers, cycle_views.record),
        revision=question("revision", "版本", readers, cycle_views.revision),
        trial=question(
            "trial",
            "提交前核验",
            draft | submit,
            cycle_submission.trial,
            cycle_submission.gather_trial if asks else None,
        ),
        compare=question("compare", "版本比对", readers, comparison.compare),
    )


def _page(kind: Kind, work: Work, order: Records) -> RecordPage:
    """A page of the records of a kind."""
    return record_lists.record_page(work, kind, order)


def _many(kind: Kind, approve: Action[Decide, None]) -> Callable[..., tuple[Decided, ...]]:
    def gather_many(kind: Kind, gathering: Any, order: DecideMany) -> tuple[Decided, ...]:
        return cycle_review.gather_many(kind, approve, gathering, order)

    return gather_many


def _of(kind: Kind, handler: Callable[..., Any]) -> Callable[..., Any]:
    """The handler `(kind, work, order, ...)` as one of this kind, with its own signature for those who read it."""

    def bound(*given: Any) -> Any:
        return handler(kind, *given)

    parameters = list(signature(handler).parameters.values())[1:]
    hints = get_type_hints(handler)
    bound.__name__ = f"{kind.name}_{handler.__name__}"
    bound.__qualname__ = bound.__name__
    bound.__doc__ = handler.__doc__
    bound.__module__ = handler.__module__
    bound.__annotations__ = {name: hint for name, hint in hints.items() if name != "kind"}
    bound.__signature__ = signature(handler).replace(  # type: ignore[attr-defined]
        parameters=[one.replace(kind=Parameter.POSITIONAL_ONLY) for one in parameters]
    )
    return bound
