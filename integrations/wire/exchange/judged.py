"""Between messages and our words: the values of a message, an answer as JSON, and a judged answer with its reasons (4.6)."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from services.engine.clock import SHANGHAI
from services.engine.findings import Finding


def values_of(message: BaseModel) -> dict[str, Any]:
    """The fields of a message as Python values, not as they are written; those not sent and without a value are left out."""
    read = {name: getattr(message, name) for name in type(message).model_fields}
    return {name: value for name, value in read.items() if value is not None}


def body_of(answer: Any, *, without: Collection[str] = ()) -> dict[str, Any]:
    """An answer of ours as messages carry it: its fields by name, moments in Shanghai's time, money as text."""
    names = [one.name for one in fields(answer) if one.name not in without]
    return {name: _plain(getattr(answer, name), without) for name in names}


def _plain(value: Any, without: Collection[str]) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.astimezone(SHANGHAI).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:.2f}"
        case list() | tuple():
            return [_plain(one, without) for one in value]
        case None | str() | int():
            return value
    return body_of(value, without=without)


def judged(accepted: bool, findings: Iterable[Finding], **more: Any) -> dict[str, Any]:
    """`accepted` and `reasons`, and what else the answer says."""
    return {"accepted": accepted, "reasons": reasons_of(findings), **more}


def reasons_of(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Code, sentence and field of each; a field is named only where it is known."""
    return [
        {"code": one.code, "message": one.message, **({"field": one.field} if one.field else {})} for one in findings
    ]
