"""Callers: a signed-in person, a partner or the system itself, with the scopes of their roles."""

from dataclasses import dataclass
from uuid import UUID

from models.access import Role, ScopeKind, UnitKind
from models.labels import Label
from models.streets import LinkDuty


@dataclass(frozen=True)
class Scope:
    """A role over a part of the city: everything, a district, a street, an organisation."""

    role: Role
    kind: ScopeKind
    code: str = ""


@dataclass(frozen=True)
class Caller:
    """The acting person, partner or system. `account_id` is None for partners and the system.

    Of a street user unit, district and street are those of the street in which the user works at the moment.
    """

    name: str
    scopes: tuple[Scope, ...]
    account_id: UUID | None = None
    unit_id: UUID | None = None
    unit_kind: UnitKind | None = None
    unit_name: str = ""
    window: str = ""
    district_code: str = ""
    street_code: str = ""
    enterprise_id: UUID | None = None
    session: str = ""
    address: str = ""
    clearance: Label = Label.INTERNAL
    #: What a street user does in the street, and all streets the user may work in (row 50).
    duty: LinkDuty | None = None
    streets: tuple[str, ...] = ()

    @property
    def only_reads(self) -> bool:
        """True of a street user who is linked for looking only."""
        return self.duty is LinkDuty.READ

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(scope.role for scope in self.scopes)

    @property
    def key(self) -> str:
        """The audit's and the request table's name for this caller."""
        return str(self.account_id) if self.account_id else self.name

    def has(self, *roles: Role) -> bool:
        return bool(self.roles & set(roles))

    def scope_of(self, *roles: Role) -> list[Scope]:
        return [scope for scope in self.scopes if scope.role in roles]


def streets_worked_in(caller: Caller, *roles: Role) -> list[str]:
    """Return the codes under which the records of the caller's street stand; none for callers of no street."""
    held = caller.scope_of(*(roles or (Role.STREET_CLERK,)))
    return [scope.code for scope in held if scope.kind is ScopeKind.STREET]


SYSTEM = Caller(name="system", scopes=(Scope(Role.SYSTEM, ScopeKind.CITY),), clearance=Label.HIGH)
