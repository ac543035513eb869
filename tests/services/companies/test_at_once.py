"""A company ends and something comes to hang on it at the same moment: one of the two comes first, and the other sees it."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from models.companies import AdmissionState, HeadCompany
from models.land_codes import LinkSide
from models.parcels import ParcelHeadLink
from models.records import InForceState, PactState
from services.engine.cycle import acts
from services.engine.cycle_orders import Decide, Void
from services.engine.refusals import Refusal
from services.engine.work import Work
from services.parcels.head_links import AnswerLink, confirm_link
from tests.conformance.story import OPINION, Story
from tests.land import Land
from tests.market import Market
from tests.world import at_once

_ROUNDS = range(4)
_WHY = "重复登记，予以作废"


def both(*calls: Any) -> int:
    """How many of them came off; the others were refused."""
    results = at_once(calls)
    assert all(isinstance(one, Refusal) for one in results if isinstance(one, Exception)), results
    return sum(not isinstance(one, Exception) for one in results)


def claimed(town: Market, head: UUID) -> UUID:
    """A parcel a head company has claimed, which the authority has yet to confirm."""
    parcel = Land(town).parcel()

    def claim(work: Work) -> UUID:
        link = ParcelHeadLink(
            parcel_id=parcel,
            head_company_id=head,
            district_code="310115",
            share=Decimal(100),
            open_key=f"{parcel.hex}:{head.hex}",
            offered_side=str(LinkSide.HEAD),
            offered_at=work.now,
        )
        return work.add(link).id

    made: UUID = town.world.act(claim)
    return made


@pytest.mark.row(55)
def test_a_head_company_is_voided_while_its_claim_is_confirmed(town: Market) -> None:
    door = town.world.door
    for _ in _ROUNDS:
        head = town.head_company()
        link = claimed(town, head)
        came_off = both(
            partial(door.perform, confirm_link, town.caller("pdchu01"), AnswerLink(link)),
            partial(door.perform, acts("head_company").void, town.caller("shishen01"), Void(head, _WHY)),
        )
        holds = town.row(ParcelHeadLink, link).state is PactState.CONFIRMED
        gone = town.row(HeadCompany, head).in_force is InForceState.VOIDED
        assert (came_off, holds and gone) == (1, False)


@pytest.mark.row(53)
def test_a_head_company_leaves_while_a_project_company_of_its_is_admitted(town: Market) -> None:
    for _ in _ROUNDS:
        head = town.head_company()
        leaving = Story.of(town, "head_exit")
        named = {**leaving.sample.values, "company_name": town.row(HeadCompany, head).name}
        leaving.sample = replace(leaving.sample, about=head, values=named)
        coming = Story.of(town, "project_company")
        coming.sample = replace(coming.sample, drafter="pdchu01", submitter="pdchu01", about=head)
        coming.begin().fill().submit()
        leaving.begin().fill().submit()
        first, last = leaving.reviewer(0), leaving.reviewer(1)
        leaving.perform(leaving.acts.approve, first, Decide(leaving.revision_id, leaving.view(first).version, OPINION))
        came_off = both(
            partial(
                leaving.perform,
                leaving.acts.approve,
                last,
                Decide(leaving.revision_id, leaving.view(last).version, OPINION),
            ),
            coming.approve,
        )
        out = town.row(HeadCompany, head).admission_state is AdmissionState.EXITED
        company = coming.row()
        assert (came_off, out and company is not None) == (1, False)
