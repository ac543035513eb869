"""Tables of `models/list_settings.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('list_layout',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('listing', sa.String(length=60), nullable=False, comment='清单'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='所有人'),
    sa.Column('columns', sa.JSON(), nullable=False, comment='列'),
    sa.Column('frozen', sa.BigInteger(), nullable=False, comment='冻结列数'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account_id', 'listing'),
    info={'no_ledger': "how a user's own list looks, binds no record"}
    )
    op.create_index(op.f('ix_list_layout_account_id'), 'list_layout', ['account_id'], unique=False)
    op.create_table('saved_filter',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('listing', sa.String(length=60), nullable=False, comment='清单'),
    sa.Column('title', sa.String(length=30), nullable=False, comment='名称'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='所有人'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='共享单位'),
    sa.Column('filters', sa.Text(), nullable=False, comment='查询条件'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account_id', 'listing', 'title'),
    info={'no_ledger': "how a user's own list looks, binds no record"}
    )
    op.create_index(op.f('ix_saved_filter_account_id'), 'saved_filter', ['account_id'], unique=False)
    op.create_index(op.f('ix_saved_filter_unit_id'), 'saved_filter', ['unit_id'], unique=False)
