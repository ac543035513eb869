"""Nobody's name, number or phone lies in the database or the log in clear, and a sealed value opens in its place only."""

import logging
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlmodel import select

from models.identity import id_check_character
from models.row_mac import RowTampered
from models.sealed import open_token
from models.sealing import CryptoError
from models.tenancy import ContractParty
from services.documents.rendition import render_waiting
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.refusals import Refusal
from services.engine.work import Work
from services.tenancy.contract_search import FindContract, find_contract
from services.tenancy.filing_search import SearchFilings
from services.tenancy.intake import ReadPerson, read_person
from services.tenancy.listings import FILINGS
from services.tenancy.query_papers import IssueResult, issue_result
from tests.services.tenancy.counter import Counter, Filed, Person, party, somebody
from tests.world import sealer

NAME, MOBILE = "慕容阿依古丽", "13987654321"
_FIRST = "31010119900307109"
MARKED = Person(NAME, _FIRST + id_check_character(_FIRST))
WORD = "暗号芝麻开门"


def raw_text(counter: Counter) -> str:
    """Everything that lies in the database, as a thief would read it."""
    database = counter.world.door.database
    if database.sqlite:
        path = database.url.removeprefix("sqlite:///")
        found = [Path(path + end) for end in ("", "-wal")]
        return b"".join(file.read_bytes() for file in found if file.exists()).decode("utf-8", "replace")
    with database.engine.connect() as connection:
        names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        rows = [connection.execute(text(f'SELECT t::text FROM "{name}" t')).scalars().all() for name in names]
    return "\n".join(line for table in rows for line in table)


def test_no_personal_word_lies_in_the_database_or_the_log(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    raw = counter.form(counter.free_flat(), MARKED, lessees=[party(MARKED, mobile=MOBILE)], other_terms=WORD)
    decision = counter.file(raw)
    assert decision.filing_no
    search = SearchFilings(MARKED.id_no, name=NAME, purpose="核实")
    counter.world.door.perform(issue_result, counter.clerk(), IssueResult(search))
    with pytest.raises(Refusal):
        counter.world.door.perform(find_contract, counter.clerk(), FindContract("HT0", MARKED.id_no, NAME))
    counter.world.fault("licence_library", "error", match=decision.filing_no)
    render_waiting(counter.world.door)
    counter.run("outbox.send")
    lying, logged = raw_text(counter), caplog.text
    assert decision.filing_no in lying
    for secret in (NAME, MARKED.id_no, MOBILE, WORD):
        assert secret not in lying
        assert secret not in logged


def test_a_sealed_value_does_not_open_in_another_row(counter: Counter) -> None:
    one, other = (_tenant(counter, counter.filed()) for _ in range(2))
    counter.world.act(lambda work: _write(work, one.id, "name", other.name.token))
    with pytest.raises(CryptoError):
        open_token(sealer(), "contract_party", "name", one.id, other.name.token)
    with pytest.raises(RowTampered):
        _reread(counter, one)
    assert _reread(counter, other).name.plain == "高远航"


def test_a_sealed_value_does_not_open_in_another_column(counter: Counter) -> None:
    one = _tenant(counter, counter.filed())
    counter.world.act(lambda work: _write(work, one.id, "mobile", one.id_no.token))
    with pytest.raises(CryptoError):
        open_token(sealer(), "contract_party", "mobile", one.id, one.id_no.token)
    with pytest.raises(RowTampered):
        _reread(counter, one)


def _write(work: Work, row_id: UUID, column: str, token: str) -> None:
    """Put a token where it does not belong, past the column's own type."""
    table = ContractParty.__table__  # type: ignore[attr-defined]
    raw = text(":token").bindparams(token=token)
    work.session.connection().execute(update(table).where(table.c.id == row_id).values({column: raw}))


def _tenant(counter: Counter, filed: Filed) -> ContractParty:
    def read(work: Work) -> ContractParty:
        statement = select(ContractParty).where(
            ContractParty.contract_id == filed.contract_id, ContractParty.side == "LESSEE"
        )
        return work.session.exec(statement).one()

    found: ContractParty = counter.world.read(read)
    return found


def _reread(counter: Counter, row: ContractParty) -> ContractParty:
    statement = select(ContractParty).where(ContractParty.id == row.id)
    found: ContractParty = counter.world.read(lambda work: work.session.exec(statement).one())
    return found


# One person, however typed (H30, decision 11)

_X_FIRST = "11010519491231002"
WITH_X = Person("陈 小 梅", _X_FIRST + id_check_character(_X_FIRST))
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@pytest.mark.parametrize(
    "typed", [WITH_X.id_no, WITH_X.id_no.lower(), WITH_X.id_no.translate(FULL_WIDTH), f" {WITH_X.id_no} "]
)
def test_a_number_is_found_however_it_was_typed(counter: Counter, typed: str) -> None:
    assert WITH_X.id_no.endswith("X")
    number = _lease_with_x(counter)
    found = counter.world.door.perform(find_contract, counter.clerk(), FindContract(number, typed))
    assert len(found) == 1
    assert counter.world.door.perform(read_person, counter.clerk(), ReadPerson(typed)).id_no == WITH_X.id_no


_FILED: dict[int, str] = {}


def _lease_with_x(counter: Counter) -> str:
    if id(counter) not in _FILED:
        raw = counter.form(counter.free_flat(), Person("陈小梅", WITH_X.id_no.lower()))
        _FILED[id(counter)] = counter.file(raw).contract_no
    return _FILED[id(counter)]


@pytest.mark.parametrize("name", ["John  SMITH", "john smith", " JOHN Smith "])
def test_a_name_is_found_however_it_was_spaced(counter: Counter, name: str) -> None:
    flat = counter.free_flat()
    decision = counter.file(counter.form(flat, somebody("John Smith")))
    assert decision.filing_no, decision.findings
    order = FindContract(flat.cert_no.replace("（", "(").replace("）", ")"), name=name)
    assert len(counter.world.door.perform(find_contract, counter.clerk(), order)) == 1


# What looks like a question to the database is a word like any other (H26)

HOSTILE = ["%", "_%", "'", "'; DROP TABLE house; --", "\\", "１' OR '1'='1", "牡丹%路", "\u202e路段"]


@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_words_find_nothing_and_break_nothing(counter: Counter, word: str) -> None:
    for key in ("number", "id_no", "cert_no", "address"):
        # An invisible character, and an address of one character, are refused with a sentence.
        with suppress(Refusal):
            assert counter.world.door.ask(FILINGS.query, counter.clerk(), ListRows({key: word})).total == 0


@pytest.mark.parametrize("sort", ["id; DROP TABLE house", "password", "filed_on DESC", "--"])
def test_a_column_nobody_named_is_not_sorted_by(counter: Counter, sort: str) -> None:
    with pytest.raises(Refusal, match="不支持按该列排序"):
        counter.world.door.ask(FILINGS.query, counter.clerk(), ListRows(paging=Paging(sort=sort)))
