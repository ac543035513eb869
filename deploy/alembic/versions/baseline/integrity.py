"""Tables of `models/integrity.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('detail_tally',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('tallies', sa.Text(), nullable=False, comment='各明细表的行数与校验和'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('integrity_fault',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('table_name', sa.String(length=63), nullable=False, comment='数据表'),
    sa.Column('row_id', sa.Uuid(), nullable=False, comment='记录'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='问题'),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False, comment='发现时间'),
    sa.Column('closed_key', sa.String(length=40), nullable=False, comment='解除序号'),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True, comment='解除时间'),
    sa.Column('closed_by', sa.Uuid(), nullable=True, comment='解除人'),
    sa.Column('note', sa.String(length=200), nullable=False, comment='处理说明'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('table_name', 'row_id', 'closed_key')
    )
    op.create_index(op.f('ix_integrity_fault_closed_at'), 'integrity_fault', ['closed_at'], unique=False)
    op.create_index(op.f('ix_integrity_fault_row_id'), 'integrity_fault', ['row_id'], unique=False)
    op.create_index(op.f('ix_integrity_fault_table_name'), 'integrity_fault', ['table_name'], unique=False)
