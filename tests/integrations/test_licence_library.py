"""The electronic licence library over HTTP: what it holds, and deposits that are taken once."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import pytest

from integrations.simulators import Simulators
from services.engine.refusals import Unavailable
from services.ports.answers import AnswerState, LicencePush
from services.ports.systems import LICENCE_LIBRARY, Systems
from tests.integrations.conftest import Control
from tests.integrations.tables import CHEN, LI, STRANGER, ZHAO


@pytest.fixture
def licence() -> LicencePush:
    """A notice with a number of its own."""
    return LicencePush(
        licence_no=f"备{uuid4().hex[:12]}",
        kind="住房租赁合同备案通知书",
        title="住房租赁合同备案通知书（浦东新区）",
        holder_ids=(CHEN[1], LI[1]),
        digest="a1" * 32,
        issued_on=date(2026, 3, 1),
    )


def received(simulators: Simulators, licence: LicencePush) -> list[dict[str, Any]]:
    listed = httpx.get(f"{simulators.base_url('licence_library')}/sim/received").json()
    return [each for each in listed if each["licence_code"] == licence.licence_no]


@pytest.mark.parametrize(
    ("id_no", "materials"),
    [
        (CHEN[1], {"居民身份证", "不动产权证"}),
        ("310104198807219039", {"居民身份证"}),
        (ZHAO[1], {"居民身份证", "不动产权证"}),
    ],
)
def test_materials_held_for_a_person(systems: Systems, id_no: str, materials: set[str]) -> None:
    answer = systems.at(LICENCE_LIBRARY).held_for(id_no)
    assert (answer.state, answer.source) == (AnswerState.HIT, "电子证照库")
    assert answer.value is not None
    assert (answer.value.id_no, answer.value.materials) == (id_no, frozenset(materials))


def test_nothing_held_is_missed(systems: Systems, control: Control) -> None:
    control("licence_library", "change", id_no=STRANGER[1], materials=[]).raise_for_status()
    assert systems.at(LICENCE_LIBRARY).held_for(STRANGER[1]).missed


def test_newly_held_material_is_told_at_once(systems: Systems, control: Control) -> None:
    control("licence_library", "change", id_no=STRANGER[1], materials=["户口簿"]).raise_for_status()
    answer = systems.at(LICENCE_LIBRARY).held_for(STRANGER[1])
    assert answer.value is not None
    assert answer.value.materials == {"户口簿"}


@pytest.mark.row(3)
def test_materials_of_another_person_are_not_passed_on(systems: Systems, control: Control) -> None:
    control("licence_library", "faults", fault="mismatch", times=1)
    answer = systems.at(LICENCE_LIBRARY).held_for(CHEN[1])
    assert (answer.state, answer.value, answer.note) == (AnswerState.SILENT, None, "应答与所问不符")


def test_licence_is_received_as_sent(systems: Systems, simulators: Simulators, licence: LicencePush) -> None:
    systems.at(LICENCE_LIBRARY).push(licence, "first")
    (kept,) = received(simulators, licence)
    assert (kept["holder_codes"], kept["file_digest"]) == ([CHEN[1], LI[1]], licence.digest)
    assert (kept["issue_date"], kept["revoked"]) == ("20260301", False)


@pytest.mark.row(7)
def test_repeated_push_is_one_licence_with_one_receipt(
    systems: Systems, simulators: Simulators, licence: LicencePush
) -> None:
    request_id = uuid4().hex
    receipts = {systems.at(LICENCE_LIBRARY).push(licence, request_id).receipt_no for _ in range(3)}
    receipts.add(systems.at(LICENCE_LIBRARY).push(licence, uuid4().hex).receipt_no)
    assert len(receipts) == 1
    assert [kept["times"] for kept in received(simulators, licence)] == [4]


def test_answer_lost_on_the_way_does_not_make_a_second_licence(
    systems: Systems, simulators: Simulators, licence: LicencePush, control: Control
) -> None:
    control("licence_library", "faults", fault="half", match=licence.licence_no, times=1)
    request_id = uuid4().hex
    with pytest.raises(Unavailable):
        systems.at(LICENCE_LIBRARY).push(licence, request_id)
    systems.at(LICENCE_LIBRARY).push(licence, request_id)
    assert [kept["times"] for kept in received(simulators, licence)] == [2]


def test_other_content_under_the_same_number_is_refused(systems: Systems, licence: LicencePush) -> None:
    systems.at(LICENCE_LIBRARY).push(licence, uuid4().hex)
    with pytest.raises(Unavailable, match="内容不同"):
        systems.at(LICENCE_LIBRARY).push(replace(licence, digest="b2" * 32), uuid4().hex)


def test_request_id_serves_one_message_only(systems: Systems, licence: LicencePush) -> None:
    request_id = uuid4().hex
    systems.at(LICENCE_LIBRARY).push(licence, request_id)
    with pytest.raises(Unavailable):
        systems.at(LICENCE_LIBRARY).push(replace(licence, licence_no=licence.licence_no + "乙"), request_id)


def test_revocation_marks_the_licence_once(systems: Systems, simulators: Simulators, licence: LicencePush) -> None:
    systems.at(LICENCE_LIBRARY).push(licence, uuid4().hex)
    revocation, request_id = replace(licence, revoked=True), uuid4().hex
    receipts = {systems.at(LICENCE_LIBRARY).push(revocation, request_id).receipt_no for _ in range(2)}
    assert len(receipts) == 1
    assert [kept["revoked"] for kept in received(simulators, licence)] == [True]


def test_late_repeat_of_the_deposit_does_not_undo_a_revocation(
    systems: Systems, simulators: Simulators, licence: LicencePush
) -> None:
    request_id = uuid4().hex
    systems.at(LICENCE_LIBRARY).push(licence, request_id)
    systems.at(LICENCE_LIBRARY).push(replace(licence, revoked=True), uuid4().hex)
    systems.at(LICENCE_LIBRARY).push(licence, request_id)
    assert [kept["revoked"] for kept in received(simulators, licence)] == [True]


def test_restored_filing_is_deposited_anew(systems: Systems, simulators: Simulators, licence: LicencePush) -> None:
    systems.at(LICENCE_LIBRARY).push(licence, uuid4().hex)
    systems.at(LICENCE_LIBRARY).push(replace(licence, revoked=True), uuid4().hex)
    systems.at(LICENCE_LIBRARY).push(licence, uuid4().hex)
    assert [kept["revoked"] for kept in received(simulators, licence)] == [False]


def test_revocation_before_the_deposit_has_to_come_again(systems: Systems, licence: LicencePush) -> None:
    with pytest.raises(Unavailable, match="尚未收到"):
        systems.at(LICENCE_LIBRARY).push(replace(licence, revoked=True), uuid4().hex)


@pytest.mark.parametrize(
    "fault", ["error", "badjson", "html", "huge", "half", "timeout", "slow:4000", "mismatch", "miss"]
)
def test_push_that_is_not_taken_says_so(hasty: Systems, licence: LicencePush, control: Control, fault: str) -> None:
    control("licence_library", "faults", fault=fault, match=licence.licence_no)
    with pytest.raises(Unavailable) as refusal:
        hasty.at(LICENCE_LIBRARY).push(licence, uuid4().hex)
    assert "电子证照库" in refusal.value.message
    assert CHEN[1] not in refusal.value.message


def test_licence_that_fits_no_message_is_refused_unsent(
    systems: Systems, simulators: Simulators, licence: LicencePush
) -> None:
    for unfit, request_id in ((replace(licence, digest=""), uuid4().hex), (licence, "请求一")):
        with pytest.raises(Unavailable, match="请求内容不合约定"):
            systems.at(LICENCE_LIBRARY).push(unfit, request_id)
    assert received(simulators, licence) == []
