"""coarse sums of supply"""

from collections import defaultdict
from hashlib import blake2b
from uuid import UUID

import sqlalchemy as sa
from alembic import op


revision = '0136'
down_revision = '0153'
branch_labels = None
depends_on = None

_NAMED = ("project_id", "district_code", "plate", "ring", "property_type", "item")
_SUMS = ("area", "sets", "amount", "area_now", "sets_now", "amount_now")
_GRAINS = (
    ("DISTRICT", {"district_code", "ring", "property_type", "item"}, False),
    ("PLATE", {"district_code", "plate", "item"}, False),
    ("PROJECT", {"project_id", "district_code", "item"}, True),
)


def upgrade() -> None:
    op.create_table('supply_sum',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('project_id', sa.Uuid(), nullable=True, comment='项目'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('plate', sa.String(length=40), nullable=False, comment='板块'),
    sa.Column('ring', sa.String(length=20), nullable=False, comment='环线'),
    sa.Column('property_type', sa.String(length=10), nullable=False, comment='物业类型'),
    sa.Column('item', sa.String(length=10), nullable=False, comment='阶段或流量'),
    sa.Column('level', sa.String(length=16), nullable=False, comment='面积来源'),
    sa.Column('completed', sa.Boolean(), nullable=False, comment='已竣工'),
    sa.Column('earnest', sa.Boolean(), nullable=False, comment='已付定金'),
    sa.Column('size_band', sa.BigInteger(), nullable=False, comment='面积段'),
    sa.Column('price_band', sa.BigInteger(), nullable=False, comment='备案价段'),
    sa.Column('listed_month', sa.BigInteger(), nullable=False, comment='首次上市月份'),
    sa.Column('area', sa.BigInteger(), nullable=False, comment='面积'),
    sa.Column('sets', sa.BigInteger(), nullable=False, comment='套数'),
    sa.Column('amount', sa.BigInteger(), nullable=False, comment='金额'),
    sa.Column('grain', sa.String(length=10), nullable=False, comment='粒度'),
    sa.Column('month', sa.BigInteger(), nullable=False, comment='月份序号'),
    sa.Column('area_now', sa.BigInteger(), nullable=False, comment='修订面积'),
    sa.Column('sets_now', sa.BigInteger(), nullable=False, comment='修订套数'),
    sa.Column('amount_now', sa.BigInteger(), nullable=False, comment='修订金额'),
    sa.PrimaryKeyConstraint('id'),
    info={'unprotected': 'worked out from records that carry their MACs, and by night worked out again and compared'}
    )
    op.create_index('ix_supply_sum_grain', 'supply_sum', ['grain', 'month', 'item'], unique=False)
    op.create_index(op.f('ix_supply_sum_project_id'), 'supply_sum', ['project_id'], unique=False)
    _add_up(op.get_bind())


def _add_up(bind) -> None:
    """Add up the months that are kept, as services/supply/coarse.py does from now on."""
    months, sums = (sa.table(name, *(sa.column(one) for one in columns)) for name, columns in _COLUMNS.items())
    months.c.project_id.type = sums.c.project_id.type = sums.c.id.type = sa.Uuid()
    rows = bind.execute(sa.select(months)).mappings().all()
    for grain, keeps, yearly in _GRAINS:
        found = defaultdict(lambda: dict.fromkeys(_SUMS, 0))
        for row in rows:
            month = row["month"] - row["month"] % 12 + 11 if yearly else row["month"]
            into = found[month, *(row[name] if name in keeps else None for name in _NAMED)]
            for name in _SUMS:
                into[name] += row[name]
        made = [_row(grain, month, dict(zip(_NAMED, key)), into) for (month, *key), into in found.items()]
        if made:
            bind.execute(sa.insert(sums), made)


_BANDS = {"level": "", "completed": False, "earnest": False, "size_band": -1, "price_band": -1, "listed_month": -1}
_COLUMNS = {
    "supply_month": ("month", *_NAMED, *_SUMS),
    "supply_sum": ("id", "grain", "month", *_NAMED, *_BANDS, *_SUMS),
}


def _row(grain, month, kept, sums):
    told = "|".join("" if one is None else str(one) for one in (grain, month, *kept.values()))
    empty = {name: "" for name in _NAMED if kept[name] is None and name != "project_id"}
    digest = blake2b(told.encode(), digest_size=16).digest()
    return {"id": UUID(bytes=digest), "grain": grain, "month": month, **kept, **empty, **_BANDS, **sums}


def downgrade() -> None:
    op.drop_index(op.f('ix_supply_sum_project_id'), table_name='supply_sum')
    op.drop_index('ix_supply_sum_grain', table_name='supply_sum')
    op.drop_table('supply_sum')
