"""Rules of a kind by the field they find fault with, so that a form says in a sentence what will be asked of a value."""

from collections.abc import Iterable, Iterator, Set
from functools import cache
from types import CodeType, FunctionType
from typing import Any

from services.engine.findings import Rule
from services.engine.kinds import KINDS

#: How many functions deep the field of a fault is looked for below its rule.
_DEPTH = 2


@cache
def sentences_of(kind: str) -> dict[str, tuple[str, ...]]:
    """Return what the rules of a kind ask of each of its fields, in their own words; each sentence once."""
    declared = KINDS[kind]
    return sentences_by_field(declared.rules, {field.name for field in declared.fields})


def sentences_by_field(rules: Iterable[Rule[Any]], names: Set[str]) -> dict[str, tuple[str, ...]]:
    """Return what some rules ask of fields with these names."""
    found: dict[str, dict[str, None]] = {}
    for rule in rules:
        for name in sorted(_texts(rule) & names):
            found.setdefault(name, {}).setdefault(_sentence(rule))
    return {name: tuple(sentences) for name, sentences in found.items()}


def _sentence(rule: Rule[Any]) -> str:
    return rule.message.rstrip("。")


@cache
def _texts(rule: Rule[Any]) -> Set[str]:
    """The texts written in a rule's function and in those it calls; the field of a fault is one of them."""
    texts: set[str] = set()
    level: list[Any] = [rule.check]
    for _ in range(_DEPTH + 1):
        below: list[Any] = []
        for function in level:
            if not isinstance(function, FunctionType):
                continue
            for code in codes_in(function.__code__):
                texts |= {one for one in code.co_consts if isinstance(one, str)}
            # What the rule was made of is in its closure; helpers of the same module are named in its code.
            below += [cell.cell_contents for cell in function.__closure__ or ()]
            below += [
                value
                for code in codes_in(function.__code__)
                for name in code.co_names
                if isinstance(value := function.__globals__.get(name), FunctionType)
                and value.__module__ == function.__module__
            ]
        level = below
    return texts


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """Yield a function's code with that of the functions written inside it."""
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from codes_in(one)
