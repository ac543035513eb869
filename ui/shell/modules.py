"""Modules: what the workspaces are made of; a page says its key, title, group and roles, and how it is drawn."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from models.access import Role
from services.engine.callers import Caller
from ui.shell.place import Host, Place

Build = Callable[[Place], Awaitable[None] | None]


@dataclass(frozen=True)
class Group:
    """A menu of the menu bar and a branch of the tree; `letter` opens it with Alt.

    `first` names the modules that come first, in their order; all others follow by themselves.
    """

    key: str
    label: str
    letter: str
    icon: str = "folder"
    first: tuple[str, ...] = ()


GROUPS = {
    group.key: group
    for group in (
        Group("inbox", "待办", "D", "inbox"),
        Group(
            "subjects", "主体管理", "T", "folder", first=("companies", "company_joint", "company_accounts", "company")
        ),
        Group(
            "parcels",
            "地块管理",
            "L",
            "folder",
            first=(
                "list-parcel",
                "parcel_links",
                "parcel_unlinked",
                "parcel_claim",
                "parcel_assignments",
                "parcel_assign",
                "parcel_calendar",
            ),
        ),
        Group("projects", "项目管理", "P", "folder", first=("cockpit",)),
        Group("alerts", "监测预警", "W", "folder", first=("alerts", "company_changes", "relations")),
        Group(
            "counter",
            "窗口业务",
            "B",
            "folder",
            first=(
                "home",
                "intake",
                "filing_form",
                "cancel_lease",
                "contract_find",
                "contract",
                "filing_query",
                "card_cancel",
            ),
        ),
        Group(
            "review",
            "审核",
            "A",
            "folder",
            first=(
                "record_review",
                "record_steps",
                "checks",
                "cancel_applies",
                "card_inspection",
                "brand_review",
                "card_tasks",
                "card_cancel_confirm",
                "stay_differences",
            ),
        ),
        Group(
            "practitioners",
            "从业人员",
            "C",
            "folder",
            first=(
                "firm_people",
                "firm_applies",
                "firm_apply",
                "firm_activation",
                "firm_brand",
                "imports",
                "import_session",
            ),
        ),
        Group(
            "direct",
            "公积金直付",
            "Z",
            "folder",
            first=(
                "direct_pay_progress",
                "orphans",
                "pilots",
                "filing_calls",
                "firm_inbox",
                "firm_mandates",
                "firm_bills",
                "firm_terminations",
                "mandate",
            ),
        ),
        Group(
            "search",
            "查询",
            "Q",
            "folder",
            first=("audit", "filings", "cards", "broker_pushes", "check_ins", "move_outs", "materials", "who_looked"),
        ),
        Group("report", "统计", "R", "folder", first=("rule_hits", "broker_report", "check_in_monitor", "flows")),
        Group(
            "exchange",
            "对接",
            "J",
            "folder",
            first=("licence_failures", "association_ledger", "exchange_log", "letters", "partners", "broker_batches"),
        ),
        Group(
            "manage",
            "管理",
            "M",
            "folder",
            first=(
                "simulation",
                "exports",
                "units",
                "accounts",
                "grants",
                "delegation",
                "access_list",
                "matrix",
                "locked_rows",
                "standing",
                "alarms",
                "parameters",
                "keys",
                "data_catalogue",
            ),
        ),
    )
}


@dataclass(frozen=True)
class Module:
    """An entry of the menu. `build(place)` draws into the current container; `hidden` ones are only linked to."""

    key: str
    title: str
    icon: str
    group: str
    roles: frozenset[Role]
    build: Build
    hidden: bool = False
    several: bool = False
    #: Draws the module's part of the status bar of users who have it.
    status: Callable[[Host], None] | None = None
    #: Its place among the modules that the group does not name.
    order: int = 1000
    #: The listing it shows; figures that count its rows open it.
    listing: str = ""

    def __post_init__(self) -> None:
        if self.group not in GROUPS:
            raise ValueError(f"module {self.key} stands in no group")


def in_menu_order(modules: Iterable[Module]) -> tuple[Module, ...]:
    """Sort modules as the menus show them: by group, then those the group names, then by their own order."""
    groups = list(GROUPS)

    def place(module: Module) -> tuple[int, int, int, str]:
        first = GROUPS[module.group].first
        named = first.index(module.key) if module.key in first else len(first)
        return groups.index(module.group), named, module.order, module.key

    return tuple(sorted(modules, key=place))


def modules_for(caller: Caller, modules: Sequence[Module]) -> list[Module]:
    """The modules of a caller's roles, in menu order."""
    return [module for module in modules if module.roles & caller.roles]
