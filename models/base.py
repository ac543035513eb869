"""The bases every table stands on: own id, who wrote it and when, where it belongs, optimistic version."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import declared_attr
from sqlmodel import SQLModel
from sqlmodel._compat import SQLModelConfig

from models import sealed
from models.columns import ident, integer, loose_ref, moment, text


class Row(SQLModel):
    """A table row with its own UUID."""

    model_config = SQLModelConfig(arbitrary_types_allowed=True)

    id: UUID = ident()


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

    district_code: str = text("区", max=6, index=True)
    street_code: str = text("街镇", "", max=9, index=True)


sealed.watch(Row)
