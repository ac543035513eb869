"""The first tables, part 1 of 6: address_cut, address_failure, answered_request, attachment, audit_event, audit_head, check_run, clock_shift, credit_entry, draft, enterprise, entrustment, exchange_log."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('address_cut',
    sa.Column('gram', sa.String(length=4), nullable=False, comment='切分'),
    sa.Column('house_id', sa.Uuid(), nullable=False, comment='房屋'),
    sa.PrimaryKeyConstraint('gram', 'house_id')
    )
    op.create_table('address_failure',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('address', sa.String(length=64), nullable=False, comment='地址'),
    sa.Column('failures', sa.BigInteger(), nullable=False, comment='失败次数'),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False, comment='起始时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('address')
    )
    op.create_table('answered_request',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
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
    op.create_table('attachment',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('category', sa.String(length=40), nullable=False, comment='类别'),
    sa.Column('file_name', sa.Text(), nullable=False, comment='文件名'),
    sa.Column('media_type', sa.String(length=60), nullable=False, comment='类型'),
    sa.Column('size', sa.BigInteger(), nullable=False, comment='大小'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SM3 摘要'),
    sa.Column('content', sa.LargeBinary(), nullable=False, comment='内容（f1 密文）'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=True, comment='对象'),
    sa.Column('uploaded_by', sa.Uuid(), nullable=True, comment='上传人'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_attachment_district_code'), 'attachment', ['district_code'], unique=False)
    op.create_index(op.f('ix_attachment_object_id'), 'attachment', ['object_id'], unique=False)
    op.create_index(op.f('ix_attachment_street_code'), 'attachment', ['street_code'], unique=False)
    op.create_index(op.f('ix_attachment_uploaded_by'), 'attachment', ['uploaded_by'], unique=False)
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
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('chain')
    )
    op.create_table('check_run',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('object_kind', sa.String(length=32), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=False, comment='对象'),
    sa.Column('rule_set', sa.String(length=40), nullable=False, comment='规则版本'),
    sa.Column('parameters_on', sa.Date(), nullable=False, comment='参数基准日'),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False, comment='开始时间'),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=False, comment='完成时间'),
    sa.Column('outcome', sa.String(length=12), nullable=False, comment='结论'),
    sa.Column('facts', sa.Text(), nullable=False, comment='事实'),
    sa.Column('sources', sa.JSON(), nullable=False, comment='数据来源'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_check_run_object_id'), 'check_run', ['object_id'], unique=False)
    op.create_index(op.f('ix_check_run_outcome'), 'check_run', ['outcome'], unique=False)
    op.create_index(op.f('ix_check_run_started_at'), 'check_run', ['started_at'], unique=False)
    op.create_table('clock_shift',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('name', sa.String(length=20), nullable=False, comment='时钟'),
    sa.Column('seconds', sa.BigInteger(), nullable=False, comment='偏移'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('name')
    )
    op.create_table('credit_entry',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('id_no', sa.Text(), nullable=False, comment='证件号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='证件号码索引'),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='类别'),
    sa.Column('since', sa.Date(), nullable=False, comment='自'),
    sa.Column('until', sa.Date(), nullable=True, comment='至'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_credit_entry_id_no_index'), 'credit_entry', ['id_no_index'], unique=False)
    op.create_table('draft',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
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
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_draft_kind'), 'draft', ['kind'], unique=False)
    op.create_index(op.f('ix_draft_owner_id'), 'draft', ['owner_id'], unique=False)
    op.create_table('enterprise',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('name', sa.String(length=100), nullable=False, comment='企业名称'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='企业类别'),
    sa.Column('uscc', sa.String(length=18), nullable=False, comment='统一社会信用代码'),
    sa.Column('scope_ok', sa.Boolean(), nullable=False, comment='经营范围含住房租赁或房地产经纪'),
    sa.Column('record_no', sa.String(length=40), nullable=False, comment='备案证书编号'),
    sa.Column('record_state', sa.String(length=32), nullable=False, comment='备案状态'),
    sa.Column('service_state', sa.String(length=32), nullable=False, comment='服务状态'),
    sa.Column('supervised_account', sa.Text(), nullable=True, comment='资金监管账户'),
    sa.Column('supervised_account_index', sa.String(length=96), nullable=True, comment='资金监管账户索引'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('uscc')
    )
    op.create_index(op.f('ix_enterprise_district_code'), 'enterprise', ['district_code'], unique=False)
    op.create_index(op.f('ix_enterprise_name'), 'enterprise', ['name'], unique=False)
    op.create_index(op.f('ix_enterprise_street_code'), 'enterprise', ['street_code'], unique=False)
    op.create_index(op.f('ix_enterprise_supervised_account_index'), 'enterprise', ['supervised_account_index'], unique=False)
    op.create_table('entrustment',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('entrust_no', sa.String(length=40), nullable=False, comment='委托书编号'),
    sa.Column('filing_id', sa.Uuid(), nullable=False, comment='备案'),
    sa.Column('running', sa.Boolean(), nullable=False, comment='执行中'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='起'),
    sa.Column('valid_to', sa.Date(), nullable=False, comment='止'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('entrust_no')
    )
    op.create_index(op.f('ix_entrustment_filing_id'), 'entrustment', ['filing_id'], unique=False)
    op.create_table('exchange_log',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
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


def downgrade() -> None:
    op.drop_index(op.f('ix_exchange_log_system'), table_name='exchange_log')
    op.drop_index(op.f('ix_exchange_log_request_id'), table_name='exchange_log')
    op.drop_index(op.f('ix_exchange_log_at'), table_name='exchange_log')
    op.drop_table('exchange_log')
    op.drop_index(op.f('ix_entrustment_filing_id'), table_name='entrustment')
    op.drop_table('entrustment')
    op.drop_index(op.f('ix_enterprise_supervised_account_index'), table_name='enterprise')
    op.drop_index(op.f('ix_enterprise_street_code'), table_name='enterprise')
    op.drop_index(op.f('ix_enterprise_name'), table_name='enterprise')
    op.drop_index(op.f('ix_enterprise_district_code'), table_name='enterprise')
    op.drop_table('enterprise')
    op.drop_index(op.f('ix_draft_owner_id'), table_name='draft')
    op.drop_index(op.f('ix_draft_kind'), table_name='draft')
    op.drop_table('draft')
    op.drop_index(op.f('ix_credit_entry_id_no_index'), table_name='credit_entry')
    op.drop_table('credit_entry')
    op.drop_table('clock_shift')
    op.drop_index(op.f('ix_check_run_started_at'), table_name='check_run')
    op.drop_index(op.f('ix_check_run_outcome'), table_name='check_run')
    op.drop_index(op.f('ix_check_run_object_id'), table_name='check_run')
    op.drop_table('check_run')
    op.drop_table('audit_head')
    op.drop_index(op.f('ix_audit_event_request_id'), table_name='audit_event')
    op.drop_index(op.f('ix_audit_event_object_id'), table_name='audit_event')
    op.drop_index(op.f('ix_audit_event_event'), table_name='audit_event')
    op.drop_index(op.f('ix_audit_event_at'), table_name='audit_event')
    op.drop_index(op.f('ix_audit_event_account'), table_name='audit_event')
    op.drop_table('audit_event')
    op.drop_index(op.f('ix_attachment_uploaded_by'), table_name='attachment')
    op.drop_index(op.f('ix_attachment_street_code'), table_name='attachment')
    op.drop_index(op.f('ix_attachment_object_id'), table_name='attachment')
    op.drop_index(op.f('ix_attachment_district_code'), table_name='attachment')
    op.drop_table('attachment')
    op.drop_index(op.f('ix_answered_request_at'), table_name='answered_request')
    op.drop_table('answered_request')
    op.drop_table('address_failure')
    op.drop_table('address_cut')
