"""A whole installation for the tamper drill: what can be tampered with, and what the product's own checks say of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel, col, select

from deploy import launch
from integrations.cloud_crypto import sm2
from integrations.evidence_sink.local import LocalSink
from integrations.evidence_sink.store import FolderStore
from models.alarms import Alarm
from models.audit import AuditCheckpoint
from models.operations import DeviceManifest
from models.partners import KeyUse, PartnerKind
from models.tenancy import LeaseContract
from services.access.access_list_signature import Problem, check_list, sign_pending
from services.documents.attachments import KeepAttachment, keep_attachment
from services.documents.rendition import render_waiting
from services.engine.callers import SYSTEM
from services.engine.jobs import run_job
from services.engine.work import Work
from services.operations.backup import make_backup
from services.operations.device import CollectDevice, collect_device
from services.partners.registry import EnrolKey, ProposePartner, enrol
from services.ports.place import HostTarget, Place
from services.ports.release import Installed, ReleaseState
from tests.deploy.trees import Tree, small_tree
from tests.files_made import png
from tests.services.access.hands import granted, made
from tests.services.audit.conftest import Audited
from tests.services.integrity.tampering import Tamperer
from tests.services.tenancy.counter import Counter
from tests.world import HANDFUL, provider, running_world

#: Hosts whose logs and settings are collected; a drill touches each of them once.
HOSTS = 8
#: Signed windows of the audit, and of the access list, that a drill can go through.
WINDOWS, LISTS = 14, 6
MODULES, PARTNERS = 12, 5


@dataclass(frozen=True)
class Answers:
    """What one round of the checks said: locked rows, differing rights, hosts, the released tree, alarms raised."""

    locked: frozenset[tuple[str, UUID]]
    rights: tuple[Problem, ...]
    hosts: dict[str, tuple[str, ...]]
    tree: tuple[str, ...]
    alarms: frozenset[str]


@dataclass
class Estate:
    """One installation after a busy day; `old` are earlier versions of its contracts, as somebody may have copied them."""

    counter: Counter
    home: Path
    audited: Audited
    tree: Tree
    old: list[dict[str, Any]] = field(default_factory=list)

    @property
    def door(self) -> Any:
        return self.counter.world.door

    @property
    def hosts(self) -> list[str]:
        return [f"host{number}" for number in range(1, HOSTS + 1)]

    def root_of(self, host: str) -> Path:
        return self.home / "hosts" / host

    def kept_of(self, host: str) -> Path:
        return self.home / "data" / "device" / host

    @property
    def backup(self) -> Path:
        return next((self.home / "backups").iterdir())

    def windows(self) -> list[AuditCheckpoint]:
        """The signed windows of the drill's own events, newest first."""
        wanted = select(AuditCheckpoint).order_by(col(AuditCheckpoint.last).desc()).limit(WINDOWS)
        found: list[AuditCheckpoint] = self.counter.world.read(lambda work: list(work.session.exec(wanted).all()))
        return found

    def collections(self) -> set[UUID]:
        """The rows that say what was collected of the hosts a drill touches on the disk."""
        wanted = select(DeviceManifest.id)
        return set(self.counter.world.read(lambda work: work.session.exec(wanted).all()))

    def collect(self, host: str) -> tuple[str, ...]:
        problems: tuple[str, ...] = self.door.perform(collect_device, SYSTEM, CollectDevice(host))
        return problems

    def checked(self) -> Answers:
        """One night: every check of the product, through the jobs that run them."""
        for job in ("integrity.check", "integrity.files", "access.check", "audit.verify", "release.check"):
            assert run_job(self.door, job)
        locked = {
            (table.name, row_id)
            for table in SQLModel.metadata.sorted_tables
            for row_id in self.door.locked.of(table.name)
        }
        hosts = {host: self.collect(host) for host in self.hosts}
        raised = self.counter.world.read(lambda work: work.session.exec(select(Alarm.alarm_code)).all())
        return Answers(
            frozenset(locked),
            check_list(self.door, every_signature=True).problems,
            hosts,
            tuple(launch.check(self.tree.root, self.tree.home / "data").problems),
            frozenset(raised),
        )


@contextmanager
def estate(url: str, home: Path) -> Iterator[Estate]:
    """Leases, papers, attachments, signed audit and rights, collected hosts, a signed release, a backup."""
    store, sink = FolderStore(home / "store"), LocalSink(home / "evidence", provider())
    (home / "tree").mkdir()
    tree = small_tree(home / "tree")
    for number in range(MODULES):
        (tree.root / f"module{number}.py").write_text(f"NUMBER = {number}\n")
    assert tree.sign(8) == 0
    with running_world(url, few=HANDFUL) as world:
        house = world.door.house
        house.evidence, house.second_store = sink, store
        house.release = Installed(lambda: _state(tree), enforced=True)
        world.stand_at(2027, 3, 1)
        done = Estate(Counter(world), home, Audited(world, home / "store", store, sink), tree)
        _set_up_hosts(done)
        _busy_day(done)
        yield done


def _state(tree: Tree) -> ReleaseState:
    found = launch.check(tree.root, tree.home / "data")
    return ReleaseState(found.signed, found.version, found.build_no, found.digest, tuple(found.problems))


def _set_up_hosts(done: Estate) -> None:
    for host in done.hosts:
        for place, body in (
            ("var/log/auth.log.1", "".join(f"Nov 24 10:{line:02} {host} sshd: session {line}\n" for line in range(60))),
            ("etc/sudoers", "root ALL=(ALL) ALL\n%admin ALL=(ALL) ALL\n"),
            ("etc/passwd", "root:x:0:0::/nowhere:/none\n"),
        ):
            path = done.root_of(host) / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body)
    targets = tuple(
        HostTarget(host, ("/var/log/*.log.[0-9]",), ("/etc/passwd", "/etc/sudoers"), done.root_of(host))
        for host in done.hosts
    )
    done.door.house.folders = Place(done.home / "data", done.home / "backups", targets=targets)


def _busy_day(done: Estate) -> None:
    counter, world = done.counter, done.counter.world
    for _ in range(3):
        filed = counter.filed()
        world.door.perform(keep_attachment, counter.clerk(), KeepAttachment("合同", "a.png", png()))
    counter.cancel_alone(filed, counter.clerk())
    render_waiting(world.door)
    done.old = Tamperer(world.door.database, 0).rows(SQLModel.metadata.tables["lease_contract"])
    world.rewrite(LeaseContract, col(LeaseContract.id).is_not(None), deposit=7000)
    for _ in range(LISTS):
        granted(world, made(world).account_id)
        sign_pending(world.door)
    for number in range(PARTNERS):
        world.act(lambda work, number=number: _enrol(work, number))  # type: ignore[misc]
    sign_pending(world.door)
    for host in done.hosts:
        assert done.collect(host) == ()
    (done.home / "backups").mkdir()
    make_backup(world.door.house, done.home / "backups")
    done.audited.sign_all()
    for _ in range(WINDOWS):
        world.act(_tell_some)
        done.audited.sign()
    done.audited.export()


def _enrol(work: Work, number: int) -> None:
    public = sm2.PrivateKey.fresh().public.hex
    key = EnrolKey(f"drill-{number}.sig.1", KeyUse.SIGN, public)
    enrol(work, ProposePartner(f"drill-{number}", "演练对接方", PartnerKind.FUND, scopes="filings.query"), (key,))


def _tell_some(work: Work) -> None:
    """Events about no row, so that changing them touches nothing but the audit."""
    for _ in range(5):
        work.trail.tell("DATA.STATE", "test.act")
