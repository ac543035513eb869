"""销售系统消息: what waits for a building, a permit or an opening unit, and what was set aside (row 76)."""

from sqlmodel import col

from models.access import Role
from models.sales import SaleNews, SaleNewsKind
from services.engine.listings import Column, Listing, exact, listed, named

_SETTLED = col(SaleNews.settled_at).is_not(None)
_ASIDE = SaleNews.kind == SaleNewsKind.ASIDE
NEWS = listed(
    Listing(
        name="sale_news",
        label="销售系统消息",
        roles={Role.CITY_HANDLER, Role.CITY_REVIEWER},
        table=SaleNews,
        columns=(
            Column("arrived_at", "到达时间", sortable=True, width=140),
            Column("message_no", "消息编号", width=180),
            Column("kind", "类别", width=90),
            Column("problem", "未处理原因"),
            Column("tries", "已试", number=True, width=60),
            Column("updated_at", "最近尝试", sortable=True, width=140),
            Column("settled_at", "处理时间", width=140),
        ),
        filters=(
            named(
                "scope",
                "范围",
                {"": ("未处理", ~_SETTLED), "aside": ("另存", ~_SETTLED & _ASIDE), "settled": ("已处理", _SETTLED)},
                width=150,
            ),
            exact("number", "消息编号", SaleNews.message_no, width=180),
        ),
        sort="-arrived_at",
        exporters=set(),
        empty="没有未处理的销售系统消息",
    )
)
