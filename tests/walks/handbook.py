"""The walk's part for handbooks: by the scope keys of the project (rows 77-79)."""

from typing import Any

from models.columns import new_id
from models.handbooks import ArchiveTrigger, Handbook, HandbookArchive, HandbookCause
from models.land_codes import ProjectStage
from models.projects import Project
from models.sealing import sm3_hex
from services.engine.work import Work
from services.handbook.archives import ArchiveHandbook
from services.handbook.contents import Contents
from services.handbook.versions import CompareHandbook
from tests.walks.kinds import DISTRICTS, HEADS, PROJECTS, by_keys

_WHY = "核查情况已经清楚"
ORACLE: dict[Any, Any] = {
    Handbook: lambda city, caller, row: by_keys(caller, row),
    HandbookArchive: lambda city, caller, row: by_keys(caller, row),
}
ORDERS: dict[str, Any] = {
    "handbook.open": (Handbook, lambda city, row_id: row_id),
    "handbook.print": (Handbook, lambda city, row_id: row_id),
    "handbook.compare": (Handbook, lambda city, row_id: CompareHandbook(row_id, 1)),
    "handbook.compile": (Project, lambda city, row_id: row_id),
    "handbook.archive": (Project, lambda city, row_id: ArchiveHandbook(row_id, _WHY)),
    "handbook.verify": (HandbookArchive, lambda city, row_id: row_id),
    "handbook.package": (HandbookArchive, lambda city, row_id: row_id),
    "handbook.voided_since": (HandbookArchive, lambda city, row_id: row_id),
}
_NIGHT = "the system's own, by night"
UNFOREIGN: dict[str, str] = dict.fromkeys(
    (
        "handbook.compile_changed",
        "handbook.archive_due",
        "handbook.check_archives",
        "handbook.report_archives",
        "handbook.watch",
    ),
    _NIGHT,
)


def furnish(city: Any) -> None:
    """Two versions and two archives a side."""
    city.counter.world.act(_furnish)


def _furnish(work: Work) -> None:
    text = Contents({"project": "走查项目", "record_no": "XM", "company": "", "head": "", "district": ""}, {}, ()).text
    for side in (0, 1):
        project_id = new_id()
        keys: dict[str, Any] = {
            "district_code": DISTRICTS[side],
            "head_company_id": HEADS[side],
            "project_company_id": PROJECTS[side],
        }
        for minor in (0, 1):
            version = Handbook(
                id=new_id(),
                project_id=project_id,
                major=1,
                minor=minor,
                latest=bool(minor),
                cause=HandbookCause.COMPILED,
                stage=ProjectStage.LAND,
                digest=sm3_hex(text),
                content=b"",
                compiled_at=work.now,
                **keys,
            )
            version.content = work.sealer.seal_file(text, str(version.id))
            work.add(version)
            work.session.flush()
            archive = HandbookArchive(
                id=new_id(),
                handbook_id=version.id,
                project_id=project_id,
                stage=ProjectStage.LAND,
                trigger=ArchiveTrigger.MANUAL,
                digest=sm3_hex(text),
                content_digest=sm3_hex(text),
                size=len(text),
                package=b"",
                archived_at=work.now,
                **keys,
            )
            archive.package = work.sealer.seal_file(text, str(archive.id))
            work.add(archive)
