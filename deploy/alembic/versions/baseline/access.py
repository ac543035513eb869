"""Tables of `models/access.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('address_failure',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('address', sa.String(length=64), nullable=False, comment='地址'),
    sa.Column('failures', sa.BigInteger(), nullable=False, comment='失败次数'),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False, comment='起始时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('address')
    )
    op.create_table('org_unit',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('unit_code', sa.String(length=32), nullable=False, comment='单位编码'),
    sa.Column('name', sa.String(length=80), nullable=False, comment='单位名称'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='单位类别'),
    sa.Column('address', sa.String(length=120), nullable=False, comment='办公地址'),
    sa.Column('phone', sa.String(length=32), nullable=False, comment='联系电话'),
    sa.Column('hours', sa.String(length=60), nullable=False, comment='办公时间'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('unit_code')
    )
    op.create_index(op.f('ix_org_unit_district_code'), 'org_unit', ['district_code'], unique=False)
    op.create_index(op.f('ix_org_unit_enterprise_id'), 'org_unit', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_org_unit_street_code'), 'org_unit', ['street_code'], unique=False)
    op.create_table('person_grant',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('id_no_index', sa.String(length=96), nullable=False, comment='证件号码索引'),
    sa.Column('how', sa.String(length=20), nullable=False, comment='方式'),
    sa.Column('until_day', sa.Date(), nullable=False, comment='有效至'),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False, comment='授予时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account_id', 'id_no_index', 'until_day')
    )
    op.create_index(op.f('ix_person_grant_account_id'), 'person_grant', ['account_id'], unique=False)
    op.create_index(op.f('ix_person_grant_id_no_index'), 'person_grant', ['id_no_index'], unique=False)
    op.create_table('record_grant',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('object_kind', sa.String(length=32), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=False, comment='对象'),
    sa.Column('reason', sa.String(length=200), nullable=False, comment='依据'),
    sa.Column('until_day', sa.Date(), nullable=False, comment='有效至'),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False, comment='授予时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account_id', 'object_kind', 'object_id', 'until_day')
    )
    op.create_index(op.f('ix_record_grant_account_id'), 'record_grant', ['account_id'], unique=False)
    op.create_index(op.f('ix_record_grant_object_id'), 'record_grant', ['object_id'], unique=False)
    op.create_table('reveal',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('object_kind', sa.String(length=32), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=False, comment='对象'),
    sa.Column('field', sa.String(length=40), nullable=False, comment='字段'),
    sa.Column('reason', sa.Text(), nullable=False, comment='理由'),
    sa.Column('on_day', sa.Date(), nullable=False, comment='日期'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_reveal_account_id'), 'reveal', ['account_id'], unique=False)
    op.create_index(op.f('ix_reveal_object_id'), 'reveal', ['object_id'], unique=False)
    op.create_index(op.f('ix_reveal_on_day'), 'reveal', ['on_day'], unique=False)
    op.create_table('account',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('login', sa.String(length=64), nullable=False, comment='登录名'),
    sa.Column('login_key', sa.String(length=64), nullable=False, comment='登录名唯一键'),
    sa.Column('name', sa.Text(), nullable=False, comment='姓名'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='姓名索引'),
    sa.Column('id_no', sa.Text(), nullable=True, comment='身份证号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='身份证号码索引'),
    sa.Column('mobile', sa.Text(), nullable=True, comment='手机号'),
    sa.Column('mobile_index', sa.String(length=96), nullable=True, comment='手机号索引'),
    sa.Column('unit_id', sa.Uuid(), nullable=False, comment='所属单位'),
    sa.Column('window', sa.String(length=20), nullable=False, comment='窗口'),
    sa.Column('password', sa.Text(), nullable=False, comment='口令记录'),
    sa.Column('password_changed_at', sa.DateTime(timezone=True), nullable=False, comment='口令修改时间'),
    sa.Column('one_time_until', sa.DateTime(timezone=True), nullable=True, comment='初始口令有效至'),
    sa.Column('link_digest', sa.String(length=64), nullable=True, comment='首次口令链接摘要'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='有效期至'),
    sa.Column('sort', sa.String(length=32), nullable=False, comment='账号类别'),
    sa.Column('clearance', sa.String(length=32), nullable=False, comment='安全标记'),
    sa.Column('failures', sa.BigInteger(), nullable=False, comment='连续失败次数'),
    sa.Column('first_failure_at', sa.DateTime(timezone=True), nullable=True, comment='首次失败时间'),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True, comment='锁定至'),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True, comment='最近登录'),
    sa.Column('cert_fingerprint', sa.String(length=64), nullable=True, comment='证书指纹'),
    sa.Column('demo', sa.Boolean(), nullable=False, comment='演示账号'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('login_key')
    )
    op.create_index(op.f('ix_account_id_no_index'), 'account', ['id_no_index'], unique=False)
    op.create_index(op.f('ix_account_link_digest'), 'account', ['link_digest'], unique=True)
    op.create_index(op.f('ix_account_mobile_index'), 'account', ['mobile_index'], unique=False)
    op.create_index(op.f('ix_account_name_index'), 'account', ['name_index'], unique=False)
    op.create_index(op.f('ix_account_unit_id'), 'account', ['unit_id'], unique=False)
    op.create_table('account_role',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
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
    sa.Column('reason', sa.String(length=200), nullable=False, comment='授权依据'),
    sa.Column('policy_id', sa.Uuid(), nullable=True, comment='委托开户策略'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='收回时间'),
    sa.Column('end_reason', sa.String(length=200), nullable=False, comment='收回原因'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_account_role_account_id'), 'account_role', ['account_id'], unique=False)
    op.create_index(op.f('ix_account_role_policy_id'), 'account_role', ['policy_id'], unique=False)
    op.create_table('old_password',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('password', sa.Text(), nullable=False, comment='口令记录'),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False, comment='设置时间'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_old_password_account_id'), 'old_password', ['account_id'], unique=False)
    op.create_table('sign_in_session',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='会话摘要'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False, comment='登录时间'),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False, comment='最近活动'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='结束时间'),
    sa.Column('end_reason', sa.String(length=20), nullable=False, comment='结束原因'),
    sa.Column('address', sa.String(length=64), nullable=False, comment='登录地址'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('digest'),
    info={'mac_skips': ('seen_at',)}
    )
    op.create_index(op.f('ix_sign_in_session_account_id'), 'sign_in_session', ['account_id'], unique=False)
