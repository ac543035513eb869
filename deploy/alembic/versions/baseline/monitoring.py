"""Tables of `models/monitoring.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('company_snapshot',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('company_type', sa.String(length=32), nullable=False, comment='企业类别'),
    sa.Column('company_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False, comment='取得时间'),
    sa.Column('as_of', sa.DateTime(timezone=True), nullable=True, comment='数据时间'),
    sa.Column('source', sa.String(length=20), nullable=False, comment='来源'),
    sa.Column('payload', sa.Text(), nullable=False, comment='内容'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('head_company_id', sa.Uuid(), nullable=True, comment='总公司'),
    sa.Column('project_company_id', sa.Uuid(), nullable=True, comment='项目公司'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_company_snapshot_company_id'), 'company_snapshot', ['company_id'], unique=False)
    op.create_index(op.f('ix_company_snapshot_district_code'), 'company_snapshot', ['district_code'], unique=False)
    op.create_index(op.f('ix_company_snapshot_head_company_id'), 'company_snapshot', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_company_snapshot_project_company_id'), 'company_snapshot', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_company_snapshot_taken_at'), 'company_snapshot', ['taken_at'], unique=False)
    op.create_table('company_watch',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('company_type', sa.String(length=32), nullable=False, comment='企业类别'),
    sa.Column('company_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('outcome', sa.String(length=32), nullable=False, comment='更新情况'),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True, comment='最近查询'),
    sa.Column('judged_on', sa.Date(), nullable=True, comment='最近监测日期'),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True, comment='最近更新'),
    sa.Column('snapshot_id', sa.Uuid(), nullable=True, comment='最新快照'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('head_company_id', sa.Uuid(), nullable=True, comment='总公司'),
    sa.Column('project_company_id', sa.Uuid(), nullable=True, comment='项目公司'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('company_id'),
    info={'no_ledger': 'written every night, binds nobody'}
    )
    op.create_index(op.f('ix_company_watch_answered_at'), 'company_watch', ['answered_at'], unique=False)
    op.create_index(op.f('ix_company_watch_company_type'), 'company_watch', ['company_type'], unique=False)
    op.create_index(op.f('ix_company_watch_district_code'), 'company_watch', ['district_code'], unique=False)
    op.create_index(op.f('ix_company_watch_head_company_id'), 'company_watch', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_company_watch_judged_on'), 'company_watch', ['judged_on'], unique=False)
    op.create_index(op.f('ix_company_watch_project_company_id'), 'company_watch', ['project_company_id'], unique=False)
    op.create_table('company_change',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('company_type', sa.String(length=32), nullable=False, comment='企业类别'),
    sa.Column('company_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('snapshot_id', sa.Uuid(), nullable=False, comment='快照'),
    sa.Column('field_path', sa.String(length=120), nullable=False, comment='变更项'),
    sa.Column('label', sa.String(length=80), nullable=False, comment='变更事项'),
    sa.Column('before', sa.Text(), nullable=False, comment='变更前'),
    sa.Column('after', sa.Text(), nullable=False, comment='变更后'),
    sa.Column('detected_at', sa.DateTime(timezone=True), nullable=False, comment='发现时间'),
    sa.Column('effective_on', sa.Date(), nullable=True, comment='登记变更日期'),
    sa.Column('rule_code', sa.String(length=20), nullable=False, comment='规则'),
    sa.Column('alert_id', sa.Uuid(), nullable=True, comment='预警'),
    sa.Column('undone_on', sa.Date(), nullable=True, comment='撤回日期'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('head_company_id', sa.Uuid(), nullable=True, comment='总公司'),
    sa.Column('project_company_id', sa.Uuid(), nullable=True, comment='项目公司'),
    sa.ForeignKeyConstraint(['snapshot_id'], ['company_snapshot.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_company_change_alert_id'), 'company_change', ['alert_id'], unique=False)
    op.create_index(op.f('ix_company_change_company_id'), 'company_change', ['company_id'], unique=False)
    op.create_index(op.f('ix_company_change_detected_at'), 'company_change', ['detected_at'], unique=False)
    op.create_index(op.f('ix_company_change_district_code'), 'company_change', ['district_code'], unique=False)
    op.create_index(op.f('ix_company_change_field_path'), 'company_change', ['field_path'], unique=False)
    op.create_index(op.f('ix_company_change_head_company_id'), 'company_change', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_company_change_project_company_id'), 'company_change', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_company_change_snapshot_id'), 'company_change', ['snapshot_id'], unique=False)
