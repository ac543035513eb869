"""Every door by which a practitioner comes in asks the same of him: firm's page, import trial, import commit, association."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from io import StringIO
from uuid import uuid4

import pytest

from models.enterprise import Enterprise, RecordState, ServiceState
from models.practitioner_codes import ApplyKind
from services.engine.findings import Rule, judge
from services.engine.thresholds import Thresholds
from services.imports.sheets import Level
from services.imports.table_reader import read_table
from services.practitioners.facts import Answers, ApplyFacts, PortraitFacts
from services.practitioners.import_columns import SHEET, checks_of
from services.practitioners.import_sessions import person_of
from services.practitioners.orders import PersonData
from services.practitioners.records import tidy
from services.practitioners.registry import FromFiles
from services.practitioners.rules import RECORD_RULES, SUBMIT_RULES
from tests.services.practitioners.desks.people import somebody, sound_number

pytestmark = pytest.mark.row(39, 42, 45)

TODAY = date(2027, 3, 1)
FIRM = Enterprise(id=uuid4(), record_state=RecordState.RECORDED, service_state=ServiceState.NORMAL)
CODE = "91310115MA1K000016"
STOPS, WARNS = "stops", "warns"

#: A fault of a person and what every door says to it.
FAULTS: Mapping[str, tuple[dict[str, object], str]] = {
    "a name with markup": ({"name": "<b>张三</b>"}, STOPS),
    "a name with a digit": ({"name": "张3"}, STOPS),
    "a garbled name": ({"name": "ÕÅÈý"}, STOPS),
    "a name of damaged text": ({"name": "锟斤拷"}, STOPS),
    "a name read in the wrong character set": ({"name": "寮犱笁"}, STOPS),
    "a name too long": ({"name": "张" * 61}, STOPS),
    "a remark of damaged text": ({"note": "锟斤拷"}, STOPS),
    "a number that cannot be": ({"id_no": "310115199003150000"}, STOPS),
    "a resident's number as a passport": ({"id_type": "31", "id_no": sound_number()}, STOPS),
    "a child": ({"id_no": sound_number("20150101")}, STOPS),
    "an old man": ({"id_no": sound_number("19500101"), "hired_on": date(2027, 2, 20)}, WARNS),
    "hired tomorrow": ({"hired_on": date(2027, 3, 2)}, STOPS),
    "hired before birth": ({"hired_on": date(1980, 1, 1)}, STOPS),
    "a contract that ends before it begins": ({"contract_to": date(2020, 1, 1)}, STOPS),
    "a contract that is over": ({"contract_from": date(2018, 7, 1), "contract_to": date(2021, 6, 30)}, WARNS),
    "a remark too long": ({"note": "注" * 201}, STOPS),
}


def _judged(rules: tuple[Rule[ApplyFacts], ...]) -> Callable[[PersonData], str]:
    def say(person: PersonData) -> str:
        portrait = PortraitFacts(295, 413)
        facts = ApplyFacts(TODAY, Thresholds(TODAY), ApplyKind.NEW, tidy(person), FIRM, portrait, answers=Answers())
        found = judge(facts, rules)
        return STOPS if found.stopping else WARNS if found.findings else ""

    return say


def _table(person: PersonData) -> bytes:
    values = {"门店": "", "照片文件名": "a.jpg", "企业统一社会信用代码": CODE}
    told = {column.label: getattr(person, column.name, "") for column in SHEET.columns}
    kinds = {"11": "居民身份证", "31": "护照"}
    told |= {"证件类型": kinds[person.id_type], "门店": "沪寓公寓", **{k: v for k, v in values.items() if v}}
    out = StringIO()
    lines = csv.writer(out)
    lines.writerow(told)
    lines.writerow([value or "" for value in told.values()])
    return out.getvalue().encode()


def _trial(person: PersonData) -> str:
    (row,) = read_table(SHEET, checks_of(FromFiles(), TODAY, own_code=CODE), _table(person)).rows
    levels = {one.level for one in row.findings}
    return STOPS if Level.ERROR in levels else WARNS if Level.WARNING in levels else ""


def _commit(person: PersonData) -> str:
    """What becomes of a row that the trial let through; one it stopped never comes so far."""
    (row,) = read_table(SHEET, checks_of(FromFiles(), TODAY, own_code=CODE), _table(person)).rows
    if any(one.level is Level.ERROR for one in row.findings):
        return STOPS
    return _judged(SUBMIT_RULES)(person_of(row.values))


#: A lease's citizen page is not built; practitioners come in by these.
DOORS: Mapping[str, Callable[[PersonData], str]] = {
    "firm's page": _judged(SUBMIT_RULES),
    "import trial": _trial,
    "import commit": _commit,
    "association": _judged(RECORD_RULES),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_sound_person_comes_in_by_every_door(door: str) -> None:
    assert DOORS[door](_person()) == ""


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen_at_every_door(door: str, fault: str) -> None:
    changes, said = FAULTS[fault]
    assert DOORS[door](replace(_person(), **changes)) == said  # type: ignore[arg-type]


def test_a_rule_of_one_door_stands_at_the_other() -> None:
    assert {rule.code for rule in SUBMIT_RULES} == {rule.code for rule in RECORD_RULES}


def _person() -> PersonData:
    return somebody(education="本科", contract_from=date(2027, 2, 20), contract_to=date(2030, 2, 19))
