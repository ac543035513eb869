"""Masked messages for the exchange log: their shape, personal values masked as for outsiders (security.md 5, P)."""

import re
from collections.abc import Mapping
from typing import Any

from models.masking import mask

#: The kind of a member by the end of its name; firms and banks are named in full.
_ENDINGS = (
    ("id_no", "id"),
    ("id_number", "id"),
    ("mobile", "phone"),
    ("phone", "phone"),
    ("account", "acct"),
    ("account_no", "acct"),
    ("acct", "acct"),
    ("acct_no", "acct"),
    ("address", "addr"),
    ("email", "email"),
    ("birth", "birth"),
    ("name", "name"),
    ("holder", "name"),
    ("photo", "picture"),
    ("picture", "picture"),
)
_NAMES_OF_FIRMS = ("enterprise_name", "firm_name", "company_name", "bank_name", "project_name", "file_name", "org_name")
_ID = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")


def masked_body(body: Any, kinds: Mapping[str, str] | None = None) -> Any:
    """A JSON value with every personal text in it masked; `kinds` names more members and their kinds of mask."""
    return _masked(body, kinds or {}, "")


def _masked(value: Any, kinds: Mapping[str, str], kind: str) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _masked(inner, kinds, _kind(str(name), kinds)) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner, kinds, kind) for inner in value]
    if not isinstance(value, str):
        return value
    if kind:
        return mask(kind, value, "P")
    # Numbers of persons in unexpected places are found by their form.
    return _PHONE.sub(
        lambda found: mask("phone", found[0], "P"), _ID.sub(lambda found: mask("id", found[0], "P"), value)
    )


def _kind(name: str, kinds: Mapping[str, str]) -> str:
    if name in kinds:
        return kinds[name]
    low = name.lower()
    if low in _NAMES_OF_FIRMS:
        return ""
    return next((kind for end, kind in _ENDINGS if low == end or low.endswith(f"_{end}")), "")
