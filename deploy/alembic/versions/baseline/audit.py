"""Tables of `models/audit.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('audit_checkpoint',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('chain', sa.String(length=32), nullable=False, comment='链'),
    sa.Column('first', sa.BigInteger(), nullable=False, comment='首个序号'),
    sa.Column('last', sa.BigInteger(), nullable=False, comment='末个序号'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='签署时间'),
    sa.Column('statement', sa.Text(), nullable=False, comment='检查点正文'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='正文摘要'),
    sa.Column('key', sa.String(length=40), nullable=False, comment='签名密钥'),
    sa.Column('cert_sn', sa.String(length=64), nullable=False, comment='证书序列号'),
    sa.Column('signature', sa.String(length=200), nullable=False, comment='签名'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('chain', 'first'),
    sa.UniqueConstraint('chain', 'last')
    )
    op.create_index(op.f('ix_audit_checkpoint_at'), 'audit_checkpoint', ['at'], unique=False)
    op.create_table('audit_event',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('chain', sa.String(length=32), nullable=False, comment='链'),
    sa.Column('seq', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('event', sa.String(length=32), nullable=False, comment='事件代码'),
    sa.Column('severity', sa.BigInteger(), nullable=False, comment='级别'),
    sa.Column('account', sa.String(length=64), nullable=False, comment='主体'),
    sa.Column('role', sa.String(length=32), nullable=False, comment='角色'),
    sa.Column('org', sa.String(length=64), nullable=False, comment='机构'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.String(length=64), nullable=False, comment='对象'),
    sa.Column('act', sa.String(length=60), nullable=False, comment='动作'),
    sa.Column('result', sa.String(length=8), nullable=False, comment='结果'),
    sa.Column('request_id', sa.String(length=64), nullable=False, comment='请求号'),
    sa.Column('body', sa.Text(), nullable=False, comment='事件正文（已脱敏）'),
    sa.Column('prev', sa.String(length=64), nullable=False, comment='前一摘要'),
    sa.Column('hash', sa.String(length=64), nullable=False, comment='摘要'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('chain', 'seq')
    )
    op.create_index(op.f('ix_audit_event_account'), 'audit_event', ['account'], unique=False)
    op.create_index(op.f('ix_audit_event_at'), 'audit_event', ['at'], unique=False)
    op.create_index(op.f('ix_audit_event_event'), 'audit_event', ['event'], unique=False)
    op.create_index(op.f('ix_audit_event_object_id'), 'audit_event', ['object_id'], unique=False)
    op.create_index(op.f('ix_audit_event_request_id'), 'audit_event', ['request_id'], unique=False)
    op.create_table('audit_head',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('chain', sa.String(length=32), nullable=False, comment='链'),
    sa.Column('seq', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('hash', sa.String(length=64), nullable=False, comment='摘要'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True, comment='时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('chain')
    )
