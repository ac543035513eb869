"""Forms as a browser without script sends them: read in memory up to a limit, each field once (H35)."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

_KIND = "application/x-www-form-urlencoded"
_MOST_FIELDS = 12


class FormRefused(Exception):
    """Raised for a form that no page of ours sends; the sentence is for its sender."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


async def small_form(request: Request, largest: int, most: int = _MOST_FIELDS) -> dict[str, str]:
    """The fields of a form of at most `largest` bytes and `most` fields, or `FormRefused`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _KIND:
        raise FormRefused(415, "请使用本页面的表单提交")
    body = bytearray()
    async for chunk in within(request, largest, FormRefused(413, "填写的内容过长，请缩短后重新提交")):
        body += chunk
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=False,
            errors="strict",
            max_num_fields=most,
        )
    except ValueError:
        raise FormRefused(400, "提交的内容不完整，请返回后重新填写") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise FormRefused(400, "提交的内容有重复的栏目，请返回后重新填写")
    return fields


_MOST_PARTS = 40
_BROKEN = "提交的内容不完整，请返回后重新填写"


@dataclass
class FilesForm:
    """Fields by name, and files by field in their order: (file name, content)."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[tuple[str, str, bytes]] = field(default_factory=list)


class _InMemory(MultiPartParser):
    """Reads a body whose files stay in memory and whose fields are UTF-8."""

    #: More than any body of ours.
    spool_max_size = 16_000_000

    def on_part_end(self) -> None:
        if self._current_part.file is None:
            self._current_part.data.decode("utf-8")
        super().on_part_end()


async def files_form(request: Request, largest: int, too_large: str) -> FilesForm:
    """The fields and files of a body of at most `largest` bytes, or `FormRefused`; nothing of it touches a disk."""
    if boundary_of(request) is None:
        raise FormRefused(415, "请使用本页面的表单提交")
    body = within(request, largest, FormRefused(413, too_large))
    parts = _InMemory(request.headers, body, max_files=_MOST_PARTS, max_fields=_MOST_PARTS, max_part_size=largest)
    form = FilesForm()
    try:
        sent = await parts.parse()
    except (MultiPartException, UnicodeDecodeError):
        raise FormRefused(400, _BROKEN) from None
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            if value.filename or content:
                form.files.append((name, value.filename or "", content))
        elif name and name not in form.fields:
            form.fields[name] = value
        else:
            raise FormRefused(400, _BROKEN)
    return form


def boundary_of(request: Request) -> bytes | None:
    """Return what parts a multipart body; None for a body of another form."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary", b"")
    return boundary if kind == b"multipart/form-data" and 0 < len(boundary) <= 70 else None


async def within(request: Request, largest: int, long: Exception) -> AsyncGenerator[bytes, None]:
    """Give a body as it streams by; more than `largest` bytes raise."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > largest:
        raise long
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > largest:
            raise long
        yield chunk
