"""Handing out the file of an export: to its requester alone, found whole before its first byte leaves (H23)."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from uuid import UUID

from models.privacy import ExportMedia, ExportRequest, ExportState
from models.row_mac import RowTampered
from models.sealing import CryptoError, Sealer, sm3_hex
from services.engine.alarms import raise_alarm
from services.engine.door import Gathering
from services.engine.refusals import NotFound, Refusal, Rejected
from services.engine.registry import action, query
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
        """Return the whole file in memory."""
        return b"".join(self.read())


@dataclass(frozen=True)
class DownloadExport:
    """A file; `again` asks for a later part of it, for which a recently proved file counts as whole, its pieces do not."""

    id: UUID
    again: bool = False


@dataclass
class Proofs:
    """Files this process recently proved whole, so that a resumed download need not prove them again."""

    most: int = 64
    lasting: timedelta = timedelta(minutes=5)
    _found: dict[KeptFile, datetime] = field(default_factory=dict)
    _one_at_a_time: Lock = field(default_factory=Lock)

    def keep(self, kept: KeptFile, now: datetime) -> None:
        with self._one_at_a_time:
            self._found.pop(kept, None)
            self._found[kept] = now
            while len(self._found) > self.most:
                del self._found[next(iter(self._found))]

    def holds(self, kept: KeptFile, now: datetime) -> bool:
        with self._one_at_a_time:
            found = self._found.get(kept)
        return found is not None and timedelta(0) <= now - found < self.lasting

    def forget(self, file_id: UUID) -> None:
        with self._one_at_a_time:
            self._found = {kept: found for kept, found in self._found.items() if kept.file_id != file_id}


_PROOFS = Proofs()


def _open(gathering: Gathering, order: DownloadExport) -> ExportedFile | None:
    """Prove the whole file with no transaction open: once its first piece has left, it is too late to refuse."""

    def read(work: Work) -> ExportedFile | None:
        row = work.get(ExportRequest, order.id)
        if row.account_id != work.caller.account_id or not _is_kept(work, row):
            return None
        if row.full:
            need_fresh(work)
        return _look_through(gathering, work, row, anew=not order.again)

    opened: ExportedFile | None = gathering.look(read)
    return opened


def _is_kept(work: Work, row: ExportRequest) -> bool:
    there = row.pieces > 0 or row.content is not None
    return row.state is ExportState.READY and there and row.expires_at is not None and row.expires_at > work.now


def _look_through(gathering: Gathering, work: Work, row: ExportRequest, *, anew: bool) -> ExportedFile:
    if row.content is not None:
        return _whole(work.sealer, row.content, row)
    kept = KeptFile(row.id, row.pieces, row.size, row.digest)
    if anew or not _PROOFS.holds(kept, gathering.now):
        _PROOFS.forget(row.id)
        try:
            prove(work, kept)
        except BrokenPieces as broken:
            return _broken(str(broken))
        _PROOFS.keep(kept, gathering.now)
    return _file(row, kept.size, partial(_piece, gathering, kept))


def _piece(gathering: Gathering, kept: KeptFile, number: int) -> bytes:
    """Open and check a piece; if it fails, the whole file is examined again and reported."""
    try:
        piece: bytes = gathering.look(partial(piece_of, kept=kept, number=number))
    except (BrokenPieces, RowTampered):
        _PROOFS.forget(kept.file_id)
        # What is wrong is refused to him who downloads in any case: his download breaks off.
        with suppress(Refusal):
            gathering.perform(recheck_export, kept.file_id)
        raise
    return piece


def _whole(sealer: Sealer, content: bytes, row: ExportRequest) -> ExportedFile:
    """A file of before, kept as one."""
    try:
        plain = sealer.open_file(content, str(row.id))
    except CryptoError as problem:
        if problem.retryable:
            raise
        return _broken("内容已被改动")
    if sm3_hex(plain) != row.digest:
        return _broken("内容与生成时的摘要不一致")
    return _file(row, len(plain), lambda number: plain[number * PIECE : (number + 1) * PIECE])


def _file(row: ExportRequest, size: int, piece: Callable[[int], bytes]) -> ExportedFile:
    name = f"{listing_of(row.listing).label}-{row.request_no}.{_ENDINGS.get(row.media, row.media.value)}"
    return ExportedFile(name, _TYPES[row.media], size, row.digest, piece)


def _broken(fault: str) -> ExportedFile:
    return ExportedFile("", "", 0, "", lambda number: b"", fault)


@query("exports.download", "下载导出文件", roles=ASKERS, gather=_open, personal=True)
def download_export(work: Work, order: DownloadExport, opened: ExportedFile | None) -> ExportedFile:
    """The requester's own file while it is kept; one in clear wants the password typed again.

    A file that is not as it was made comes back with its `fault`, so that the alarm about it stays.
    """
    row = _own(work, order.id)
    if opened is None or not _is_kept(work, row):
        raise Rejected("文件尚未生成或已过期，请刷新后查看状态")
    if row.full:
        need_fresh(work)
    if opened.fault:
        _tell(work, row, opened.fault)
        return opened
    row.downloads += 1
    work.add(row)
    work.trail.tell("PII.EXPORT", "exports.download", about=row, digest=row.digest, detail={"rows": row.rows})
    return opened


def _own(work: Work, request_id: UUID) -> ExportRequest:
    row = work.get(ExportRequest, request_id)
    if row.account_id != work.caller.account_id:
        raise NotFound
    return row


def _tell(work: Work, row: ExportRequest, fault: str) -> None:
    words = f"导出文件{row.request_no}不能使用：{fault}"
    raise_alarm(work, "INTEGRITY.FAIL", words, about=row)


def _look_again(gathering: Gathering, request_id: UUID) -> str:
    """Return what is wrong with a file now; a piece that fails its MAC is locked by the door."""

    def read(work: Work) -> str:
        row = _own(work, request_id)
        # A file whose time is over has no pieces any more, and no user to notify.
        return _look_through(gathering, work, row, anew=True).fault if _is_kept(work, row) else ""

    fault: str = gathering.look(read)
    return fault


@action("exports.recheck", "复核导出文件", roles=ASKERS, gather=_look_again, event="")
def recheck_export(work: Work, request_id: UUID, fault: str) -> None:
    """Look through the own file whose download broke off, and raise the alarm about what is wrong with it."""
    row = _own(work, request_id)
    if fault:
        _tell(work, row, fault)
