"""The first tables, part 3 of 6: org_unit, outgoing, papers_request, parameter, person_grant, record_grant, rent_reference, reveal, account, central_project."""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('org_unit',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
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
    op.create_table('outgoing',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('system', sa.String(length=40), nullable=False, comment='对方系统'),
    sa.Column('operation', sa.String(length=60), nullable=False, comment='业务'),
    sa.Column('business_key', sa.String(length=100), nullable=False, comment='业务键'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=False, comment='对象'),
    sa.Column('request_id', sa.String(length=64), nullable=False, comment='请求号'),
    sa.Column('payload', sa.Text(), nullable=False, comment='报文'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('attempts', sa.BigInteger(), nullable=False, comment='尝试次数'),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False, comment='下次发送'),
    sa.Column('last_error', sa.String(length=200), nullable=False, comment='最近错误'),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True, comment='送达时间'),
    sa.Column('receipt', sa.String(length=100), nullable=False, comment='回执号'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('request_id'),
    sa.UniqueConstraint('system', 'business_key')
    )
    op.create_index(op.f('ix_outgoing_next_at'), 'outgoing', ['next_at'], unique=False)
    op.create_index(op.f('ix_outgoing_object_id'), 'outgoing', ['object_id'], unique=False)
    op.create_index(op.f('ix_outgoing_state'), 'outgoing', ['state'], unique=False)
    op.create_index(op.f('ix_outgoing_system'), 'outgoing', ['system'], unique=False)
    op.create_table('papers_request',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('number', sa.String(length=40), nullable=False, comment='合同编号'),
    sa.Column('capacity', sa.String(length=8), nullable=False, comment='身份'),
    sa.Column('papers', sa.Text(), nullable=False, comment='文书'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='单位'),
    sa.Column('clerk_id', sa.Uuid(), nullable=True, comment='申请人'),
    sa.Column('on_day', sa.Date(), nullable=False, comment='日期'),
    sa.Column('decided_by', sa.Uuid(), nullable=True, comment='复核人'),
    sa.Column('agreed', sa.Boolean(), nullable=False, comment='同意'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_papers_request_clerk_id'), 'papers_request', ['clerk_id'], unique=False)
    op.create_index(op.f('ix_papers_request_district_code'), 'papers_request', ['district_code'], unique=False)
    op.create_index(op.f('ix_papers_request_on_day'), 'papers_request', ['on_day'], unique=False)
    op.create_index(op.f('ix_papers_request_street_code'), 'papers_request', ['street_code'], unique=False)
    op.create_index(op.f('ix_papers_request_unit_id'), 'papers_request', ['unit_id'], unique=False)
    op.create_table('parameter',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('key', sa.String(length=60), nullable=False, comment='参数'),
    sa.Column('value', sa.String(length=200), nullable=False, comment='值'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='生效日期'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='失效日期'),
    sa.Column('source', sa.String(length=120), nullable=False, comment='依据'),
    sa.Column('reason', sa.String(length=200), nullable=False, comment='修改理由'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('proposed_by', sa.Uuid(), nullable=True, comment='提出人'),
    sa.Column('confirmed_by', sa.Uuid(), nullable=True, comment='复核人'),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True, comment='复核时间'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_parameter_key'), 'parameter', ['key'], unique=False)
    op.create_index(op.f('ix_parameter_valid_from'), 'parameter', ['valid_from'], unique=False)
    op.create_table('person_grant',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
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
    op.create_table('rent_reference',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('month_price', ScaledNumber(18, 2), nullable=False, comment='每平方米月租金'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='生效日期'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_rent_reference_street_code'), 'rent_reference', ['street_code'], unique=False)
    op.create_table('reveal',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('object_kind', sa.String(length=32), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=False, comment='对象'),
    sa.Column('field', sa.String(length=40), nullable=False, comment='字段'),
    sa.Column('reason', sa.String(length=200), nullable=False, comment='理由'),
    sa.Column('on_day', sa.Date(), nullable=False, comment='日期'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_reveal_account_id'), 'reveal', ['account_id'], unique=False)
    op.create_index(op.f('ix_reveal_object_id'), 'reveal', ['object_id'], unique=False)
    op.create_index(op.f('ix_reveal_on_day'), 'reveal', ['on_day'], unique=False)
    op.create_table('account',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('login', sa.String(length=64), nullable=False, comment='登录名'),
    sa.Column('login_key', sa.String(length=64), nullable=False, comment='登录名唯一键'),
    sa.Column('name', sa.Text(), nullable=False, comment='姓名'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='姓名索引'),
    sa.Column('unit_id', sa.Uuid(), nullable=False, comment='所属单位'),
    sa.Column('window', sa.String(length=20), nullable=False, comment='窗口'),
    sa.Column('password', sa.Text(), nullable=False, comment='口令记录'),
    sa.Column('password_changed_at', sa.DateTime(timezone=True), nullable=False, comment='口令修改时间'),
    sa.Column('one_time_until', sa.DateTime(timezone=True), nullable=True, comment='初始口令有效至'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='有效期至'),
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
    op.create_index(op.f('ix_account_name_index'), 'account', ['name_index'], unique=False)
    op.create_index(op.f('ix_account_unit_id'), 'account', ['unit_id'], unique=False)
    op.create_table('central_project',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('project_no', sa.String(length=40), nullable=False, comment='项目编号'),
    sa.Column('name', sa.String(length=80), nullable=False, comment='项目名称'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='项目类别'),
    sa.Column('managed', sa.Boolean(), nullable=False, comment='已纳管'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='运营企业'),
    sa.Column('operate_from', sa.Date(), nullable=True, comment='经营期起'),
    sa.Column('operate_to', sa.Date(), nullable=True, comment='经营期止'),
    sa.Column('opened', sa.Boolean(), nullable=False, comment='已开盘'),
    sa.Column('room_total', sa.BigInteger(), nullable=False, comment='房间数'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('project_no')
    )
    op.create_index(op.f('ix_central_project_district_code'), 'central_project', ['district_code'], unique=False)
    op.create_index(op.f('ix_central_project_enterprise_id'), 'central_project', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_central_project_street_code'), 'central_project', ['street_code'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_central_project_street_code'), table_name='central_project')
    op.drop_index(op.f('ix_central_project_enterprise_id'), table_name='central_project')
    op.drop_index(op.f('ix_central_project_district_code'), table_name='central_project')
    op.drop_table('central_project')
    op.drop_index(op.f('ix_account_unit_id'), table_name='account')
    op.drop_index(op.f('ix_account_name_index'), table_name='account')
    op.drop_table('account')
    op.drop_index(op.f('ix_reveal_on_day'), table_name='reveal')
    op.drop_index(op.f('ix_reveal_object_id'), table_name='reveal')
    op.drop_index(op.f('ix_reveal_account_id'), table_name='reveal')
    op.drop_table('reveal')
    op.drop_index(op.f('ix_rent_reference_street_code'), table_name='rent_reference')
    op.drop_table('rent_reference')
    op.drop_index(op.f('ix_record_grant_object_id'), table_name='record_grant')
    op.drop_index(op.f('ix_record_grant_account_id'), table_name='record_grant')
    op.drop_table('record_grant')
    op.drop_index(op.f('ix_person_grant_id_no_index'), table_name='person_grant')
    op.drop_index(op.f('ix_person_grant_account_id'), table_name='person_grant')
    op.drop_table('person_grant')
    op.drop_index(op.f('ix_parameter_valid_from'), table_name='parameter')
    op.drop_index(op.f('ix_parameter_key'), table_name='parameter')
    op.drop_table('parameter')
    op.drop_index(op.f('ix_papers_request_unit_id'), table_name='papers_request')
    op.drop_index(op.f('ix_papers_request_street_code'), table_name='papers_request')
    op.drop_index(op.f('ix_papers_request_on_day'), table_name='papers_request')
    op.drop_index(op.f('ix_papers_request_district_code'), table_name='papers_request')
    op.drop_index(op.f('ix_papers_request_clerk_id'), table_name='papers_request')
    op.drop_table('papers_request')
    op.drop_index(op.f('ix_outgoing_system'), table_name='outgoing')
    op.drop_index(op.f('ix_outgoing_state'), table_name='outgoing')
    op.drop_index(op.f('ix_outgoing_object_id'), table_name='outgoing')
    op.drop_index(op.f('ix_outgoing_next_at'), table_name='outgoing')
    op.drop_table('outgoing')
    op.drop_index(op.f('ix_org_unit_street_code'), table_name='org_unit')
    op.drop_index(op.f('ix_org_unit_enterprise_id'), table_name='org_unit')
    op.drop_index(op.f('ix_org_unit_district_code'), table_name='org_unit')
    op.drop_table('org_unit')
