"""Tables of `models/alerts.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('alert',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('alert_no', sa.String(length=32), nullable=False, comment='预警编号'),
    sa.Column('rule_code', sa.String(length=20), nullable=False, comment='规则'),
    sa.Column('subject_type', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('subject_id', sa.Uuid(), nullable=False, comment='对象'),
    sa.Column('subject_label', sa.String(length=200), nullable=False, comment='对象名称（企业、项目或地块）'),
    sa.Column('key', sa.String(length=80), nullable=False, comment='事由标识'),
    sa.Column('open_key', sa.String(length=160), nullable=True, comment='未了结标识'),
    sa.Column('quiet_key', sa.String(length=160), nullable=True, comment='已关闭未消除标识'),
    sa.Column('grade', sa.String(length=32), nullable=False, comment='级别'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('title', sa.String(length=120), nullable=False, comment='标题'),
    sa.Column('detail', sa.Text(), nullable=False, comment='内容'),
    sa.Column('evidence', sa.Text(), nullable=False, comment='依据数据'),
    sa.Column('told', sa.String(length=8), nullable=False, comment='告知对象'),
    sa.Column('first_seen', sa.DateTime(timezone=True), nullable=False, comment='首次发现'),
    sa.Column('last_seen', sa.DateTime(timezone=True), nullable=False, comment='最近发现'),
    sa.Column('hits', sa.BigInteger(), nullable=False, comment='发现次数'),
    sa.Column('acknowledge_by', sa.Date(), nullable=False, comment='确认期限'),
    sa.Column('due_on', sa.Date(), nullable=False, comment='处理期限'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='了结时间'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('head_company_id', sa.Uuid(), nullable=True, comment='总公司'),
    sa.Column('project_company_id', sa.Uuid(), nullable=True, comment='项目公司'),
    sa.Column('project_id', sa.Uuid(), nullable=True, comment='项目'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('open_key')
    )
    op.create_index(op.f('ix_alert_acknowledge_by'), 'alert', ['acknowledge_by'], unique=False)
    op.create_index(op.f('ix_alert_alert_no'), 'alert', ['alert_no'], unique=False)
    op.create_index(op.f('ix_alert_district_code'), 'alert', ['district_code'], unique=False)
    op.create_index(op.f('ix_alert_due_on'), 'alert', ['due_on'], unique=False)
    op.create_index(op.f('ix_alert_first_seen'), 'alert', ['first_seen'], unique=False)
    op.create_index(op.f('ix_alert_grade'), 'alert', ['grade'], unique=False)
    op.create_index(op.f('ix_alert_head_company_id'), 'alert', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_alert_last_seen'), 'alert', ['last_seen'], unique=False)
    op.create_index(op.f('ix_alert_project_company_id'), 'alert', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_alert_project_id'), 'alert', ['project_id'], unique=False)
    op.create_index(op.f('ix_alert_quiet_key'), 'alert', ['quiet_key'], unique=False)
    op.create_index(op.f('ix_alert_rule_code'), 'alert', ['rule_code'], unique=False)
    op.create_index(op.f('ix_alert_state'), 'alert', ['state'], unique=False)
    op.create_index(op.f('ix_alert_subject_id'), 'alert', ['subject_id'], unique=False)
    op.create_index(op.f('ix_alert_subject_type'), 'alert', ['subject_type'], unique=False)
    op.create_table('alert_action',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('alert_id', sa.Uuid(), nullable=False, comment='预警'),
    sa.Column('act', sa.String(length=32), nullable=False, comment='事项'),
    sa.Column('grade', sa.String(length=32), nullable=False, comment='当时级别'),
    sa.Column('by_account', sa.Uuid(), nullable=True, comment='办理人'),
    sa.Column('by_unit', sa.Uuid(), nullable=True, comment='办理单位'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('said', sa.Text(), nullable=True, comment='内容'),
    sa.ForeignKeyConstraint(['alert_id'], ['alert.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_alert_action_alert_id'), 'alert_action', ['alert_id'], unique=False)
    op.create_index(op.f('ix_alert_action_at'), 'alert_action', ['at'], unique=False)
    op.create_index(op.f('ix_alert_action_by_account'), 'alert_action', ['by_account'], unique=False)
    op.create_index(op.f('ix_alert_action_by_unit'), 'alert_action', ['by_unit'], unique=False)
