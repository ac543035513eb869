"""Records of keys and of the progress of a rotation; key material is never stored (security.md 3.5)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Stamped
from models.codes import Code
from models.columns import code, integer, loose_ref, moment, text


class RotationStage(Code):
    PREPARED = "PREPARED", "待启用", "warn"
    RUNNING = "RUNNING", "改写中", "warn"
    DONE = "DONE", "已完成", "good"


class KeyRotation(Stamped, table=True):
    """A change of a family's active key; the mark says how much data was rewritten under the new key."""

    __table_args__ = (UniqueConstraint("family", "new_kid"),)

    family: str = text("密钥类别", max=24, index=True)
    old_kid: str = text("原密钥", max=40)
    new_kid: str = text("新密钥", max=40)
    reason: str = text("理由", max=200)
    stage: RotationStage = code(RotationStage, "进度", RotationStage.PREPARED, index=True)
    prepared_at: datetime = moment("新密钥生成时间")
    activated_at: datetime | None = moment("启用时间", None)
    finished_at: datetime | None = moment("完成时间", None)
    mark_place: str = text("处理到的表", "", max=80)
    mark_row: UUID | None = loose_ref("处理到的记录", None, index=False)
    rewritten: int = integer("已改写记录", 0)
    this_walk: int = integer("本遍已改写", 0)
    unfit: int = integer("校验不符未改写", 0)
    still_old: int = integer("仍用原密钥", 0)
    ordered_by: UUID | None = loose_ref("办理人", None, index=False)


class KeyRecord(Stamped, table=True):
    """A key as the provider last reported it; a difference that was not ordered is logged in the audit."""

    kid: str = text("密钥", max=40, unique=True)
    family: str = text("密钥类别", max=24, index=True)
    state: str = text("状态", max=16)
    made_at: datetime = moment("生成时间")
    expires_at: datetime | None = moment("到期时间", None)
    carried: int | None = integer("尚有记录使用", None)
    counted_at: datetime | None = moment("清点时间", None)
