"""Wherever personal data leave, they are masked by one rule set or covered by a grant (decisions 8 and 9, D07)."""

import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader
from sqlmodel import SQLModel, col, select

from models.documents import IssuedDocument, PaperKind
from models.engine import Notice, Outgoing
from models.masking import mask
from models.tenancy import CheckItem, GovCase
from services.documents.preview import paper_preview
from services.engine.listings import ListRows
from services.engine.refusals import Refusal
from services.engine.work import Work
from services.privacy.exports import EXPORTS
from services.tenancy.cancel_views import APPLIES, apply_view
from services.tenancy.contract_views import contract_view
from services.tenancy.filing_search import SearchFilings, search_filings
from services.tenancy.intake import ReadPerson, read_person
from services.tenancy.listings import CASES, FILINGS, case_runs
from tests.services.tenancy.counter import Counter, Filed

MOBILE = "13900001234"


@pytest.fixture(scope="module")
def filed(open_counter: Counter) -> Filed:
    open_counter.world.stand_at(2027, 3, 1)
    filed = open_counter.filed()
    open_counter.cancel_alone(filed)
    open_counter.draw_papers(filed.contract_id, filed.filing_id, filed.decision.case_id)
    return filed


def secrets_of(filed: Filed) -> tuple[str, ...]:
    people = (filed.landlord, filed.tenant)
    return (*(one.name for one in people), *(one.id_no for one in people), MOBILE)


def told(answer: Any) -> str:
    return json.dumps(plain(answer), default=str, ensure_ascii=False)


def plain(value: Any) -> Any:
    """An answer with the fields of its dataclasses and rows."""
    if hasattr(value, "__dataclass_fields__") or isinstance(value, SQLModel):
        return {name: plain(one) for name, one in vars(value).items() if name != "_sa_instance_state"}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


ANSWERS: dict[str, Callable[[Counter, Filed, Any], Any]] = {
    "filings.list": lambda c, f, who: c.world.door.ask(FILINGS.query, who, ListRows()),
    "cases.list": lambda c, f, who: c.world.door.ask(CASES.query, who, ListRows()),
    "cases.runs": lambda c, f, who: c.world.door.ask(case_runs, who, f.decision.case_id),
    "tenancy.contract": lambda c, f, who: c.world.door.ask(contract_view, who, f.contract_id),
    "cancellations.list": lambda c, f, who: c.world.door.ask(APPLIES.query, who, ListRows()),
    "exports.list": lambda c, f, who: c.world.door.ask(EXPORTS.query, who, ListRows()),
}


@pytest.mark.proves("D07", "D23")
@pytest.mark.parametrize("login", ["huamu02", "shi01", "shiju01"])
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_shows_nobody_in_clear_who_was_not_read_here(
    counter: Counter, filed: Filed, name: str, login: str
) -> None:
    answer = told(ANSWERS[name](counter, filed, counter.clerk(login)))
    for secret in secrets_of(filed):
        assert secret not in answer


@pytest.mark.proves("D07")
def test_only_the_person_read_here_is_in_clear(counter: Counter, filed: Filed) -> None:
    door, clerk = counter.world.door, counter.clerk("pudong02")
    door.perform(read_person, clerk, ReadPerson(filed.tenant.id_no))
    order = SearchFilings(filed.landlord.id_no, purpose="核实", cert_no=filed.flat.cert_no)
    found = door.perform(search_filings, counter.clerk("longhua01"), order)
    assert filed.tenant.name not in told(found)
    assert mask("name", filed.tenant.name) in told(found)


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).replace("\n", "")


def paper(counter: Counter, filed: Filed, kind: PaperKind) -> IssuedDocument:
    def read(work: Work) -> IssuedDocument:
        where = (IssuedDocument.filing_id == filed.filing_id, IssuedDocument.kind == kind)
        return work.session.exec(select(IssuedDocument).where(*where)).one()

    found: IssuedDocument = counter.world.read(read)
    return found


@pytest.mark.proves("D07")
@pytest.mark.parametrize("kind", [PaperKind.CONTRACT, PaperKind.FILING_NOTICE])
def test_a_preview_masks_who_was_not_read_here_and_a_card_opens_him_alone(
    counter: Counter, filed: Filed, kind: PaperKind
) -> None:
    row, clerk = paper(counter, filed, kind), counter.clerk("huamu02")
    if kind is PaperKind.CONTRACT:
        masked = text_of(paper_preview(counter.world.door, clerk, row.id))
        for secret in secrets_of(filed):
            assert secret not in masked
    counter.world.door.perform(read_person, clerk, ReadPerson(filed.tenant.id_no))
    opened = text_of(paper_preview(counter.world.door, clerk, row.id))
    assert filed.tenant.name in opened
    assert filed.landlord.name not in opened
    assert filed.landlord.id_no not in opened


@pytest.mark.proves("D07")
def test_a_public_answer_masks_by_the_public_profile(counter: Counter, filed: Filed) -> None:
    public = json.dumps(paper(counter, filed, PaperKind.FILING_NOTICE).public, ensure_ascii=False)
    for secret in secrets_of(filed):
        assert secret not in public
    assert mask("name", filed.tenant.name, "P") in public


@pytest.mark.proves("D07")
def test_subjects_messages_and_queues_name_nobody(counter: Counter, filed: Filed) -> None:
    def read(work: Work) -> list[str]:
        said = [row.subject for row in work.session.exec(select(Notice)).all()]
        said += [row.message for row in work.session.exec(select(CheckItem)).all()]
        said += [f"{row.operation} {row.last_error}" for row in work.session.exec(select(Outgoing)).all()]
        said += [row.part_keys for row in work.session.exec(select(GovCase).where(col(GovCase.id).is_not(None))).all()]
        return said

    whole = "\n".join(counter.world.read(read))
    assert whole
    for secret in secrets_of(filed):
        assert secret not in whole


@pytest.mark.proves("D07")
def test_a_refusal_and_its_log_name_nobody(counter: Counter, filed: Filed, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Refusal) as refused:
        counter.world.door.ask(apply_view, counter.clerk("xuhui01"), filed.contract_id)
    for secret in secrets_of(filed):
        assert secret not in refused.value.message
        assert secret not in caplog.text
