"""The permission matrix as data: every action and query of the build, by role and scope (security.md D07, M5)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from models.access import Role, ScopeKind
from models.codes import Toned
from models.sealing import sm3_hex
from services.access.scopes import SCOPES
from services.engine.listings import Column, Filter, Listing, listed
from services.engine.registry import ACTIONS, QUERIES
from services.engine.work import Work

KIND_LABELS = {"action": "办理", "query": "查询"}


@dataclass(frozen=True)
class MatrixLine:
    """A thing one role may do or ask, and the kinds of scope the role is held over."""

    role: Role
    kind: str
    name: str
    label: str
    scopes: tuple[ScopeKind, ...]

    @property
    def id(self) -> str:
        return f"{self.role}.{self.name}"


def matrix() -> list[MatrixLine]:
    """Every line, by role, then actions before queries, then name."""
    told = [("action", ACTIONS), ("query", QUERIES)]
    lines = [
        MatrixLine(role, kind, name, what.label, SCOPES.get(role, ()))
        for kind, registry in told
        for name, what in registry.items()  # type: ignore[attr-defined]
        for role in what.roles
    ]
    order = {role: place for place, role in enumerate(Role)}
    return sorted(lines, key=lambda line: (order[line.role], line.kind, line.name))


@cache
def matrix_digest() -> str:
    """Return the SM3 over all lines, which every signed access list contains."""
    return sm3_hex(
        "\n".join(f"{line.role} {line.kind} {line.name} {','.join(line.scopes)}" for line in matrix()).encode()
    )


@dataclass(frozen=True)
class FunctionLine:
    """A thing people may do or ask, and the roles that may."""

    kind: str
    name: str
    label: str
    roles: frozenset[Role]

    @property
    def id(self) -> str:
        return self.name


def functions() -> list[FunctionLine]:
    """Every action and query that a person's role may use, by name; one line each."""
    told = [("action", ACTIONS), ("query", QUERIES)]
    lines = [
        FunctionLine(kind, name, what.label, frozenset(what.roles))
        for kind, registry in told
        for name, what in registry.items()  # type: ignore[attr-defined]
    ]
    return sorted((line for line in lines if line.roles & set(SCOPES)), key=lambda line: (line.name, line.kind))


def _may(role: Role) -> Callable[[FunctionLine], str]:
    return lambda line: Toned("●", "good") if role in line.roles else ""


def _named(work: Work, text: str) -> Callable[[FunctionLine], bool]:
    return lambda line: text.casefold() in f"{line.name} {line.label}".casefold()


MATRIX = listed(
    Listing(
        name="access.matrix",
        label="权限矩阵",
        roles={Role.SEC_ADMIN, Role.AUDITOR},
        items=lambda work: functions(),
        columns=(
            Column("label", "功能", width=210),
            Column("kind", "类别", lambda line: KIND_LABELS[line.kind], width=56),
            *(Column(role.name.lower(), role.label, _may(role), width=34) for role in Role if role in SCOPES),
        ),
        filters=(
            Filter(
                "role",
                "岗位",
                lambda work, text: lambda line: text in line.roles,
                options={str(role): role.label for role in SCOPES},
                width=220,
            ),
            Filter("text", "功能", _named, width=200),
        ),
        exporters=set(),
        empty="没有符合条件的功能",
    )
)
