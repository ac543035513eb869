"""The first tables, part 5 of 6: cancel_apply, central_room, contract_party, lease_filing, old_password, price_filing, sign_in_session."""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('cancel_apply',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
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
    op.create_table('central_room',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('house_id', sa.Uuid(), nullable=True, comment='房屋'),
    sa.Column('room_no', sa.String(length=40), nullable=False, comment='房号'),
    sa.Column('usable_area', ScaledNumber(14, 4), nullable=False, comment='使用面积'),
    sa.Column('max_persons', sa.BigInteger(), nullable=False, comment='最多居住人数'),
    sa.Column('beds', sa.BigInteger(), nullable=False, comment='床位数'),
    sa.Column('in_library', sa.Boolean(), nullable=False, comment='已入库'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.ForeignKeyConstraint(['project_id'], ['central_project.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('project_id', 'room_no')
    )
    op.create_index(op.f('ix_central_room_house_id'), 'central_room', ['house_id'], unique=False)
    op.create_index(op.f('ix_central_room_project_id'), 'central_room', ['project_id'], unique=False)
    op.create_table('contract_party',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('contract_id', sa.Uuid(), nullable=False, comment='合同'),
    sa.Column('side', sa.String(length=32), nullable=False, comment='身份'),
    sa.Column('position', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='主体类型'),
    sa.Column('name', sa.Text(), nullable=False, comment='姓名（名称）'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='姓名（名称）索引'),
    sa.Column('id_type', sa.String(length=2), nullable=False, comment='证件类型'),
    sa.Column('id_no', sa.Text(), nullable=False, comment='证件号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='证件号码索引'),
    sa.Column('mobile', sa.Text(), nullable=True, comment='联系电话'),
    sa.Column('mobile_index', sa.String(length=96), nullable=True, comment='联系电话索引'),
    sa.Column('agent_kind', sa.String(length=32), nullable=False, comment='代理方式'),
    sa.Column('agent_name', sa.Text(), nullable=True, comment='代理人'),
    sa.Column('agent_name_index', sa.String(length=96), nullable=True, comment='代理人索引'),
    sa.Column('agent_id_no', sa.Text(), nullable=True, comment='代理人证件号码'),
    sa.Column('agent_id_no_index', sa.String(length=96), nullable=True, comment='代理人证件号码索引'),
    sa.ForeignKeyConstraint(['contract_id'], ['lease_contract.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_contract_party_agent_id_no_index'), 'contract_party', ['agent_id_no_index'], unique=False)
    op.create_index(op.f('ix_contract_party_agent_name_index'), 'contract_party', ['agent_name_index'], unique=False)
    op.create_index(op.f('ix_contract_party_contract_id'), 'contract_party', ['contract_id'], unique=False)
    op.create_index(op.f('ix_contract_party_id_no_index'), 'contract_party', ['id_no_index'], unique=False)
    op.create_index(op.f('ix_contract_party_mobile_index'), 'contract_party', ['mobile_index'], unique=False)
    op.create_index(op.f('ix_contract_party_name_index'), 'contract_party', ['name_index'], unique=False)
    op.create_table('lease_filing',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('filing_no', sa.String(length=40), nullable=False, comment='备案编号'),
    sa.Column('contract_id', sa.Uuid(), nullable=False, comment='合同'),
    sa.Column('case_id', sa.Uuid(), nullable=True, comment='办件'),
    sa.Column('house_id', sa.Uuid(), nullable=False, comment='房屋'),
    sa.Column('ticket', sa.BigInteger(), nullable=False, comment='房屋备案序次'),
    sa.Column('mode', sa.String(length=32), nullable=False, comment='出租方式'),
    sa.Column('part_keys', sa.String(length=120), nullable=False, comment='部位'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='备案有效期起'),
    sa.Column('valid_to', sa.Date(), nullable=False, comment='备案有效期止'),
    sa.Column('ended_on', sa.Date(), nullable=True, comment='终止日期'),
    sa.Column('month_rent', ScaledNumber(18, 2), nullable=False, comment='月租金'),
    sa.Column('leased_area', ScaledNumber(14, 4), nullable=False, comment='租赁面积'),
    sa.Column('persons', sa.BigInteger(), nullable=False, comment='居住人数'),
    sa.Column('way', sa.String(length=32), nullable=False, comment='备案方式'),
    sa.Column('side', sa.String(length=32), nullable=False, comment='申请方'),
    sa.Column('deal', sa.String(length=32), nullable=False, comment='成交方式'),
    sa.Column('channel', sa.String(length=32), nullable=False, comment='渠道'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='受理单位'),
    sa.Column('clerk_id', sa.Uuid(), nullable=True, comment='经办人'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.Column('check_run_id', sa.Uuid(), nullable=True, comment='核验批次'),
    sa.Column('previous_id', sa.Uuid(), nullable=True, comment='原备案'),
    sa.Column('licence_state', sa.String(length=32), nullable=False, comment='制证状态'),
    sa.Column('late_days', sa.BigInteger(), nullable=False, comment='逾期天数'),
    sa.Column('filed_on', sa.Date(), nullable=False, comment='备案日期'),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False, comment='备案时间'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('cancel_reason', sa.String(length=20), nullable=False, comment='注销原因'),
    sa.Column('retain_until', sa.Date(), nullable=False, comment='保存至'),
    sa.ForeignKeyConstraint(['contract_id'], ['lease_contract.id'], initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['house_id'], ['house.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('filing_no'),
    sa.UniqueConstraint('house_id', 'ticket')
    )
    op.create_index(op.f('ix_lease_filing_case_id'), 'lease_filing', ['case_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_check_run_id'), 'lease_filing', ['check_run_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_clerk_id'), 'lease_filing', ['clerk_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_contract_id'), 'lease_filing', ['contract_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_district_code'), 'lease_filing', ['district_code'], unique=False)
    op.create_index(op.f('ix_lease_filing_enterprise_id'), 'lease_filing', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_filed_at'), 'lease_filing', ['filed_at'], unique=False)
    op.create_index(op.f('ix_lease_filing_filed_on'), 'lease_filing', ['filed_on'], unique=False)
    op.create_index(op.f('ix_lease_filing_house_id'), 'lease_filing', ['house_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_licence_state'), 'lease_filing', ['licence_state'], unique=False)
    op.create_index(op.f('ix_lease_filing_previous_id'), 'lease_filing', ['previous_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_state'), 'lease_filing', ['state'], unique=False)
    op.create_index(op.f('ix_lease_filing_street_code'), 'lease_filing', ['street_code'], unique=False)
    op.create_index(op.f('ix_lease_filing_unit_id'), 'lease_filing', ['unit_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_valid_from'), 'lease_filing', ['valid_from'], unique=False)
    op.create_index(op.f('ix_lease_filing_valid_to'), 'lease_filing', ['valid_to'], unique=False)
    op.create_table('old_password',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('password', sa.Text(), nullable=False, comment='口令记录'),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False, comment='设置时间'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_old_password_account_id'), 'old_password', ['account_id'], unique=False)
    op.create_table('price_filing',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('room_no', sa.String(length=40), nullable=False, comment='房号'),
    sa.Column('month_price', ScaledNumber(18, 2), nullable=False, comment='备案月租金'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='生效日期'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='失效日期'),
    sa.ForeignKeyConstraint(['project_id'], ['central_project.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_price_filing_project_id'), 'price_filing', ['project_id'], unique=False)
    op.create_table('sign_in_session',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='会话摘要'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False, comment='登录时间'),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False, comment='最近活动'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='结束时间'),
    sa.Column('end_reason', sa.String(length=20), nullable=False, comment='结束原因'),
    sa.Column('address', sa.String(length=64), nullable=False, comment='登录地址'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('digest')
    )
    op.create_index(op.f('ix_sign_in_session_account_id'), 'sign_in_session', ['account_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_sign_in_session_account_id'), table_name='sign_in_session')
    op.drop_table('sign_in_session')
    op.drop_index(op.f('ix_price_filing_project_id'), table_name='price_filing')
    op.drop_table('price_filing')
    op.drop_index(op.f('ix_old_password_account_id'), table_name='old_password')
    op.drop_table('old_password')
    op.drop_index(op.f('ix_lease_filing_valid_to'), table_name='lease_filing')
    op.drop_index(op.f('ix_lease_filing_valid_from'), table_name='lease_filing')
    op.drop_index(op.f('ix_lease_filing_unit_id'), table_name='lease_filing')
    op.drop_index(op.f('ix_lease_filing_street_code'), table_name='lease_filing')
    op.drop_index(op.f('ix_lease_filing_state'), table_name='lease_filing')
    op.drop_index(op.f('ix_lease_filing_previous_id'), table_name='lease_filing')
    op.drop_index(op.f('ix_lease_filing_licence_state'), table_name='lease_filing')
    op.drop_index(op.f('ix_lease_filing_house_id'), table_name='lease_filing')
    op.drop_index(op.f('ix_lease_filing_filed_on'), table_name='lease_filing')
    op.drop_index(op.f('ix_lease_filing_filed_at'), table_name='lease_filing')
    op.drop_index(op.f('ix_lease_filing_enterprise_id'), table_name='lease_filing')
    op.drop_index(op.f('ix_lease_filing_district_code'), table_name='lease_filing')
    op.drop_index(op.f('ix_lease_filing_contract_id'), table_name='lease_filing')
    op.drop_index(op.f('ix_lease_filing_clerk_id'), table_name='lease_filing')
    op.drop_index(op.f('ix_lease_filing_check_run_id'), table_name='lease_filing')
    op.drop_index(op.f('ix_lease_filing_case_id'), table_name='lease_filing')
    op.drop_table('lease_filing')
    op.drop_index(op.f('ix_contract_party_name_index'), table_name='contract_party')
    op.drop_index(op.f('ix_contract_party_mobile_index'), table_name='contract_party')
    op.drop_index(op.f('ix_contract_party_id_no_index'), table_name='contract_party')
    op.drop_index(op.f('ix_contract_party_contract_id'), table_name='contract_party')
    op.drop_index(op.f('ix_contract_party_agent_name_index'), table_name='contract_party')
    op.drop_index(op.f('ix_contract_party_agent_id_no_index'), table_name='contract_party')
    op.drop_table('contract_party')
    op.drop_index(op.f('ix_central_room_project_id'), table_name='central_room')
    op.drop_index(op.f('ix_central_room_house_id'), table_name='central_room')
    op.drop_table('central_room')
    op.drop_index(op.f('ix_cancel_apply_unit_id'), table_name='cancel_apply')
    op.drop_index(op.f('ix_cancel_apply_street_code'), table_name='cancel_apply')
    op.drop_index(op.f('ix_cancel_apply_state'), table_name='cancel_apply')
    op.drop_index(op.f('ix_cancel_apply_filing_id'), table_name='cancel_apply')
    op.drop_index(op.f('ix_cancel_apply_district_code'), table_name='cancel_apply')
    op.drop_index(op.f('ix_cancel_apply_contract_id'), table_name='cancel_apply')
    op.drop_index(op.f('ix_cancel_apply_clerk_id'), table_name='cancel_apply')
    op.drop_index(op.f('ix_cancel_apply_case_id'), table_name='cancel_apply')
    op.drop_table('cancel_apply')
