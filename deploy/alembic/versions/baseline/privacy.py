"""Tables of `models/privacy.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('export_request',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('request_no', sa.String(length=40), nullable=False, comment='申请号'),
    sa.Column('listing', sa.String(length=40), nullable=False, comment='清单'),
    sa.Column('criteria', sa.Text(), nullable=False, comment='查询条件'),
    sa.Column('media', sa.String(length=32), nullable=False, comment='格式'),
    sa.Column('full', sa.Boolean(), nullable=False, comment='含完整个人信息'),
    sa.Column('reason', sa.Text(), nullable=False, comment='用途'),
    sa.Column('rows', sa.BigInteger(), nullable=False, comment='条数'),
    sa.Column('done', sa.BigInteger(), nullable=False, comment='已生成'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='申请人'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='申请单位'),
    sa.Column('unit_kind', sa.String(length=32), nullable=False, comment='申请单位类别'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False, comment='申请时间'),
    sa.Column('decided_by', sa.Uuid(), nullable=True, comment='审批人'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='审批时间'),
    sa.Column('opinion', sa.Text(), nullable=True, comment='审批意见'),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=True, comment='生成时间'),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True, comment='有效至'),
    sa.Column('mark', sa.String(length=12), nullable=False, comment='文件标记'),
    sa.Column('content', sa.LargeBinary(), nullable=True, comment='文件（f1 密文）'),
    sa.Column('pieces', sa.BigInteger(), nullable=False, comment='文件块数'),
    sa.Column('size', sa.BigInteger(), nullable=False, comment='文件大小'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SM3 摘要'),
    sa.Column('downloads', sa.BigInteger(), nullable=False, comment='下载次数'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('request_no')
    )
    op.create_index(op.f('ix_export_request_account_id'), 'export_request', ['account_id'], unique=False)
    op.create_index(op.f('ix_export_request_district_code'), 'export_request', ['district_code'], unique=False)
    op.create_index(op.f('ix_export_request_expires_at'), 'export_request', ['expires_at'], unique=False)
    op.create_index(op.f('ix_export_request_requested_at'), 'export_request', ['requested_at'], unique=False)
    op.create_index(op.f('ix_export_request_state'), 'export_request', ['state'], unique=False)
    op.create_index(op.f('ix_export_request_street_code'), 'export_request', ['street_code'], unique=False)
    op.create_index(op.f('ix_export_request_unit_id'), 'export_request', ['unit_id'], unique=False)
    op.create_table('person_access',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('id_no_index', sa.String(length=96), nullable=False, comment='证件号码索引'),
    sa.Column('account_id', sa.Uuid(), nullable=True, comment='查看人'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='查看单位'),
    sa.Column('role', sa.String(length=32), nullable=False, comment='岗位'),
    sa.Column('partner', sa.String(length=64), nullable=False, comment='对接系统'),
    sa.Column('act', sa.String(length=60), nullable=False, comment='业务'),
    sa.Column('what', sa.String(length=32), nullable=False, comment='内容'),
    sa.Column('purpose', sa.Text(), nullable=True, comment='目的'),
    sa.Column('shown_as', sa.Text(), nullable=True, comment='证件号码（遮蔽）'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=True, comment='对象'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_person_access_account_id'), 'person_access', ['account_id'], unique=False)
    op.create_index(op.f('ix_person_access_at'), 'person_access', ['at'], unique=False)
    op.create_index(op.f('ix_person_access_object_id'), 'person_access', ['object_id'], unique=False)
    op.create_index('ix_person_access_of', 'person_access', ['id_no_index', 'at'], unique=False)
    op.create_table('reauthentication',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('session', sa.String(length=64), nullable=False, comment='会话摘要'),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True, comment='确认时间'),
    sa.Column('failures', sa.BigInteger(), nullable=False, comment='连续失败次数'),
    sa.Column('blocked_until', sa.DateTime(timezone=True), nullable=True, comment='暂停至'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_reauthentication_account_id'), 'reauthentication', ['account_id'], unique=True)
