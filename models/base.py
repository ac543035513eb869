"""Base classes of all tables: id, author and times, place, and optimistic version."""

import re
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from functools import cache, partial
from typing import Any, cast
from uuid import UUID

from sqlalchemy.event.base import slots_dispatcher
from sqlalchemy.orm import declared_attr
from sqlalchemy.orm.attributes import set_attribute
from sqlmodel import SQLModel
from sqlmodel._compat import SQLModelConfig, finish_init

from models import sealed_rows
from models.columns import district, ident, integer, loose_ref, moment, text


def _listeners(dispatcher: "slots_dispatcher[Any]", attribute: Any, owner: Any) -> Any:
    """Return what listens to a mapped attribute, looking at its slot alone.

    SQLAlchemy looks by `hasattr`, which makes an expression of every column of every table as mappers are configured:
    14 MB and a tenth of a second of each process.
    """
    if attribute is None:
        return dispatcher.dispatch
    try:
        return object.__getattribute__(attribute, "_slots_dispatch")
    except AttributeError:
        attribute._slots_dispatch = found = dispatcher.dispatch._for_instance(attribute)
        return found


slots_dispatcher.__get__ = _listeners  # type: ignore[assignment]


class Table(SQLModel):
    """A table, named as its class in small letters: `HeadCompany` is `head_company`."""

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805
        return _snake(cls.__name__)


class Row(Table):
    """A table row with its own UUID and a MAC over its columns (models/row_mac.py).

    `__table_args__ = {"info": {...}}` may name `mac_skips`, columns outside the MAC, and `no_ledger`, why it has none.
    """

    # Most processes validate few tables: pydantic builds a table's validator when it is first used.
    model_config = SQLModelConfig(arbitrary_types_allowed=True, defer_build=True)

    id: UUID = ident()
    mac: str | None = text("完整性校验值", None, max=80)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        # Of two who change a row without a version at once, its MAC refuses the second; its sum would be of neither.
        return {"version_id_col": cls.__table__.c.mac, "version_id_generator": False}  # type: ignore[attr-defined]

    # SQLModel hands every value of a new row through pydantic and the instrumentation in turn, though tables validate
    # nothing here: a filing makes a dozen rows, an import tens of thousands. Of a row not yet stored every value is
    # written, so these need not be marked as new.
    def __init__(self, **values: Any) -> None:
        if (plan := _plan(type(self))) is None:
            super().__init__(**values)
        elif finish_init.get():
            fixed, made, names = plan
            given = {name: value for name, value in values.items() if name in names}
            fresh = {name: make() for name, make in made if name not in given}
            self.__dict__.update(fixed | fresh | given)
            object.__setattr__(self, "__pydantic_fields_set__", set(given))

    def __setattr__(self, name: str, value: Any) -> None:
        plan = _plan(type(self))
        if plan is not None and name in plan[2]:
            set_attribute(self, name, value)
            self.__pydantic_fields_set__.add(name)
        else:
            super().__setattr__(name, value)


@cache
def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@cache
def _plan(
    kind: type[Row],
) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]], frozenset[str]] | None:
    """Return a table's constant defaults, its default factories, and the names of all its columns."""
    if not hasattr(kind, "__table__"):
        return None
    fixed: dict[str, Any] = {}
    made: list[tuple[str, Callable[[], Any]]] = []
    for name, field in kind.model_fields.items():
        if field.default_factory is not None:
            made.append((name, cast("Callable[[], Any]", field.default_factory)))
        elif not field.is_required():
            if isinstance(field.default, list | dict | set):
                made.append((name, partial(deepcopy, field.default)))
            else:
                fixed[name] = field.default
    return fixed, made, frozenset(kind.model_fields)


def whole_row(table: type[Row], /, **given: Any) -> dict[str, Any]:
    """Return every value of a row for a bulk insert: what is given, and the defaults of the rest."""
    plan = _plan(table)
    assert plan is not None
    fixed, made, _ = plan
    return {**fixed, **{name: make() for name, make in made if name not in given}, **given}


class Stamped(Row):
    """A row that says who wrote it, when, and which version it is; a stale writer is refused."""

    created_at: datetime = moment("创建时间", None)
    created_by: UUID | None = loose_ref("创建人", None, index=False)
    updated_at: datetime = moment("更新时间", None)
    updated_by: UUID | None = loose_ref("更新人", None, index=False)
    version: int = integer("版本", 1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


class Placed(Stamped):
    """A row that belongs to a district and a street; rights and distribution go by them."""

    district_code: str = district("区", index=True)
    street_code: str = text("街镇", "", max=9, index=True)


sealed_rows.watch()
