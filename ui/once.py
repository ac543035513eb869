"""Refusal of repeated parameters and headers, which two programs could read differently (H35)."""

from urllib.parse import unquote_plus

from starlette.datastructures import FormData
from starlette.types import Scope

_LONGEST = 200
#: Headers of which a second one would change what the request is; others may be sent in several lines.
_SINGLE = frozenset({b"host", b"origin", b"content-type", b"content-length", b"authorization", b"x-gw-assertion"})


def said_twice(scope: Scope) -> bool:
    """Return whether the query or a relevant header repeats a name."""
    pieces = [piece for piece in scope.get("query_string", b"").decode("latin-1").split("&") if piece]
    names = [unquote_plus(piece.split("=", 1)[0]) for piece in pieces]
    headers = [name.lower() for name, _ in scope["headers"] if name.lower() in _SINGLE]
    return len(names) != len(set(names)) or len(headers) != len(set(headers))


def typed(form: FormData, name: str) -> str:
    """The text of a field; nothing of a file and of what is longer than any field of ours."""
    value = form.get(name)
    return value if isinstance(value, str) and len(value) <= _LONGEST else ""


def filled_twice(form: FormData) -> bool:
    """Return whether a form repeats a field."""
    return len(form.multi_items()) != len(form)
