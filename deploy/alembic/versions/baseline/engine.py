"""Tables of `models/engine.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('answered_request',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('caller', sa.String(length=80), nullable=False, comment='主体'),
    sa.Column('action', sa.String(length=60), nullable=False, comment='动作'),
    sa.Column('request_id', sa.String(length=64), nullable=False, comment='请求号'),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('answer', sa.Text(), nullable=False, comment='应答'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('caller', 'action', 'request_id')
    )
    op.create_index(op.f('ix_answered_request_at'), 'answered_request', ['at'], unique=False)
    op.create_table('clock_shift',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('name', sa.String(length=20), nullable=False, comment='时钟'),
    sa.Column('seconds', sa.BigInteger(), nullable=False, comment='偏移'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('name')
    )
    op.create_table('draft',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('owner_id', sa.Uuid(), nullable=False, comment='所有人'),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='类别'),
    sa.Column('title', sa.String(length=80), nullable=False, comment='标题'),
    sa.Column('payload', sa.Text(), nullable=False, comment='内容'),
    sa.Column('closed', sa.Boolean(), nullable=False, comment='已了结'),
    sa.Column('result_id', sa.Uuid(), nullable=True, comment='结果'),
    sa.PrimaryKeyConstraint('id'),
    info={'no_ledger': 'written every few seconds, binds nobody'}
    )
    op.create_index(op.f('ix_draft_kind'), 'draft', ['kind'], unique=False)
    op.create_index(op.f('ix_draft_owner_id'), 'draft', ['owner_id'], unique=False)
    op.create_table('exchange_log',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('system', sa.String(length=40), nullable=False, comment='对方系统'),
    sa.Column('direction', sa.String(length=3), nullable=False, comment='方向'),
    sa.Column('operation', sa.String(length=60), nullable=False, comment='业务'),
    sa.Column('request_id', sa.String(length=64), nullable=False, comment='请求号'),
    sa.Column('outcome', sa.String(length=20), nullable=False, comment='结果'),
    sa.Column('attempt', sa.BigInteger(), nullable=False, comment='第几次'),
    sa.Column('milliseconds', sa.BigInteger(), nullable=False, comment='耗时'),
    sa.Column('detail', sa.String(length=200), nullable=False, comment='说明'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_exchange_log_at'), 'exchange_log', ['at'], unique=False)
    op.create_index(op.f('ix_exchange_log_request_id'), 'exchange_log', ['request_id'], unique=False)
    op.create_index(op.f('ix_exchange_log_system'), 'exchange_log', ['system'], unique=False)
    op.create_table('job_lease',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('job', sa.String(length=60), nullable=False, comment='任务'),
    sa.Column('holder', sa.String(length=80), nullable=False, comment='持有者'),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False, comment='租约至'),
    sa.Column('last_run_at', sa.DateTime(timezone=True), nullable=True, comment='上次运行'),
    sa.Column('day', sa.Date(), nullable=True, comment='已运行至业务日'),
    sa.Column('last_result', sa.String(length=200), nullable=False, comment='上次结果'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('job')
    )
    op.create_table('notice',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('to_account', sa.Uuid(), nullable=True, comment='接收人'),
    sa.Column('to_unit', sa.Uuid(), nullable=True, comment='接收单位'),
    sa.Column('to_enterprise', sa.Uuid(), nullable=True, comment='接收企业'),
    sa.Column('subject', sa.String(length=120), nullable=False, comment='主题'),
    sa.Column('body', sa.Text(), nullable=False, comment='内容'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=True, comment='对象'),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True, comment='已读时间'),
    sa.PrimaryKeyConstraint('id'),
    info={'no_ledger': 'tells of an act that is in the audit itself'}
    )
    op.create_index(op.f('ix_notice_object_id'), 'notice', ['object_id'], unique=False)
    op.create_index(op.f('ix_notice_to_account'), 'notice', ['to_account'], unique=False)
    op.create_index(op.f('ix_notice_to_enterprise'), 'notice', ['to_enterprise'], unique=False)
    op.create_index(op.f('ix_notice_to_unit'), 'notice', ['to_unit'], unique=False)
    op.create_table('number_counter',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('series', sa.String(length=40), nullable=False, comment='号段'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='当前值'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('series')
    )
    op.create_table('outgoing',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('system', sa.String(length=40), nullable=False, comment='对方系统'),
    sa.Column('operation', sa.String(length=60), nullable=False, comment='业务'),
    sa.Column('business_key', sa.String(length=100), nullable=False, comment='业务键'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=False, comment='对象'),
    sa.Column('request_id', sa.String(length=64), nullable=False, comment='请求号'),
    sa.Column('payload', sa.Text(), nullable=False, comment='报文'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('attempts', sa.BigInteger(), nullable=False, comment='尝试次数'),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False, comment='下次发送'),
    sa.Column('last_error', sa.String(length=200), nullable=False, comment='最近错误'),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True, comment='送达时间'),
    sa.Column('receipt', sa.String(length=100), nullable=False, comment='回执号'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('request_id'),
    sa.UniqueConstraint('system', 'business_key')
    )
    op.create_index(op.f('ix_outgoing_next_at'), 'outgoing', ['next_at'], unique=False)
    op.create_index(op.f('ix_outgoing_object_id'), 'outgoing', ['object_id'], unique=False)
    op.create_index(op.f('ix_outgoing_state'), 'outgoing', ['state'], unique=False)
    op.create_index(op.f('ix_outgoing_system'), 'outgoing', ['system'], unique=False)
    op.create_table('parameter',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('key', sa.String(length=60), nullable=False, comment='参数'),
    sa.Column('value', sa.String(length=200), nullable=False, comment='值'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='生效日期'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='失效日期'),
    sa.Column('source', sa.String(length=120), nullable=False, comment='依据'),
    sa.Column('reason', sa.String(length=200), nullable=False, comment='修改理由'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('proposed_by', sa.Uuid(), nullable=True, comment='提出人'),
    sa.Column('confirmed_by', sa.Uuid(), nullable=True, comment='复核人'),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True, comment='复核时间'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_parameter_key'), 'parameter', ['key'], unique=False)
    op.create_index(op.f('ix_parameter_valid_from'), 'parameter', ['valid_from'], unique=False)
