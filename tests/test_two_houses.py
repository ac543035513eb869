"""Two installations in one process: databases, keys, clocks and facts of their own, used in turn."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from uuid import uuid4

import pytest
from sqlmodel import select

from integrations.cloud_crypto.local import LocalProvider
from models.sealing import CryptoError
from models.tenancy import ContractParty
from services.access.access_list_signature import check_list
from tests.databases import Databases
from tests.services.tenancy.counter import Counter, Filed
from tests.world import HANDFUL, running_world


@pytest.fixture(scope="module")
def two(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Counter, Counter]]:
    """Two counters on the same houses: an SQLite file with one set of keys, another database with another set."""
    urls = [databases.new("sqlite"), databases.new("sqlite")]
    with ExitStack() as open_houses:
        counters = []
        for place, url in enumerate(urls):
            keys = LocalProvider(tmp_path_factory.mktemp(f"keys{place}"), mode="test")
            counters.append(Counter(open_houses.enter_context(running_world(url, few=HANDFUL, keys=keys))))
        first, second = counters
        first.world.stand_at(2027, 3, 1)
        second.world.stand_at(2028, 9, 15)
        yield first, second
    for url in urls:
        databases.drop(url)


def parties_of(counter: Counter, lease: Filed) -> list[ContractParty]:
    chosen = select(ContractParty).where(ContractParty.contract_id == lease.contract_id)
    found: list[ContractParty] = counter.world.read(lambda work: work.session.exec(chosen).all())
    return found


def test_leases_are_filed_in_turn_and_each_house_opens_its_own(two: tuple[Counter, Counter]) -> None:
    first, second = two
    filed = [counter.filed() for counter in (first, second, first, second)]
    for counter, lease in zip((first, second, first, second), filed, strict=True):
        assert lease.tenant.id_no in {party.id_no.plain for party in parties_of(counter, lease)}
    assert [counter.world.door.clock.today() for counter in two] == [date(2027, 3, 1), date(2028, 9, 15)]
    for lease, other in ((filed[0], second), (filed[1], first)):
        assert parties_of(other, lease) == []


def test_what_one_house_sealed_the_other_cannot_open(two: tuple[Counter, Counter]) -> None:
    first, second = (counter.world.door.house for counter in two)
    sealed = first.sealer.seal("陈晓明", "contract_party|name|1")
    assert first.sealer.open(sealed, "contract_party|name|1") == "陈晓明"
    with pytest.raises(CryptoError):
        second.sealer.open(sealed, "contract_party|name|1")
    assert first.sealer.index("id_no", "310101199901010018") != second.sealer.index("id_no", "310101199901010018")
    signature = first.crypto.sign("sig.doc", b"paper")
    assert first.crypto.verify(signature.kid, b"paper", signature.sig_b64)
    assert not second.crypto.verify(signature.kid, b"paper", signature.sig_b64)


def test_each_house_keeps_its_own_access_list(two: tuple[Counter, Counter]) -> None:
    for counter in (*two, *reversed(two)):
        assert check_list(counter.world.door, every_signature=True).problems == ()


def test_a_fact_of_one_house_is_none_of_the_other(
    two: tuple[Counter, Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (counter.world.door.house for counter in two)
    monkeypatch.setattr(first, "public_url", "https://one.example")
    addresses = [counter.world.read(lambda work: work.house.public_url) for counter in two]
    assert addresses == ["https://one.example", second.public_url]


def test_what_a_process_remembers_is_remembered_by_house(two: tuple[Counter, Counter]) -> None:
    """An unknown name costs the rounds of its own house; an import that breaks one worker counts for that house."""
    first, second = (counter.world.door.house for counter in two)
    assert first.hash_of_nobody == first.hash_of_nobody != second.hash_of_nobody
    first.broken_imports[uuid4()] += 1
    assert not second.broken_imports
