"""Tables of `models/association.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('association_event',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('app_id', sa.String(length=32), nullable=False, comment='对接系统'),
    sa.Column('way', sa.String(length=32), nullable=False, comment='方向'),
    sa.Column('event_no', sa.String(length=80), nullable=False, comment='事件编号'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='事件'),
    sa.Column('event_at', sa.DateTime(timezone=True), nullable=False, comment='事件时间'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('uscc', sa.String(length=18), nullable=False, comment='统一社会信用代码'),
    sa.Column('card_no', sa.String(length=40), nullable=False, comment='信息卡编号'),
    sa.Column('name', sa.Text(), nullable=True, comment='姓名'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='姓名索引'),
    sa.Column('id_no', sa.Text(), nullable=True, comment='证件号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='证件号码索引'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.Column('card_id', sa.Uuid(), nullable=True, comment='信息卡'),
    sa.Column('apply_id', sa.Uuid(), nullable=True, comment='申请'),
    sa.Column('content', sa.Text(), nullable=True, comment='事件内容'),
    sa.Column('reasons', sa.Text(), nullable=True, comment='原因'),
    sa.Column('held_until', sa.DateTime(timezone=True), nullable=True, comment='等待至'),
    sa.Column('answers', sa.BigInteger(), nullable=False, comment='答复次数'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('app_id', 'way', 'event_no')
    )
    op.create_index(op.f('ix_association_event_apply_id'), 'association_event', ['apply_id'], unique=False)
    op.create_index(op.f('ix_association_event_card_id'), 'association_event', ['card_id'], unique=False)
    op.create_index(op.f('ix_association_event_card_no'), 'association_event', ['card_no'], unique=False)
    op.create_index(op.f('ix_association_event_district_code'), 'association_event', ['district_code'], unique=False)
    op.create_index(op.f('ix_association_event_enterprise_id'), 'association_event', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_association_event_event_at'), 'association_event', ['event_at'], unique=False)
    op.create_index(op.f('ix_association_event_held_until'), 'association_event', ['held_until'], unique=False)
    op.create_index(op.f('ix_association_event_id_no_index'), 'association_event', ['id_no_index'], unique=False)
    op.create_index(op.f('ix_association_event_name_index'), 'association_event', ['name_index'], unique=False)
    op.create_index(op.f('ix_association_event_received_at'), 'association_event', ['received_at'], unique=False)
    op.create_index(op.f('ix_association_event_state'), 'association_event', ['state'], unique=False)
    op.create_index(op.f('ix_association_event_street_code'), 'association_event', ['street_code'], unique=False)
