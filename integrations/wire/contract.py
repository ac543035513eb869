"""Wire types that several partners share: strict, frozen models, and Beijing time as their systems print it."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
_BEIJING_FORM = "%Y-%m-%d %H:%M:%S"


class Question(BaseModel):
    """A message to a system: declared fields only; values never appear in an error text."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class Reply(BaseModel):
    """A message from a system: declared fields are checked, others are ignored."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, hide_input_in_errors=True)


def _from_beijing(value: Any) -> Any:
    if isinstance(value, str):
        return datetime.strptime(value, _BEIJING_FORM).replace(tzinfo=BEIJING).astimezone(UTC)
    return value


def _to_beijing(value: datetime) -> str:
    return value.astimezone(BEIJING).strftime(_BEIJING_FORM)


#: A moment written as `2026-03-01 08:30:00`, which is Beijing time; aware in Python.
BeijingTime = Annotated[datetime, BeforeValidator(_from_beijing), PlainSerializer(_to_beijing, return_type=str)]

Short = Annotated[str, Field(max_length=120)]
Long = Annotated[str, Field(max_length=600)]
EchoId = Annotated[str, Field(min_length=8, max_length=64)]
