"""Handing out the file of an export: to its requester alone, found whole before its first byte leaves (H23)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from models.privacy import ExportMedia, ExportRequest, ExportState
from models.sealing import CryptoError, sealer, sm3_hex
from services.engine.alarms import raise_alarm
from services.engine.door import Gathering
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import query
from services.engine.work import Work
from services.files.pieces import PIECE, BrokenPieces, KeptFile, piece_of, prove, stretch
from services.privacy.exports import ASKERS
from services.privacy.listings import listing_of
from services.privacy.reauthentication import need_fresh

_TYPES = {
    ExportMedia.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportMedia.CSV: "text/csv; charset=utf-8",
    ExportMedia.SHEETS: "application/pdf",
    ExportMedia.SINGLE: "application/pdf",
    ExportMedia.PICTURES: "application/zip",
}
_ENDINGS = {ExportMedia.SHEETS: "pdf", ExportMedia.SINGLE: "pdf", ExportMedia.PICTURES: "zip"}


@dataclass(frozen=True)
class ExportedFile:
    """A file that was found whole: `size` in bytes, `digest` its SM3. With a `fault` it is not, and nothing is read."""

    name: str
    media_type: str
    size: int
    digest: str
    #: Asks the database for one piece; nothing stays open between two of them.
    piece: Callable[[int], bytes]
    fault: str = ""

    def read(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in pieces that are proven each before it is given."""
        return stretch(self.piece, self.size, start, self.size if end is None else end)

    @property
    def content(self) -> bytes:
        """The whole file, for whoever has room for it."""
        return b"".join(self.read())


@dataclass(frozen=True)
class _Opened:
    """A file looked through before it is handed out, or what is wrong with it."""

    size: int
    piece: Callable[[int], bytes]
    fault: str = ""


def _open(gathering: Gathering, request_id: UUID) -> _Opened | None:
    """Prove the whole file with no transaction open: once its first piece has left, it is too late to refuse."""

    def read(work: Work) -> _Opened | None:
        row = work.get(ExportRequest, request_id)
        if row.account_id != work.caller.account_id or not _is_kept(work, row):
            return None
        if row.full:
            need_fresh(work)
        return _look_through(gathering, work, row)

    opened: _Opened | None = gathering.look(read)
    return opened


def _is_kept(work: Work, row: ExportRequest) -> bool:
    there = row.pieces > 0 or row.content is not None
    return row.state is ExportState.READY and there and row.expires_at is not None and row.expires_at > work.now


def _look_through(gathering: Gathering, work: Work, row: ExportRequest) -> _Opened:
    if row.content is not None:
        return _whole(row.content, row)
    kept = KeptFile(row.id, row.pieces, row.size, row.digest)
    try:
        prove(work, kept)
    except BrokenPieces as broken:
        return _Opened(0, _nothing, str(broken))
    return _Opened(kept.size, lambda number: gathering.look(partial(piece_of, kept=kept, number=number)))


def _whole(content: bytes, row: ExportRequest) -> _Opened:
    """A file of before, kept as one."""
    try:
        plain = sealer().open_file(content, str(row.id))
    except CryptoError as problem:
        if problem.retryable:
            raise
        return _Opened(0, _nothing, "内容已被改动")
    if sm3_hex(plain) != row.digest:
        return _Opened(0, _nothing, "内容与生成时的摘要不一致")
    return _Opened(len(plain), lambda number: plain[number * PIECE : (number + 1) * PIECE])


def _nothing(number: int) -> bytes:
    return b""


@query("exports.download", "下载导出文件", roles=ASKERS, gather=_open, personal=True)
def download_export(work: Work, request_id: UUID, opened: _Opened | None) -> ExportedFile:
    """The requester's own file while it is kept; one in clear wants the password typed again.

    A file that is not as it was made comes back with its `fault`, so that the alarm about it stays.
    """
    row = work.get(ExportRequest, request_id)
    if row.account_id != work.caller.account_id:
        raise NotFound
    if opened is None or not _is_kept(work, row):
        raise Rejected("文件尚未生成或已过期，请刷新后查看状态")
    if row.full:
        need_fresh(work)
    if opened.fault:
        raise_alarm(
            work,
            "INTEGRITY.FAIL",
            f"导出文件{row.request_no}不能使用：{opened.fault}",
            kind="export_request",
            key=str(row.id),
        )
        return ExportedFile("", "", 0, "", _nothing, opened.fault)
    row.downloads += 1
    work.add(row)
    work.trail.tell("PII.EXPORT", "exports.download", about=row, digest=row.digest, detail={"rows": row.rows})
    name = f"{listing_of(row.listing).label}-{row.request_no}.{_ENDINGS.get(row.media, row.media.value)}"
    return ExportedFile(name, _TYPES[row.media], opened.size, row.digest, opened.piece)
