"""The electronic project handbook: compiled versions, texts the company adds, archives (rows 77-79, market 2.14)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Stamped
from models.codes import Code
from models.columns import (
    code,
    district,
    flag,
    follows,
    held_key,
    integer,
    long_text,
    loose_ref,
    moment,
    ref,
    sealed_file,
    text,
)
from models.land_codes import ProjectStage
from models.records import InForce, grid_index


class HandbookCause(Code):
    """Cause of a version: the first one, a change of a record in force, or the company's reviewed texts."""

    COMPILED = "AUTO_COMPILE", "自动汇编", "info"
    CHANGED = "AUTO_UPDATE", "自动更新", "info"
    WRITTEN = "MANUAL_UPDATE", "手动更新", "good"


class Handbook(Stamped, table=True):
    """A version of a project's handbook. `content` is its chapters as canonical JSON, `digest` the SM3 of that."""

    __table_args__ = (UniqueConstraint("project_id", "major", "minor"),)

    project_id: UUID = loose_ref("项目")
    district_code: str = district("所属区", "", index=True)
    head_company_id: UUID | None = loose_ref("总公司", None)
    project_company_id: UUID | None = loose_ref("项目公司", None)
    major: int = integer("主版次")
    minor: int = integer("次版次", 0)
    latest: bool = flag("最新", True)
    cause: HandbookCause = code(HandbookCause, "成因")
    stage: ProjectStage = code(ProjectStage, "项目阶段")
    changed: str = text("变更章节", "", max=120)
    filled: int = integer("已填必填项", 0)
    wanted: int = integer("应填必填项", 0)
    digest: str = text("内容摘要", max=64)
    content: bytes = sealed_file("内容")
    compiled_at: datetime = moment("汇编时间", index=True)

    @property
    def version_label(self) -> str:
        return f"{self.major}.{self.minor}"


class HandbookText(InForce, table=True):
    """手册补充内容 in force: what the company adds to its handbook; each version of it makes a main version."""

    __table_args__ = (grid_index("handbook_text", "project_name"),)

    project_name: str | None = follows("project.name", text("项目名称", None, max=200))
    project_key: str | None = held_key("项目", "project_id", max=36)
    introduction: str | None = long_text("项目说明", None, help="请勿填写个人信息")
    special_matters: str | None = long_text("特别事项", None, help="请勿填写个人信息")
    commitments: str | None = long_text("承诺", None, help="请勿填写个人信息")


class ArchiveTrigger(Code):
    """Cause of an archive."""

    STAGE = "STAGE", "阶段归档", "info"
    PERIODIC = "PERIODIC", "定期归档", "info"
    MANUAL = "MANUAL", "手动归档", "info"


class ArchiveState(Code):
    """Result of the last verification of an archive."""

    INTACT = "INTACT", "完好", "good"
    ALTERED = "ALTERED", "被改动", "bad"


class HandbookArchive(Stamped, table=True):
    """A handbook put aside for good: PDF, JSON and manifest in one signed package. No action changes or deletes it."""

    archive_no: str = text("归档编号", "", max=32, index=True)
    handbook_id: UUID = ref("handbook", "手册版本")
    project_id: UUID = loose_ref("项目")
    district_code: str = district("所属区", "", index=True)
    head_company_id: UUID | None = loose_ref("总公司", None)
    project_company_id: UUID | None = loose_ref("项目公司", None)
    stage: ProjectStage = code(ProjectStage, "项目阶段")
    trigger: ArchiveTrigger = code(ArchiveTrigger, "归档方式")
    reason: str = text("归档原因", "", max=200)
    unchanged: bool = flag("无变化", False)
    digest: str = text("归档包摘要", max=64)
    content_digest: str = text("内容摘要", max=64)
    size: int = integer("大小", unit="字节")
    package: bytes = sealed_file("归档包")
    archived_at: datetime = moment("归档时间", index=True)
    condition: ArchiveState = code(ArchiveState, "核验结果", ArchiveState.INTACT)
    checked_at: datetime | None = moment("核验时间", None)
