"""The civil affairs system over real HTTP: handing over, results back through an outage, and its records asked (row 12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import col

from deploy.demo.partners import load_partners
from deploy.partners import introduced, product_end
from integrations.civil_affairs.simulator import CivilAffairsSimulator
from integrations.wire.faults import FaultOrder
from models.forced_review import CivilCase
from models.streets import LinkDuty, StreetLink
from services.access.access_list_signature import sign_pending
from services.engine.callers import SYSTEM
from services.engine.jobs import run_job
from services.engine.orders import OneRow
from services.forced_review.civil_cases import ReviewCivil, review_civil, start_civil
from services.ports.answers import AnswerState
from services.ports.civil_affairs import CIVIL_RECORDS
from tests.partner.rig import serve
from tests.services.forced_review.reviews import OTHER, STREET, STREET_TWO, Reviews, Stopped
from tests.services.tenancy.counter import CHEN, Counter
from tests.world import running_world

pytestmark = pytest.mark.row(12)


@dataclass
class Ends:
    """The product and the system of the centres."""

    reviews: Reviews
    centre: CivilAffairsSimulator

    def message(self, number: str, stopped: Stopped, **changes: Any) -> dict[str, Any]:
        return {
            "acceptance_no": number,
            "centre_code": "ST310115005",
            "clerk_no": "hm017",
            "clerk_name": "邹受理",
            "applicant_name": stopped.landlord.name,
            "applicant_id_no": stopped.landlord.id_no,
            "accepted_at": "2027-03-01T09:05:00+08:00",
            "materials": [{"name": "户籍证明", "copies": 1, "original": True}],
            "gov_case_no": stopped.decision.case_no,
            "matter": "申请强制核验",
            **changes,
        }

    def send_results(self) -> None:
        assert run_job(self.reviews.world.door, "outbox.send")

    def states(self, number: str) -> list[str]:
        return [one.state.value for one in self.centre.results.get(number, []) if one.state is not None]


@pytest.fixture(scope="module")
def ends(database_url: str) -> Iterator[Ends]:
    with running_world(database_url, few=True) as world:
        world.stand_at(2027, 3, 1)
        world.door.perform(load_partners, SYSTEM, introduced(world.simulators))
        for login in (STREET, STREET_TWO):
            account = world.caller(login).account_id
            world.rewrite(StreetLink, col(StreetLink.account_id) == account, duty=LinkDuty.REVIEW)
        sign_pending(world.door)
        node, _ = serve(world.door)
        world.simulators.connect(product_end(world.door.house, node.url))
        centre = world.simulators.partners["mz-shequ"]
        assert isinstance(centre, CivilAffairsSimulator)
        yield Ends(Reviews(Counter(world)), centre)
        node.stop()


def test_a_case_is_handed_over_reviewed_and_its_states_arrive_after_an_outage(ends: Ends) -> None:
    stopped = ends.reviews.stopped(OTHER)
    message = ends.message("SQ-HTTP-1", stopped)
    first = ends.centre.hand_over(message)
    assert (first.data["accepted"], first.data["state"], first.data["case_no"]) == (
        True,
        "RECEIVED",
        stopped.decision.case_no,
    )
    # The same message twice is one, under the same key and under another.
    assert ends.centre.hand_over(message).data == first.data
    assert ends.centre.hand_over(message, turn=2).data == first.data
    row = ends.reviews.world.read(lambda work: work.only(CivilCase, CivilCase.acceptance_no == "SQ-HTTP-1"))
    ends.centre.desk.order(FaultOrder(fault="error"))
    ends.reviews.perform(start_civil, STREET, OneRow(row.id))
    made = ends.reviews.perform(review_civil, STREET, ReviewCivil(row.id, ends.reviews.order(stopped, login=STREET)))
    ends.send_results()
    done = ends.reviews.decide(made, STREET_TWO)
    assert ends.states("SQ-HTTP-1") == []
    ends.centre.desk.clear()
    ends.reviews.world.let_pass(minutes=6)
    ends.send_results()
    ends.reviews.world.let_pass(minutes=6)
    ends.send_results()
    assert set(ends.states("SQ-HTTP-1")) == {"FILING", "REVIEWING", "FILED"}
    told = next(one for one in ends.centre.results["SQ-HTTP-1"] if one.filing_no)
    assert told.filing_no == done.filing_no
    assert ends.centre.state_of("SQ-HTTP-1").data["filing_no"] == done.filing_no


def test_a_withdrawal_over_the_wire_ends_it(ends: Ends) -> None:
    stopped = ends.reviews.stopped(OTHER)
    ends.centre.hand_over(ends.message("SQ-HTTP-2", stopped))
    gone = ends.centre.withdraw("SQ-HTTP-2", "申请人改日再办", "2027-03-01T10:00:00+08:00")
    assert gone.data["state"] == "WITHDRAWN"
    assert ends.centre.state_of("SQ-HTTP-2").data["state"] == "WITHDRAWN"


def test_an_unknown_centre_and_a_message_of_another_form(ends: Ends) -> None:
    stopped = ends.reviews.stopped(OTHER)
    refused = ends.centre.hand_over(ends.message("SQ-HTTP-3", stopped, centre_code="ST000000000"))
    assert (refused.data["accepted"], refused.data["reasons"][0]["code"]) == (False, "M01")
    assert ends.centre.hand_over(ends.message("SQ-HTTP-4", stopped, applicant_id_no="")).code == "E1017"


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("", AnswerState.HIT),
        ("miss", AnswerState.MISS),
        ("error", AnswerState.SILENT),
        ("mismatch", AnswerState.SILENT),
    ],
)
def test_the_records_answer_in_our_words_or_are_silent(ends: Ends, fault: str, state: AnswerState) -> None:
    world = ends.reviews.world
    if fault:
        world.fault("civil_records", fault)
    records = world.door.systems.at(CIVIL_RECORDS)
    answers = (records.marriage_of(CHEN.id_no), records.household_of(CHEN.id_no))
    world.heal()
    assert {one.state for one in answers} == {state}
    if not fault:
        assert (answers[0].value.state, answers[0].value.spouse_name) == ("MARRIED", "李静")  # type: ignore[union-attr]
        assert records.guardians_of("310101201005200075").value[0].name == CHEN.name  # type: ignore[index]
