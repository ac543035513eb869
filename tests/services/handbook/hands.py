"""What tests of handbooks do again and again: compile, archive, let a night pass, fill the storage."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlmodel import col

from deploy.demo.kept import put_kept
from integrations.virus_scan.client import ClamdScanner
from models.alerts import Alert
from models.documents import Attachment, FileState
from models.handbooks import Handbook, HandbookArchive
from models.projects import Project
from models.sealing import CryptoError
from services.engine.jobs import run_job
from services.engine.kinds import Owner
from services.handbook.archives import ArchiveHandbook, archive_handbook
from services.handbook.versions import HandbookView, compile_handbook, open_handbook
from services.ports.crypto import Signature
from services.ports.systems import VIRUS_SCANNER
from tests.land import Land
from tests.services.planning.test_row_63 import VALUES
from tests.services.projects.desk import Desk

PERMIT = "land_planning_permit"
WHY = "阶段检查需要"
VERIFIER = Path(__file__).resolve().parents[3] / "deploy" / "standalone" / "verify_evidence.py"


class NoSigner:
    """A signing service that does not answer."""

    def sign(self, key: str, data: bytes) -> Signature:
        raise CryptoError("UNAVAILABLE", retryable=True)


def versions(land: Land, project: UUID) -> list[Handbook]:
    def read(work: Any) -> list[Handbook]:
        return list(work.rows(Handbook, Handbook.project_id == project, by=col(Handbook.compiled_at)))

    found: list[Handbook] = land.market.world.read(read)
    return found


def archives(land: Land, project: UUID) -> list[HandbookArchive]:
    def read(work: Any) -> list[HandbookArchive]:
        wanted = HandbookArchive.project_id == project
        return list(work.rows(HandbookArchive, wanted, by=col(HandbookArchive.archived_at)))

    found: list[HandbookArchive] = land.market.world.read(read)
    return found


def compiled(desk: Desk, project: UUID) -> HandbookView:
    made = desk.perform(compile_handbook, "binjiang_admin", project)
    seen: HandbookView = desk.ask(open_handbook, "binjiang01", made)
    return seen


def night(land: Land, *day: int, job: str = "handbook.compile") -> None:
    if day:
        land.market.world.stand_at(*day)
    run_job(land.market.world.door, job)


def permit(desk: Desk, project: UUID, number: int) -> UUID:
    values = {**VALUES, "permit_no": f"地字第3101152026YG{number:07d}号"}
    return UUID(
        str(desk.effective(project, values, reasons={"PLN-02": "发证机关未上平台", "PLN-04": "按证书"}).record_id)
    )


def renamed(work: Any, project: UUID, name: str) -> None:
    row = work.session.get_one(Project, project)
    row.name = name
    work.add(row)


def archived(desk: Desk, project: UUID) -> UUID:
    made: UUID = desk.perform(archive_handbook, "binjiang_admin", ArchiveHandbook(project, WHY))
    return made


@contextmanager
def scanning(land: Land, address: str) -> Iterator[None]:
    """Let the house have a virus scanner."""
    house = land.market.world.door.house
    before = house.systems
    house.systems = before.having(VIRUS_SCANNER, ClamdScanner(address))
    try:
        yield
    finally:
        house.systems = before


@contextmanager
def full_storage(land: Land) -> Iterator[None]:
    """Let SQLite take no further page, as on a full disk."""
    engine = land.market.world.door.database.engine

    def bounded(connection: Any, *_: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()

    def unbounded(connection: Any, *_: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1073741823").fetchall()

    with engine.begin() as connection:
        # Pages that were given back would take something in yet.
        free = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        connection.exec_driver_sql("CREATE TABLE filler (content BLOB)")
        connection.exec_driver_sql("INSERT INTO filler VALUES (zeroblob(?))", (free * size,))
    event.listen(engine, "checkout", bounded)
    try:
        yield
    finally:
        event.remove(engine, "checkout", bounded)
        event.listen(engine, "checkout", unbounded)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE filler")


def scanned(work: Any, state: FileState) -> None:
    for row in work.rows(Attachment):
        row.state = state
        work.add(row)


def many_buildings(work: Any, project: UUID) -> None:
    row = work.session.get_one(Project, project)
    values = {
        "permit_no": "建字第3101152026GG0007001号",
        "builder": "上海申浦滨江置业有限公司",
        "builder_uscc": "91310115MAYPA0014U",
        "project_name": row.name,
        "location": "花木街道",
        "scale_text": "三百幢",
        "issuer": "上海市浦东新区规划和自然资源局",
        "issued_on": "2027-02-01",
        "gfa_total": "300000.00",
        "gfa_above": "300000.00",
        "gfa_below": "0.00",
    }
    buildings = [
        {
            "building_no": f"{number}#",
            "use": "HOUSING",
            "floors_above": "5",
            "floors_below": "0",
            "gfa_total": "1000.00",
        }
        for number in range(1, 301)
    ]
    put_kept(work, "engineering_planning_permit", values, Owner.of(row), children={"buildings": buildings})


def damaged(work: Any, archive: UUID) -> None:
    row = work.session.get_one(HandbookArchive, archive)
    content = bytearray(row.package)
    content[-40] ^= 1
    row.package = bytes(content)
    work.add(row)


def raised(land: Land, subject: UUID, rule: str) -> list[Alert]:
    wanted: Callable[[Any], list[Alert]] = lambda work: list(  # noqa: E731
        work.rows(Alert, Alert.subject_id == subject, Alert.rule_code == rule, col(Alert.open_key).is_not(None))
    )
    found: list[Alert] = land.market.world.read(wanted)
    return found
