"""Forms as a browser without script sends them: read in memory up to a limit, each field once (H35)."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

_KIND = "application/x-www-form-urlencoded"
_MOST_FIELDS = 12


class FormRefused(Exception):
    """Raised for a form that no page of ours sends; the sentence is for its sender."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


async def small_form(request: Request, largest: int) -> dict[str, str]:
    """The fields of a form of at most `largest` bytes, or `FormRefused`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _KIND:
        raise FormRefused(415, "请使用本页面的表单提交")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise FormRefused(413, "填写的内容过长，请缩短后重新提交")
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=False,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise FormRefused(400, "提交的内容不完整，请返回后重新填写") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise FormRefused(400, "提交的内容有重复的栏目，请返回后重新填写")
    return fields


_MOST_PARTS = 40
_MOST_HEAD = 2_000
_BROKEN = "提交的内容不完整，请返回后重新填写"


@dataclass
class FilesForm:
    """Fields by name, and files by field in their order: (file name, content)."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[tuple[str, str, bytes]] = field(default_factory=list)


@dataclass
class _Part:
    name: str = ""
    file_name: str | None = None
    content: bytearray = field(default_factory=bytearray)


class _Reader:
    def __init__(self) -> None:
        self.form = FilesForm()
        self._part = _Part()
        self._head = self._value = b""
        self._parts = 0

    def begin(self) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise FormRefused(400, _BROKEN)
        self._part = _Part()

    def head_name(self, data: bytes, start: int, end: int) -> None:
        self._head += data[start:end]
        self._within(self._head)

    def head_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._within(self._value)

    def head_end(self) -> None:
        if self._head.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
            if b"filename" in options:
                self._part.file_name = options[b"filename"].decode("utf-8", "replace")
        self._head = self._value = b""

    def take(self, data: bytes, start: int, end: int) -> None:
        self._part.content += data[start:end]

    def end(self) -> None:
        part, form = self._part, self.form
        if part.file_name is not None:
            if part.file_name or part.content:
                form.files.append((part.name, part.file_name, bytes(part.content)))
            return
        if not part.name or part.name in form.fields:
            raise FormRefused(400, _BROKEN)
        try:
            form.fields[part.name] = part.content.decode("utf-8")
        except UnicodeDecodeError:
            raise FormRefused(400, _BROKEN) from None

    def _within(self, head: bytes) -> None:
        if len(head) > _MOST_HEAD:
            raise FormRefused(400, _BROKEN)


async def files_form(request: Request, largest: int, too_large: str) -> FilesForm:
    """The fields and files of a body of at most `largest` bytes, or `FormRefused`; nothing of it touches a disk."""
    reader = _Reader()
    calls = {
        "on_part_begin": reader.begin,
        "on_header_field": reader.head_name,
        "on_header_value": reader.head_value,
        "on_header_end": reader.head_end,
        "on_part_data": reader.take,
        "on_part_end": reader.end,
    }
    unreadable = FormRefused(415, "请使用本页面的表单提交")
    await read_parts(
        request, calls, largest, other=unreadable, broken=FormRefused(400, _BROKEN), long=FormRefused(413, too_large)
    )
    return reader.form


async def read_parts(
    request: Request, calls: Any, largest: int, *, other: Exception, broken: Exception, long: Exception
) -> None:
    """Give a multipart body of at most `largest` bytes to `calls` as it streams by; a body of another form raises."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 0 < len(boundary) <= 70:
        raise other
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > largest:
        raise long
    parser, received = MultipartParser(boundary, calls), 0
    try:
        async for chunk in request.stream():
            received += len(chunk)
            if received > largest:
                raise long
            parser.write(chunk)
        parser.finalize()
    except MultipartParseError:
        raise broken from None
