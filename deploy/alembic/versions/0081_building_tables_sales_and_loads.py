"""building tables, sales and loads rows 70 and 75"""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber

revision = '0081'
down_revision = '0080'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('market_load',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='文件摘要'),
    sa.Column('step', sa.BigInteger(), nullable=False, comment='已完成的表'),
    sa.Column('line', sa.BigInteger(), nullable=False, comment='当前表已装载的行'),
    sa.Column('records', sa.BigInteger(), nullable=False, comment='已装载的记录'),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False, comment='开始时间'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='结束时间'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_market_load_digest'), 'market_load', ['digest'], unique=False)
    op.create_index(op.f('ix_market_load_state'), 'market_load', ['state'], unique=False)
    op.create_table('natural_building',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('natural_building_no', sa.String(length=60), nullable=False, comment='自然幢号'),
    sa.Column('realty_unit_code', sa.String(length=28), nullable=True, comment='不动产单元号'),
    sa.Column('cadastral_code', sa.String(length=19), nullable=True, comment='宗地代码'),
    sa.Column('building_name', sa.String(length=100), nullable=False, comment='楼幢名称'),
    sa.Column('address', sa.String(length=255), nullable=True, comment='坐落'),
    sa.Column('floors_above', sa.BigInteger(), nullable=False, comment='地上层数'),
    sa.Column('floors_below', sa.BigInteger(), nullable=False, comment='地下层数'),
    sa.Column('planned_use', sa.String(length=60), nullable=False, comment='规划用途'),
    sa.Column('structure', sa.String(length=30), nullable=True, comment='结构'),
    sa.Column('sets_total', sa.BigInteger(), nullable=True, comment='总套数'),
    sa.Column('forecast_area', ScaledNumber(14, 4), nullable=True, comment='预测建筑面积'),
    sa.Column('surveyed_area', ScaledNumber(14, 4), nullable=True, comment='实测建筑面积'),
    sa.Column('surveyed_on', sa.Date(), nullable=True, comment='实测日期'),
    sa.Column('survey_recorded_at', sa.DateTime(timezone=True), nullable=True, comment='实测成果到达时间'),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=True, comment='取得时间'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('head_company_id', sa.Uuid(), nullable=True, comment='总公司'),
    sa.Column('project_company_id', sa.Uuid(), nullable=True, comment='项目公司'),
    sa.Column('project_id', sa.Uuid(), nullable=True, comment='项目'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_natural_building_cadastral_code'), 'natural_building', ['cadastral_code'], unique=False)
    op.create_index(op.f('ix_natural_building_district_code'), 'natural_building', ['district_code'], unique=False)
    op.create_index(op.f('ix_natural_building_head_company_id'), 'natural_building', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_natural_building_natural_building_no'), 'natural_building', ['natural_building_no'], unique=True)
    op.create_index(op.f('ix_natural_building_project_company_id'), 'natural_building', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_natural_building_project_id'), 'natural_building', ['project_id'], unique=False)
    op.create_table('opening_unit',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('opening_code', sa.String(length=40), nullable=False, comment='开盘单元编号'),
    sa.Column('presale_permit_id', sa.Uuid(), nullable=True, comment='预售许可证'),
    sa.Column('master_certificate_id', sa.Uuid(), nullable=True, comment='大产证'),
    sa.Column('mode', sa.String(length=32), nullable=False, comment='开盘方式'),
    sa.Column('opened_on', sa.Date(), nullable=True, comment='开盘日期'),
    sa.Column('subscribe_from', sa.Date(), nullable=True, comment='认购起始'),
    sa.Column('subscribe_to', sa.Date(), nullable=True, comment='认购截止'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_opening_unit_master_certificate_id'), 'opening_unit', ['master_certificate_id'], unique=False)
    op.create_index(op.f('ix_opening_unit_opening_code'), 'opening_unit', ['opening_code'], unique=False)
    op.create_index(op.f('ix_opening_unit_presale_permit_id'), 'opening_unit', ['presale_permit_id'], unique=False)
    op.create_index(op.f('ix_opening_unit_project_id'), 'opening_unit', ['project_id'], unique=False)
    op.create_table('presale_permit',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('permit_no', sa.String(length=60), nullable=False, comment='许可证号'),
    sa.Column('sales_plan_no', sa.String(length=40), nullable=False, comment='销售方案编号'),
    sa.Column('sets', sa.BigInteger(), nullable=False, comment='套数'),
    sa.Column('permitted_area', ScaledNumber(14, 4), nullable=True, comment='面积'),
    sa.Column('status', sa.String(length=32), nullable=False, comment='办理环节'),
    sa.Column('issued_on', sa.Date(), nullable=True, comment='发证日期'),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=True, comment='发证时间'),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False, comment='知悉时间'),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True, comment='作废时间'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('head_company_id', sa.Uuid(), nullable=True, comment='总公司'),
    sa.Column('project_company_id', sa.Uuid(), nullable=True, comment='项目公司'),
    sa.Column('project_id', sa.Uuid(), nullable=True, comment='项目'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_presale_permit_district_code'), 'presale_permit', ['district_code'], unique=False)
    op.create_index(op.f('ix_presale_permit_head_company_id'), 'presale_permit', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_presale_permit_permit_no'), 'presale_permit', ['permit_no'], unique=False)
    op.create_index(op.f('ix_presale_permit_project_company_id'), 'presale_permit', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_presale_permit_project_id'), 'presale_permit', ['project_id'], unique=False)
    op.create_index(op.f('ix_presale_permit_recorded_at'), 'presale_permit', ['recorded_at'], unique=False)
    op.create_table('sale_event',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('event_no', sa.String(length=40), nullable=False, comment='事件编号'),
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('house_unit_id', sa.Uuid(), nullable=False, comment='户'),
    sa.Column('act', sa.String(length=32), nullable=False, comment='事项'),
    sa.Column('happened_on', sa.Date(), nullable=False, comment='业务日期'),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False, comment='到达时间'),
    sa.Column('contract_no', sa.String(length=40), nullable=False, comment='合同编号'),
    sa.Column('gross_area', ScaledNumber(14, 4), nullable=True, comment='面积'),
    sa.Column('amount', ScaledNumber(18, 2), nullable=True, comment='金额'),
    sa.Column('ref_id', sa.Uuid(), nullable=True, comment='依据'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_sale_event_contract_no'), 'sale_event', ['contract_no'], unique=False)
    op.create_index(op.f('ix_sale_event_event_no'), 'sale_event', ['event_no'], unique=True)
    op.create_index(op.f('ix_sale_event_house_unit_id'), 'sale_event', ['house_unit_id'], unique=False)
    op.create_index(op.f('ix_sale_event_project_id'), 'sale_event', ['project_id'], unique=False)
    op.create_index(op.f('ix_sale_event_ref_id'), 'sale_event', ['ref_id'], unique=False)
    op.create_table('unit_natural_link',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('record_no', sa.String(length=32), nullable=False, comment='业务编号'),
    sa.Column('version_no', sa.BigInteger(), nullable=False, comment='版次'),
    sa.Column('in_force', sa.String(length=32), nullable=False, comment='记录状态'),
    sa.Column('revision_id', sa.Uuid(), nullable=False, comment='生效版本'),
    sa.Column('effective_from', sa.DateTime(timezone=True), nullable=False, comment='生效时间'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('head_company_id', sa.Uuid(), nullable=True, comment='总公司'),
    sa.Column('project_company_id', sa.Uuid(), nullable=True, comment='项目公司'),
    sa.Column('project_id', sa.Uuid(), nullable=True, comment='项目'),
    sa.Column('pair_key', sa.String(length=110), nullable=True, comment='单位工程与自然幢比对值'),
    sa.Column('unit_engineering_id', sa.Uuid(), nullable=False, comment='单位工程'),
    sa.Column('natural_building_no', sa.String(length=60), nullable=False, comment='自然幢号'),
    sa.Column('linked_on', sa.Date(), nullable=False, comment='关联日期'),
    sa.Column('note', sa.String(length=500), nullable=True, comment='说明'),
    sa.Column('natural_building_id', sa.Uuid(), nullable=True, comment='自然幢'),
    sa.Column('building_name', sa.String(length=100), nullable=True, comment='楼幢名称'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_unit_natural_link_district_code'), 'unit_natural_link', ['district_code'], unique=False)
    op.create_index(op.f('ix_unit_natural_link_effective_from'), 'unit_natural_link', ['effective_from'], unique=False)
    op.create_index('ix_unit_natural_link_grid', 'unit_natural_link', ['district_code', 'linked_on', 'natural_building_no', 'building_name', 'unit_engineering_id', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_unit_natural_link_head_company_id'), 'unit_natural_link', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_unit_natural_link_in_force'), 'unit_natural_link', ['in_force'], unique=False)
    op.create_index(op.f('ix_unit_natural_link_natural_building_id'), 'unit_natural_link', ['natural_building_id'], unique=False)
    op.create_index(op.f('ix_unit_natural_link_pair_key'), 'unit_natural_link', ['pair_key'], unique=True)
    op.create_index(op.f('ix_unit_natural_link_project_company_id'), 'unit_natural_link', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_unit_natural_link_project_id'), 'unit_natural_link', ['project_id'], unique=False)
    op.create_index(op.f('ix_unit_natural_link_record_no'), 'unit_natural_link', ['record_no'], unique=True)
    op.create_index(op.f('ix_unit_natural_link_unit_engineering_id'), 'unit_natural_link', ['unit_engineering_id'], unique=False)
    op.create_table('unit_restriction',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('house_unit_id', sa.Uuid(), nullable=False, comment='户'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='类别'),
    sa.Column('from_on', sa.Date(), nullable=False, comment='起始日期'),
    sa.Column('to_on', sa.Date(), nullable=True, comment='解除日期'),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False, comment='知悉时间'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_unit_restriction_house_unit_id'), 'unit_restriction', ['house_unit_id'], unique=False)
    op.create_table('unit_survey',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('house_unit_id', sa.Uuid(), nullable=False, comment='户'),
    sa.Column('natural_building_id', sa.Uuid(), nullable=False, comment='自然幢'),
    sa.Column('forecast_gross', ScaledNumber(14, 4), nullable=True, comment='原预测建筑面积'),
    sa.Column('surveyed_gross', ScaledNumber(14, 4), nullable=True, comment='原实测建筑面积'),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=False, comment='更新时间'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_unit_survey_house_unit_id'), 'unit_survey', ['house_unit_id'], unique=False)
    op.create_index(op.f('ix_unit_survey_natural_building_id'), 'unit_survey', ['natural_building_id'], unique=False)
    op.create_index(op.f('ix_unit_survey_replaced_at'), 'unit_survey', ['replaced_at'], unique=False)
    op.create_table('house_unit',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('natural_building_id', sa.Uuid(), nullable=False, comment='自然幢'),
    sa.Column('house_code', sa.String(length=40), nullable=False, comment='房屋编码'),
    sa.Column('logical_no', sa.String(length=40), nullable=False, comment='逻辑幢号'),
    sa.Column('section_no', sa.String(length=20), nullable=False, comment='单元号'),
    sa.Column('nominal_floor', sa.String(length=10), nullable=False, comment='名义层'),
    sa.Column('actual_floor_from', sa.BigInteger(), nullable=False, comment='实际层起'),
    sa.Column('actual_floor_to', sa.BigInteger(), nullable=False, comment='实际层止'),
    sa.Column('room_no', sa.String(length=40), nullable=False, comment='室号部位'),
    sa.Column('column_index', sa.BigInteger(), nullable=False, comment='列'),
    sa.Column('column_span', sa.BigInteger(), nullable=False, comment='占列数'),
    sa.Column('planned_use', sa.String(length=60), nullable=False, comment='规划用途'),
    sa.Column('layout', sa.String(length=40), nullable=False, comment='户型'),
    sa.Column('forecast_gross', ScaledNumber(14, 4), nullable=True, comment='预测建筑面积'),
    sa.Column('surveyed_gross', ScaledNumber(14, 4), nullable=True, comment='实测建筑面积'),
    sa.Column('sale_role', sa.String(length=32), nullable=False, comment='销售属性'),
    sa.Column('filed_unit_price', ScaledNumber(18, 2), nullable=True, comment='备案单价'),
    sa.Column('opening_unit_id', sa.Uuid(), nullable=True, comment='开盘单元'),
    sa.Column('gone', sa.Boolean(), nullable=False, comment='已不在楼盘表'),
    sa.ForeignKeyConstraint(['natural_building_id'], ['natural_building.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_house_unit_house_code'), 'house_unit', ['house_code'], unique=False)
    op.create_index(op.f('ix_house_unit_natural_building_id'), 'house_unit', ['natural_building_id'], unique=False)
    op.create_index(op.f('ix_house_unit_opening_unit_id'), 'house_unit', ['opening_unit_id'], unique=False)
    op.create_table('loaded_rows',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('load_id', sa.Uuid(), nullable=False, comment='装载'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='次序'),
    sa.Column('table_name', sa.String(length=60), nullable=False, comment='数据表'),
    sa.Column('ids', sa.Text(), nullable=False, comment='行标识'),
    sa.ForeignKeyConstraint(['load_id'], ['market_load.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_loaded_rows_load_id'), 'loaded_rows', ['load_id'], unique=False)
    op.create_table('presale_building',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('presale_permit_id', sa.Uuid(), nullable=False, comment='预售许可证'),
    sa.Column('natural_building_id', sa.Uuid(), nullable=False, comment='自然幢'),
    sa.ForeignKeyConstraint(['presale_permit_id'], ['presale_permit.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_presale_building_natural_building_id'), 'presale_building', ['natural_building_id'], unique=False)
    op.create_index(op.f('ix_presale_building_presale_permit_id'), 'presale_building', ['presale_permit_id'], unique=False)
    op.create_table('storey',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('natural_building_id', sa.Uuid(), nullable=False, comment='自然幢'),
    sa.Column('actual_floor', sa.BigInteger(), nullable=False, comment='实际层'),
    sa.Column('nominal_floor', sa.String(length=10), nullable=False, comment='名义层'),
    sa.Column('gross_area', ScaledNumber(14, 4), nullable=True, comment='建筑面积'),
    sa.ForeignKeyConstraint(['natural_building_id'], ['natural_building.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_storey_natural_building_id'), 'storey', ['natural_building_id'], unique=False)
