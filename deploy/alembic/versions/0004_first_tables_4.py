"""The first tables, part 4 of 6: check_item, enterprise_key, house_owner, house_restriction, house_room, info_card, lease_contract, print_log, account_role."""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('check_item',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('run_id', sa.Uuid(), nullable=False, comment='核验批次'),
    sa.Column('position', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('code', sa.String(length=12), nullable=False, comment='规则'),
    sa.Column('result', sa.String(length=8), nullable=False, comment='结果'),
    sa.Column('severity', sa.String(length=12), nullable=False, comment='处理'),
    sa.Column('field', sa.String(length=60), nullable=False, comment='字段'),
    sa.Column('message', sa.String(length=300), nullable=False, comment='说明'),
    sa.Column('source', sa.String(length=60), nullable=False, comment='数据来源'),
    sa.Column('milliseconds', sa.BigInteger(), nullable=False, comment='响应'),
    sa.Column('evidence', sa.Text(), nullable=True, comment='证据'),
    sa.Column('evidence_digest', sa.String(length=64), nullable=False, comment='证据摘要'),
    sa.Column('forceable', sa.Boolean(), nullable=False, comment='可申请强制核验'),
    sa.ForeignKeyConstraint(['run_id'], ['check_run.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_check_item_code'), 'check_item', ['code'], unique=False)
    op.create_index(op.f('ix_check_item_run_id'), 'check_item', ['run_id'], unique=False)
    op.create_table('enterprise_key',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('serial', sa.String(length=60), nullable=False, comment='密钥序列号'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='生效日期'),
    sa.Column('valid_to', sa.Date(), nullable=False, comment='失效日期'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_enterprise_key_enterprise_id'), 'enterprise_key', ['enterprise_id'], unique=False)
    op.create_table('house_owner',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('house_id', sa.Uuid(), nullable=False, comment='房屋'),
    sa.Column('name', sa.Text(), nullable=False, comment='权利人'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='权利人索引'),
    sa.Column('id_type', sa.String(length=2), nullable=False, comment='证件类型'),
    sa.Column('id_no', sa.Text(), nullable=False, comment='证件号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='证件号码索引'),
    sa.Column('share', ScaledNumber(14, 4), nullable=False, comment='份额（%）'),
    sa.Column('since', sa.Date(), nullable=True, comment='自'),
    sa.Column('until', sa.Date(), nullable=True, comment='至'),
    sa.ForeignKeyConstraint(['house_id'], ['house.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_house_owner_house_id'), 'house_owner', ['house_id'], unique=False)
    op.create_index(op.f('ix_house_owner_id_no_index'), 'house_owner', ['id_no_index'], unique=False)
    op.create_index(op.f('ix_house_owner_name_index'), 'house_owner', ['name_index'], unique=False)
    op.create_table('house_restriction',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('house_id', sa.Uuid(), nullable=False, comment='房屋'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='限制类型'),
    sa.Column('source', sa.String(length=40), nullable=False, comment='来源'),
    sa.Column('reference', sa.String(length=60), nullable=False, comment='文号'),
    sa.Column('since', sa.Date(), nullable=True, comment='自'),
    sa.Column('until', sa.Date(), nullable=True, comment='至'),
    sa.ForeignKeyConstraint(['house_id'], ['house.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_house_restriction_house_id'), 'house_restriction', ['house_id'], unique=False)
    op.create_table('house_room',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('house_id', sa.Uuid(), nullable=False, comment='房屋'),
    sa.Column('label', sa.String(length=20), nullable=False, comment='房间号'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='房间类型'),
    sa.Column('usable_area', ScaledNumber(14, 4), nullable=False, comment='使用面积'),
    sa.Column('as_designed', sa.Boolean(), nullable=False, comment='原始设计'),
    sa.ForeignKeyConstraint(['house_id'], ['house.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('house_id', 'label')
    )
    op.create_index(op.f('ix_house_room_house_id'), 'house_room', ['house_id'], unique=False)
    op.create_table('info_card',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('card_no', sa.String(length=40), nullable=False, comment='信息卡编号'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('name', sa.Text(), nullable=False, comment='姓名'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='姓名索引'),
    sa.Column('active_from', sa.Date(), nullable=True, comment='激活日期'),
    sa.Column('cancelled_on', sa.Date(), nullable=True, comment='注销日期'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('card_no')
    )
    op.create_index(op.f('ix_info_card_enterprise_id'), 'info_card', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_info_card_name_index'), 'info_card', ['name_index'], unique=False)
    op.create_table('lease_contract',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('contract_no', sa.String(length=40), nullable=True, comment='合同编号'),
    sa.Column('house_id', sa.Uuid(), nullable=False, comment='房屋'),
    sa.Column('mode', sa.String(length=32), nullable=False, comment='出租方式'),
    sa.Column('deal', sa.String(length=32), nullable=False, comment='成交方式'),
    sa.Column('rooms', sa.String(length=120), nullable=False, comment='租赁房间'),
    sa.Column('start', sa.Date(), nullable=False, comment='起租日期'),
    sa.Column('end', sa.Date(), nullable=False, comment='止租日期'),
    sa.Column('signed_on', sa.Date(), nullable=False, comment='签订日期'),
    sa.Column('month_rent', ScaledNumber(18, 2), nullable=False, comment='折合月租金'),
    sa.Column('deposit', ScaledNumber(18, 2), nullable=False, comment='押金'),
    sa.Column('form', sa.Text(), nullable=False, comment='合同内容'),
    sa.Column('text_version', sa.BigInteger(), nullable=False, comment='文本版本'),
    sa.Column('text_digest', sa.String(length=64), nullable=False, comment='文本摘要'),
    sa.Column('template', sa.String(length=40), nullable=False, comment='示范文本'),
    sa.Column('paper_only', sa.Boolean(), nullable=False, comment='仅纸质文本'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='受理单位'),
    sa.Column('clerk_id', sa.Uuid(), nullable=True, comment='经办人'),
    sa.Column('channel', sa.String(length=32), nullable=False, comment='渠道'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('idle_until', sa.Date(), nullable=True, comment='逾期作废日'),
    sa.ForeignKeyConstraint(['house_id'], ['house.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('contract_no')
    )
    op.create_index(op.f('ix_lease_contract_clerk_id'), 'lease_contract', ['clerk_id'], unique=False)
    op.create_index(op.f('ix_lease_contract_district_code'), 'lease_contract', ['district_code'], unique=False)
    op.create_index(op.f('ix_lease_contract_end'), 'lease_contract', ['end'], unique=False)
    op.create_index(op.f('ix_lease_contract_enterprise_id'), 'lease_contract', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_lease_contract_house_id'), 'lease_contract', ['house_id'], unique=False)
    op.create_index(op.f('ix_lease_contract_state'), 'lease_contract', ['state'], unique=False)
    op.create_index(op.f('ix_lease_contract_street_code'), 'lease_contract', ['street_code'], unique=False)
    op.create_index(op.f('ix_lease_contract_unit_id'), 'lease_contract', ['unit_id'], unique=False)
    op.create_table('print_log',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('document_id', sa.Uuid(), nullable=False, comment='文书'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='打印人'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('on_day', sa.Date(), nullable=False, comment='日期'),
    sa.Column('copy_no', sa.BigInteger(), nullable=False, comment='第几次'),
    sa.Column('printer', sa.String(length=60), nullable=False, comment='打印机'),
    sa.Column('purpose', sa.String(length=60), nullable=False, comment='用途'),
    sa.Column('requester', sa.Text(), nullable=True, comment='申领人'),
    sa.ForeignKeyConstraint(['document_id'], ['issued_document.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_print_log_account_id'), 'print_log', ['account_id'], unique=False)
    op.create_index(op.f('ix_print_log_document_id'), 'print_log', ['document_id'], unique=False)
    op.create_index(op.f('ix_print_log_on_day'), 'print_log', ['on_day'], unique=False)
    op.create_table('account_role',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('role', sa.String(length=32), nullable=False, comment='角色'),
    sa.Column('scope_kind', sa.String(length=32), nullable=False, comment='数据范围类别'),
    sa.Column('scope_code', sa.String(length=64), nullable=False, comment='数据范围'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='生效日期'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='失效日期'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_account_role_account_id'), 'account_role', ['account_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_account_role_account_id'), table_name='account_role')
    op.drop_table('account_role')
    op.drop_index(op.f('ix_print_log_on_day'), table_name='print_log')
    op.drop_index(op.f('ix_print_log_document_id'), table_name='print_log')
    op.drop_index(op.f('ix_print_log_account_id'), table_name='print_log')
    op.drop_table('print_log')
    op.drop_index(op.f('ix_lease_contract_unit_id'), table_name='lease_contract')
    op.drop_index(op.f('ix_lease_contract_street_code'), table_name='lease_contract')
    op.drop_index(op.f('ix_lease_contract_state'), table_name='lease_contract')
    op.drop_index(op.f('ix_lease_contract_house_id'), table_name='lease_contract')
    op.drop_index(op.f('ix_lease_contract_enterprise_id'), table_name='lease_contract')
    op.drop_index(op.f('ix_lease_contract_end'), table_name='lease_contract')
    op.drop_index(op.f('ix_lease_contract_district_code'), table_name='lease_contract')
    op.drop_index(op.f('ix_lease_contract_clerk_id'), table_name='lease_contract')
    op.drop_table('lease_contract')
    op.drop_index(op.f('ix_info_card_name_index'), table_name='info_card')
    op.drop_index(op.f('ix_info_card_enterprise_id'), table_name='info_card')
    op.drop_table('info_card')
    op.drop_index(op.f('ix_house_room_house_id'), table_name='house_room')
    op.drop_table('house_room')
    op.drop_index(op.f('ix_house_restriction_house_id'), table_name='house_restriction')
    op.drop_table('house_restriction')
    op.drop_index(op.f('ix_house_owner_name_index'), table_name='house_owner')
    op.drop_index(op.f('ix_house_owner_id_no_index'), table_name='house_owner')
    op.drop_index(op.f('ix_house_owner_house_id'), table_name='house_owner')
    op.drop_table('house_owner')
    op.drop_index(op.f('ix_enterprise_key_enterprise_id'), table_name='enterprise_key')
    op.drop_table('enterprise_key')
    op.drop_index(op.f('ix_check_item_run_id'), table_name='check_item')
    op.drop_index(op.f('ix_check_item_code'), table_name='check_item')
    op.drop_table('check_item')
