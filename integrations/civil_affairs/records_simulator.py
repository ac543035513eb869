"""The civil affairs records for demo and tests: a few invented people, more on demand."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from integrations.civil_affairs.contract import (
    GUARDIANS,
    HOUSEHOLD,
    MARRIAGE,
    GuardianEntry,
    GuardianReply,
    HouseholdEntry,
    HouseholdReply,
    MarriageEntry,
    MarriageReply,
    PersonQuery,
)
from integrations.wire.simulator import Change, ContentFault, Ground, Simulator
from models.normal import normal_id_no

RECORDS = Path(__file__).with_name("records.json")
_STRANGER = "310101197001019034"


class MarriageChange(Change):
    """The marriage of a person from now on; without a state there is no entry any more."""

    id_no: str
    state: str = ""
    spouse_name: str = ""
    spouse_id_no: str = ""
    since: date | None = None


class CivilRecordsSimulator(Simulator):
    """Knows the people of its file."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("civil_records", "民政信息查询（模拟）", latency_ms=ground.latency_ms)
        kept: dict[str, Any] = json.loads(RECORDS.read_text(encoding="utf-8"))
        self._marriages = {number: MarriageEntry(**one) for number, one in kept["marriages"].items()}
        self._guardians = {
            number: tuple(GuardianEntry(**one) for one in all_) for number, all_ in kept["guardians"].items()
        }
        self._households: dict[str, HouseholdEntry] = {}
        for one in kept["households"]:
            entry = HouseholdEntry(**{**one, "members": tuple(one["members"])})
            self._households |= dict.fromkeys((member.id_no for member in entry.members), entry)
        self.on_change(MarriageChange, self._change)
        self._add_addresses()

    def _add_addresses(self) -> None:
        @self.app.post(MARRIAGE.path)
        async def marriage(query: PersonQuery, fault: ContentFault) -> MarriageReply:
            entry = None if fault == "miss" else self._marriages.get(normal_id_no(query.personNo))
            return MarriageReply(**self._head(query, fault, found=entry is not None), entry=entry)

        @self.app.post(GUARDIANS.path)
        async def guardians(query: PersonQuery, fault: ContentFault) -> GuardianReply:
            entries = () if fault == "miss" else self._guardians.get(normal_id_no(query.personNo), ())
            return GuardianReply(**self._head(query, fault, found=bool(entries)), entries=entries)

        @self.app.post(HOUSEHOLD.path)
        async def household(query: PersonQuery, fault: ContentFault) -> HouseholdReply:
            entry = None if fault == "miss" else self._households.get(normal_id_no(query.personNo))
            return HouseholdReply(**self._head(query, fault, found=entry is not None), entry=entry)

    def _head(self, query: PersonQuery, fault: str, *, found: bool) -> dict[str, Any]:
        return {
            "request_id": query.request_id,
            "data_time": self.newest,
            "code": "FOUND" if found else "NONE",
            "person_no": _STRANGER if fault == "mismatch" else query.personNo,
        }

    def _change(self, change: MarriageChange) -> int:
        number = normal_id_no(change.id_no)
        if change.state:
            self._marriages[number] = MarriageEntry(**change.model_dump(exclude={"id_no"}))
        else:
            self._marriages.pop(number, None)
        return 1
