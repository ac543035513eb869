"""Files kept in pieces: sealed while they are written, stored, proven and read one piece at a time (H23, D22)."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import select

from models.columns import new_id
from models.details import count
from models.dialect import bulk_insert, locked
from models.file_pieces import FilePiece
from models.sealed_rows import seal_row
from models.sealing import CryptoError, Sealer, Sm3, sm3_hex
from services.engine.locked_rows import end_faults
from services.engine.work import Work

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

#: Bytes of a piece in clear; the last one of a file may have fewer.
PIECE = 1 << 20
_IN_MEMORY = PIECE // 4


class BrokenPieces(Exception):
    """A file that is not as it was kept; the text says in Chinese what is wrong with it."""


@dataclass(frozen=True)
class KeptFile:
    """The owning row's data of a file: `size` in bytes, `digest` the SM3 of the whole in clear."""

    file_id: UUID
    pieces: int
    size: int
    digest: str


@dataclass(frozen=True)
class _Sealed:
    """A piece as it lies in the spool: its row's id, sizes in bytes of cipher and clear, SM3 of the clear."""

    id: UUID
    length: int
    size: int
    digest: str


class PiecesAside(BufferedIOBase):
    """A file in the making, written like any other but never read: what lies on the disk of it is sealed already.

    It is whole after `finish`, and gone with this object.
    """

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._held = bytearray()
        self._whole = Sm3()
        self._sealed: list[_Sealed] = []
        self._spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self.size, self.digest = 0, ""

    @property
    def pieces(self) -> int:
        """Return how many pieces the file has."""
        return len(self._sealed)

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer") -> int:
        view = memoryview(data).cast("B")
        for start in range(0, len(view), PIECE):
            self._held += view[start : start + PIECE]
            # One piece is held back: only at the end is it known which is the last.
            while len(self._held) > PIECE:
                self._seal(bytes(self._held[:PIECE]))
                del self._held[:PIECE]
        return len(view)

    def finish(self) -> None:
        """Finish the file; an empty file is an empty piece."""
        self._seal(bytes(self._held))
        self._held.clear()
        self.digest = self._whole.hex()

    def rows(self) -> Iterator[tuple[_Sealed, bytes]]:
        """Every piece with its cipher, one in memory at a time; as often as wanted."""
        self._spool.seek(0)
        for piece in self._sealed:
            yield piece, self._spool.read(piece.length)

    def close(self) -> None:
        if not self.closed:
            self._spool.close()
        super().close()

    def _seal(self, plain: bytes) -> None:
        self._whole.update(plain)
        self.size += len(plain)
        row_id = new_id()
        sealed = self._sealer.seal_file(plain, str(row_id))
        self._spool.write(sealed)
        self._sealed.append(_Sealed(row_id, len(sealed), len(plain), sm3_hex(plain)))


def keep_pieces(work: Work, file_id: UUID, aside: PiecesAside) -> None:
    """Store a finished file row by row; its owner stores `pieces`, `size` and `digest`."""
    table: sa.Table = FilePiece.__table__  # type: ignore[attr-defined]
    for number, (piece, content) in enumerate(aside.rows()):
        values = {
            "id": piece.id,
            "file_id": file_id,
            "number": number,
            "last": number == aside.pieces - 1,
            "size": piece.size,
            "digest": piece.digest,
            "content": content,
        }
        bulk_insert(work.session, table, [seal_row(work.sealer, table, piece.id, values)])


def forget_pieces(work: Work, file_id: UUID) -> None:
    """Delete a file. Pieces are no objects, so only the end of a locked one is logged."""
    table: sa.Table = FilePiece.__table__  # type: ignore[attr-defined]
    connection = work.session.connection()
    held = locked(work.session, sa.select(table.c.id, table.c.mac).where(table.c.file_id == file_id))
    pieces = connection.execute(held).mappings().all()
    connection.execute(sa.delete(table).where(table.c.file_id == file_id))
    for piece in pieces:
        count(work.session, table, dict(piece), before=piece["mac"])
    end_faults(work, table.name, [piece["id"] for piece in pieces], "文件到期清除，锁定随之结束")


def piece_of(work: Work, kept: KeptFile, number: int) -> bytes:
    """Return a piece in clear, counted from 0; `BrokenPieces` where it is not the piece that was kept there.

    A row that was moved or written past the product fails its MAC first, and that is `RowTampered`.
    """
    wanted = select(FilePiece).where(FilePiece.file_id == kept.file_id, FilePiece.number == number)
    row = work.session.exec(wanted).one_or_none()
    told = f"第{number + 1}块"
    if row is None:
        raise BrokenPieces(f"{told}缺失（共{kept.pieces}块）")
    if row.id in work.locked(str(FilePiece.__tablename__)):
        raise BrokenPieces(f"{told}已被锁定")
    last = number == kept.pieces - 1
    try:
        plain = work.sealer.open_file(row.content, str(row.id))
    except CryptoError as problem:
        if problem.retryable:
            raise
        raise BrokenPieces(f"{told}的内容已被改动") from None
    if sm3_hex(plain) != row.digest or len(plain) != row.size:
        raise BrokenPieces(f"{told}的内容已被改动")
    if row.last != last or (len(plain) != PIECE and not last):
        raise BrokenPieces(f"块数与登记的{kept.pieces}块不符")
    return plain


def prove(work: Work, kept: KeptFile) -> None:
    """Open every piece, one in memory at a time: `BrokenPieces` unless together they are what was kept."""
    whole, size = Sm3(), 0
    for number in range(kept.pieces):
        plain = piece_of(work, kept, number)
        whole.update(plain)
        size += len(plain)
    if size != kept.size or whole.hex() != kept.digest:
        raise BrokenPieces("内容与生成时的摘要不一致")


def stretch(piece: Callable[[int], bytes], size: int, start: int, end: int) -> Iterator[bytes]:
    """The bytes from `start` up to `end` of a file of `size`, piece by piece."""
    end = min(end, size)
    for number in range(start // PIECE, -(-end // PIECE)):
        begins = number * PIECE
        yield piece(number)[max(0, start - begins) : end - begins]
