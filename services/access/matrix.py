"""The permission matrix as data: every action and query of the build, by role and scope (security.md D07, M5)."""

from dataclasses import dataclass
from functools import cache

from models.access import Role
from models.sealing import sm3_hex
from services.access.scopes import SCOPES
from services.engine.registry import ACTIONS, QUERIES, query
from services.engine.work import Work

KIND_LABELS = {"action": "办理", "query": "查询"}


@dataclass(frozen=True)
class MatrixLine:
    """A thing one role may do or ask, and the kinds of scope the role is held over."""

    role: Role
    kind: str
    name: str
    label: str
    scopes: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.role}.{self.name}"


def matrix() -> list[MatrixLine]:
    """Every line, by role, then actions before queries, then name."""
    told = [("action", ACTIONS), ("query", QUERIES)]
    lines = [
        MatrixLine(role, kind, name, what.label, tuple(str(scope) for scope in SCOPES.get(role, ())))
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
class FindMatrix:
    role: str = ""
    text: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class MatrixPage:
    total: int
    lines: list[MatrixLine]


@query("access.matrix", "权限矩阵", roles={Role.SEC_ADMIN, Role.AUDITOR})
def find_matrix(work: Work, order: FindMatrix) -> MatrixPage:
    """The matrix of this build, by role or by a part of a name."""
    text = order.text.strip().casefold()
    lines = [
        line
        for line in matrix()
        if (not order.role or line.role == order.role) and (not text or text in f"{line.name} {line.label}".casefold())
    ]
    size = min(max(order.size, 1), 200)
    start = (max(order.page, 1) - 1) * size
    return MatrixPage(len(lines), lines[start : start + size])
