"""Tables of `models/pushes.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber


def create() -> None:
    op.create_table('broker_batch',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('app_id', sa.String(length=32), nullable=False, comment='对接系统'),
    sa.Column('batch_no', sa.String(length=64), nullable=False, comment='批次号'),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True, comment='答复时间'),
    sa.Column('total', sa.BigInteger(), nullable=False, comment='报送件数'),
    sa.Column('filed', sa.BigInteger(), nullable=False, comment='已备案'),
    sa.Column('waiting', sa.BigInteger(), nullable=False, comment='核验中'),
    sa.Column('intercepted', sa.BigInteger(), nullable=False, comment='系统拦截'),
    sa.Column('refused', sa.BigInteger(), nullable=False, comment='未通过'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('app_id', 'batch_no')
    )
    op.create_index(op.f('ix_broker_batch_received_at'), 'broker_batch', ['received_at'], unique=False)
    op.create_table('check_in',
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
    sa.Column('checkin_no', sa.String(length=64), nullable=False, comment='入住编号'),
    sa.Column('attempt', sa.BigInteger(), nullable=False, comment='报送次数'),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('operator_uscc', sa.String(length=18), nullable=False, comment='运营方统一社会信用代码'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='运营企业'),
    sa.Column('project_id', sa.Uuid(), nullable=True, comment='项目'),
    sa.Column('project_no', sa.String(length=40), nullable=False, comment='项目编号'),
    sa.Column('room_no', sa.String(length=40), nullable=False, comment='房号'),
    sa.Column('bed', sa.String(length=20), nullable=False, comment='床位'),
    sa.Column('previous_id', sa.Uuid(), nullable=True, comment='换出的入住'),
    sa.Column('start', sa.Date(), nullable=False, comment='起租日期'),
    sa.Column('end', sa.Date(), nullable=False, comment='止租日期'),
    sa.Column('checked_in_at', sa.DateTime(timezone=True), nullable=False, comment='入住时间'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('month', sa.String(length=7), nullable=False, comment='入住月份'),
    sa.Column('late_days', sa.BigInteger(), nullable=False, comment='补报天数'),
    sa.Column('persons', sa.BigInteger(), nullable=False, comment='居住人数'),
    sa.Column('month_rent', ScaledNumber(18, 2), nullable=True, comment='月租金'),
    sa.Column('message', sa.Text(), nullable=True, comment='入住信息'),
    sa.Column('contract_id', sa.Uuid(), nullable=True, comment='合同'),
    sa.Column('case_id', sa.Uuid(), nullable=True, comment='办件'),
    sa.Column('filing_id', sa.Uuid(), nullable=True, comment='备案'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('app_id', 'checkin_no', 'attempt')
    )
    op.create_index(op.f('ix_check_in_case_id'), 'check_in', ['case_id'], unique=False)
    op.create_index(op.f('ix_check_in_contract_id'), 'check_in', ['contract_id'], unique=False)
    op.create_index(op.f('ix_check_in_district_code'), 'check_in', ['district_code'], unique=False)
    op.create_index(op.f('ix_check_in_enterprise_id'), 'check_in', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_check_in_filing_id'), 'check_in', ['filing_id'], unique=False)
    op.create_index(op.f('ix_check_in_month'), 'check_in', ['month'], unique=False)
    op.create_index(op.f('ix_check_in_previous_id'), 'check_in', ['previous_id'], unique=False)
    op.create_index(op.f('ix_check_in_project_id'), 'check_in', ['project_id'], unique=False)
    op.create_index(op.f('ix_check_in_received_at'), 'check_in', ['received_at'], unique=False)
    op.create_index(op.f('ix_check_in_state'), 'check_in', ['state'], unique=False)
    op.create_index(op.f('ix_check_in_street_code'), 'check_in', ['street_code'], unique=False)
    op.create_table('move_out',
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
    sa.Column('checkout_no', sa.String(length=64), nullable=False, comment='退租编号'),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('checkin_no', sa.String(length=64), nullable=False, comment='入住编号'),
    sa.Column('checkin_id', sa.Uuid(), nullable=True, comment='入住'),
    sa.Column('project_id', sa.Uuid(), nullable=True, comment='项目'),
    sa.Column('project_no', sa.String(length=40), nullable=False, comment='项目编号'),
    sa.Column('room_no', sa.String(length=40), nullable=False, comment='房号'),
    sa.Column('left_on', sa.Date(), nullable=False, comment='退租日期'),
    sa.Column('room_change', sa.Boolean(), nullable=False, comment='换房'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('month', sa.String(length=7), nullable=False, comment='退租月份'),
    sa.Column('filing_id', sa.Uuid(), nullable=True, comment='备案'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('app_id', 'checkout_no')
    )
    op.create_index(op.f('ix_move_out_checkin_id'), 'move_out', ['checkin_id'], unique=False)
    op.create_index(op.f('ix_move_out_district_code'), 'move_out', ['district_code'], unique=False)
    op.create_index(op.f('ix_move_out_filing_id'), 'move_out', ['filing_id'], unique=False)
    op.create_index(op.f('ix_move_out_month'), 'move_out', ['month'], unique=False)
    op.create_index(op.f('ix_move_out_project_id'), 'move_out', ['project_id'], unique=False)
    op.create_index(op.f('ix_move_out_received_at'), 'move_out', ['received_at'], unique=False)
    op.create_index(op.f('ix_move_out_state'), 'move_out', ['state'], unique=False)
    op.create_index(op.f('ix_move_out_street_code'), 'move_out', ['street_code'], unique=False)
    op.create_table('push_reason',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('push_id', sa.Uuid(), nullable=False, comment='报送件'),
    sa.Column('position', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('code', sa.String(length=12), nullable=False, comment='规则'),
    sa.Column('severity', sa.String(length=12), nullable=False, comment='处理'),
    sa.Column('field', sa.String(length=60), nullable=False, comment='字段'),
    sa.Column('message', sa.String(length=300), nullable=False, comment='说明'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_push_reason_code'), 'push_reason', ['code'], unique=False)
    op.create_index(op.f('ix_push_reason_push_id'), 'push_reason', ['push_id'], unique=False)
    op.create_table('broker_push',
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
    sa.Column('batch_id', sa.Uuid(), nullable=False, comment='批次'),
    sa.Column('position', sa.BigInteger(), nullable=False, comment='批内序号'),
    sa.Column('member_uscc', sa.String(length=18), nullable=False, comment='会员统一社会信用代码'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='会员企业'),
    sa.Column('own_no', sa.String(length=80), nullable=False, comment='会员自编号'),
    sa.Column('attempt', sa.BigInteger(), nullable=False, comment='报送次数'),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('contract_key', sa.String(length=64), nullable=False, comment='合同特征'),
    sa.Column('contract_id', sa.Uuid(), nullable=True, comment='合同'),
    sa.Column('case_id', sa.Uuid(), nullable=True, comment='办件'),
    sa.Column('filing_id', sa.Uuid(), nullable=True, comment='备案'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('month', sa.String(length=7), nullable=False, comment='报送月份'),
    sa.Column('signed_on', sa.Date(), nullable=True, comment='签订日期'),
    sa.Column('late_days', sa.BigInteger(), nullable=False, comment='逾期天数'),
    sa.Column('month_rent', ScaledNumber(18, 2), nullable=True, comment='月租金'),
    sa.Column('leased_area', ScaledNumber(14, 4), nullable=True, comment='租赁面积'),
    sa.Column('rent_unusual', sa.Boolean(), nullable=False, comment='租金异常'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.ForeignKeyConstraint(['batch_id'], ['broker_batch.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('app_id', 'member_uscc', 'own_no', 'attempt')
    )
    op.create_index(op.f('ix_broker_push_batch_id'), 'broker_push', ['batch_id'], unique=False)
    op.create_index(op.f('ix_broker_push_case_id'), 'broker_push', ['case_id'], unique=False)
    op.create_index(op.f('ix_broker_push_contract_id'), 'broker_push', ['contract_id'], unique=False)
    op.create_index(op.f('ix_broker_push_contract_key'), 'broker_push', ['contract_key'], unique=False)
    op.create_index(op.f('ix_broker_push_district_code'), 'broker_push', ['district_code'], unique=False)
    op.create_index(op.f('ix_broker_push_enterprise_id'), 'broker_push', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_broker_push_filing_id'), 'broker_push', ['filing_id'], unique=False)
    op.create_index(op.f('ix_broker_push_member_uscc'), 'broker_push', ['member_uscc'], unique=False)
    op.create_index(op.f('ix_broker_push_month'), 'broker_push', ['month'], unique=False)
    op.create_index(op.f('ix_broker_push_received_at'), 'broker_push', ['received_at'], unique=False)
    op.create_index(op.f('ix_broker_push_state'), 'broker_push', ['state'], unique=False)
    op.create_index(op.f('ix_broker_push_street_code'), 'broker_push', ['street_code'], unique=False)
    op.create_table('occupied_list',
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
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('as_of', sa.Date(), nullable=False, comment='在住日期'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('rooms', sa.JSON(), nullable=False, comment='在住房间'),
    sa.ForeignKeyConstraint(['project_id'], ['central_project.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('project_id', 'as_of')
    )
    op.create_index(op.f('ix_occupied_list_as_of'), 'occupied_list', ['as_of'], unique=False)
    op.create_index(op.f('ix_occupied_list_district_code'), 'occupied_list', ['district_code'], unique=False)
    op.create_index(op.f('ix_occupied_list_project_id'), 'occupied_list', ['project_id'], unique=False)
    op.create_index(op.f('ix_occupied_list_street_code'), 'occupied_list', ['street_code'], unique=False)
    op.create_table('stay_difference',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='差异'),
    sa.Column('room_no', sa.String(length=40), nullable=False, comment='房号'),
    sa.Column('bed', sa.String(length=20), nullable=False, comment='床位'),
    sa.Column('checkin_no', sa.String(length=64), nullable=False, comment='入住编号'),
    sa.Column('filing_id', sa.Uuid(), nullable=True, comment='备案'),
    sa.Column('detail', sa.String(length=120), nullable=False, comment='说明'),
    sa.Column('found_on', sa.Date(), nullable=False, comment='发现日期'),
    sa.Column('closed_on', sa.Date(), nullable=True, comment='消除日期'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.ForeignKeyConstraint(['project_id'], ['central_project.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_stay_difference_district_code'), 'stay_difference', ['district_code'], unique=False)
    op.create_index(op.f('ix_stay_difference_filing_id'), 'stay_difference', ['filing_id'], unique=False)
    op.create_index(op.f('ix_stay_difference_kind'), 'stay_difference', ['kind'], unique=False)
    op.create_index(op.f('ix_stay_difference_project_id'), 'stay_difference', ['project_id'], unique=False)
    op.create_index(op.f('ix_stay_difference_state'), 'stay_difference', ['state'], unique=False)
    op.create_index(op.f('ix_stay_difference_street_code'), 'stay_difference', ['street_code'], unique=False)
