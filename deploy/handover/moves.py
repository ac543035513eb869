"""The moves of every state machine, with the actions that take each of them, found in the code of the services."""

import ast
import inspect
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from sqlmodel import SQLModel

from models.columns import CodeType
from models.machines import Machine
from services.catalogue.subjects import label_of
from services.engine.registry import ACTIONS

#: A name at the top of a module of the services: a function, an action, an event or a constant.
Node = tuple[str, str]
#: So many actions are named for one move; the rest are counted.
_NAMED = 3
_TAKING = {"take_step", "step_on"}


def machines() -> dict[str, Machine[Any]]:
    """The state machines of the models, by the tables and columns whose states they move."""
    return {
        "、".join(_columns_of(value.states)) or value.states.__name__: value
        for name, module in list(sys.modules.items())
        if name.startswith("models.")
        for value in vars(module).values()
        if isinstance(value, Machine)
    }


def _columns_of(states: type) -> list[str]:
    """The labels of tables and columns that hold a code."""
    return [
        f"{label_of(table.name)}：{column.info.get('label', column.name)}"
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, CodeType) and column.type.codes is states and not table.name.endswith("_version")
    ]


def told_moves(machine: Machine[Any], code: "Code") -> Iterator[tuple[str, str, str]]:
    """The moves of a machine by the state they lead to: who takes them, from where, to where."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for step, moves in machine.steps.items():
        takers = sorted(code.takers(machine, step))
        told = "、".join(takers[:_NAMED]) + (f" 等{len(takers)}个" if len(takers) > _NAMED else "")
        for before, after in moves.items():
            found[told or "随其他办理", after.label].append(before.label)
    for (told, after_told), before_told in found.items():
        yield told, "、".join(dict.fromkeys(before_told)), after_told


class Code:
    """The source of the services: which name uses which other, and where steps are taken."""

    def __init__(self) -> None:
        self.bodies: dict[Node, ast.stmt] = {}
        self.imports: dict[str, dict[str, Node]] = {}
        self.routes: list[tuple[str, ast.Call]] = []
        for name, module in list(sys.modules.items()):
            if name.startswith("services.") and getattr(module, "__file__", None):
                self._read(name, ast.parse(inspect.getsource(module)))

    def takers(self, machine: Machine[Any], step: str) -> set[str]:
        """The names of the actions that declare a step, else of those whose code comes to it."""
        declared = {
            one.label for one in ACTIONS.values() if one.step and (one.step.machine, one.step.name) == (machine, step)
        }
        return declared or self._taken[id(machine), step] or self._taken[id(machine), ""]

    def _read(self, module: str, tree: ast.Module) -> None:
        self.imports[module] = {
            one.asname or one.name: (statement.module, one.name)
            for statement in ast.walk(tree)
            if isinstance(statement, ast.ImportFrom) and statement.module
            for one in statement.names
        }
        for statement in tree.body:
            match statement:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                    self.bodies[module, name] = statement
                case ast.Assign(targets=[ast.Name(id=name)]):
                    self.bodies[module, name] = statement
                case ast.Expr(value=ast.Call(func=ast.Name(id="route")) as call):
                    self.routes.append((module, call))

    def _meant(self, module: str, name: str) -> Node:
        """Find where a name of a module is defined, through the modules that pass it on."""
        while (module, name) not in self.bodies and name in self.imports.get(module, {}):
            module, name = self.imports[module][name]
        return module, name

    def _used(self, module: str, part: ast.AST) -> set[Node]:
        names = {self._meant(module, one.id) for one in ast.walk(part) if isinstance(one, ast.Name)}
        for one in ast.walk(part):
            if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
                names.add(self._meant(".".join(self.imports[module].get(one.value.id, ("", ""))), one.attr))
        return names

    @cached_property
    def _callers(self) -> dict[Node, set[Node]]:
        """The users of every name; what follows an event is used by the event."""
        found: dict[Node, set[Node]] = defaultdict(set)
        for node, body in self.bodies.items():
            events: set[Node] = set()
            for one in getattr(body, "decorator_list", ()):
                if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "on":
                    events |= self._used(node[0], one.args[0])
            found[node] |= events
            for used in self._used(node[0], body) - events - {node}:
                found[used].add(node)
        return found

    @cached_property
    def _actions(self) -> dict[Node, set[str]]:
        """The functions at which a way ends: the handlers of actions, and what a partner's answer calls."""
        found: dict[Node, set[str]] = defaultdict(set)
        for one in ACTIONS.values():
            handler: Any = one.handler
            while hasattr(handler, "func"):
                handler = handler.func
            found[handler.__module__, handler.__name__].add(one.label)
        for module, call in self.routes:
            for function in self._used(module, call):
                found[function] |= {"对方收到报文后的应答"}
        return found

    @cached_property
    def _taken(self) -> dict[tuple[int, str], set[str]]:
        """The actions by the machine and the step they take; the empty step is one that only the state names."""
        found: dict[tuple[int, str], set[str]] = defaultdict(set)
        for node, body in self.bodies.items():
            for call in ast.walk(body):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _TAKING:
                    for machine, step, labels in self._ways(node, body, *call.args[2:4]):
                        found[machine, step] |= labels
        return found

    def _ways(self, start: Node, body: ast.AST, moved: ast.expr, step: ast.expr) -> Iterator[tuple[int, str, set[str]]]:
        """The actions that come to a step. A machine or a step that is handed on is the first one named on the way."""
        ways: list[tuple[Node, Machine[Any] | None, frozenset[str]]] = []

        def go(
            node: Node, known: Machine[Any] | None, steps: frozenset[str], machines: ast.AST, words: ast.AST
        ) -> None:
            told: list[Machine[Any] | None] = [known] if known else [*self._machines(node[0], machines)]
            for machine in told or [None]:
                named = steps or (_words(words) if machine else steps)
                if machine:
                    named &= machine.steps.keys()
                if (way := (node, machine, named)) not in ways and (named or not steps):
                    ways.append(way)

        handed = isinstance(step, ast.Name) and step.id in {
            one.arg for one in ast.walk(body) if isinstance(one, ast.arg)
        }
        asked = [self.bodies[one] for one in self._used(start[0], step) if one in self.bodies]
        go(start, None, _words(step).union(*map(_words, asked)), moved, step if handed else body)
        for node, machine, steps in ways:
            if node not in self._actions:
                for caller in self._callers[node] & self.bodies.keys():
                    go(caller, machine, steps, self.bodies[caller], self.bodies[caller])
            elif machine:
                yield from ((id(machine), one, self._actions[node]) for one in steps or {""})

    def _machines(self, module: str, part: ast.AST) -> list[Machine[Any]]:
        values = (getattr(sys.modules.get(where), what, None) for where, what in self._used(module, part))
        return [value for value in values if isinstance(value, Machine)]


def _words(part: ast.AST) -> frozenset[str]:
    return frozenset(
        one.value for one in ast.walk(part) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    )
