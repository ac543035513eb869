"""Back after an exit on the public page, and what a district may begin (rows 52, 53)."""

from typing import Any

import httpx
import pytest
from sqlmodel import select

from models.companies import AdmissionState, HeadCompany
from models.records import Revision, RevisionState
from services.companies.public_application import Apply, apply
from services.engine.refusals import Rejected
from services.public_practitioners.visitor import visitor
from tests.conformance.story import Story
from tests.market import Market
from tests.services.companies.test_row_52 import FILES, HEAD, codes, decide, leave, standing, typed
from tests.services.companies.test_row_53 import by_authority


def applies(town: Market, company: HeadCompany, **changes: str) -> Any:
    values = typed(town, uscc=company.uscc, name=company.name, **changes)
    return town.world.door.perform(apply, visitor("127.0.0.1"), Apply(values, FILES, "已核对，情况属实"))


@pytest.mark.row(52)
def test_who_left_comes_back_by_the_public_page_under_the_old_number(town: Market) -> None:
    company_id = town.head_company()
    number = town.row(HeadCompany, company_id).record_no
    leave(town, company_id)
    company = town.row(HeadCompany, company_id)
    made = applies(town, company)
    versions = town.world.read(
        lambda work: work.session.exec(select(Revision).where(Revision.record_id == company_id)).all()
    )
    (waiting,) = [row for row in versions if row.state is RevisionState.SUBMITTED]
    with pytest.raises(Rejected) as twice:
        applies(town, company)
    assert "SUB-03" in codes(twice.value)
    decide(town, HEAD.approve, "pdshen01", waiting.id)
    decide(town, HEAD.approve, "shishen01", waiting.id)
    back = town.row(HeadCompany, company_id)
    assert (back.admission_state, back.record_no, back.version_no) == (AdmissionState.ADMITTED, number, 2)
    assert back.exited_on is None
    assert standing(town, made).record_no == number


@pytest.mark.row(52)
def test_gone_between_the_first_level_and_the_second(town: Market) -> None:
    """Rules run again at every level."""
    story = Story.of(town, "head_company").begin().fill().submit()
    decide(town, HEAD.approve, "pdshen01", story.revision_id)
    url = town.world.simulators.base_url("legal_entities")
    known = {"uscc": story.sample.values["uscc"], "name": story.sample.values["name"], "new": True}
    httpx.post(f"{url}/sim/change", json={**known, "status": "注销"}).raise_for_status()
    with pytest.raises(Rejected) as refused:
        decide(town, HEAD.approve, "shishen01", story.revision_id)
    assert "SUB-02" in codes(refused.value)
    assert town.row(Revision, story.revision_id).state is RevisionState.SUBMITTED


@pytest.mark.row(53)
def test_a_district_begins_what_it_looks_after_itself(town: Market) -> None:
    joint = by_authority(town, reg_district="310104")
    with pytest.raises(Rejected) as refused:
        joint.offer()
    assert "FMT" in codes(refused.value)
    # The draft is still its own, and is mended.
    joint.story.fill()
    assert joint.offer()


@pytest.mark.row(53)
def test_no_admission_without_the_papers(town: Market) -> None:
    """营业执照 and 授权书 are asked for of a project company as of a head."""
    for kind in ("head_company", "project_company"):
        asked = {slot.name for slot in Story.of(town, kind).kind.slots if slot.least}
        assert asked == {"licence", "authority"}, kind
