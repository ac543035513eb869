"""`main.py replay one-stop DIR --houses H.csv`: messages of the case library in order of arrival, and what became of each case."""

import argparse
import importlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from deploy.replays.filings import FiledLease, file_lease
from deploy.replays.ground import Ground
from deploy.replays.registers import recorded_police, registers_over
from models.cancellation import CancelApply
from models.engine import Outgoing
from models.house import House
from models.normal import normal
from models.one_stop import StopCase, StopMessage
from models.one_stop_codes import MessageOutcome, StopState
from models.tenancy import LeaseContract, LeaseFiling
from models.tenancy_codes import CONTRACT, FILING, CancelReason, CancelState, FilingState, Side
from services.engine.callers import SYSTEM
from services.engine.jobs import run_due
from services.engine.refusals import Rejected
from services.engine.steps import take_step
from services.engine.work import Work
from services.one_stop.decisions import decide_case, due_cases
from services.one_stop.intake import TakeMessage, take_message
from services.one_stop.lease_groups import open_conflicts
from services.ports.answers import Answer, HeldLicences, hit, miss
from services.ports.systems import LICENCE_LIBRARY, Systems
from services.tenancy.paper_words import parties_of

HELP = "一网通办：按到达次序重放办件库报文和办理时刻，给出每个办件的结果"
#: Jobs of the night that a case feels.
NIGHTLY = ("one_stop.time_out", "tenancy.expire")
#: Materials as the recorded licences name them, under the library's own names.
_HELD = {
    "ID": frozenset({"居民身份证"}),
    "TITLE": frozenset({"不动产权证", "租用居住公房凭证"}),
}
#: Warnings of the term; the others say something to the applicant that is no part of a replay.
_WARNINGS = ("T04", "T05")
#: What a replay shows: what became of a case, and a filing that was made.
CASE, FILING_MADE = "case", "filing"
_TOLD = {
    "accepted": StopState.ACCEPTED,
    "correction": StopState.CORRECTION,
    "returned": StopState.RETURNED,
    "done": StopState.DONE,
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--houses", type=Path, required=True, metavar="H.csv", help="房屋基础库")
    parser.add_argument("--filings-json", action="store_true", help="改为输出产生的每个备案")


def lines(ground: Ground, wanted: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield an object a case by its number, or with `--filings-json` one for every filing that was made."""
    kind = FILING_MADE if wanted.filings_json else CASE
    return (told for what, told in played(ground, wanted.houses) if what == kind)


def played(ground: Ground, houses: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Play the stream; yield every case by its number, then every filing that was made."""
    importlib.import_module("services.everything")
    stream = _stream(ground)
    with registers_over(houses, recorded_police([])) as systems:
        library = _RecordedLibrary(ground, _licences(ground))
        ground.door.house.systems = Systems({**systems.clients, LICENCE_LIBRARY.name: library})
        replay = _Replay(ground)
        replay.load(houses, stream)
        for line in stream:
            replay.play(line)
        yield from ((CASE, told) for told in replay.cases())
        yield from ((FILING_MADE, told) for told in replay.filings())


def _stream(ground: Ground) -> list[dict[str, Any]]:
    path = ground.folder / "one_stop_stream.jsonl"
    if not path.is_file():
        raise Rejected(f"文件“{path.name}”不存在，请核对目录")
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except ValueError:
        raise Rejected(f"文件“{path.name}”不是每行一个 JSON 对象") from None


def _licences(ground: Ground) -> list[dict[str, str]]:
    name = "one_stop_licences.csv"
    return ground.table(name) if (ground.folder / name).is_file() else []


@dataclass(frozen=True)
class _RecordedLibrary:
    """The licence library as a recorded table: what it holds for a person and is in force that day."""

    ground: Ground
    licences: list[dict[str, str]]

    def held_for(self, id_no: str) -> Answer[HeldLicences]:
        today = self.ground.door.clock.today().isoformat()
        materials: set[str] = set()
        for line in self.licences:
            own = normal("id_no", line["holder_id"]) == normal("id_no", id_no)
            if own and (not line["valid_to"] or line["valid_to"] >= today):
                materials |= _HELD.get(line["material"], frozenset())
        return hit("电子证照库", HeldLicences(id_no, frozenset(materials))) if materials else miss("电子证照库")


@dataclass
class _Replay:
    """Plays the lines; a case is known by its number."""

    ground: Ground
    given: set[str] = field(default_factory=set)

    def _stand_at(self, moment: str) -> None:
        self.ground.stand_at(moment)
        run_due(self.ground.door, NIGHTLY)

    def load(self, houses: Path, stream: list[dict[str, Any]]) -> None:
        """Load houses and the filings that exist at the start."""
        self._stand_at(f"{stream[0]['arrived'][:10] if stream else '2026-01-01'}T00:00:00")
        self.ground.load_houses(houses)
        name = "one_stop_filings.csv"
        for row in self.ground.table(name) if (self.ground.folder / name).is_file() else []:
            self.given.add(row["filing_no"])
            self.ground.act(lambda work, row=row: _write_filing(work, row))

    def play(self, line: dict[str, Any]) -> None:
        """Take a message in, or decide what is accepted."""
        self._stand_at(line["arrived"])
        door = self.ground.door
        if line.get("control") == "DECIDE":
            for case_id in door.look(SYSTEM, due_cases):
                door.perform(decide_case, SYSTEM, case_id)
        elif "message" in line:
            door.perform(take_message, SYSTEM, TakeMessage(line["message"]))

    def cases(self) -> list[dict[str, Any]]:
        """Every case with what became of it, ordered by number."""
        return self.ground.door.look(SYSTEM, _told_cases)

    def filings(self) -> list[dict[str, Any]]:
        """Every filing that the stream made, with the cases that got it."""
        return self.ground.door.look(SYSTEM, lambda work: _told_filings(work, self.given))


def _write_filing(work: Work, row: Mapping[str, str]) -> None:
    """Write a filing that exists at the start, in its recorded state."""
    filing = file_lease(
        work,
        FiledLease(
            row["filing_no"],
            row["house_id"],
            "*" if row["part"] == "WHOLE" else row["part"],
            "SELF",
            _persons(row["lessors"]),
            _persons(row["lessees"]),
            date.fromisoformat(row["start_date"]),
            date.fromisoformat(row["end_date"]),
            date.fromisoformat(row["filed_on"]),
        ),
    )
    contract = work.only(LeaseContract, LeaseContract.id == filing.contract_id)
    contract.contract_no = row["contract_no"]
    filing.valid_to = date.fromisoformat(row["valid_to"])
    work.add(contract)
    match row["status"]:
        case FilingState.CANCELLED.value:
            take_step(work, filing, FILING, "cancel")
            filing.cancel_reason = CancelReason.EARLY_BOTH.value
            filing.ended_on = date.fromisoformat(row["cancelled_on"] or row["valid_to"])
            take_step(work, contract, CONTRACT, "terminate")
        case FilingState.EXPIRED.value:
            take_step(work, filing, FILING, "expire")
            take_step(work, contract, CONTRACT, "expire")
        case FilingState.FROZEN.value:
            take_step(work, filing, FILING, "freeze")


def _persons(text: str) -> tuple[tuple[str, str, str], ...]:
    return tuple((name, "11", number) for name, _, number in (one.partition("/") for one in text.split(";") if one))


def _told_cases(work: Work) -> list[dict[str, Any]]:
    told: dict[str, Counter[str]] = {}
    for message in work.rows(Outgoing, Outgoing.system == "one_stop"):
        number, _, state = message.business_key.split(":")
        told.setdefault(number, Counter())[state] += 1
    refused: dict[str, list[str]] = {}
    turned_away = select(StopMessage).where(StopMessage.outcome == MessageOutcome.REFUSED)
    for line in work.rows(turned_away, by=StopMessage.received_at):
        refused.setdefault(line.case_no, []).append(line.kind.value)
    cases = work.rows(StopCase, by=StopCase.case_no)
    shared = Counter(one.group_id for one in cases if one.group_id is not None)
    grouped = {group for group, members in shared.items() if members > 1}
    return [
        _told(work, case, told.get(case.case_no, Counter()), refused.get(case.case_no, []), case.group_id in grouped)
        for case in cases
    ]


def _told(work: Work, case: StopCase, told: Counter[str], refused: list[str], shared: bool) -> dict[str, Any]:
    apply = work.session.get(CancelApply, case.cancel_id) if case.cancel_id else None
    filing = work.session.get(LeaseFiling, case.filing_id) if case.filing_id and apply is None else None
    cancel_state = "" if apply is None else apply.state.value
    waiting = apply is not None and apply.state is CancelState.NOTICE
    until = apply.objection_until if apply is not None and waiting else None
    if until is not None and until < work.today:
        cancel_state = "NOTICE_DUE"
    if apply is None and case.state is StopState.RETURNED and case.situation.value == "CANCEL":
        cancel_state = CancelState.REJECTED.value
    conflicts = _conflicts(work, case, waiting=waiting)
    approved = apply is not None and apply.state is CancelState.APPROVED
    return {
        "case_no": case.case_no,
        "situation": case.situation.value,
        "item_code": case.item_code,
        "state": case.state.value,
        "codes": case.codes.split(),
        "warnings": [code for code in case.warnings.split() if code in _WARNINGS],
        "gaps": case.gaps.split(),
        "merge_group": case.group_id.hex if case.group_id and shared else "",
        "suggestion_group": case.suggestion_id.hex if case.suggestion_id and conflicts else "",
        "conflict_fields": list(conflicts),
        "filing": filing.filing_no if filing and filing.state is not None else "",
        "cancel_state": cancel_state,
        "termination_date": apply.terminated_on.isoformat() if apply is not None and approved else "",
        "objection_until": until.isoformat() if until else "",
        "sent": {name: told[state.value] for name, state in _TOLD.items()},
        "refused_messages": refused,
    }


def _conflicts(work: Work, case: StopCase, *, waiting: bool) -> tuple[str, ...]:
    if case.suggestion_id is None:
        return ()
    if case.situation.value == "CANCEL":
        return ("termination_date",) if waiting else ()
    return open_conflicts(work, case) if case.state not in (StopState.WITHDRAWN, StopState.DONE) else ()


def _told_filings(work: Work, given: set[str]) -> list[dict[str, Any]]:
    cases: dict[Any, list[str]] = {}
    for case in work.rows(StopCase, col(StopCase.filing_id).is_not(None), by=StopCase.case_no):
        if case.situation.value == "NEW":
            cases.setdefault(case.filing_id, []).append(case.case_no)
    made = [one for one in work.rows(LeaseFiling, by=LeaseFiling.filing_no) if one.filing_no not in given]
    return [_told_filing(work, filing, cases.get(filing.id, [])) for filing in made]


def _told_filing(work: Work, filing: LeaseFiling, cases: list[str]) -> dict[str, Any]:
    contract = work.only(LeaseContract, LeaseContract.id == filing.contract_id)
    people = parties_of(work, contract.id)

    def named(side: Side) -> str:
        return ";".join(sorted(f"{one.name.plain}/{one.id_no.plain}" for one in people if one.side is side))

    return {
        "filing_label": filing.filing_no,
        "cases": " ".join(cases),
        "house_id": work.only(House.house_code, House.id == filing.house_id),
        "part": "WHOLE" if filing.part_keys == "*" else filing.part_keys,
        "lessors": named(Side.LESSOR),
        "lessees": named(Side.LESSEE),
        "start_date": contract.start.isoformat(),
        "end_date": contract.end.isoformat(),
        "rent_amount": f"{filing.month_rent:.2f}",
        "valid_to": filing.valid_to.isoformat(),
    }
