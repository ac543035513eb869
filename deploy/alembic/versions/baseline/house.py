"""Tables of `models/house.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber


def create() -> None:
    op.create_table('address_cut',
    sa.Column('gram', sa.String(length=4), nullable=False, comment='切分'),
    sa.Column('house_id', sa.Uuid(), nullable=False, comment='房屋'),
    sa.PrimaryKeyConstraint('gram', 'house_id')
    )
    op.create_table('house',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('house_code', sa.String(length=32), nullable=False, comment='房屋编码'),
    sa.Column('category', sa.String(length=32), nullable=False, comment='房屋类别'),
    sa.Column('proof_kind', sa.String(length=32), nullable=False, comment='权属证明类型'),
    sa.Column('cert_no', sa.Text(), nullable=False, comment='权属证明编号'),
    sa.Column('cert_no_index', sa.String(length=96), nullable=True, comment='权属证明编号索引'),
    sa.Column('unit_no', sa.String(length=28), nullable=False, comment='不动产单元号'),
    sa.Column('committee', sa.String(length=60), nullable=False, comment='居（村）委'),
    sa.Column('road', sa.String(length=60), nullable=False, comment='路'),
    sa.Column('lane', sa.String(length=30), nullable=False, comment='弄'),
    sa.Column('building', sa.String(length=30), nullable=False, comment='号（幢）'),
    sa.Column('room', sa.String(length=30), nullable=False, comment='室'),
    sa.Column('address', sa.String(length=120), nullable=False, comment='坐落'),
    sa.Column('build_area', ScaledNumber(14, 4), nullable=False, comment='建筑面积'),
    sa.Column('inner_area', ScaledNumber(14, 4), nullable=True, comment='套内面积'),
    sa.Column('design_use', sa.String(length=40), nullable=False, comment='规划用途'),
    sa.Column('structure', sa.String(length=20), nullable=False, comment='结构'),
    sa.Column('layout', sa.String(length=40), nullable=False, comment='户型'),
    sa.Column('floor_no', sa.BigInteger(), nullable=True, comment='所在层'),
    sa.Column('floor_total', sa.BigInteger(), nullable=True, comment='总层数'),
    sa.Column('registered_on', sa.Date(), nullable=True, comment='登记日期'),
    sa.Column('intake', sa.String(length=32), nullable=False, comment='入库状态'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='经营企业'),
    sa.Column('project_id', sa.Uuid(), nullable=True, comment='集中式项目'),
    sa.Column('registry_at', sa.DateTime(timezone=True), nullable=False, comment='登记信息取得时间'),
    sa.Column('last_ticket', sa.BigInteger(), nullable=False, comment='备案序次'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('house_code')
    )
    op.create_index(op.f('ix_house_cert_no_index'), 'house', ['cert_no_index'], unique=False)
    op.create_index(op.f('ix_house_district_code'), 'house', ['district_code'], unique=False)
    op.create_index(op.f('ix_house_enterprise_id'), 'house', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_house_project_id'), 'house', ['project_id'], unique=False)
    op.create_index(op.f('ix_house_street_code'), 'house', ['street_code'], unique=False)
    op.create_index(op.f('ix_house_unit_no'), 'house', ['unit_no'], unique=False)
    op.create_table('house_owner',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
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
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
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
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
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
