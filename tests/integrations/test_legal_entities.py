"""The legal-person library over HTTP."""

import pytest

from services.ports.answers import AnswerState
from services.ports.systems import LEGAL_ENTITIES, Systems
from tests.integrations.conftest import Control
from tests.integrations.tables import LEASING_FIRM, RENTAL_FIRM


@pytest.mark.parametrize(
    ("uscc", "name", "status"),
    [
        (RENTAL_FIRM, "沪寓公寓管理有限公司", "存续"),
        (LEASING_FIRM, "上海测试住房租赁有限公司", "存续"),
        ("91310115MAXY9901XE", "上海旧巢公寓管理有限公司", "注销"),
        ("91310106maxy99028d", "上海远客房地产经纪有限公司", "吊销"),
    ],
)
def test_body_is_told_with_its_state(systems: Systems, uscc: str, name: str, status: str) -> None:
    answer = systems.at(LEGAL_ENTITIES).entity_of(uscc)
    assert (answer.state, answer.source) == (AnswerState.HIT, "法人库")
    assert answer.value is not None
    assert (answer.value.uscc, answer.value.name, answer.value.status) == (uscc.upper(), name, status)


def test_unknown_code_is_missed(systems: Systems) -> None:
    assert systems.at(LEGAL_ENTITIES).entity_of("91310115MA1K99999X").missed


def test_code_that_is_too_long_is_silence(systems: Systems) -> None:
    assert systems.at(LEGAL_ENTITIES).entity_of("9" * 40).silent


def test_changed_state_is_told_at_once(systems: Systems, control: Control) -> None:
    before = systems.at(LEGAL_ENTITIES).entity_of(LEASING_FIRM)
    control("legal_entities", "change", uscc=LEASING_FIRM, status="吊销").raise_for_status()
    after = systems.at(LEGAL_ENTITIES).entity_of(LEASING_FIRM)
    control("legal_entities", "change", uscc=LEASING_FIRM, status="存续").raise_for_status()
    assert before.value is not None
    assert after.value is not None
    assert (before.value.status, after.value.status) == ("存续", "吊销")
    assert control("legal_entities", "change", uscc=LEASING_FIRM, status="开心").status_code == 422
    assert control("legal_entities", "change", uscc="无").status_code == 404


def test_mismatch_and_miss_on_demand(systems: Systems, control: Control) -> None:
    control("legal_entities", "faults", fault="mismatch", times=1)
    wrong = systems.at(LEGAL_ENTITIES).entity_of(RENTAL_FIRM)
    assert wrong.value is not None
    assert wrong.value.name != "沪寓公寓管理有限公司"
    control("legal_entities", "faults", fault="miss", times=1)
    assert systems.at(LEGAL_ENTITIES).entity_of(RENTAL_FIRM).missed
