"""The public-housing system over HTTP: certificates, holders, residents."""

from datetime import date

import pytest

from models.house import HouseCategory, ProofKind, RoomKind
from services.ports.answers import AnswerState, PublicTenancy
from services.ports.systems import PUBLIC_HOUSING, Systems
from tests.integrations.conftest import Control
from tests.integrations.tables import PLAIN, PUBLIC, PUBLIC_TO_CHANGE, WANG, ZHAO, ZHOU


def tenancy(systems: Systems, cert_no: str) -> PublicTenancy:
    answer = systems.at(PUBLIC_HOUSING).tenancy_of(cert_no)
    assert answer.value is not None, answer
    return answer.value


@pytest.mark.row(6)
def test_a_tenancy_is_told_in_our_words(systems: Systems) -> None:
    found = tenancy(systems, PUBLIC)
    assert (found.cert_no, found.valid, found.sublet_allowed, found.residents) == (PUBLIC, True, True, ())
    assert (found.holder.name, found.holder.id_no) == WANG
    assert (found.title.category, found.title.proof_kind) == (HouseCategory.PUBLIC, ProofKind.A4)
    assert found.title.holders == (found.holder,)
    assert found.title.rooms[0].kind == RoomKind.BEDROOM


def test_source_and_data_time_are_told(systems: Systems) -> None:
    answer = systems.at(PUBLIC_HOUSING).tenancy_of(PUBLIC.replace("沪公租凭", "沪公租凭 "))
    assert (answer.state, answer.source) == (AnswerState.HIT, "公房系统")
    assert answer.at is not None


@pytest.mark.parametrize("cert_no", ["沪公租凭浦字第99999999号", PLAIN])
def test_unknown_number_and_owned_flat_are_missed(systems: Systems, cert_no: str) -> None:
    assert systems.at(PUBLIC_HOUSING).tenancy_of(cert_no).missed


def test_surrendered_certificate_is_not_valid(systems: Systems) -> None:
    found = tenancy(systems, "沪公租凭静字第00090001号")
    assert (found.valid, found.title.ended_on) == (False, date(2023, 2, 28))


def test_certificate_may_forbid_sub_letting(systems: Systems) -> None:
    assert tenancy(systems, "沪公租凭静字第00090002号").sublet_allowed is False


@pytest.mark.row(6)
def test_residents_of_the_certificate_are_told(systems: Systems) -> None:
    assert [resident.name for resident in tenancy(systems, "沪公租凭黄字第00090003号").residents] == ["杜小满"]


def test_tenancies_of_a_person(systems: Systems) -> None:
    answer = systems.at(PUBLIC_HOUSING).tenancies_of_person(WANG[1])
    assert answer.value is not None
    assert [found.cert_no for found in answer.value] == [PUBLIC]
    assert systems.at(PUBLIC_HOUSING).tenancies_of_person(ZHAO[1]).missed


def test_changed_certificate_is_told_at_once(systems: Systems, control: Control) -> None:
    assert tenancy(systems, PUBLIC_TO_CHANGE).valid
    changes = {"valid": "否", "restriction": "EXPROPRIATION:2026-01-05"}
    control("public_housing", "change", cert_no=PUBLIC_TO_CHANGE, set=changes).raise_for_status()
    found = tenancy(systems, PUBLIC_TO_CHANGE)
    assert found.valid is False
    assert [(limit.kind, limit.since) for limit in found.title.restrictions] == [("EXPROPRIATION", date(2026, 1, 5))]
    assert control("public_housing", "change", cert_no=PUBLIC_TO_CHANGE, set={"owners": ""}).status_code == 422
    assert control("public_housing", "change", cert_no="无", set={}).status_code == 404


def test_mismatch_and_miss_on_demand(systems: Systems, control: Control) -> None:
    control("public_housing", "faults", fault="mismatch", times=1)
    assert tenancy(systems, PUBLIC).holder.id_no != WANG[1]
    control("public_housing", "faults", fault="miss", times=2)
    assert systems.at(PUBLIC_HOUSING).tenancy_of(PUBLIC).missed
    assert systems.at(PUBLIC_HOUSING).tenancies_of_person(ZHOU[1]).missed
