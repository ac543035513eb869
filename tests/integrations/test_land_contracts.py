"""Land contracts of the property register over HTTP: recorded samples, changes on demand, faults (row 56)."""

from datetime import date
from decimal import Decimal

import httpx
import pytest

from integrations.simulators import Simulators
from services.ports.answers import AnswerState
from services.ports.land import LandContract
from services.ports.systems import PROPERTY_REGISTER, Systems
from tests.integrations.conftest import Control

SANLIN = "沪浦规划资源(2026)出让合同第11号"
HUAJING = "沪徐规划资源(2026)出让合同第4号"
ALLOCATED = "沪浦规划资源(2026)划拨决定第7号"


def contract(systems: Systems, number: str) -> LandContract:
    answer = systems.at(PROPERTY_REGISTER).land_contract(number)
    assert answer.value is not None, answer
    return answer.value


@pytest.mark.row(56)
def test_a_contract_is_told_in_our_words(systems: Systems) -> None:
    found = contract(systems, SANLIN)
    assert (found.parcel_no, found.district_code, found.acquire_mode, found.ring) == (
        "W17-05",
        "310115",
        "GRANTED",
        "MIDDLE_OUTER",
    )
    assert (found.land_area, found.far, found.far_area) == (Decimal("28600.00"), Decimal("2.2"), Decimal("62920.00"))
    assert [(use.use, use.term_years) for use in found.uses] == [("HOUSING", 70)]
    assert sum(one.amount for one in found.payments) == found.price_total
    assert found.payments[0].paid_on == date(2026, 4, 18)


def test_brackets_and_blanks_of_a_number_do_not_matter(systems: Systems) -> None:
    assert contract(systems, " 沪浦规划资源（2026）出让合同第11号 ").contract_no == SANLIN


def test_a_contract_is_found_by_its_parcel(systems: Systems) -> None:
    answer = systems.at(PROPERTY_REGISTER).land_contract_of_parcel("xh-128d-07")
    assert answer.value is not None
    assert answer.value.contract_no == HUAJING


def test_allocated_land_has_no_price(systems: Systems) -> None:
    found = contract(systems, ALLOCATED)
    assert (found.acquire_mode, found.price_total, found.payments) == ("ALLOCATED", None, ())


def test_an_unknown_number_is_a_miss_and_names_its_source(systems: Systems) -> None:
    answer = systems.at(PROPERTY_REGISTER).land_contract("沪浦规划资源(1999)出让合同第1号")
    assert (answer.state, answer.source) == (AnswerState.MISS, "土地出让合同")


@pytest.mark.parametrize("fault", ["error", "half", "timeout"])
def test_silence_is_an_answer(hasty: Systems, control: Control, fault: str) -> None:
    control("property_register", "faults", fault=fault)
    assert hasty.at(PROPERTY_REGISTER).land_contract(SANLIN).state is AnswerState.SILENT


def test_a_change_is_told_with_its_moment(systems: Systems, simulators: Simulators) -> None:
    before = contract(systems, SANLIN)
    order = {"htbh": SANLIN, "set": {"rjl": "2.4"}}
    httpx.post(f"{simulators.base_url('property_register')}/sim/land", json=order).raise_for_status()
    after = contract(systems, SANLIN)
    assert (before.far, after.far) == (Decimal("2.2"), Decimal("2.4"))
    assert before.as_of is not None
    assert after.as_of is not None
    assert after.as_of > before.as_of
    httpx.post(
        f"{simulators.base_url('property_register')}/sim/land", json={"htbh": SANLIN, "set": {"rjl": "2.2"}}
    ).raise_for_status()


def test_a_change_that_is_no_contract_is_refused(simulators: Simulators) -> None:
    url = f"{simulators.base_url('property_register')}/sim/land"
    assert httpx.post(url, json={"htbh": "无此合同", "set": {"rjl": "2.4"}}).status_code == 422
    assert httpx.post(url, json={"htbh": SANLIN, "set": {"qxdm": "浦东"}}).status_code == 422
