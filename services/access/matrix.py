"""The permission matrix as data: every action and query of the build, by role and scope (security.md D07, M5)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from models.access import Role, ScopeKind
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


def _named(work: Work, text: str) -> Callable[[MatrixLine], bool]:
    return lambda line: text.casefold() in f"{line.name} {line.label}".casefold()


def _scopes(kinds: tuple[ScopeKind, ...]) -> str:
    return "、".join(kind.label for kind in kinds) or "内部"


MATRIX = listed(
    Listing(
        name="access.matrix",
        label="权限矩阵",
        roles={Role.SEC_ADMIN, Role.AUDITOR},
        items=lambda work: matrix(),
        columns=(
            Column("role", "岗位", width=150),
            Column("kind", "类别", lambda line: KIND_LABELS[line.kind], width=70),
            Column("label", "功能"),
            Column("name", "功能代码", width=220),
            Column("scopes", "数据范围", width=130, show=_scopes),
        ),
        filters=(
            Filter(
                "role",
                "岗位",
                lambda work, text: lambda line: line.role == text,
                options={str(role): role.label for role in SCOPES},
                width=220,
            ),
            Filter("text", "功能", _named, width=200),
        ),
        exporters=set(),
        empty="没有符合条件的功能",
    )
)
