"""Tables of `models/cancellation.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('cancel_apply',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('apply_no', sa.String(length=40), nullable=False, comment='申请编号'),
    sa.Column('case_id', sa.Uuid(), nullable=True, comment='办件'),
    sa.Column('contract_id', sa.Uuid(), nullable=False, comment='合同'),
    sa.Column('filing_id', sa.Uuid(), nullable=True, comment='备案'),
    sa.Column('mode', sa.String(length=32), nullable=False, comment='申请方式'),
    sa.Column('reason', sa.String(length=32), nullable=False, comment='注销原因'),
    sa.Column('terminated_on', sa.Date(), nullable=False, comment='合同终止日期'),
    sa.Column('applicants', sa.Text(), nullable=False, comment='申请人'),
    sa.Column('note', sa.Text(), nullable=True, comment='说明'),
    sa.Column('agreement_digest', sa.String(length=64), nullable=False, comment='解约协议摘要'),
    sa.Column('commitment_digest', sa.String(length=64), nullable=False, comment='书面承诺摘要'),
    sa.Column('court_digest', sa.String(length=64), nullable=False, comment='司法文书摘要'),
    sa.Column('notified_at', sa.DateTime(timezone=True), nullable=True, comment='告知对方时间'),
    sa.Column('objection_until', sa.Date(), nullable=True, comment='异议截止'),
    sa.Column('objection', sa.Text(), nullable=True, comment='对方异议'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='受理单位'),
    sa.Column('clerk_id', sa.Uuid(), nullable=True, comment='经办人'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='办结时间'),
    sa.Column('decided_by', sa.Uuid(), nullable=True, comment='办结人'),
    sa.Column('restored_at', sa.DateTime(timezone=True), nullable=True, comment='恢复时间'),
    sa.ForeignKeyConstraint(['contract_id'], ['lease_contract.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('apply_no')
    )
    op.create_index(op.f('ix_cancel_apply_case_id'), 'cancel_apply', ['case_id'], unique=False)
    op.create_index(op.f('ix_cancel_apply_clerk_id'), 'cancel_apply', ['clerk_id'], unique=False)
    op.create_index(op.f('ix_cancel_apply_contract_id'), 'cancel_apply', ['contract_id'], unique=False)
    op.create_index(op.f('ix_cancel_apply_district_code'), 'cancel_apply', ['district_code'], unique=False)
    op.create_index(op.f('ix_cancel_apply_filing_id'), 'cancel_apply', ['filing_id'], unique=False)
    op.create_index(op.f('ix_cancel_apply_state'), 'cancel_apply', ['state'], unique=False)
    op.create_index(op.f('ix_cancel_apply_street_code'), 'cancel_apply', ['street_code'], unique=False)
    op.create_index(op.f('ix_cancel_apply_unit_id'), 'cancel_apply', ['unit_id'], unique=False)
