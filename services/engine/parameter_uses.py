"""Uses of parameters: the rules, actions, queries and jobs whose functions read it, found from the code itself."""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, partial
from types import FunctionType
from typing import Any

from services.engine.findings import Rule
from services.engine.jobs import JOBS
from services.engine.registry import ACTIONS, QUERIES, Action, Query
from services.engine.rule_fields import codes_in
from services.engine.thresholds import DECLARED, Threshold

#: How many calls deep a parameter is looked for below an action, a query, a rule or a job.
_DEPTH = 4
_STEPS = 8
_SWITCH = re.compile(r"rule\.(.+)\.on")
_CODE = re.compile(r"[A-Z]{2,4}-\d\d")


@cache
def uses_by_key() -> dict[str, tuple[str, ...]]:
    """The labels of what reads each parameter: rules first, then what people do, then jobs."""
    found: dict[str, dict[str, None]] = {key: {} for key in DECLARED}
    for key in DECLARED:
        if switch := _SWITCH.fullmatch(key):
            found[key].setdefault(f"规则 {switch[1]}")
    for label, entry in _entries():
        for key in _keys_below(entry):
            found[key].setdefault(label)
    return {key: tuple(labels) for key, labels in found.items()}


def rules_reading(key: str) -> list[str]:
    """The codes of the rules that read a parameter."""
    return [words.split()[1] for words in uses_by_key().get(key, ()) if words.startswith("规则 ")]


def _entries() -> Iterator[tuple[str, Any]]:
    """Every rule, action, query and job, then every other declaration, each with its Chinese label."""
    values = [one for module in _modules() for one in list(vars(module).values())]
    declared: list[Any] = [one for one in values if is_dataclass(one) and not isinstance(one, type)]
    # Two rules of one area may bear the same code, each with parameters of its own.
    rules = {(one.code, one.label): one for one in declared if isinstance(one, Rule)}
    for (code, label), rule in sorted(rules.items()):
        yield f"规则 {code} {label}", rule
    tables = [one if isinstance(one, Mapping) else getattr(one, "rules", None) for one in values]
    for table in [one for one in tables if isinstance(one, Mapping)]:
        for code, check in list(table.items()):
            if isinstance(code, str) and _CODE.fullmatch(code):
                yield f"规则 {code}", check
    acts: list[Action[Any, Any] | Query[Any, Any]] = [*ACTIONS.values(), *QUERIES.values()]
    for act in acts:
        yield act.label, act
    for job in JOBS.values():
        yield f"定时任务：{job.label}", job.run
    for one in declared:
        label = getattr(one, "label", "")
        if isinstance(label, str) and label and not isinstance(one, Rule | Action | Query | Threshold):
            yield label, one


def _modules() -> list[Any]:
    return [module for name, module in sorted(sys.modules.items()) if name.startswith("services.")]


def _keys_below(entry: Any) -> set[str]:
    """The parameters whose keys are written in a declaration, its functions, or functions that they call."""
    seen: set[int] = set()
    keys: set[str] = set()
    level = list(_parts(entry, keys, 3))
    for _ in range(_DEPTH):
        below: list[FunctionType] = []
        for function in level:
            if id(function.__code__) in seen:
                continue
            seen.add(id(function.__code__))
            for code in codes_in(function.__code__):
                for one in code.co_consts:
                    keys |= _named_by(one)
            names = {name for code in codes_in(function.__code__) for name in code.co_names}
            for value in (*(cell.cell_contents for cell in function.__closure__ or ()), *_globals(function, names)):
                below.extend(_parts(value, keys, 2))
        level = below
    return keys


def _globals(function: FunctionType, names: set[str]) -> Iterator[Any]:
    for name in names:
        value = function.__globals__.get(name)
        if isinstance(value, FunctionType | partial | str | Rule | Action | Query):
            yield value
        elif isinstance(value, dict) and len(value) < _STEPS and all(isinstance(one, str) for one in value.values()):
            # A parameter for each grade, such as those of an alert.
            yield tuple(value.values())


def _named_by(text: Any) -> set[str]:
    """The parameters a constant names: by its key, or by the beginning of keys that are put together."""
    if not isinstance(text, str) or "." not in text:
        return set()
    return {text} & set(DECLARED) | (
        {key for key in DECLARED if key.startswith(text)} if text.endswith(("_", ".")) else set()
    )


def _parts(value: Any, keys: set[str], deep: int) -> Iterator[FunctionType]:
    """The functions of the areas in a declaration, and into `keys` the parameters that it names."""
    if isinstance(value, partial):
        value = value.func
    keys |= _named_by(value)
    if isinstance(value, FunctionType):
        if value.__module__.startswith("services."):
            yield value
    elif deep and isinstance(value, tuple | list | frozenset | set):
        for one in value:
            yield from _parts(one, keys, deep - 1)
    elif deep and isinstance(value, Mapping):
        for one in list(value.values()):
            yield from _parts(one, keys, deep - 1)
    elif deep and is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _parts(getattr(value, one.name, None), keys, deep - 1)
