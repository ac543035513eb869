"""Settings of a list by its user: filters saved under a name, and which columns in which order and width."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.base import Stamped
from models.columns import integer, loose_ref, open_json, sealed_json, text
from models.sealed import Sealed

_OWN = "how a user's own list looks, binds no record"


class SavedFilter(Stamped, table=True):
    """Filters of a list under a name, of one user; `unit_id` is set when the whole office may use them."""

    __table_args__ = (sa.UniqueConstraint("account_id", "listing", "title"), {"info": {"no_ledger": _OWN}})

    listing: str = text("清单", max=60)
    title: str = text("名称", max=30)
    account_id: UUID = loose_ref("所有人")
    unit_id: UUID | None = loose_ref("共享单位", None)
    filters: Sealed = sealed_json("查询条件")


class ListLayout(Stamped, table=True):
    """The columns of a list as one user set them: keys in order with their widths, and how many are frozen."""

    __table_args__ = (sa.UniqueConstraint("account_id", "listing"), {"info": {"no_ledger": _OWN}})

    listing: str = text("清单", max=60)
    account_id: UUID = loose_ref("所有人")
    columns: list[dict[str, Any]] = open_json("列", reason="keys and widths of columns")
    frozen: int = integer("冻结列数", 0)
