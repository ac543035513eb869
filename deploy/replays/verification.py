"""`main.py replay verification DIR --houses H.csv`: requests for verification in time order, and what became of each."""

import argparse
import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from deploy.demo.houses import ROOM_KINDS
from deploy.replays.filings import FiledLease, end_lease, file_lease
from deploy.replays.ground import Ground
from deploy.replays.registers import recorded_police, registers_over
from models.access import Role, ScopeKind
from models.enterprise import Enterprise, EnterpriseKind, RecordState
from models.house import House, RestrictionKind, RoomKind
from models.tenancy import LeaseFiling
from models.tenancy_codes import Channel, DealKind, FilingState, LeaseMode
from models.verification import SplitLock, VerificationCode
from models.verification_codes import (
    LockState,
    MandateKind,
    PenaltyKind,
    PrecheckState,
    RequesterKind,
    ShelfState,
    VerificationState,
)
from services.engine.callers import SYSTEM, Scope
from services.engine.copied import values_for
from services.engine.jobs import run_due
from services.engine.refusals import NotFound, Refusal
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.predicates import WHOLE
from services.verification.codes import end_codes_of_part
from services.verification.jobs import NIGHTLY
from services.verification.mandates import RecordPenalty, RecordPhone, record_mandate, record_penalty, record_phone
from services.verification.orders import (
    Answered,
    OfCode,
    PlannedRoom,
    Publisher,
    PublishHome,
    RecordMandate,
    Requester,
    VerifyHome,
)
from services.verification.precheck import CheckBefore, Prechecked, check_before, use_token
from services.verification.precheck_limits import question_for
from services.verification.restrictions import EndRestriction, NoteRestriction, end_restriction, note_restriction
from services.verification.shelf import cancel_code, maintain_home, publish_home
from services.verification.split_locks import UnlockPlan, unlock_plan
from services.verification.submission import check_verification, submit_verification

#: A line of a recorded table.
Row = dict[str, str]
HELP = "房源核验：逐条重放核验、发布、撤销和备案、限制等事件"
_ROOMS = ROOM_KINDS | {"客厅隔间": RoomKind.SPLIT_N1}
_FIRMS = {
    "RENTAL_ENTERPRISE": EnterpriseKind.RENTAL,
    "BROKERAGE": EnterpriseKind.BROKERAGE,
    "INFO_PLATFORM": EnterpriseKind.INFO_PLATFORM,
}
_YES = "是"
#: What a replay shows: what became of a line, and a code that was given.
ANSWER, CODE = "answer", "code"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--houses", type=Path, required=True, metavar="H.csv", help="房屋基础库")
    parser.add_argument("--codes-json", action="store_true", help="改为输出发出的每个核验码")


def lines(ground: Ground, wanted: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield an object a request or event, or with `--codes-json` one for every code that was given."""
    kind = CODE if wanted.codes_json else ANSWER
    return (told for what, told in played(ground, wanted.houses) if what == kind)


def played(ground: Ground, houses: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the answer to each request or event, and after the last of them every code that was given."""
    # Every rule of visibility and every job, which the acts of a replay rely on.
    importlib.import_module("services.everything")
    requests = ground.table("verification_requests.csv")
    police = recorded_police(_side(ground, "identity_answers.csv"))
    with registers_over(houses, police) as systems:
        ground.door.house.systems = systems
        replay = _Replay(ground)
        replay.load(houses, requests)
        for request in requests:
            yield ANSWER, replay.play(request)
        replay.finish()
        for code in replay.codes():
            yield CODE, code


def _side(ground: Ground, name: str) -> list[Row]:
    """A side table of the folder; one that is not there is empty."""
    return ground.table(name) if (ground.folder / name).is_file() else []


@dataclass(frozen=True)
class ReplayFirm:
    """A firm as the recorded table has it."""

    uscc: str
    name: str
    kind: EnterpriseKind
    district_code: str
    record_no: str


@action("replay.firm", "重放：装载企业", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_firm(work: Work, order: ReplayFirm) -> UUID:
    """Keep a recorded firm."""
    firm = Enterprise(record_state=RecordState.RECORDED, **values_for(Enterprise, order))
    work.add(firm)
    return firm.id


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _maybe_day(text: str) -> date | None:
    return _day(text) if text else None


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text.strip() else None


def _plan(text: str) -> tuple[PlannedRoom, ...]:
    rooms = []
    for part in text.split(";") if text.strip() else ():
        label, kind, size, persons, *hall = part.split(":")
        rooms.append(
            PlannedRoom(label, _ROOMS.get(kind, RoomKind.OTHER), Decimal(size), int(persons), "".join(hall[:1]))
        )
    return tuple(rooms)


def _part(line: Row) -> str:
    return line["room_no"] if line["lease_mode"] == "ROOM" and line["room_no"] else WHOLE


@dataclass
class _Replay:
    """Plays lines in time order; codes and tokens are known by the request that obtained them."""

    ground: Ground
    houses: dict[str, tuple[UUID, str]] = field(default_factory=dict)
    code_nos: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def _do(self, act: Any, order: Any) -> Any:
        return self.ground.door.perform(act, SYSTEM, order)

    def _stand_at(self, moment: str) -> None:
        """Let time pass until a moment; the jobs of the night run at each midnight passed."""
        self.ground.stand_at(moment)
        run_due(self.ground.door, NIGHTLY)

    def _file(self, number: str, house_code: str, part: str, start: str, end: str, filed_on: str) -> None:
        lease = FiledLease(
            f"BA-{number}"[:40], house_code, part, DealKind.SELF, (), (), _day(start), _day(end), _day(filed_on)
        )

        def write(work: Work) -> None:
            filing = file_lease(work, lease)
            end_codes_of_part(work, filing.house_id, (part,))

        self.ground.act(write)

    def load(self, houses: Path, requests: Sequence[Row]) -> None:
        """Load houses and side tables on the morning of the first line."""
        door = self.ground.door
        self._stand_at(f"{requests[0]['time'][:10] if requests else '2026-01-01'}T00:00:00")
        self.ground.load_houses(houses)
        self.houses = {
            house.house_code: (house.id, house.cert_no.plain)
            for house in door.look(SYSTEM, lambda work: list(work.session.exec(select(House)).all()))
        }
        for row in _side(self.ground, "firms.csv"):
            self._do(
                load_firm,
                ReplayFirm(row["uscc"], row["name"], _FIRMS[row["kind"]], row["district_code"], row["record_no"]),
            )
        for row in _side(self.ground, "mandates.csv"):
            self._mandate(row)
        for row in _side(self.ground, "penalised.csv"):
            self._do(
                record_penalty,
                RecordPenalty(
                    row["subject_id"],
                    PenaltyKind.of(row["kind"]),
                    _day(row["date"]),
                    row["reason"],
                    _maybe_day(row["until"]),
                ),
            )
        for row in _side(self.ground, "owner_phones.csv"):
            self._do(record_phone, RecordPhone(row["owner_id"], row["mobile"]))
        for row in _side(self.ground, "verification_filings.csv"):
            part = WHOLE if row["part"] == "WHOLE" else row["part"]
            self._file(row["contract_no"], row["house_id"], part, row["valid_from"], row["valid_to"], row["filed_on"])
        for row in _side(self.ground, "verification_restrictions.csv"):
            kind, until = RestrictionKind.of(row["kind"]), _maybe_day(row["to"])
            self._do(note_restriction, NoteRestriction(row["house_id"], kind, _day(row["from"]), until=until))

    def _mandate(self, row: Row) -> None:
        self._do(
            record_mandate,
            RecordMandate(
                row["mandate_no"],
                MandateKind.of(row["kind"]),
                "",
                row["principal_id"],
                _day(row["signed_on"]),
                _day(row["valid_from"]),
                _day(row["valid_to"]),
                house_code=row["house_id"],
                firm_uscc=row["agent_id"],
            ),
        )

    def play(self, line: Row) -> dict[str, Any]:
        """Play a line at its time; a refusal is its answer."""
        self._stand_at(line["time"])
        answer = {"verdict": "", "codes": [], "forceable": False, "shelf": ""}
        try:
            answer |= _PLAYED[line["kind"]](self, line)
        except NotFound:
            answer |= {"verdict": "fail", "codes": ["NOT_FOUND"]}
        except Refusal as refusal:
            answer |= {"verdict": "fail", "codes": sorted(one.code for one in refusal.findings)}
        return {"seq": int(line["seq"]), "request_id": line["request_id"], **answer}

    def _verify(self, line: Row) -> dict[str, Any]:
        given = self._do(submit_verification, _home_of(line))
        self.code_nos[line["request_id"]] = given.code_no
        answer = self._do(check_verification, given.id)
        verdict = {VerificationState.PASSED: "pass", VerificationState.FAILED: "fail"}.get(answer.state, "pending")
        codes = list(answer.codes) if verdict != "pending" else []
        return {"verdict": verdict, "codes": codes, "forceable": answer.forceable}

    def _publish(self, line: Row) -> dict[str, Any]:
        order = PublishHome(
            self._code(line),
            _decimal(line["rent"]),
            _decimal(line["area"]),
            line["address_public"],
            _requester(line),
        )
        return _answer(self._do(publish_home, order), shelf=True)

    def _maintain(self, line: Row) -> dict[str, Any]:
        return _answer(self._do(maintain_home, OfCode(self._code(line), _requester(line))))

    def _cancel(self, line: Row) -> dict[str, Any]:
        return _answer(self._do(cancel_code, OfCode(self._code(line), _requester(line))))

    def _code(self, line: Row) -> str:
        return self.code_nos.get(line["code_ref"], line["code_ref"])

    def _precheck(self, line: Row) -> dict[str, Any]:
        order = _before(line)
        # Who recorded these checks was asked no question after failures: here every one of them is answered.
        if (asked := self.ground.door.look(SYSTEM, lambda work: question_for(work, order))) is not None:
            order = replace(order, answer=str(asked.answer))
        answer = self._do(check_before, order)
        self.tokens[line["request_id"]] = answer.token
        return _prechecked(answer)

    def _submit(self, line: Row) -> dict[str, Any]:
        return _prechecked(self._do(use_token, _before(line, self.tokens.get(line["code_ref"], ""))))

    def _filing(self, line: Row) -> dict[str, Any]:
        self._file(line["request_id"], line["house_id"], _part(line), line["date_from"], line["date_to"], line["time"])
        return {}

    def _filing_end(self, line: Row) -> dict[str, Any]:
        def write(work: Work) -> None:
            house_id, _ = self.houses[line["house_id"]]
            filing = work.session.exec(
                select(LeaseFiling).where(
                    LeaseFiling.house_id == house_id,
                    LeaseFiling.part_keys == _part(line),
                    LeaseFiling.state == FilingState.ACTIVE,
                )
            ).first()
            if filing is not None:
                end_lease(work, filing.filing_no)

        self.ground.act(write)
        return {}

    def _restriction(self, line: Row) -> dict[str, Any]:
        kind = RestrictionKind.of(line["restriction"])
        self._do(note_restriction, NoteRestriction(line["house_id"], kind, _day(line["date_from"] or line["time"])))
        return {}

    def _restriction_end(self, line: Row) -> dict[str, Any]:
        kind = RestrictionKind.of(line["restriction"])
        self._do(end_restriction, EndRestriction(line["house_id"], kind, _day(line["date_to"] or line["time"])))
        return {}

    def _unlock(self, line: Row) -> dict[str, Any]:
        house_id, _ = self.houses[line["house_id"]]
        wanted = select(SplitLock.id).where(SplitLock.house_id == house_id, SplitLock.state == LockState.LOCKED)
        lock_id = self.ground.door.look(SYSTEM, lambda work: work.session.exec(wanted).first())
        if lock_id is None:
            raise NotFound
        scope = Scope(Role.DISTRICT_BUREAU, ScopeKind.DISTRICT, line["requester_id"])
        bureau = self.ground.caller(Role.DISTRICT_BUREAU, scope)
        papers = "重放记载的改建批准文件" if line["papers"] == _YES else ""
        try:
            self.ground.door.perform(unlock_plan, bureau, UnlockPlan(lock_id, papers, "按重放记载解除"))
        except NotFound:
            # The lock is there; to a bureau of another district it is not.
            return {"verdict": "fail", "codes": ["UNLOCK_DISTRICT"]}
        return {"verdict": "pass"}

    def finish(self) -> None:
        """Let the clock run to the end of the last day."""
        self._stand_at(f"{self.ground.door.clock.today().isoformat()}T23:59:59")

    def codes(self) -> list[dict[str, Any]]:
        """Every code that was given, by the request that obtained it."""
        by_number = {number: ref for ref, number in self.code_nos.items()}
        known = {house_id: code for code, (house_id, _) in self.houses.items()}
        wanted = select(VerificationCode).where(col(VerificationCode.valid_from).is_not(None))
        rows = self.ground.door.look(SYSTEM, lambda work: list(work.session.exec(wanted).all()))
        told = [_told(row, by_number[row.code_no or ""], known) for row in rows]
        return sorted(told, key=lambda one: str(one["code_ref"]))


def _told(row: VerificationCode, ref: str, houses: Mapping[UUID, str]) -> dict[str, Any]:
    assert row.valid_from is not None
    assert row.valid_to is not None
    return {
        "code_ref": ref,
        "house_id": houses[row.house_id] if row.house_id else "",
        "part": "WHOLE" if row.part_key == WHOLE else row.part_key,
        "holder_id": row.holder_no.plain,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat(),
        "state": row.state.value,
        "reason": row.end_reason.value if row.end_reason else "",
        "state_since": (row.ended_on or row.valid_from).isoformat(),
        "shelf": row.shelf.value,
    }


def _requester(line: Row) -> Requester:
    principal = line.get("principal_kind") or ""
    return Requester(
        RequesterKind.of(line["requester_kind"]),
        line["requester_id"],
        line.get("requester_name") or "",
        RequesterKind.of(principal) if principal else None,
        line.get("principal_id") or "",
    )


def _home_of(line: Row) -> VerifyHome:
    return VerifyHome(
        cert_no=line["title_cert_no"],
        owner_name=line["owner_name"],
        owner_id=line["owner_id"],
        mode=LeaseMode.of(line["lease_mode"] or "WHOLE"),
        room_no=line["room_no"],
        plan=_plan(line["room_plan"]),
        n1_declared=line["n1_declared"] == _YES,
        owner_phone=line["owner_phone"],
        mandate_no=line["mandate_no"],
        coowner_consent=line["coowner_consent"] == _YES,
        papers=line["papers"] == _YES,
        card_no=line["card_no"],
        rent=_decimal(line["rent"]),
        area=_decimal(line["area"]),
        address_public=line["address_public"],
        publisher=Publisher(
            line["publisher_name"], line["publisher_address"], line["publisher_contact"], line["publisher_record_no"]
        ),
        requester=_requester(line),
        channel=Channel.of(line["channel"]),
    )


def _before(line: Row, token: str = "") -> CheckBefore:  # nosec B107 # no password: the token of a check
    return CheckBefore(
        line["title_cert_no"],
        line["owner_name"],
        line["owner_id"],
        line["requester_id"],
        channel=Channel.of(line["channel"]),
        token=token,
    )


def _answer(answer: Answered, *, shelf: bool = False) -> dict[str, Any]:
    shown = {"shelf": answer.shelf or ShelfState.NONE.value} if shelf else {}
    return {"verdict": answer.verdict, "codes": sorted(answer.codes), **shown}


def _prechecked(answer: Prechecked) -> dict[str, Any]:
    verdict = {PrecheckState.PASSED: "pass", PrecheckState.FAILED: "fail"}.get(answer.state, "pending")
    codes = list(answer.codes) if verdict == "fail" else []
    return {"verdict": verdict, "codes": codes, "forceable": verdict == "fail" and answer.forceable}


_PLAYED: dict[str, Callable[[_Replay, Row], dict[str, Any]]] = {
    "VERIFY": _Replay._verify,
    "PUBLISH": _Replay._publish,
    "MAINTAIN": _Replay._maintain,
    "CANCEL": _Replay._cancel,
    "PRECHECK": _Replay._precheck,
    "SUBMIT": _Replay._submit,
    "FILING": _Replay._filing,
    "FILING_END": _Replay._filing_end,
    "RESTRICTION": _Replay._restriction,
    "RESTRICTION_END": _Replay._restriction_end,
    "UNLOCK": _Replay._unlock,
}
