"""Tables of `models/practitioners.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('card_task',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='事由'),
    sa.Column('card_id', sa.Uuid(), nullable=True, comment='信息卡'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.Column('detail', sa.Text(), nullable=True, comment='说明'),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False, comment='提出时间'),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True, comment='处理时间'),
    sa.Column('done_by', sa.Uuid(), nullable=True, comment='处理人'),
    sa.Column('outcome', sa.Text(), nullable=True, comment='处理结果'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_card_task_card_id'), 'card_task', ['card_id'], unique=False)
    op.create_index(op.f('ix_card_task_district_code'), 'card_task', ['district_code'], unique=False)
    op.create_index(op.f('ix_card_task_enterprise_id'), 'card_task', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_card_task_raised_at'), 'card_task', ['raised_at'], unique=False)
    op.create_index(op.f('ix_card_task_state'), 'card_task', ['state'], unique=False)
    op.create_index(op.f('ix_card_task_street_code'), 'card_task', ['street_code'], unique=False)
    op.create_table('brand',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('short_name', sa.String(length=12), nullable=False, comment='企业简称'),
    sa.Column('logo_digest', sa.String(length=64), nullable=False, comment='图标 SM3 摘要'),
    sa.Column('logo_side', sa.BigInteger(), nullable=False, comment='图标边长'),
    sa.Column('logo', sa.LargeBinary(), nullable=False, comment='图标（f1 密文）'),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True, comment='提交时间'),
    sa.Column('submitted_by', sa.Uuid(), nullable=True, comment='提交人'),
    sa.Column('taken_by', sa.Uuid(), nullable=True, comment='领取人'),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True, comment='领取时间'),
    sa.Column('reviewer_id', sa.Uuid(), nullable=True, comment='审核人'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='审核时间'),
    sa.Column('opinion', sa.Text(), nullable=True, comment='审核意见'),
    sa.Column('in_force', sa.String(length=24), nullable=True, comment='在用简称'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_brand_district_code'), 'brand', ['district_code'], unique=False)
    op.create_index(op.f('ix_brand_enterprise_id'), 'brand', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_brand_state'), 'brand', ['state'], unique=False)
    op.create_index(op.f('ix_brand_street_code'), 'brand', ['street_code'], unique=False)
    op.create_index(op.f('ix_brand_taken_by'), 'brand', ['taken_by'], unique=False)
    op.create_index('ux_brand_in_force', 'brand', ['in_force'], unique=True)
    op.create_table('card_apply',
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
    sa.Column('kind', sa.String(length=32), nullable=False, comment='申请类别'),
    sa.Column('channel', sa.String(length=32), nullable=False, comment='申请方式'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('batch_id', sa.Uuid(), nullable=True, comment='导入批次'),
    sa.Column('practitioner_id', sa.Uuid(), nullable=True, comment='从业人员'),
    sa.Column('card_id', sa.Uuid(), nullable=True, comment='信息卡'),
    sa.Column('id_no', sa.Text(), nullable=False, comment='证件号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='证件号码索引'),
    sa.Column('name', sa.Text(), nullable=False, comment='姓名'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='姓名索引'),
    sa.Column('before', sa.Text(), nullable=True, comment='原信息'),
    sa.Column('after', sa.Text(), nullable=True, comment='申请信息'),
    sa.Column('portrait_id', sa.Uuid(), nullable=True, comment='照片'),
    sa.Column('two_factor', sa.String(length=32), nullable=False, comment='二要素核验'),
    sa.Column('blacklist', sa.String(length=32), nullable=False, comment='黑名单核验'),
    sa.Column('findings', sa.Text(), nullable=True, comment='核验结果'),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True, comment='核验时间'),
    sa.Column('check_again_at', sa.DateTime(timezone=True), nullable=True, comment='下次核验时间'),
    sa.Column('attempts', sa.BigInteger(), nullable=False, comment='核验次数'),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True, comment='提交时间'),
    sa.Column('submitted_by', sa.Uuid(), nullable=True, comment='提交人'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='受理单位'),
    sa.Column('taken_by', sa.Uuid(), nullable=True, comment='领取人'),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True, comment='领取时间'),
    sa.Column('inspector_id', sa.Uuid(), nullable=True, comment='验看人'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='验看时间'),
    sa.Column('opinion', sa.Text(), nullable=True, comment='验看意见'),
    sa.Column('cancel_reason', sa.String(length=32), nullable=True, comment='注销原因'),
    sa.Column('card_read_at', sa.DateTime(timezone=True), nullable=True, comment='读卡时间'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('apply_no')
    )
    op.create_index(op.f('ix_card_apply_batch_id'), 'card_apply', ['batch_id'], unique=False)
    op.create_index(op.f('ix_card_apply_card_id'), 'card_apply', ['card_id'], unique=False)
    op.create_index(op.f('ix_card_apply_check_again_at'), 'card_apply', ['check_again_at'], unique=False)
    op.create_index(op.f('ix_card_apply_district_code'), 'card_apply', ['district_code'], unique=False)
    op.create_index(op.f('ix_card_apply_enterprise_id'), 'card_apply', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_card_apply_id_no_index'), 'card_apply', ['id_no_index'], unique=False)
    op.create_index(op.f('ix_card_apply_name_index'), 'card_apply', ['name_index'], unique=False)
    op.create_index(op.f('ix_card_apply_practitioner_id'), 'card_apply', ['practitioner_id'], unique=False)
    op.create_index(op.f('ix_card_apply_state'), 'card_apply', ['state'], unique=False)
    op.create_index(op.f('ix_card_apply_street_code'), 'card_apply', ['street_code'], unique=False)
    op.create_index(op.f('ix_card_apply_submitted_at'), 'card_apply', ['submitted_at'], unique=False)
    op.create_index(op.f('ix_card_apply_taken_by'), 'card_apply', ['taken_by'], unique=False)
    op.create_index(op.f('ix_card_apply_unit_id'), 'card_apply', ['unit_id'], unique=False)
    op.create_table('info_card',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('public_mac', sa.String(length=80), nullable=True, comment='公开核验校验值'),
    sa.Column('card_no', sa.String(length=40), nullable=False, comment='信息卡编号'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('practitioner_id', sa.Uuid(), nullable=True, comment='从业人员'),
    sa.Column('name', sa.Text(), nullable=False, comment='姓名'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='姓名索引'),
    sa.Column('id_no', sa.Text(), nullable=True, comment='证件号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='证件号码索引'),
    sa.Column('live', sa.BigInteger(), nullable=True, comment='在用'),
    sa.Column('duty', sa.String(length=40), nullable=False, comment='从业类型'),
    sa.Column('origin', sa.String(length=32), nullable=False, comment='来源'),
    sa.Column('portrait_id', sa.Uuid(), nullable=True, comment='照片'),
    sa.Column('token', sa.Text(), nullable=True, comment='二维码内容'),
    sa.Column('token_digest', sa.String(length=64), nullable=True, comment='二维码摘要'),
    sa.Column('public', sa.Text(), nullable=True, comment='公开核验内容'),
    sa.Column('issued_on', sa.Date(), nullable=True, comment='制卡日期'),
    sa.Column('active_from', sa.Date(), nullable=True, comment='激活日期'),
    sa.Column('cancelled_on', sa.Date(), nullable=True, comment='注销日期'),
    sa.Column('cancel_reason', sa.String(length=32), nullable=True, comment='注销原因'),
    sa.Column('pause', sa.String(length=32), nullable=True, comment='暂停原因'),
    sa.Column('checked_on', sa.Date(), nullable=True, comment='最近核验日期'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True, comment='最近变动时间'),
    sa.Column('event_at', sa.DateTime(timezone=True), nullable=True, comment='事件时间'),
    sa.Column('physical_made', sa.Boolean(), nullable=False, comment='已制实体卡'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('card_no'),
    info={'public_columns': ('card_no', 'state', 'public', 'token_digest')}
    )
    op.create_index(op.f('ix_info_card_changed_at'), 'info_card', ['changed_at'], unique=False)
    op.create_index(op.f('ix_info_card_checked_on'), 'info_card', ['checked_on'], unique=False)
    op.create_index(op.f('ix_info_card_enterprise_id'), 'info_card', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_info_card_id_no_index'), 'info_card', ['id_no_index'], unique=False)
    op.create_index(op.f('ix_info_card_name_index'), 'info_card', ['name_index'], unique=False)
    op.create_index(op.f('ix_info_card_practitioner_id'), 'info_card', ['practitioner_id'], unique=False)
    op.create_index(op.f('ix_info_card_state'), 'info_card', ['state'], unique=False)
    op.create_index(op.f('ix_info_card_token_digest'), 'info_card', ['token_digest'], unique=True)
    op.create_index('ux_info_card_live', 'info_card', ['id_no_index', 'live'], unique=True)
    op.create_table('portrait',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SM3 摘要'),
    sa.Column('width', sa.BigInteger(), nullable=False, comment='宽'),
    sa.Column('height', sa.BigInteger(), nullable=False, comment='高'),
    sa.Column('content', sa.LargeBinary(), nullable=False, comment='照片（f1 密文）'),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False, comment='上传时间'),
    sa.Column('face', sa.String(length=32), nullable=True, comment='人脸检测'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_portrait_enterprise_id'), 'portrait', ['enterprise_id'], unique=False)
    op.create_table('practitioner',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('name', sa.Text(), nullable=False, comment='姓名'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='姓名索引'),
    sa.Column('id_type', sa.String(length=4), nullable=False, comment='证件类型'),
    sa.Column('id_no', sa.Text(), nullable=False, comment='证件号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='证件号码索引'),
    sa.Column('gender', sa.Text(), nullable=True, comment='性别'),
    sa.Column('birthday', sa.Text(), nullable=True, comment='出生日期'),
    sa.Column('mobile', sa.Text(), nullable=True, comment='手机号'),
    sa.Column('mobile_index', sa.String(length=96), nullable=True, comment='手机号索引'),
    sa.Column('education', sa.Text(), nullable=True, comment='学历'),
    sa.Column('qualification', sa.String(length=40), nullable=False, comment='职业资格'),
    sa.Column('qualification_no', sa.String(length=40), nullable=False, comment='职业资格证书编号'),
    sa.Column('post', sa.String(length=20), nullable=False, comment='岗位'),
    sa.Column('store', sa.String(length=60), nullable=False, comment='门店'),
    sa.Column('hired_on', sa.Date(), nullable=True, comment='入职日期'),
    sa.Column('contract_from', sa.Date(), nullable=True, comment='劳动合同起'),
    sa.Column('contract_to', sa.Date(), nullable=True, comment='劳动合同止'),
    sa.Column('insured', sa.Boolean(), nullable=False, comment='已缴社会保险'),
    sa.Column('note', sa.Text(), nullable=True, comment='备注'),
    sa.Column('photo_id', sa.Uuid(), nullable=True, comment='照片'),
    sa.Column('left_on', sa.Date(), nullable=True, comment='离职日期'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('enterprise_id', 'id_no_index')
    )
    op.create_index(op.f('ix_practitioner_district_code'), 'practitioner', ['district_code'], unique=False)
    op.create_index(op.f('ix_practitioner_enterprise_id'), 'practitioner', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_practitioner_id_no_index'), 'practitioner', ['id_no_index'], unique=False)
    op.create_index(op.f('ix_practitioner_mobile_index'), 'practitioner', ['mobile_index'], unique=False)
    op.create_index(op.f('ix_practitioner_name_index'), 'practitioner', ['name_index'], unique=False)
    op.create_index(op.f('ix_practitioner_street_code'), 'practitioner', ['street_code'], unique=False)
