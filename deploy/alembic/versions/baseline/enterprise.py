"""Tables of `models/enterprise.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber


def create() -> None:
    op.create_table('credit_entry',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('id_no', sa.Text(), nullable=False, comment='证件号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='证件号码索引'),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='类别'),
    sa.Column('since', sa.Date(), nullable=False, comment='自'),
    sa.Column('until', sa.Date(), nullable=True, comment='至'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_credit_entry_id_no_index'), 'credit_entry', ['id_no_index'], unique=False)
    op.create_table('enterprise',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('public_mac', sa.String(length=80), nullable=True, comment='公开核验校验值'),
    sa.Column('name', sa.String(length=100), nullable=False, comment='企业名称'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='企业类别'),
    sa.Column('uscc', sa.String(length=18), nullable=False, comment='统一社会信用代码'),
    sa.Column('scope_ok', sa.Boolean(), nullable=False, comment='经营范围含住房租赁或房地产经纪'),
    sa.Column('record_no', sa.String(length=40), nullable=False, comment='备案证书编号'),
    sa.Column('record_state', sa.String(length=32), nullable=False, comment='备案状态'),
    sa.Column('service_state', sa.String(length=32), nullable=False, comment='服务状态'),
    sa.Column('supervised_account', sa.Text(), nullable=True, comment='资金监管账户'),
    sa.Column('supervised_account_index', sa.String(length=96), nullable=True, comment='资金监管账户索引'),
    sa.Column('supervised_bank', sa.String(length=60), nullable=False, comment='资金监管银行'),
    sa.Column('short_name', sa.String(length=12), nullable=False, comment='企业简称'),
    sa.Column('brand_id', sa.Uuid(), nullable=True, comment='企业图标'),
    sa.Column('recorded_on', sa.Date(), nullable=True, comment='备案日期'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('uscc'),
    info={'public_columns': ('record_state', 'service_state')}
    )
    op.create_index(op.f('ix_enterprise_district_code'), 'enterprise', ['district_code'], unique=False)
    op.create_index(op.f('ix_enterprise_name'), 'enterprise', ['name'], unique=False)
    op.create_index(op.f('ix_enterprise_short_name'), 'enterprise', ['short_name'], unique=False)
    op.create_index(op.f('ix_enterprise_street_code'), 'enterprise', ['street_code'], unique=False)
    op.create_index(op.f('ix_enterprise_supervised_account_index'), 'enterprise', ['supervised_account_index'], unique=False)
    op.create_table('rent_reference',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('month_price', ScaledNumber(18, 2), nullable=False, comment='每平方米月租金'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='生效日期'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_rent_reference_street_code'), 'rent_reference', ['street_code'], unique=False)
    op.create_table('central_project',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
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
    op.create_table('enterprise_key',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('serial', sa.String(length=60), nullable=False, comment='密钥序列号'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='生效日期'),
    sa.Column('valid_to', sa.Date(), nullable=False, comment='失效日期'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_enterprise_key_enterprise_id'), 'enterprise_key', ['enterprise_id'], unique=False)
    op.create_table('central_room',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
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
    op.create_table('price_filing',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('room_no', sa.String(length=40), nullable=False, comment='房号'),
    sa.Column('month_price', ScaledNumber(18, 2), nullable=False, comment='备案月租金'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='生效日期'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='失效日期'),
    sa.ForeignKeyConstraint(['project_id'], ['central_project.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_price_filing_project_id'), 'price_filing', ['project_id'], unique=False)
