"""Tables of `models/alarms.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('alarm',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('alarm_code', sa.String(length=40), nullable=False, comment='告警代码'),
    sa.Column('severity', sa.BigInteger(), nullable=False, comment='级别'),
    sa.Column('subject', sa.String(length=200), nullable=False, comment='内容（不含个人信息）'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_key', sa.String(length=100), nullable=False, comment='对象'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('times', sa.BigInteger(), nullable=False, comment='次数'),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False, comment='首次时间'),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False, comment='最近时间'),
    sa.Column('seen_by', sa.Uuid(), nullable=True, comment='处置人'),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True, comment='处置时间'),
    sa.Column('closing_note', sa.String(length=200), nullable=False, comment='处置结果'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_alarm_alarm_code'), 'alarm', ['alarm_code'], unique=False)
    op.create_index(op.f('ix_alarm_raised_at'), 'alarm', ['raised_at'], unique=False)
    op.create_index(op.f('ix_alarm_state'), 'alarm', ['state'], unique=False)
