"""Wire types that several partners share: strict, frozen models, their codes, and Beijing time as their systems print it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, PlainSerializer
from pydantic_core import CoreSchema, core_schema

from services.engine.adapters import adapter

Value = TypeVar("Value")

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
_BEIJING_FORM = "%Y-%m-%d %H:%M:%S"


class Question(BaseModel):
    """A part of a message to a system: declared fields only; values never appear in an error text."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, hide_input_in_errors=True, populate_by_name=True
    )


class Reply(BaseModel):
    """A message from a system: declared fields are checked, others are ignored.

    Fields bear our names; theirs is the alias. `answer_of` makes the answer of them.
    """

    model_config = ConfigDict(
        extra="ignore", strict=True, frozen=True, hide_input_in_errors=True, populate_by_name=True
    )


def answer_of(kind: type[Value], said: BaseModel, **more: Any) -> Value:
    """Return the answer with the values of a message that have its names; parts of it become what its fields are."""
    made: Value = adapter(kind).validate_python({**said.model_dump(), **more})
    return made


# Python 3.11 hashes what is annotated when the type is joined with None, and a table of words has no hash.
@dataclass(frozen=True, eq=False)
class Coded:
    """A text that is one of a partner's codes on the wire and our word in Python; the last code of a word is written."""

    words: Mapping[str, str]

    @classmethod
    def beside(cls, module: str) -> dict[str, "Coded"]:
        """Return the code lists of `codes.toml` beside a module by their names: `Coded.beside(__file__)`."""
        lists = tomllib.loads(Path(module).with_name("codes.toml").read_text(encoding="utf-8"))
        return {name: cls(words) for name, words in lists.items()}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        codes = {word: code for code, word in self.words.items()}
        read = core_schema.no_info_after_validator_function(
            self.words.__getitem__, core_schema.literal_schema([*self.words])
        )
        return core_schema.json_or_python_schema(
            json_schema=read,
            python_schema=core_schema.literal_schema([*codes]),
            serialization=core_schema.plain_serializer_function_ser_schema(
                codes.__getitem__, return_schema=core_schema.literal_schema([*codes.values()]), when_used="json"
            ),
        )


def _from_beijing(value: Any) -> Any:
    if isinstance(value, str):
        return datetime.strptime(value, _BEIJING_FORM).replace(tzinfo=BEIJING).astimezone(UTC)
    return value


def _to_beijing(value: datetime) -> str:
    return value.astimezone(BEIJING).strftime(_BEIJING_FORM)


#: A moment written as `2026-03-01 08:30:00`, which is Beijing time; aware in Python.
BeijingTime = Annotated[
    datetime, BeforeValidator(_from_beijing), PlainSerializer(_to_beijing, return_type=str, when_used="json")
]

Short = Annotated[str, Field(max_length=120)]
Long = Annotated[str, Field(max_length=600)]
EchoId = Annotated[str, Field(min_length=8, max_length=64)]


class Asking(Question):
    """A message that its reply names; a system's own gives the alias."""

    request_id: str


class Receipt(Reply):
    """A reply that names its question; a system's own gives the alias."""

    request_id: str


class Answering(Receipt):
    """A reply that says of which moment its data are; a system's own gives the aliases."""

    request_id: EchoId
    data_time: BeijingTime


Said = TypeVar("Said", bound=Reply)


@dataclass(frozen=True)
class Endpoint(Generic[Said]):
    """An address that answers questions, their form and that of its replies."""

    path: str
    question: type[Asking]
    reply: type[Said]
