"""A small form as a browser without script sends it: read whole up to a limit, each field once (H35)."""

from urllib.parse import parse_qsl

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
