"""The rules of cards one by one: facts in, codes out, no database (K01-K07, K14)."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from models.enterprise import Enterprise, RecordState, ServiceState
from models.practitioner_codes import ApplyKind, CardState, FaceSeen
from models.practitioners import InfoCard
from services.engine.findings import Outcome, judge
from services.engine.thresholds import Thresholds
from services.ports.answers import Answer, SamePerson, hit, miss, silent
from services.ports.blacklist import BlacklistEntry
from services.practitioners.facts import Answers, ApplyFacts, PortraitFacts
from services.practitioners.orders import POSTS, duty_of
from services.practitioners.rules import ALL_RULES, CHECK_RULES, PASS_RULES, SUBMIT_RULES
from tests.services.practitioners.desks.people import somebody, sound_number

pytestmark = pytest.mark.row(39)

TODAY = date(2027, 3, 1)
HERE = uuid4()


def firm(record: RecordState, service: ServiceState = ServiceState.NORMAL) -> Enterprise:
    return Enterprise(id=HERE, record_state=record, service_state=service)


_OF_PERSON = ("id_no", "hired_on", "mobile", "post", "contract_from", "contract_to")
RECORDED = firm(RecordState.RECORDED)
AGREES: Answer[Any] = hit("公安人口库", SamePerson(True))
CLEAN: Answer[Any] = miss("行业黑名单")


def facts(**changes: Any) -> ApplyFacts:
    """An application that fulfils every rule, with these changes; what the person's form has goes there."""
    person = somebody(**{key: changes.pop(key) for key in _OF_PERSON if key in changes})
    given: dict[str, Any] = {
        "kind": ApplyKind.NEW,
        "firm": RECORDED,
        "portrait": PortraitFacts(295, 413),
        "answers": Answers(AGREES, CLEAN),
    }
    return ApplyFacts(TODAY, Thresholds(TODAY), person=person, **{**given, **changes})


def found(given: ApplyFacts) -> list[str]:
    return sorted({one.code for one in judge(given, ALL_RULES).findings})


def test_a_sound_application_fulfils_every_rule() -> None:
    assert found(facts()) == []


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"answers": Answers(hit("公安人口库", SamePerson(False)), CLEAN)}, ["K01"]),
        ({"answers": Answers(miss("公安人口库"), CLEAN)}, ["K01"]),
        ({"answers": Answers(AGREES, hit("名单", (BlacklistEntry("其他", date(2025, 1, 1)),)))}, ["K02"]),
        ({"answers": Answers(AGREES, hit("名单", (BlacklistEntry("其他", date(2025, 1, 1), date(2027, 2, 1)),)))}, []),
        ({"answers": Answers(silent("公安人口库"), CLEAN)}, ["K03"]),
        ({"answers": Answers(AGREES, silent("名单"))}, ["K03"]),
        ({"live": InfoCard(enterprise_id=uuid4(), state=CardState.ACTIVE)}, ["K04"]),
        ({"live": InfoCard(enterprise_id=HERE, state=CardState.SUSPENDED)}, ["K04"]),
        ({"open_no": "SQ1", "open_state": "草稿"}, ["K04"]),
        ({"kind": ApplyKind.CHANGE, "changed": CardState.ACTIVE}, []),
        ({"kind": ApplyKind.CHANGE, "changed": CardState.SUSPENDED}, ["K04"]),
        ({"kind": ApplyKind.CHANGE, "changed": None}, ["K04"]),
        ({"kind": ApplyKind.CHANGE, "changed": CardState.ACTIVE, "changed_is_same_person": False}, ["K04"]),
        ({"firm": firm(RecordState.CHANGED)}, []),
        ({"firm": firm(RecordState.NONE)}, ["K05"]),
        ({"firm": firm(RecordState.RECORDED, ServiceState.SUSPENDED)}, ["K05"]),
        ({"hired_on": date(2027, 1, 30)}, []),
        ({"hired_on": date(2027, 1, 29)}, ["K06"]),
        ({"portrait": None}, ["K07"]),
        ({"portrait": PortraitFacts(413, 295)}, ["K07"]),
        ({"portrait": PortraitFacts(20, 400)}, ["K07"]),
        ({"portrait": PortraitFacts(40, 56)}, ["K07"]),
        ({"portrait": PortraitFacts(295, 413, FaceSeen.ONE)}, []),
        ({"portrait": PortraitFacts(295, 413, FaceSeen.NONE)}, ["K07"]),
        ({"portrait": PortraitFacts(40, 56, FaceSeen.SMALL)}, ["K07"]),
        ({"id_no": sound_number("20090302")}, ["K14"]),
        ({"id_no": sound_number("20090301")}, []),
        ({"id_no": sound_number("19560301")}, ["K14"]),
        ({"id_no": sound_number("19570301")}, []),
        ({"hired_on": None}, ["FORM"]),
        ({"contract_from": date(2020, 1, 1), "contract_to": date(2027, 2, 28)}, ["FORM"]),
        ({"contract_from": date(2020, 1, 1), "contract_to": date(2027, 3, 1)}, []),
        ({"post": "总裁"}, ["FORM"]),
        ({"mobile": ""}, ["FORM"]),
    ],
)
def test_each_rule_finds_what_it_is_for(changes: dict[str, Any], codes: list[str]) -> None:
    assert found(facts(**changes)) == codes


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"answers": Answers(silent("公安人口库"), CLEAN)}, Outcome.PENDING),
        ({"hired_on": date(2026, 1, 1)}, Outcome.PASS),
        ({"contract_from": date(2018, 7, 1), "contract_to": date(2021, 6, 30)}, Outcome.PASS),
        ({"portrait": PortraitFacts(40, 56)}, Outcome.PASS),
        *(({"portrait": PortraitFacts(295, 413, face)}, Outcome.PASS) for face in FaceSeen),
        ({"id_no": sound_number("20100101")}, Outcome.REFUSE),
        (
            {"answers": Answers(silent("公安人口库"), hit("名单", (BlacklistEntry("其他", date(2025, 1, 1)),)))},
            Outcome.REFUSE,
        ),
    ],
)
def test_silence_waits_warnings_do_not_stop_and_a_hit_outweighs_silence(
    changes: dict[str, Any], outcome: Outcome
) -> None:
    assert judge(facts(**changes), ALL_RULES).outcome is outcome


@pytest.mark.parametrize("rule", [*SUBMIT_RULES, *CHECK_RULES, *PASS_RULES], ids=lambda rule: f"{rule.code}")
def test_every_rule_names_its_basis_and_its_message(rule: Any) -> None:
    assert rule.basis
    assert rule.message
    assert rule.source


def test_rule_can_be_switched_off_from_a_day_on() -> None:
    off = replace(facts(portrait=None), thresholds=Thresholds(TODAY, {"rule.K07.on": "false"}))
    assert found(off) == []


@pytest.mark.parametrize("post", POSTS)
def test_every_post_of_the_table_has_a_duty(post: str) -> None:
    assert duty_of(post) in {"居间代理", "房源收储", "客户接待", "业务咨询", "签约备案"}
