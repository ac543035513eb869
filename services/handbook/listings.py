"""Lists of handbooks: versions and archives (rows 77-79)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlmodel import col

from models.handbooks import ArchiveState, ArchiveTrigger, Handbook, HandbookArchive, HandbookCause
from models.places_data import districts_by_code
from models.projects import Project
from services.engine.listings import Column, Listing, about, choice, days, flag, listed, part, through
from services.engine.look_ups import values_by
from services.engine.work import Work
from services.handbook.versions import READERS


def _named(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    names = values_by(work, Project.id, Project.name, (row.project_id for row in rows))
    return {"project": lambda row: names.get(row.project_id, "")}


def _filled(row: Any) -> str:
    return f"{row.filled * 100 // row.wanted}%" if row.wanted else "—"


VERSIONS = listed(
    Listing(
        name="handbooks",
        label="电子开发项目手册",
        roles=set(READERS),
        table=Handbook,
        columns=(
            Column("project", "项目"),
            Column("label", "版次", lambda row: row.version_label, width=56),
            Column("cause", "成因", width=84),
            Column("stage", "阶段", width=60),
            Column("filled", "完成", _filled, width=60),
            Column("changed", "变更章节", width=110),
            Column("compiled_at", "汇编时间", sortable=True, width=126),
            Column("digest", "内容摘要", lambda row: row.digest[:16], width=130, shown=False),
            Column(
                "district_code", "区", lambda row: districts_by_code().get(row.district_code, ""), width=84, shown=False
            ),
        ),
        filters=(
            flag("latest", "只看现行版", col(Handbook.latest).is_(True)),
            through(Handbook.project_id, Project.id, part("name", "项目", Project.name, width=190)),
            choice("cause", "成因", Handbook.cause, HandbookCause),
            about("project", "项目", Handbook.project_id),
        ),
        sort="-compiled_at",
        look_up=_named,
        also=("project_id", "latest"),
        empty="还没有手册，项目生效后当晚自动汇编",
    )
)

ARCHIVES = listed(
    Listing(
        name="handbook_archives",
        label="手册归档",
        roles=set(READERS),
        table=HandbookArchive,
        columns=(
            Column("archive_no", "归档编号", sortable=True, width=176),
            Column("project", "项目"),
            Column("stage", "阶段", width=60),
            Column("trigger", "归档方式", width=84),
            Column("unchanged", "内容", lambda row: "无变化" if row.unchanged else "有变化", width=70),
            Column("condition", "核验结果", width=80),
            Column("archived_at", "归档时间", sortable=True, width=126),
            Column("reason", "原因", shown=False),
            Column("digest", "归档包摘要", width=200, shown=False),
        ),
        filters=(
            through(HandbookArchive.project_id, Project.id, part("name", "项目", Project.name, width=190)),
            choice("trigger", "归档方式", HandbookArchive.trigger, ArchiveTrigger),
            choice("condition", "核验结果", HandbookArchive.condition, ArchiveState),
            *days(HandbookArchive.archived_at, "归档时间"),
        ),
        sort="-archived_at",
        look_up=_named,
        also=("project_id", "handbook_id", "size", "checked_at", "content_digest"),
        empty="还没有归档，进入新阶段或季度结束后自动归档",
    )
)
