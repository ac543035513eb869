"""Alembic's entry: migrates in the transaction of the connection it is given; knows how our column types are written down."""

from typing import Any, Literal

from alembic import context
from sqlmodel import SQLModel

import models.tables  # noqa: F401
from models.columns import CodeType, ScaledNumber, UtcMoment
from models.sealed import SealedType


def render_item(kind: str, value: Any, autogen_context: Any) -> str | Literal[False]:
    if kind != "type":
        return False
    if isinstance(value, CodeType):
        return "sa.String(length=32)"
    if isinstance(value, SealedType):
        return "sa.Text()"
    if isinstance(value, UtcMoment):
        return "sa.DateTime(timezone=True)"
    if isinstance(value, ScaledNumber):
        autogen_context.imports.add("from models.columns import ScaledNumber")
        return f"ScaledNumber({value.digits}, {value.places})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_item=render_item,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
