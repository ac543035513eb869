"""Between messages and our words: the values of a message, and a judged answer with every reason and its code (4.6)."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from pydantic import BaseModel

from services.engine.findings import Finding


def values_of(message: BaseModel, kind: Any = None) -> dict[str, Any]:
    """The fields of a message as Python values, not as they are written; those not sent and without a value are left out.

    With `kind`, a dataclass, only those that it has.
    """
    names = type(message).model_fields if kind is None else {one.name for one in fields(kind)}
    read = {name: getattr(message, name, None) for name in names}
    return {name: value for name, value in read.items() if value is not None}


def judged(accepted: bool, findings: Iterable[Finding], **more: Any) -> dict[str, Any]:
    """`accepted` and `reasons`, and what else the answer says."""
    return {"accepted": accepted, "reasons": reasons_of(findings), **more}


def reasons_of(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Code, sentence and field of each; a field is named only where it is known."""
    return [
        {"code": one.code, "message": one.message, **({"field": one.field} if one.field else {})} for one in findings
    ]
