"""Comparison of two answers of the registry: the stored form of an answer, and the differences (market 2.4)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from models.sealing import sm3_hex
from services.engine.adapters import adapter
from services.monitoring.rules.registered import LISTINGS, paired
from services.ports.registry import CompanyProfile, RegisteredChange, RegisteredHolder

#: Plain fields: their path, what people call them, the rule they concern and a word of the registry's entry of such a change.
_PLAIN = (
    ("name", "企业名称", "", "名称"),
    ("status", "登记状态", "SUB-11", "状态"),
    ("legal_rep", "法定代表人", "SUB-07", "法定代表人"),
    ("registered_capital", "注册资本", "SUB-12", "注册资本"),
    ("paid_in_capital", "实缴资本", "", "实缴"),
    ("actual_controller", "实际控制人", "SUB-08", "控制人"),
    ("company_type", "企业类型", "", "类型"),
    ("established_on", "成立日期", "", "成立"),
    ("address", "住所", "", "住所"),
    ("scope", "经营范围", "", "经营范围"),
)


@dataclass(frozen=True)
class Difference:
    """A thing that differs. `path` names it for the machine and holds nothing of a person."""

    path: str
    label: str
    before: str
    after: str
    rule: str = ""
    effective_on: date | None = None


def kept_form(profile: CompanyProfile) -> Any:
    """Return the stored form of an answer, ordered and without its time."""
    ordered = replace(
        profile,
        holders=tuple(sorted(profile.holders, key=lambda one: (one.identity, one.ratio))),
        changes=tuple(sorted(profile.changes, key=lambda one: (one.changed_on, one.number))),
        pledges=tuple(sorted(profile.pledges, key=lambda one: one.number)),
        freezes=tuple(sorted(profile.freezes, key=lambda one: one.number)),
        listings=tuple(sorted(profile.listings, key=lambda one: (one.since, one.kind))),
        as_of=None,
    )
    return adapter(CompanyProfile).dump_python(ordered, mode="json")


def digest_of(profile: CompanyProfile) -> str:
    """Return a digest that is equal for equal answers, whatever their time and order."""
    return sm3_hex(adapter(CompanyProfile).dump_json(adapter(CompanyProfile).validate_python(kept_form(profile))))


def profile_from(kept: Any) -> CompanyProfile:
    """An answer as it was kept."""
    return adapter(CompanyProfile).validate_python(kept)


def differences(was: CompanyProfile, now: CompanyProfile) -> Iterator[Difference]:
    """All that differs, a line each."""
    entered = [one for one in now.changes if one.number not in {old.number for old in was.changes}]
    for path, label, rule, word in _PLAIN:
        before, after = getattr(was, path), getattr(now, path)
        if before != after:
            said = [_words(value, money=path.endswith("capital")) for value in (before, after)]
            yield Difference(path, label, said[0], said[1], rule, _entered(entered, word))
    yield from _holders(was, now, entered)
    yield from _numbered(was, now)


def _holders(was: CompanyProfile, now: CompanyProfile, entered: list[RegisteredChange]) -> Iterator[Difference]:
    before = {one.identity: one for one in was.owners}
    after = {one.identity: one for one in now.owners}
    on = _entered(entered, "股东")
    for key, old, new in paired(before, after):
        path = f"holders.{sm3_hex(key.encode())[:12]}"
        named = (new or old).name  # type: ignore[union-attr]
        ratios = [f"{one.ratio.normalize():f}%" if one else "" for one in (old, new)]
        if ratios[0] != ratios[1]:
            yield Difference(f"{path}.ratio", "股东持股", f"{named} {ratios[0]}", f"{named} {ratios[1]}", "SUB-08", on)
        paid = [_contributions(profile, key) for profile in (was, now)]
        if old and new and paid[0] != paid[1]:
            yield Difference(f"{path}.paid", "股东出资", f"{named} {paid[0]}", f"{named} {paid[1]}", "SUB-15", on)


def _contributions(profile: CompanyProfile, key: str) -> str:
    lines = [one for one in profile.holders if one.identity == key]
    return "；".join(
        _contribution(one) for one in sorted(lines, key=lambda one: (one.due_on or date.max, one.subscribed))
    )


def _contribution(one: RegisteredHolder) -> str:
    paid = _words(one.paid, money=True) or "未公示"
    return f"认缴{one.subscribed:,.2f}元，实缴{paid}，期限{one.due_on or '未约定'}"


def _numbered(was: CompanyProfile, now: CompanyProfile) -> Iterator[Difference]:
    lists: tuple[tuple[str, str, str], ...] = (("pledges", "股权出质", "SUB-10"), ("freezes", "股权冻结", "SUB-10"))
    for name, label, rule in lists:
        before = {one.number: one for one in getattr(was, name)}
        after = {one.number: one for one in getattr(now, name)}
        for number, old, new in paired(before, after):
            if old != new:
                since = (new or old).since  # type: ignore[union-attr]
                yield Difference(f"{name}.{number}"[:120], label, _standing(old), _standing(new), rule, since)
    gone = {(one.kind, one.since): one for one in was.listings}
    come = {(one.kind, one.since): one for one in now.listings}
    for key, old, new in paired(gone, come):
        if old != new:
            label = LISTINGS.get(key[0], "名单")
            texts = [f"{one.since}起 {one.reason}，{one.until or '未'}移出" if one else "" for one in (old, new)]
            yield Difference(f"listings.{key[0]}.{key[1]}", label, texts[0], texts[1], "SUB-11", key[1])


def _standing(one: Any) -> str:
    if one is None:
        return ""
    return f"{one.number} {one.amount:,.2f}元 自{one.since}" + (f"，{one.until}解除" if one.until else "")


def _entered(entered: list[RegisteredChange], word: str) -> date | None:
    return max((one.changed_on for one in entered if word in one.item), default=None)


def _words(value: Any, *, money: bool = False) -> str:
    if value is None:
        return ""
    return f"{value:,.2f}元" if money else str(value)
