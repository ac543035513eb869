"""Reports of unmanaged places on their way, told shortly."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.unmanaged import UnmanagedReport
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Decide, RevisionView, Save, StartUpdate, Submit
from services.engine.findings import Finding
from services.engine.refusals import Rejected
from tests.people_made import id_number
from tests.world import World

_NUMBERS = count(1)
ACTS = acts("unmanaged_report")
VALUES: dict[str, Any] = {
    "project_name": "金桥蓝领公寓",
    "street": "金桥镇",
    "in_estate": "NO",
    "land_nature": "FACTORY",
    "title_state": "YES",
    "conversion": "NO",
    "operator_kind": "FIRM",
    "operator_name": "上海金桥公寓管理有限公司",
    "safety_manager": "黄安全",
    "period": "2026-05",
    "building_count": "1",
    "room_count": "12",
    "bed_count": "24",
    "resident_count": "20",
    "rectification": "UNDER_WAY",
}
TENANT = {"name": "李安", "id_no": id_number(37), "room_no": "0101", "moved_in_on": "2026-01-01", "registered": "YES"}
ROOM = {"room_no": "0101", "area": "15.00", "beds": "2", "rent": "1800.00", "let_state": "LET"}
HAZARD = {"kind": "FIRE", "spot": "二楼走道", "found_on": "2026-05-05"}


@dataclass
class Places:
    """Places of one test, each at an address of its own unless it names one."""

    world: World

    def perform(self, act: Any, login: str, order: Any) -> Any:
        return self.world.door.perform(act, self.world.caller(login), order)

    def ask(self, query: Any, login: str, order: Any) -> Any:
        return self.world.door.ask(query, self.world.caller(login), order)

    def address(self) -> str:
        return f"浦东新区金桥路{next(_NUMBERS)}号"

    def begin(self, values: Mapping[str, Any] | None = None, lists: Any = None, login: str = "pdju01") -> Any:
        filled = {**VALUES, "address": self.address(), **(values or {})}
        return self.perform(ACTS.begin, login, Begin(None, filled, lists or {}))

    def findings(self, values: Mapping[str, Any] | None = None, lists: Any = None) -> list[Finding]:
        """What a trial finds of a new report."""
        begun = self.begin(values, lists)
        return list(self.ask(ACTS.trial, "pdju01", begun.revision_id))

    def codes(self, values: Mapping[str, Any] | None = None, lists: Any = None) -> list[str]:
        return sorted({one.code for one in self.findings(values, lists)})

    def submit(self, revision_id: UUID, login: str = "pdju01") -> None:
        """Hand in; every warning is answered."""
        view: RevisionView = self.ask(ACTS.revision, login, revision_id)
        try:
            self.perform(ACTS.submit, login, Submit(revision_id, view.version))
        except Rejected as refused:
            reasons = {one.code: "已到现场核实清楚" for one in refused.findings}
            self.perform(ACTS.submit, login, Submit(revision_id, view.version, reasons))

    def accept(self, revision_id: UUID) -> None:
        view: RevisionView = self.ask(ACTS.revision, "shi01", revision_id)
        self.perform(ACTS.approve, "shi01", Decide(revision_id, view.version, "情况属实"))

    def listed(self, values: Mapping[str, Any] | None = None, lists: Any = None) -> Any:
        """A report in force; returns what was begun."""
        begun = self.begin(values, lists)
        self.submit(begun.revision_id)
        self.accept(begun.revision_id)
        return begun

    def update(self, record_id: UUID, change: Mapping[str, Any]) -> None:
        """Next month's numbers, accepted."""
        begun = self.perform(ACTS.update, "pdju01", StartUpdate(record_id, "月度更新本月情况"))
        view: RevisionView = self.ask(ACTS.revision, "pdju01", begun.revision_id)
        order = Save(begun.revision_id, view.version, {**view.values, **change}, view.children)
        self.perform(ACTS.save, "pdju01", order)
        self.submit(begun.revision_id)
        self.accept(begun.revision_id)

    def row(self, record_id: UUID) -> UnmanagedReport:
        found: UnmanagedReport = self.world.read(
            lambda work: work.session.exec(select(UnmanagedReport).where(col(UnmanagedReport.id) == record_id)).one()
        )
        return found
