"""Tables of `models/projects.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber


def create() -> None:
    op.create_table('builder_line',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('name', sa.String(length=200), nullable=False, comment='代建单位名称'),
    sa.Column('uscc', sa.String(length=18), nullable=False, comment='信用代码'),
    sa.Column('qualification', sa.String(length=32), nullable=True, comment='资质等级'),
    sa.Column('contract_no', sa.String(length=60), nullable=True, comment='代建合同号'),
    sa.Column('mode', sa.String(length=32), nullable=False, comment='代建模式'),
    sa.Column('work_scope', sa.String(length=200), nullable=False, comment='代建范围'),
    sa.Column('fee_rate', ScaledNumber(14, 4), nullable=True, comment='代建费率'),
    sa.Column('signed_on', sa.Date(), nullable=True, comment='签订日期'),
    sa.Column('start_on', sa.Date(), nullable=True, comment='开始日期'),
    sa.Column('end_on', sa.Date(), nullable=True, comment='结束日期'),
    sa.Column('contact', sa.Text(), nullable=True, comment='联系人'),
    sa.Column('contact_index', sa.String(length=96), nullable=True, comment='联系人索引'),
    sa.Column('source', sa.String(length=32), nullable=False, comment='来源'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_builder_line_contact_index'), 'builder_line', ['contact_index'], unique=False)
    op.create_index(op.f('ix_builder_line_record_id'), 'builder_line', ['record_id'], unique=False)
    op.create_table('investor_line',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='投资方类别'),
    sa.Column('name', sa.Text(), nullable=False, comment='投资方名称'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='投资方名称索引'),
    sa.Column('uscc', sa.String(length=18), nullable=True, comment='信用代码'),
    sa.Column('foreign_id', sa.String(length=60), nullable=True, comment='境外登记号'),
    sa.Column('country', sa.String(length=60), nullable=True, comment='国家或地区'),
    sa.Column('id_no', sa.Text(), nullable=True, comment='证件号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='证件号码索引'),
    sa.Column('subscribed_amount', ScaledNumber(18, 2), nullable=False, comment='认缴金额'),
    sa.Column('paid_amount', ScaledNumber(18, 2), nullable=True, comment='实缴金额'),
    sa.Column('ratio', ScaledNumber(14, 4), nullable=False, comment='出资比例'),
    sa.Column('invested_on', sa.Date(), nullable=True, comment='出资日期'),
    sa.Column('is_head_group', sa.Boolean(), nullable=False, comment='属本集团'),
    sa.Column('source', sa.String(length=32), nullable=False, comment='来源'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_investor_line_id_no_index'), 'investor_line', ['id_no_index'], unique=False)
    op.create_index(op.f('ix_investor_line_name_index'), 'investor_line', ['name_index'], unique=False)
    op.create_index(op.f('ix_investor_line_record_id'), 'investor_line', ['record_id'], unique=False)
    op.create_table('project',
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
    sa.Column('name', sa.String(length=200), nullable=False, comment='项目名称'),
    sa.Column('name_key', sa.String(length=200), nullable=True, comment='项目名称比对值'),
    sa.Column('promotion_name', sa.String(length=200), nullable=True, comment='推广名'),
    sa.Column('approved_place_name', sa.String(length=200), nullable=True, comment='核准地名'),
    sa.Column('place_name_doc_no', sa.String(length=60), nullable=True, comment='地名批文号'),
    sa.Column('project_code', sa.String(length=24), nullable=False, comment='项目代码'),
    sa.Column('code_key', sa.String(length=24), nullable=True, comment='项目代码比对值'),
    sa.Column('district', sa.String(length=32), nullable=False, comment='所在区'),
    sa.Column('street', sa.String(length=40), nullable=False, comment='街镇'),
    sa.Column('address', sa.String(length=255), nullable=False, comment='项目地址'),
    sa.Column('plate', sa.String(length=40), nullable=False, comment='板块'),
    sa.Column('ring', sa.String(length=32), nullable=False, comment='环线'),
    sa.Column('housing_kind', sa.String(length=32), nullable=False, comment='住房类别'),
    sa.Column('land_area', ScaledNumber(14, 4), nullable=False, comment='用地面积'),
    sa.Column('total_gfa', ScaledNumber(14, 4), nullable=False, comment='总建筑面积'),
    sa.Column('above_gfa', ScaledNumber(14, 4), nullable=False, comment='地上建筑面积'),
    sa.Column('below_gfa', ScaledNumber(14, 4), nullable=False, comment='地下建筑面积'),
    sa.Column('far_area', ScaledNumber(14, 4), nullable=False, comment='计容建筑面积'),
    sa.Column('total_investment', ScaledNumber(18, 2), nullable=False, comment='总投资'),
    sa.Column('project_capital', ScaledNumber(18, 2), nullable=False, comment='项目资本金'),
    sa.Column('land_cost', ScaledNumber(18, 2), nullable=False, comment='土地款'),
    sa.Column('invested_to_date', ScaledNumber(18, 2), nullable=True, comment='已投入'),
    sa.Column('planned_start_on', sa.Date(), nullable=False, comment='计划开工日期'),
    sa.Column('planned_presale_on', sa.Date(), nullable=False, comment='计划预售日期'),
    sa.Column('planned_finish_on', sa.Date(), nullable=False, comment='计划竣工日期'),
    sa.Column('planned_delivery_on', sa.Date(), nullable=False, comment='计划交付日期'),
    sa.Column('contact_name', sa.Text(), nullable=False, comment='联系人'),
    sa.Column('contact_name_index', sa.String(length=96), nullable=True, comment='联系人索引'),
    sa.Column('contact_phone', sa.Text(), nullable=False, comment='联系电话'),
    sa.Column('contact_phone_index', sa.String(length=96), nullable=True, comment='联系电话索引'),
    sa.Column('create_mode', sa.String(length=32), nullable=False, comment='创建方式'),
    sa.Column('stage', sa.String(length=32), nullable=False, comment='项目阶段'),
    sa.Column('suspended', sa.Boolean(), nullable=False, comment='停工'),
    sa.Column('relaxed_order', sa.Boolean(), nullable=False, comment='补录放宽顺序'),
    sa.Column('started_on', sa.Date(), nullable=True, comment='实际开工日期'),
    sa.Column('stopped_from', sa.Date(), nullable=True, comment='停工起始'),
    sa.Column('finished_on', sa.Date(), nullable=True, comment='实际竣工日期'),
    sa.Column('developed_area', ScaledNumber(14, 4), nullable=True, comment='已动工开发用地面积'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code_key'),
    sa.UniqueConstraint('name_key')
    )
    op.create_index(op.f('ix_project_code_key'), 'project', ['code_key'], unique=False)
    op.create_index(op.f('ix_project_contact_name_index'), 'project', ['contact_name_index'], unique=False)
    op.create_index(op.f('ix_project_contact_phone_index'), 'project', ['contact_phone_index'], unique=False)
    op.create_index(op.f('ix_project_district_code'), 'project', ['district_code'], unique=False)
    op.create_index(op.f('ix_project_effective_from'), 'project', ['effective_from'], unique=False)
    op.create_index('ix_project_grid', 'project', ['district_code', 'district', 'stage', 'housing_kind', 'ring', 'suspended', 'planned_start_on', 'planned_finish_on', 'total_gfa', 'land_area', 'total_investment', 'project_code', 'name', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_project_head_company_id'), 'project', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_project_in_force'), 'project', ['in_force'], unique=False)
    op.create_index(op.f('ix_project_name'), 'project', ['name'], unique=False)
    op.create_index(op.f('ix_project_name_key'), 'project', ['name_key'], unique=False)
    op.create_index(op.f('ix_project_project_company_id'), 'project', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_project_project_id'), 'project', ['project_id'], unique=False)
    op.create_index(op.f('ix_project_record_no'), 'project', ['record_no'], unique=True)
    op.create_index(op.f('ix_project_stage'), 'project', ['stage'], unique=False)
    op.create_table('project_builders',
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
    sa.Column('project_name', sa.String(length=200), nullable=True, comment='项目名称'),
    sa.Column('project_key', sa.String(length=36), nullable=True, comment='项目比对值'),
    sa.Column('has_agent', sa.Boolean(), nullable=False, comment='有代建单位'),
    sa.Column('note', sa.String(length=500), nullable=True, comment='说明'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('project_key')
    )
    op.create_index(op.f('ix_project_builders_district_code'), 'project_builders', ['district_code'], unique=False)
    op.create_index(op.f('ix_project_builders_effective_from'), 'project_builders', ['effective_from'], unique=False)
    op.create_index('ix_project_builders_grid', 'project_builders', ['district_code', 'has_agent', 'project_name', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_project_builders_head_company_id'), 'project_builders', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_project_builders_in_force'), 'project_builders', ['in_force'], unique=False)
    op.create_index(op.f('ix_project_builders_project_company_id'), 'project_builders', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_project_builders_project_id'), 'project_builders', ['project_id'], unique=False)
    op.create_index(op.f('ix_project_builders_project_key'), 'project_builders', ['project_key'], unique=False)
    op.create_index(op.f('ix_project_builders_record_no'), 'project_builders', ['record_no'], unique=True)
    op.create_table('project_investors',
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
    sa.Column('project_name', sa.String(length=200), nullable=True, comment='项目名称'),
    sa.Column('project_key', sa.String(length=36), nullable=True, comment='项目比对值'),
    sa.Column('registered_capital', ScaledNumber(18, 2), nullable=False, comment='项目公司注册资本'),
    sa.Column('note', sa.String(length=500), nullable=True, comment='说明'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('project_key')
    )
    op.create_index(op.f('ix_project_investors_district_code'), 'project_investors', ['district_code'], unique=False)
    op.create_index(op.f('ix_project_investors_effective_from'), 'project_investors', ['effective_from'], unique=False)
    op.create_index('ix_project_investors_grid', 'project_investors', ['district_code', 'registered_capital', 'project_name', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_project_investors_head_company_id'), 'project_investors', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_project_investors_in_force'), 'project_investors', ['in_force'], unique=False)
    op.create_index(op.f('ix_project_investors_project_company_id'), 'project_investors', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_project_investors_project_id'), 'project_investors', ['project_id'], unique=False)
    op.create_index(op.f('ix_project_investors_project_key'), 'project_investors', ['project_key'], unique=False)
    op.create_index(op.f('ix_project_investors_record_no'), 'project_investors', ['record_no'], unique=True)
    op.create_table('project_parcels',
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
    sa.Column('project_name', sa.String(length=200), nullable=True, comment='项目名称'),
    sa.Column('project_key', sa.String(length=36), nullable=True, comment='项目比对值'),
    sa.Column('note', sa.String(length=500), nullable=True, comment='说明'),
    sa.Column('used_area_total', ScaledNumber(14, 4), nullable=True, comment='用地面积合计'),
    sa.Column('far_area_total', ScaledNumber(14, 4), nullable=True, comment='计容面积合计'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('project_key')
    )
    op.create_index(op.f('ix_project_parcels_district_code'), 'project_parcels', ['district_code'], unique=False)
    op.create_index(op.f('ix_project_parcels_effective_from'), 'project_parcels', ['effective_from'], unique=False)
    op.create_index('ix_project_parcels_grid', 'project_parcels', ['district_code', 'used_area_total', 'far_area_total', 'project_name', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_project_parcels_head_company_id'), 'project_parcels', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_project_parcels_in_force'), 'project_parcels', ['in_force'], unique=False)
    op.create_index(op.f('ix_project_parcels_project_company_id'), 'project_parcels', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_project_parcels_project_id'), 'project_parcels', ['project_id'], unique=False)
    op.create_index(op.f('ix_project_parcels_project_key'), 'project_parcels', ['project_key'], unique=False)
    op.create_index(op.f('ix_project_parcels_record_no'), 'project_parcels', ['record_no'], unique=True)
    op.create_table('project_property',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('property_type', sa.String(length=32), nullable=False, comment='物业类型'),
    sa.Column('gfa', ScaledNumber(14, 4), nullable=True, comment='建筑面积'),
    sa.Column('sets', sa.BigInteger(), nullable=True, comment='套数'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_project_property_record_id'), 'project_property', ['record_id'], unique=False)
    op.create_table('project_transfer',
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
    sa.Column('transferor_uscc', sa.String(length=18), nullable=False, comment='转让方信用代码'),
    sa.Column('transferor_name', sa.String(length=200), nullable=False, comment='转让方'),
    sa.Column('transferee_uscc', sa.String(length=18), nullable=False, comment='受让方信用代码'),
    sa.Column('transferee_name', sa.String(length=200), nullable=False, comment='受让方'),
    sa.Column('contract_no', sa.String(length=60), nullable=True, comment='转让合同号'),
    sa.Column('contract_on', sa.Date(), nullable=False, comment='合同签订日期'),
    sa.Column('price', ScaledNumber(18, 2), nullable=True, comment='转让价款'),
    sa.Column('investment_ratio', ScaledNumber(14, 4), nullable=False, comment='转让时已完成投资比例'),
    sa.Column('land_fee_paid_all', sa.Boolean(), nullable=False, comment='土地出让金已付清'),
    sa.Column('certificate_held', sa.Boolean(), nullable=False, comment='已取得土地使用权证'),
    sa.Column('registration_changed_on', sa.Date(), nullable=False, comment='土地使用权变更登记日期'),
    sa.Column('filed_on', sa.Date(), nullable=False, comment='备案日期'),
    sa.Column('relocation_obligation_passed', sa.Boolean(), nullable=True, comment='拆迁安置义务已转移并书面告知'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_project_transfer_district_code'), 'project_transfer', ['district_code'], unique=False)
    op.create_index(op.f('ix_project_transfer_effective_from'), 'project_transfer', ['effective_from'], unique=False)
    op.create_index('ix_project_transfer_grid', 'project_transfer', ['district_code', 'contract_on', 'filed_on', 'investment_ratio', 'price', 'transferor_name', 'transferee_name', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_project_transfer_head_company_id'), 'project_transfer', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_project_transfer_in_force'), 'project_transfer', ['in_force'], unique=False)
    op.create_index(op.f('ix_project_transfer_project_company_id'), 'project_transfer', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_project_transfer_project_id'), 'project_transfer', ['project_id'], unique=False)
    op.create_index(op.f('ix_project_transfer_record_no'), 'project_transfer', ['record_no'], unique=True)
    op.create_table('relocation_record',
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
    sa.Column('permit_or_decision_no', sa.String(length=80), nullable=False, comment='拆迁许可或征收决定文号'),
    sa.Column('relocation_scope', sa.String(length=255), nullable=False, comment='范围'),
    sa.Column('households_total', sa.BigInteger(), nullable=False, comment='应迁户数'),
    sa.Column('households_signed', sa.BigInteger(), nullable=False, comment='已签约户数'),
    sa.Column('households_moved', sa.BigInteger(), nullable=False, comment='已搬迁户数'),
    sa.Column('area_demolished', ScaledNumber(14, 4), nullable=True, comment='已拆面积'),
    sa.Column('compensation_total', ScaledNumber(18, 2), nullable=False, comment='补偿总额'),
    sa.Column('compensation_paid', ScaledNumber(18, 2), nullable=False, comment='已支付补偿'),
    sa.Column('resettle_mode', sa.String(length=32), nullable=False, comment='安置方式'),
    sa.Column('resettle_sets', sa.BigInteger(), nullable=True, comment='安置套数'),
    sa.Column('resettle_area', ScaledNumber(14, 4), nullable=True, comment='安置面积'),
    sa.Column('start_on', sa.Date(), nullable=False, comment='开始日期'),
    sa.Column('end_on', sa.Date(), nullable=True, comment='完成日期'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_relocation_record_district_code'), 'relocation_record', ['district_code'], unique=False)
    op.create_index(op.f('ix_relocation_record_effective_from'), 'relocation_record', ['effective_from'], unique=False)
    op.create_index('ix_relocation_record_grid', 'relocation_record', ['district_code', 'resettle_mode', 'start_on', 'end_on', 'households_total', 'households_signed', 'households_moved', 'compensation_total', 'compensation_paid', 'permit_or_decision_no', 'relocation_scope', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_relocation_record_head_company_id'), 'relocation_record', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_relocation_record_in_force'), 'relocation_record', ['in_force'], unique=False)
    op.create_index(op.f('ix_relocation_record_project_company_id'), 'relocation_record', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_relocation_record_project_id'), 'relocation_record', ['project_id'], unique=False)
    op.create_index(op.f('ix_relocation_record_record_no'), 'relocation_record', ['record_no'], unique=True)
    op.create_table('project_handover',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('transfer_id', sa.Uuid(), nullable=False, comment='转让记录'),
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('from_company_id', sa.Uuid(), nullable=False, comment='转出项目公司'),
    sa.Column('from_head_id', sa.Uuid(), nullable=True, comment='转出总公司'),
    sa.Column('to_company_id', sa.Uuid(), nullable=False, comment='转入项目公司'),
    sa.Column('to_head_id', sa.Uuid(), nullable=True, comment='转入总公司'),
    sa.Column('from_agreed_by', sa.Uuid(), nullable=True, comment='转出方确认人'),
    sa.Column('from_agreed_at', sa.DateTime(timezone=True), nullable=True, comment='转出方确认时间'),
    sa.Column('to_agreed_by', sa.Uuid(), nullable=True, comment='转入方确认人'),
    sa.Column('to_agreed_at', sa.DateTime(timezone=True), nullable=True, comment='转入方确认时间'),
    sa.Column('done_by', sa.Uuid(), nullable=True, comment='办理人'),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True, comment='办理时间'),
    sa.Column('note', sa.Text(), nullable=True, comment='说明'),
    sa.ForeignKeyConstraint(['transfer_id'], ['project_transfer.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('transfer_id')
    )
    op.create_index(op.f('ix_project_handover_district_code'), 'project_handover', ['district_code'], unique=False)
    op.create_index(op.f('ix_project_handover_from_company_id'), 'project_handover', ['from_company_id'], unique=False)
    op.create_index(op.f('ix_project_handover_from_head_id'), 'project_handover', ['from_head_id'], unique=False)
    op.create_index(op.f('ix_project_handover_project_id'), 'project_handover', ['project_id'], unique=False)
    op.create_index(op.f('ix_project_handover_state'), 'project_handover', ['state'], unique=False)
    op.create_index(op.f('ix_project_handover_to_company_id'), 'project_handover', ['to_company_id'], unique=False)
    op.create_index(op.f('ix_project_handover_to_head_id'), 'project_handover', ['to_head_id'], unique=False)
    op.create_index(op.f('ix_project_handover_transfer_id'), 'project_handover', ['transfer_id'], unique=False)
    op.create_table('project_parcel_line',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('parcel_id', sa.Uuid(), nullable=False, comment='地块'),
    sa.Column('used_area', ScaledNumber(14, 4), nullable=False, comment='使用面积'),
    sa.Column('far_area_part', ScaledNumber(14, 4), nullable=True, comment='计容面积'),
    sa.Column('note', sa.String(length=200), nullable=True, comment='备注'),
    sa.Column('parcel_version', sa.BigInteger(), nullable=True, comment='地块版次'),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcel.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_project_parcel_line_parcel_id'), 'project_parcel_line', ['parcel_id'], unique=False)
    op.create_index(op.f('ix_project_parcel_line_record_id'), 'project_parcel_line', ['record_id'], unique=False)
