"""The legal-person library in full, over HTTP and by its sample messages: holders, changes, pledges, freezes, listings."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from integrations.legal_entities.client import company_in_full
from integrations.legal_entities.contract import FullReply
from integrations.simulators import Simulators
from integrations.systems import system_names, systems_at
from services.ports.registry import CompanyProfile
from services.ports.systems import LEGAL_ENTITIES, Systems
from tests.world import outside

SAMPLES = Path(__file__).parent / "samples" / "legal_entities"
DATA = Path(__file__).resolve().parents[2] / "deploy" / "data"
BINJIANG, SHENPU = "91310115MAYPA0014U", "91310115MAYHA0017M"


@pytest.fixture(scope="module")
def library() -> Iterator[Simulators]:
    """The simulators on the product's own tables, for the market's companies stand there."""
    running = Simulators()
    running.start(DATA)
    yield running
    running.stop()


@pytest.fixture
def registry(library: Simulators) -> Iterator[Systems]:
    yield systems_at(library.urls(), outside())
    for system in system_names():
        httpx.delete(f"{library.base_url(system)}/sim/faults")


@pytest.fixture
def change(library: Simulators) -> Any:
    def post(address: str = "change", **order: Any) -> httpx.Response:
        return httpx.post(f"{library.base_url('legal_entities')}/sim/{address}", json=order)

    return post


def profile(registry: Systems, uscc: str = BINJIANG) -> CompanyProfile:
    answer = registry.at(LEGAL_ENTITIES).profile_of(uscc)
    assert answer.hit, answer
    assert answer.value is not None
    return answer.value


@pytest.mark.row(51)
def test_a_company_is_told_in_full(registry: Systems) -> None:
    found = profile(registry)
    assert (found.name, found.status, found.registered_capital) == (
        "上海申浦滨江置业有限公司",
        "存续",
        Decimal("200000000.00"),
    )
    assert [(one.name, one.ratio, one.uscc) for one in found.holders] == [
        ("申浦置业集团有限公司", Decimal(100), SHENPU)
    ]
    assert found.as_of is not None


@pytest.mark.row(52)
def test_the_exact_name_finds_the_same_company(registry: Systems) -> None:
    answer = registry.at(LEGAL_ENTITIES).profile_named(" 上海申浦滨江置业有限公司 ")
    assert answer.value is not None
    assert answer.value.uscc == BINJIANG
    assert registry.at(LEGAL_ENTITIES).profile_named("上海申浦滨江").missed
    assert registry.at(LEGAL_ENTITIES).profile_of("91310115MA1K99999X").missed


@pytest.mark.row(54)
def test_a_new_representative_is_told_and_taken_back(registry: Systems, change: Any) -> None:
    before = profile(registry)
    change(uscc=BINJIANG, legal_rep="沈听澜", changed_on="2026-11-20", decided_on="2026-10-01").raise_for_status()
    after = profile(registry)
    change(uscc=BINJIANG, undo=True).raise_for_status()
    assert (after.legal_rep, after.changes[-1].item, after.changes[-1].decided_on) == (
        "沈听澜",
        "法定代表人变更",
        date(2026, 10, 1),
    )
    assert profile(registry).legal_rep == before.legal_rep
    assert profile(registry).changes == before.changes


@pytest.mark.row(54)
def test_holders_pledges_freezes_and_listings_change_on_demand(registry: Systems, change: Any) -> None:
    holders = [
        {"name": "申浦置业集团有限公司", "uscc": SHENPU, "ratio": "50"},
        {"name": "林知秋", "kind": "PERSON", "ratio": "50", "id_no": "310101199003070017"},
    ]
    change(uscc=BINJIANG, holders=holders, pledged="29.9", frozen="10", listed="ABNORMAL").raise_for_status()
    found = profile(registry)
    change(uscc=BINJIANG, undo=True).raise_for_status()
    assert [(one.kind, one.ratio, one.subscribed) for one in found.holders] == [
        ("COMPANY", Decimal(50), Decimal("100000000.00")),
        ("PERSON", Decimal(50), Decimal("100000000.00")),
    ]
    assert (found.pledges[0].amount, found.freezes[0].amount) == (Decimal("59800000.00"), Decimal("20000000.00"))
    assert (found.listings[0].kind, found.listings[0].until) == ("ABNORMAL", None)


@pytest.mark.row(54)
def test_many_change_at_once_and_an_unknown_one_may_be_new(registry: Systems, change: Any) -> None:
    code = "91310115MAZ000018X"
    said = change(
        "changes", changes=[{"uscc": code, "name": "上海新设置业有限公司", "new": True, "capital": "10000000"}]
    )
    assert said.json() == {"changed": 1}
    assert profile(registry, code).registered_capital == Decimal("10000000.00")
    assert change(uscc=code, status="开心").status_code == 422
    assert change(uscc="91310115MAZ000026A", legal_rep="无名").status_code == 404


@pytest.mark.row(51)
@pytest.mark.parametrize("fault", ["error", "badjson", "html", "half", "mismatch"])
def test_a_bad_answer_is_silence(registry: Systems, library: Simulators, fault: str) -> None:
    httpx.post(f"{library.base_url('legal_entities')}/sim/faults", json={"fault": fault})
    assert registry.at(LEGAL_ENTITIES).profile_of(BINJIANG).silent


@pytest.mark.row(51)
def test_the_sample_of_a_whole_company_is_read() -> None:
    found = _told("company_in_full")
    assert found is not None
    assert (found.registered_capital, found.paid_in_capital) == (Decimal("200000000.00"), Decimal("150000000.00"))
    assert (found.holders[1].kind, found.holders[1].id_no, found.holders[1].due_on) == (
        "PERSON",
        "310101199003070017",
        date(2027, 12, 31),
    )
    assert [one.until for one in found.pledges] == [None, date(2025, 1, 5)]
    assert (found.freezes[0].court, found.listings[0].kind, found.actual_controller) == (
        "上海市第一中级人民法院",
        "ABNORMAL",
        "上海市国有资产监督管理委员会",
    )
    assert _told("company_unknown") is None


@pytest.mark.row(51)
@pytest.mark.parametrize("sample", ["company_ratio_beyond_the_whole", "company_state_nobody_knows"])
def test_a_sample_that_breaks_the_contract_is_not_read(sample: str) -> None:
    with pytest.raises(ValidationError):
        FullReply.model_validate_json((SAMPLES / f"{sample}.json").read_bytes())


def _told(sample: str) -> CompanyProfile | None:
    """What the client makes of a sample, as if it had come over the line."""
    return company_in_full(FullReply.model_validate_json((SAMPLES / f"{sample}.json").read_bytes()))
