"""Files too long for one column, sealed in pieces so that no process holds a whole file in memory."""

from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Row
from models.columns import flag, integer, loose_ref, sealed_file, text


class FilePiece(Row, table=True):
    """A piece of a file. Its f1 is bound to this row's id, and the row's MAC to file, number and `last`.

    A piece that was changed, swapped or taken from another file does not open. Missing pieces are found by `last` and
    by
    the row of the file, which holds their number and the digest of the whole file.
    """

    __table_args__ = (UniqueConstraint("file_id", "number"),)

    file_id: UUID = loose_ref("文件", index=False)
    number: int = integer("块号")
    last: bool = flag("末块", False)
    size: int = integer("明文大小", unit="字节")
    digest: str = text("SM3 摘要", max=64)
    content: bytes = sealed_file("内容")
