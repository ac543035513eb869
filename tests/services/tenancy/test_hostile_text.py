"""Hostile and rare text on its whole way: form, door, search, mask, paper, list (H26-H30, H32, H33, H46)."""

import csv
import json
import logging
import typing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import MISSING, fields, is_dataclass
from inspect import signature
from io import BytesIO
from itertools import groupby, product
from typing import Any
from uuid import UUID, uuid4

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import col, select

from models.access import Role, ScopeKind
from models.audit import AuditEvent
from models.documents import IssuedDocument, PaperKind
from models.labels import Label
from models.own_data import DATA
from models.tenancy import ContractParty
from models.tenancy_codes import Side
from services.documents.stored_papers import open_paper
from services.engine.callers import Caller, Scope
from services.engine.door import Door
from services.engine.listings import LISTINGS, ListRows
from services.engine.paging import Paging
from services.engine.refusals import Refusal, Rejected
from services.engine.registry import QUERIES, Query, hints_of
from services.engine.sheets import write_csv, write_xlsx
from services.files.text_tables import csv_rows
from services.files.workbooks import guard_workbook
from services.tenancy.contract_search import FindContract, find_contract
from services.tenancy.form_parser import read_lease_form
from services.tenancy.listings import FILINGS
from tests.printing.reading import composed, text_of
from tests.report import each_in_turn
from tests.services.tenancy.counter import Counter, somebody

# H26: every list, every field

#: By what they do where they are not taken for themselves; of each sort every search is given one, by turns.
WORDS = (
    ("%",),
    ("_", "%%", "__", "100%"),
    ("'", "' OR '1'='1", "'; DROP TABLE house; --", "\\"),
    ("\x00", "\ud800", "\u202e", "*"),
)
SORTS = ("id; DROP TABLE house", "updated_by", "mac", "filed_on DESC", "-", "--", "filed_on,id", "1")
#: What a filter means otherwise when it is not known; nothing is searched by it.
_NO_SEARCH = {"state", "kind", "role", "level", "area", "personal", "result"}


def _order_of(query: Query[Any, Any]) -> Any:
    hints = hints_of(query.handler)
    order = hints.get(list(signature(query.handler).parameters)[1])
    return order if is_dataclass(order) else None


def _searches() -> Iterator[tuple[str, str]]:
    for name, query in sorted(QUERIES.items()):
        order = _order_of(query)
        if order is None or not {"page", "paging"} & {one.name for one in fields(order)}:
            continue
        hints = typing.get_type_hints(order)
        for one in fields(order):
            if hints[one.name] is str:
                yield name, one.name
    for listing in LISTINGS.values():
        for narrowing in listing.filters:
            yield listing.query.name, narrowing.key


def _searches_with_words() -> Iterator[tuple[str, str, list[str]]]:
    for turn, (name, field) in enumerate(_searches()):
        yield name, field, [sort[turn % len(sort)] for sort in WORDS]


def _sorted_lists() -> list[str]:
    found = []
    for name, query in sorted(QUERIES.items()):
        order = _order_of(query)
        counts = _counts(hints_of(query.handler)["return"])
        if order is not None and "paging" in {one.name for one in fields(order)} and not counts:
            found.append(name)
    return found


def _counts(answer: Any) -> bool:
    """How many there are is asked with the filter of the list, and has no order."""
    if not is_dataclass(answer):
        return typing.get_origin(answer) is dict
    return not any(typing.get_origin(hint) in {tuple, list} for hint in typing.get_type_hints(answer).values())


def _caller(counter: Counter, query: Query[Any, Any]) -> Caller:
    """Somebody who may ask and sees much."""
    if Role.STREET_CLERK in query.roles:
        return counter.clerk()
    if Role.DISTRICT_CLERK in query.roles:
        return counter.clerk("pudong01")
    if Role.CITY_CENTER in query.roles:
        return counter.clerk("shi01")
    role = min(query.roles)
    return Caller("询问者", (Scope(role, ScopeKind.CITY),), account_id=uuid4(), clearance=Label.HIGH)


@pytest.fixture(scope="module", autouse=True)
def something(open_counter: Counter) -> None:
    """One filing to be found by mistake."""
    open_counter.world.stand_at(2027, 3, 1)
    open_counter.filed()


@pytest.mark.proves("H26")
@each_in_turn("name, field, words", _searches_with_words())
def test_no_word_means_more_than_itself_in_any_search_h26(
    counter: Counter, name: str, field: str, words: list[str]
) -> None:
    """Wildcards, quotes and what no database takes: found nowhere or refused in a sentence, never an error."""
    query = QUERIES[name]
    caller = _caller(counter, query)
    for place, word in enumerate(words):
        try:
            with _told_of(place):
                answer = counter.world.door.ask(query, caller, _searching(query, field, word))
        except Refusal:
            continue
        if field not in _NO_SEARCH:
            # A name of ours may have such a sign in it; then it is found because it is there.
            assert all(word.strip() in str(line) for line in _lines(answer)), word


@contextmanager
def _told_of(place: int) -> Iterator[None]:
    """Write the first refusal of each search into the log; those of other words are written in the same way."""
    with pytest.MonkeyPatch.context() as patch:
        if place:
            patch.setattr(Door, "_tell_refusal", lambda *_: None)
        yield


def _searching(query: Query[Any, Any], field: str, word: str) -> Any:
    """A search for a word: by a filter of a listing, or by a field of an order of its own."""
    order = _order_of(query)
    return ListRows({field: word}) if order is ListRows else order(**(_needed(query) | {field: word}))


def _needed(query: Query[Any, Any]) -> dict[str, Any]:
    """The record a list of parts is asked of: nobody's, so that it is not found; a kind where one is to be named."""
    order = _order_of(query)
    hints = typing.get_type_hints(order)
    needed = [one.name for one in fields(order) if one.default is MISSING and one.default_factory is MISSING]
    made: dict[type, Any] = {UUID: uuid4(), str: "parcel"}
    return {name: made[hints[name]] for name in needed}


def _lines(answer: Any) -> list[Any]:
    """The rows of an answer, whatever it calls them; numbers of rows have none."""
    if isinstance(answer, tuple | list):
        return list(answer)
    told = answer if isinstance(answer, dict) else vars(answer)
    lines = next((value for value in told.values() if isinstance(value, tuple | list)), None)
    if lines is not None:
        return list(lines)
    assert not any(any(one.values()) if isinstance(one, dict) else one for one in told.values())
    return []


@pytest.mark.proves("H26")
@each_in_turn("name, sort", product(_sorted_lists(), SORTS))
def test_a_column_that_was_not_offered_is_422_h26(counter: Counter, name: str, sort: str) -> None:
    query = QUERIES[name]
    with pytest.raises(Rejected, match="不支持按该列排序") as refused, _told_of(SORTS.index(sort)):
        counter.world.door.ask(query, _caller(counter, query), _order_of(query)(paging=Paging(sort=sort)))
    assert refused.value.status == 422


# H29: rare characters


def _rare_names() -> list[Any]:
    """Two names of each block of the sample, the second by night."""
    with (DATA / "names" / "rare_names_sample.csv").open(encoding="utf-8-sig") as source:
        lines = sorted(csv.DictReader(source), key=lambda line: line["block"])
    return [
        pytest.param(line["name"], id=f"{block}-{line['codepoint']}", marks=[pytest.mark.night][:place])
        for block, of_block in groupby(lines, key=lambda line: line["block"])
        for place, line in enumerate(list(of_block)[:2])
    ]


@pytest.mark.proves("H29")
@pytest.mark.parametrize("name", _rare_names())
def test_a_rare_name_passes_form_search_mask_paper_and_files_h29(counter: Counter, name: str) -> None:
    flat, tenant = counter.free_flat(), somebody(name)
    contract_id = counter.sign(counter.form(flat, tenant))
    decision = counter.submit(contract_id)
    assert decision.filing_no, [finding.message for finding in decision.findings]
    party = counter.world.read(
        lambda work: work.session.exec(
            select(ContractParty).where(ContractParty.contract_id == contract_id, ContractParty.side == Side.LESSEE)
        ).one()
    )
    assert party.name.plain == name
    masked = party.name.masked()
    assert (masked[0], len(masked), "*" in masked) == (name[0], len(name), True)
    found = counter.world.door.perform(find_contract, counter.clerk(), FindContract(flat.cert_no, name=name))
    assert [one.id for one in found] == [contract_id]
    papers = counter.world.read(
        lambda work: work.session.exec(
            select(IssuedDocument.id).where(
                IssuedDocument.object_id == contract_id, IssuedDocument.kind == PaperKind.CONTRACT
            )
        ).all()
    )
    for paper in papers:
        assert name in composed(text_of(open_paper(counter.world.door, counter.clerk(), paper).content or b""))
    assert papers
    listed = counter.world.door.ask(FILINGS.query, counter.clerk(), ListRows({"id_no": tenant.id_no})).lines
    assert [line.filing_no for line in listed] == [decision.filing_no]
    workbook = write_xlsx("备案", ["姓名"], [[party.name.plain]])
    assert guard_workbook(workbook)[0].rows == 2
    assert CalamineWorkbook.from_filelike(BytesIO(workbook)).get_sheet_by_index(0).to_python()[1] == [name]
    assert list(csv_rows(write_csv(["姓名"], [[name]])))[1] == [name]


# H27, H46: text that looks like a program

PROGRAMS = (
    '<script>alert("x")</script>',
    '<img src="file:///etc/passwd">',
    '<a href="javascript:alert(1)">点此',
    "{{7*7}}${7*7}#{7*7}<%= 7*7 %>",
    "</para></font><b>未闭合",
    "&lt;b&gt; &amp; &#x41;",
)


@pytest.mark.proves("H27", "H46")
@pytest.mark.parametrize("text", PROGRAMS)
def test_text_that_looks_like_a_program_is_printed_as_it_stands_h27_h46(counter: Counter, text: str) -> None:
    raw = counter.form(counter.free_flat(), somebody(), other_terms=text)
    contract_id = counter.sign(raw)
    assert counter.submit(contract_id).filing_no
    paper = counter.world.read(
        lambda work: work.session.exec(
            select(IssuedDocument.id).where(
                IssuedDocument.object_id == contract_id, IssuedDocument.kind == PaperKind.CONTRACT
            )
        ).one()
    )
    content = open_paper(counter.world.door, counter.clerk(), paper).content or b""
    assert "".join(text.split()) in "".join(text_of(content).split())
    assert b"/URI" not in content
    assert b"/JavaScript" not in content


# H28, H30, H32, H33: fields

INVISIBLE = [
    "陈\u200b明",
    "陈\u202e明",
    "陈\ufeff明",
    "陈\x07明",
    "陈\ud800明",
    "陈\x00明",
    "陈\u2066明",
    "陈\ue000明",
    "陈\x85明",
]


@pytest.mark.proves("H28")
@pytest.mark.parametrize("name", INVISIBLE)
@pytest.mark.parametrize("place", ["lessees.0.name", "house.address", "other_terms"])
def test_what_nobody_can_see_is_refused_at_its_field_h28(counter: Counter, name: str, place: str) -> None:
    raw = _with(counter.form(counter.flats[0]), place, name)
    found = {finding.field: finding for finding in read_lease_form(raw).findings}
    assert place in found
    assert "第2个字符（U+" in found[place].message
    assert name not in found[place].message


@pytest.mark.proves("H30")
@pytest.mark.parametrize(
    "number",
    [
        "310101199901010019",
        "310101990101001",
        "990101199901010018",
        "310101209901010019",
        "310101199902300018",
        "3101011999010100181",
        "31010119990101001A",
    ],
    ids=["check", "fifteen", "region", "future", "no such day", "nineteen", "letter"],
)
def test_a_wrong_identity_number_stops_the_lease_and_is_not_repeated_h30(
    counter: Counter, caplog: pytest.LogCaptureFixture, number: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        raw = _with(counter.form(counter.flats[0], somebody()), "lessees.0.id_no", number)
        judged = counter.judge(raw)
    wrong = [finding for finding in judged.stopping if finding.field.endswith("id_no")]
    assert wrong
    assert all(number not in finding.message for finding in wrong)
    assert number not in caplog.text
    bodies = counter.world.read(
        lambda work: work.session.exec(select(AuditEvent.body).order_by(col(AuditEvent.seq))).all()
    )
    assert number not in json.dumps(list(bodies), ensure_ascii=False)


@pytest.mark.proves("H32", "H33")
@pytest.mark.parametrize(
    ("place", "value"),
    [
        *(
            ("rent", value)
            for value in (
                "NaN",
                "1e309",
                "Infinity",
                "-1",
                "1" + "0" * 40,
                "1,000",
                "1.005",
                "0x10",
                "１e3",
                float("nan"),
                1e309,
            )
        ),
        *(("deposit", value) for value in ("NaN", "-0.01", "--1", "1.2.3")),
        *(
            ("start", value)
            for value in (
                "0000-00-00",
                "2026-02-30",
                "9999-12-31",
                "2027-13-01",
                "2027-03-01T00:00:00+14:00",
                "2027-03-01Z",
                "-2027-03-01",
                "1e3",
            )
        ),
        ("end", "2027-02-29"),
    ],
)
def test_odd_amounts_and_days_are_findings_at_their_field_h32_h33(counter: Counter, place: str, value: Any) -> None:
    found = read_lease_form(_with(counter.form(counter.flats[0]), place, value)).findings
    assert place in {finding.field for finding in found}


@pytest.mark.proves("H33")
def test_an_end_before_its_start_stops_the_lease_h33(counter: Counter) -> None:
    judged = counter.judge(counter.form(counter.flats[0], somebody(), start="2027-05-01", end="2027-04-30"))
    assert {"end", "start"} & {finding.field for finding in judged.stopping}


def _with(raw: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """The form with one value somewhere inside it."""
    copy: dict[str, Any] = json.loads(json.dumps(raw))
    here: Any = copy
    *steps, last = place.split(".")
    for step in steps:
        here = here[int(step)] if step.isdecimal() else here[step]
    here[last] = value
    return copy
