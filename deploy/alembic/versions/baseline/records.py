"""Tables of `models/records.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('revision',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='类别'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='记录'),
    sa.Column('record_no', sa.String(length=32), nullable=False, comment='业务编号'),
    sa.Column('version_no', sa.BigInteger(), nullable=False, comment='版次'),
    sa.Column('based_on', sa.BigInteger(), nullable=True, comment='基于版次'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('open_key', sa.String(length=36), nullable=True, comment='在途标识'),
    sa.Column('title', sa.Text(), nullable=False, comment='标题'),
    sa.Column('change_reason', sa.Text(), nullable=True, comment='变更原因'),
    sa.Column('source_mode', sa.String(length=32), nullable=False, comment='填报方式'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('head_company_id', sa.Uuid(), nullable=True, comment='总公司'),
    sa.Column('project_company_id', sa.Uuid(), nullable=True, comment='项目公司'),
    sa.Column('project_id', sa.Uuid(), nullable=True, comment='项目'),
    sa.Column('payload', sa.Text(), nullable=False, comment='内容'),
    sa.Column('source_snapshot', sa.Text(), nullable=True, comment='来源快照'),
    sa.Column('prefill_diff', sa.Text(), nullable=True, comment='与来源不一致'),
    sa.Column('rule_results', sa.Text(), nullable=True, comment='核验结果'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('author_id', sa.Uuid(), nullable=True, comment='起草人'),
    sa.Column('author_unit', sa.Uuid(), nullable=True, comment='起草单位'),
    sa.Column('submitted_by', sa.Uuid(), nullable=True, comment='提交人'),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True, comment='提交时间'),
    sa.Column('review_step', sa.BigInteger(), nullable=False, comment='审核层级'),
    sa.Column('review_due', sa.Date(), nullable=True, comment='审核期限'),
    sa.Column('taken_by', sa.Uuid(), nullable=True, comment='承办人'),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True, comment='承办时间'),
    sa.Column('assigned_to', sa.Uuid(), nullable=True, comment='指定审核人'),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True, comment='开始审核时间'),
    sa.Column('reviewed_by', sa.Uuid(), nullable=True, comment='审核人'),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True, comment='审核时间'),
    sa.Column('opinion', sa.Text(), nullable=True, comment='审核意见'),
    sa.Column('effective_from', sa.DateTime(timezone=True), nullable=True, comment='生效时间'),
    sa.Column('superseded_at', sa.DateTime(timezone=True), nullable=True, comment='失效时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('open_key'),
    sa.UniqueConstraint('record_id', 'version_no')
    )
    op.create_index(op.f('ix_revision_assigned_to'), 'revision', ['assigned_to'], unique=False)
    op.create_index(op.f('ix_revision_author_id'), 'revision', ['author_id'], unique=False)
    op.create_index(op.f('ix_revision_author_unit'), 'revision', ['author_unit'], unique=False)
    op.create_index(op.f('ix_revision_district_code'), 'revision', ['district_code'], unique=False)
    op.create_index(op.f('ix_revision_head_company_id'), 'revision', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_revision_kind'), 'revision', ['kind'], unique=False)
    op.create_index(op.f('ix_revision_project_company_id'), 'revision', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_revision_project_id'), 'revision', ['project_id'], unique=False)
    op.create_index(op.f('ix_revision_record_id'), 'revision', ['record_id'], unique=False)
    op.create_index(op.f('ix_revision_record_no'), 'revision', ['record_no'], unique=False)
    op.create_index(op.f('ix_revision_review_due'), 'revision', ['review_due'], unique=False)
    op.create_index(op.f('ix_revision_reviewed_by'), 'revision', ['reviewed_by'], unique=False)
    op.create_index(op.f('ix_revision_state'), 'revision', ['state'], unique=False)
    op.create_index(op.f('ix_revision_submitted_by'), 'revision', ['submitted_by'], unique=False)
    op.create_index(op.f('ix_revision_taken_by'), 'revision', ['taken_by'], unique=False)
    op.create_table('revision_file',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('revision_id', sa.Uuid(), nullable=False, comment='版本'),
    sa.Column('attachment_id', sa.Uuid(), nullable=False, comment='附件'),
    sa.Column('slot', sa.String(length=40), nullable=False, comment='附件栏'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.ForeignKeyConstraint(['attachment_id'], ['attachment.id'], initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_revision_file_attachment_id'), 'revision_file', ['attachment_id'], unique=False)
    op.create_index(op.f('ix_revision_file_revision_id'), 'revision_file', ['revision_id'], unique=False)
    op.create_table('revision_step',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('revision_id', sa.Uuid(), nullable=False, comment='版本'),
    sa.Column('level', sa.String(length=20), nullable=False, comment='环节'),
    sa.Column('verdict', sa.String(length=32), nullable=False, comment='结果'),
    sa.Column('by_account', sa.Uuid(), nullable=True, comment='办理人'),
    sa.Column('by_unit', sa.Uuid(), nullable=True, comment='办理单位'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('opinion', sa.Text(), nullable=True, comment='意见'),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_revision_step_at'), 'revision_step', ['at'], unique=False)
    op.create_index(op.f('ix_revision_step_by_account'), 'revision_step', ['by_account'], unique=False)
    op.create_index(op.f('ix_revision_step_by_unit'), 'revision_step', ['by_unit'], unique=False)
    op.create_index(op.f('ix_revision_step_revision_id'), 'revision_step', ['revision_id'], unique=False)
    op.create_table('task_delegation',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('from_account', sa.Uuid(), nullable=False, comment='委托人'),
    sa.Column('to_account', sa.Uuid(), nullable=False, comment='受托人'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='开始日期'),
    sa.Column('valid_to', sa.Date(), nullable=False, comment='结束日期'),
    sa.Column('reason', sa.Text(), nullable=True, comment='原因'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='收回时间'),
    sa.ForeignKeyConstraint(['from_account'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['to_account'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_task_delegation_from_account'), 'task_delegation', ['from_account'], unique=False)
    op.create_index(op.f('ix_task_delegation_to_account'), 'task_delegation', ['to_account'], unique=False)
    op.create_index(op.f('ix_task_delegation_valid_to'), 'task_delegation', ['valid_to'], unique=False)
