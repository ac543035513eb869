"""The product on the cloud's crypto services: the same counter, and what it says while they are away (security 3.4)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import httpx
import pytest
from sqlmodel import col, select

from integrations.cloud_crypto.http import HttpProvider
from integrations.cloud_crypto.provider import Bound
from integrations.cloud_crypto.simulator import SimulatedCloud
from models.audit import AuditEvent
from models.documents import IssuedDocument
from models.keys import RotationStage
from services.access.sessions import SessionBook
from services.access.sign_in import SignIn, sign_in
from services.documents.attachments import KeepAttachment, keep_attachment, open_attachment
from services.documents.forms import thaw
from services.documents.stored_papers import open_paper
from services.engine.audit import event_hash
from services.engine.callers import SYSTEM
from services.engine.refusals import Unavailable
from services.keys.life import inventory
from services.keys.rotation import RotateKey, rotate_key
from tests.services.keys.conftest import PNG
from tests.services.keys.keeping import Keeping
from tests.services.tenancy.counter import Counter
from tests.ui_public.scans import visitor
from tests.world import HANDFUL, running_world

pytestmark = pytest.mark.proves("M6", "M7")


@dataclass
class City:
    """The counter over HTTP crypto; `cloud` takes faults."""

    counter: Counter
    cloud: SimulatedCloud
    provider: HttpProvider
    bound: Bound

    def go_away(self) -> None:
        """The service fails until it is left alone."""
        httpx.post(f"{self.cloud.service.url}/sim/faults", json={"fault": "500"}).raise_for_status()
        while not self.provider.away:
            self.provider.refresh()

    def come_back(self) -> None:
        httpx.delete(f"{self.cloud.service.url}/sim/faults").raise_for_status()
        self.bound.follow()


@pytest.fixture(scope="module")
def open_city(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    cloud = SimulatedCloud(tmp_path_factory.mktemp("cloud"), mode="test")
    provider = HttpProvider(replace(cloud.service, rest=0.0), mode="test")
    try:
        with running_world(database_url, few=HANDFUL, keys=provider) as world:
            yield City(Counter(world), cloud, provider, world.bound)
    finally:
        cloud.stop()


@pytest.fixture
def city(open_city: City) -> Iterator[City]:
    open_city.counter.world.stand_at(2027, 3, 1)
    yield open_city
    open_city.come_back()


async def test_a_lease_is_filed_its_paper_signed_and_checked(city: City) -> None:
    world, filed = city.counter.world, city.counter.filed()
    city.counter.draw_papers(filed.contract_id, filed.filing_id)
    chosen = select(IssuedDocument).where(IssuedDocument.object_id == filed.contract_id)
    paper = world.read(lambda work: work.session.exec(chosen).one())
    assert city.cloud.simulator.provider.verify(paper.signature_key, bytes.fromhex(paper.digest), paper.signature)
    content = open_paper(world.door, city.counter.clerk(), paper.id).content
    assert content is not None
    assert content.startswith(b"%PDF-")
    token = thaw(paper.page)[1].issue.check_url.rpartition("/")[2]
    assert city.counter.world.door.house.sealer.check_qr(token) == paper.kind.value
    async with visitor(world) as anybody:
        shown = await anybody.get(f"/c/{token}")
    assert shown.status_code == 200
    assert paper.number in shown.text


def test_what_stands_in_the_database_is_sealed_and_found(city: City) -> None:
    filed = city.counter.filed()
    with city.counter.world.door.database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, id_no, id_no_index FROM contract_party").all()
    assert all(value.startswith("e1:dek.pii.") for row in rows for value in row[:2])
    assert city.counter.world.door.house.sealer.index("id_no", filed.tenant.id_no) in {row[2] for row in rows}


def test_a_rotation_over_the_service_rewrites_everything(city: City) -> None:
    keeping = Keeping(city.counter, city.cloud.simulator.provider, city.cloud.secret_file.parent)
    before = keeping.plain()
    row = keeping.whole("dek.pii")
    assert (row.stage, row.still_old) == (RotationStage.DONE, 0)
    assert keeping.plain().items() >= before.items()


def test_while_the_service_is_away_persons_data_wait_and_the_audit_goes_on(city: City) -> None:
    world, clerk, keeper = city.counter.world, city.counter.clerk(), city.counter.clerk("anquan01")
    book = SessionBook(world.door)
    attach = KeepAttachment("合同", "a.png", PNG)
    kept = world.door.perform(keep_attachment, clerk, attach)
    city.go_away()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: world.door.perform(sign_in, SYSTEM, SignIn("huamu01", "Wrong@2026#pass", "127.0.0.1")),
        lambda: world.door.perform(keep_attachment, clerk, attach),
        lambda: world.door.ask(open_attachment, clerk, kept.id),
        lambda: city.counter.filed(caller=clerk),
        lambda: world.door.perform(rotate_key, keeper, RotateKey("dek.pii", "年度例行轮换")),
    )
    for attempt in attempts:
        with pytest.raises(Unavailable, match="密码服务暂时不可用") as refused:
            attempt()
        assert refused.value.status == 503
    assert book.find("nobody's cookie") is None
    city.come_back()
    assert world.door.perform(keep_attachment, clerk, attach).digest == kept.digest
    _chain_is_whole(city)


def test_the_refusals_while_away_are_in_the_audit(city: City) -> None:
    world, clerk = city.counter.world, city.counter.clerk()
    city.go_away()
    before = _count(city, "DATA.REFUSED")
    with pytest.raises(Unavailable):
        world.door.perform(keep_attachment, clerk, KeepAttachment("合同", "b.png", PNG))
    assert _count(city, "DATA.REFUSED") == before + 1


def test_the_key_page_tells_that_the_service_is_away(city: City) -> None:
    world, keeper = city.counter.world, city.counter.clerk("anquan01")
    assert world.door.ask(inventory, keeper).health is not None
    city.go_away()
    assert world.door.ask(inventory, keeper).health is None


def test_a_signed_in_person_stays_so_while_the_service_is_away(city: City) -> None:
    world = city.counter.world
    answer = world.door.perform(sign_in, SYSTEM, SignIn("huamu01", "", "127.0.0.1", demo=True))
    book = SessionBook(world.door)
    assert book.find(answer.token) is not None
    city.go_away()
    book.forget(answer.token)
    with pytest.raises(Unavailable, match="密码服务暂时不可用"):
        book.find(answer.token)
    city.come_back()
    assert book.find(answer.token) is not None


def _count(city: City, event: str) -> int:
    found = city.counter.world.read(
        lambda work: len(work.session.exec(select(AuditEvent.seq).where(col(AuditEvent.event) == event)).all())
    )
    return int(found)


def _chain_is_whole(city: City) -> None:
    events = city.counter.world.read(
        lambda work: work.session.exec(select(AuditEvent).order_by(col(AuditEvent.seq))).all()
    )
    for earlier, event in pairwise(events):
        assert event.seq == earlier.seq + 1
        assert event.prev == earlier.hash == event_hash(earlier.body)
