"""Files too long for one column: sealed piece by piece, so that nobody ever holds a whole one in memory."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, UniqueConstraint

from models.base import Row
from models.columns import flag, integer, loose_ref, text


class FilePiece(Row, table=True):
    """One piece of a file. Its f1 is bound to this row's id, and the row's MAC binds that to file, number and lastness.

    So a piece that was changed, swapped or brought over from another file does not open; that none is missing at the
    end is told by `last` and by the row the file belongs to, which keeps their number and the digest of the whole.
    """

    __tablename__ = "file_piece"
    __table_args__ = (UniqueConstraint("file_id", "number"),)

    file_id: UUID = loose_ref("文件", index=False)
    number: int = integer("块号")
    last: bool = flag("末块", False)
    size: int = integer("明文大小", unit="字节")
    digest: str = text("SM3 摘要", max=64)
    content: bytes = Field(
        sa_type=sa.LargeBinary, sa_column_kwargs={"comment": "内容（f1 密文）", "info": {"label": "内容（f1 密文）"}}
    )


__all__ = ["FilePiece"]
