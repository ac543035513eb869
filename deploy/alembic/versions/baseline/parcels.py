"""Tables of `models/parcels.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber


def create() -> None:
    op.create_table('parcel',
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
    sa.Column('parcel_name', sa.String(length=200), nullable=False, comment='地块名称'),
    sa.Column('parcel_no', sa.String(length=60), nullable=False, comment='地块编号'),
    sa.Column('parcel_key', sa.String(length=60), nullable=True, comment='地块编号比对值'),
    sa.Column('announcement_no', sa.String(length=40), nullable=True, comment='公告号'),
    sa.Column('district', sa.String(length=32), nullable=False, comment='所在区'),
    sa.Column('street', sa.String(length=40), nullable=False, comment='街镇'),
    sa.Column('plate', sa.String(length=40), nullable=False, comment='板块'),
    sa.Column('ring', sa.String(length=32), nullable=False, comment='环线'),
    sa.Column('location', sa.String(length=255), nullable=False, comment='坐落'),
    sa.Column('bounds_e', sa.String(length=120), nullable=True, comment='东至'),
    sa.Column('bounds_s', sa.String(length=120), nullable=True, comment='南至'),
    sa.Column('bounds_w', sa.String(length=120), nullable=True, comment='西至'),
    sa.Column('bounds_n', sa.String(length=120), nullable=True, comment='北至'),
    sa.Column('entry_mode', sa.String(length=32), nullable=False, comment='登记方式'),
    sa.Column('acquire_mode', sa.String(length=32), nullable=False, comment='取得方式'),
    sa.Column('land_area', ScaledNumber(14, 4), nullable=False, comment='出让面积'),
    sa.Column('far', ScaledNumber(14, 4), nullable=False, comment='容积率'),
    sa.Column('far_area', ScaledNumber(14, 4), nullable=False, comment='计容建筑面积'),
    sa.Column('building_density', ScaledNumber(14, 4), nullable=True, comment='建筑密度'),
    sa.Column('green_ratio', ScaledNumber(14, 4), nullable=True, comment='绿地率'),
    sa.Column('height_limit', ScaledNumber(14, 4), nullable=True, comment='建筑限高'),
    sa.Column('residential_area', ScaledNumber(14, 4), nullable=True, comment='住宅面积'),
    sa.Column('commercial_area', ScaledNumber(14, 4), nullable=True, comment='商业面积'),
    sa.Column('office_area', ScaledNumber(14, 4), nullable=True, comment='办公面积'),
    sa.Column('other_area', ScaledNumber(14, 4), nullable=True, comment='其他面积'),
    sa.Column('affordable_area', ScaledNumber(14, 4), nullable=True, comment='保障房配建面积'),
    sa.Column('self_held_area', ScaledNumber(14, 4), nullable=True, comment='自持面积'),
    sa.Column('public_facility_area', ScaledNumber(14, 4), nullable=True, comment='公共设施面积'),
    sa.Column('saleable_area_plan', ScaledNumber(14, 4), nullable=True, comment='规划可售面积'),
    sa.Column('small_unit_ratio', ScaledNumber(14, 4), nullable=True, comment='中小套型比例'),
    sa.Column('contract_no', sa.String(length=60), nullable=True, comment='出让合同号'),
    sa.Column('contract_key', sa.String(length=60), nullable=True, comment='出让合同号比对值'),
    sa.Column('supervision_no', sa.String(length=40), nullable=True, comment='电子监管号'),
    sa.Column('grantor', sa.String(length=120), nullable=True, comment='出让人'),
    sa.Column('grantee_uscc', sa.String(length=18), nullable=True, comment='受让人信用代码'),
    sa.Column('signed_on', sa.Date(), nullable=True, comment='合同签订日期'),
    sa.Column('parcel_area_total', ScaledNumber(14, 4), nullable=True, comment='宗地总面积'),
    sa.Column('parcel_area_granted', ScaledNumber(14, 4), nullable=True, comment='合同出让面积'),
    sa.Column('vertical_upper', ScaledNumber(14, 4), nullable=True, comment='竖向上界'),
    sa.Column('vertical_lower', ScaledNumber(14, 4), nullable=True, comment='竖向下界'),
    sa.Column('price_total', ScaledNumber(18, 2), nullable=True, comment='出让价款'),
    sa.Column('price_unit', ScaledNumber(18, 2), nullable=True, comment='楼面或土地单价'),
    sa.Column('deposit', ScaledNumber(18, 2), nullable=True, comment='定金'),
    sa.Column('handover_due_on', sa.Date(), nullable=True, comment='约定交地日期'),
    sa.Column('handover_on', sa.Date(), nullable=True, comment='实际交地日期'),
    sa.Column('start_due_on', sa.Date(), nullable=True, comment='约定开工日期'),
    sa.Column('finish_due_on', sa.Date(), nullable=True, comment='约定竣工日期'),
    sa.Column('start_extended_to', sa.Date(), nullable=True, comment='开工延期至'),
    sa.Column('finish_extended_to', sa.Date(), nullable=True, comment='竣工延期至'),
    sa.Column('residential_sets_min', sa.BigInteger(), nullable=True, comment='住宅套数下限'),
    sa.Column('sets_under_90_min', sa.BigInteger(), nullable=True, comment='90平方米以下套数下限'),
    sa.Column('fixed_investment', ScaledNumber(18, 2), nullable=True, comment='固定资产投资额'),
    sa.Column('penalty_daily_permille', ScaledNumber(14, 4), nullable=True, comment='违约金日率'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('contract_key'),
    sa.UniqueConstraint('district_code', 'parcel_key')
    )
    op.create_index(op.f('ix_parcel_contract_key'), 'parcel', ['contract_key'], unique=False)
    op.create_index(op.f('ix_parcel_district_code'), 'parcel', ['district_code'], unique=False)
    op.create_index(op.f('ix_parcel_effective_from'), 'parcel', ['effective_from'], unique=False)
    op.create_index('ix_parcel_grid', 'parcel', ['district_code', 'district', 'acquire_mode', 'ring', 'signed_on', 'start_due_on', 'land_area', 'far_area', 'plate', 'parcel_no', 'contract_no', 'parcel_name', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_parcel_head_company_id'), 'parcel', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_parcel_in_force'), 'parcel', ['in_force'], unique=False)
    op.create_index(op.f('ix_parcel_parcel_key'), 'parcel', ['parcel_key'], unique=False)
    op.create_index(op.f('ix_parcel_parcel_name'), 'parcel', ['parcel_name'], unique=False)
    op.create_index(op.f('ix_parcel_project_company_id'), 'parcel', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_parcel_project_id'), 'parcel', ['project_id'], unique=False)
    op.create_index(op.f('ix_parcel_record_no'), 'parcel', ['record_no'], unique=True)
    op.create_table('parcel_cadastre',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('cadastral_code', sa.String(length=19), nullable=False, comment='宗地代码'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_parcel_cadastre_record_id'), 'parcel_cadastre', ['record_id'], unique=False)
    op.create_table('parcel_instalment',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('no', sa.BigInteger(), nullable=False, comment='期次'),
    sa.Column('amount', ScaledNumber(18, 2), nullable=False, comment='应付金额'),
    sa.Column('due_on', sa.Date(), nullable=False, comment='应付日期'),
    sa.Column('paid_on', sa.Date(), nullable=True, comment='实付日期'),
    sa.Column('paid_amount', ScaledNumber(18, 2), nullable=True, comment='实付金额'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_parcel_instalment_due_on'), 'parcel_instalment', ['due_on'], unique=False)
    op.create_index(op.f('ix_parcel_instalment_record_id'), 'parcel_instalment', ['record_id'], unique=False)
    op.create_table('parcel_link_step',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('link_id', sa.Uuid(), nullable=False, comment='关联'),
    sa.Column('parcel_id', sa.Uuid(), nullable=False, comment='地块'),
    sa.Column('verb', sa.String(length=32), nullable=False, comment='动作'),
    sa.Column('side', sa.String(length=32), nullable=False, comment='一方'),
    sa.Column('by_account', sa.Uuid(), nullable=True, comment='办理人'),
    sa.Column('by_unit', sa.Uuid(), nullable=True, comment='办理单位'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('words', sa.Text(), nullable=True, comment='说明'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_parcel_link_step_at'), 'parcel_link_step', ['at'], unique=False)
    op.create_index(op.f('ix_parcel_link_step_link_id'), 'parcel_link_step', ['link_id'], unique=False)
    op.create_index(op.f('ix_parcel_link_step_parcel_id'), 'parcel_link_step', ['parcel_id'], unique=False)
    op.create_table('parcel_supplement',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('supplement_no', sa.String(length=60), nullable=False, comment='协议编号'),
    sa.Column('signed_on', sa.Date(), nullable=False, comment='签订日期'),
    sa.Column('content', sa.String(length=500), nullable=False, comment='变更内容'),
    sa.Column('far', ScaledNumber(14, 4), nullable=True, comment='变更后容积率'),
    sa.Column('far_area', ScaledNumber(14, 4), nullable=True, comment='变更后计容面积'),
    sa.Column('price_added', ScaledNumber(18, 2), nullable=True, comment='补缴价款'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_parcel_supplement_record_id'), 'parcel_supplement', ['record_id'], unique=False)
    op.create_table('parcel_use',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('use', sa.String(length=32), nullable=False, comment='用途'),
    sa.Column('use_area', ScaledNumber(14, 4), nullable=False, comment='用地面积'),
    sa.Column('term_years', sa.BigInteger(), nullable=False, comment='出让年限'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_parcel_use_record_id'), 'parcel_use', ['record_id'], unique=False)
    op.create_table('parcel_head_link',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('offered_side', sa.String(length=20), nullable=False, comment='发起方'),
    sa.Column('offered_by', sa.Uuid(), nullable=True, comment='发起人'),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=False, comment='发起时间'),
    sa.Column('expires_on', sa.Date(), nullable=True, comment='确认期限'),
    sa.Column('answered_by', sa.Uuid(), nullable=True, comment='答复人'),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True, comment='答复时间'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='解除时间'),
    sa.Column('reason', sa.Text(), nullable=True, comment='说明'),
    sa.Column('parcel_id', sa.Uuid(), nullable=False, comment='地块'),
    sa.Column('head_company_id', sa.Uuid(), nullable=False, comment='总公司'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('share', ScaledNumber(14, 4), nullable=False, comment='份额'),
    sa.Column('proof_id', sa.Uuid(), nullable=True, comment='成交确认书'),
    sa.Column('open_key', sa.String(length=80), nullable=True, comment='在途标识'),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcel.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('open_key')
    )
    op.create_index(op.f('ix_parcel_head_link_district_code'), 'parcel_head_link', ['district_code'], unique=False)
    op.create_index(op.f('ix_parcel_head_link_expires_on'), 'parcel_head_link', ['expires_on'], unique=False)
    op.create_index(op.f('ix_parcel_head_link_head_company_id'), 'parcel_head_link', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_parcel_head_link_parcel_id'), 'parcel_head_link', ['parcel_id'], unique=False)
    op.create_index(op.f('ix_parcel_head_link_state'), 'parcel_head_link', ['state'], unique=False)
    op.create_table('parcel_project_link',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('offered_side', sa.String(length=20), nullable=False, comment='发起方'),
    sa.Column('offered_by', sa.Uuid(), nullable=True, comment='发起人'),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=False, comment='发起时间'),
    sa.Column('expires_on', sa.Date(), nullable=True, comment='确认期限'),
    sa.Column('answered_by', sa.Uuid(), nullable=True, comment='答复人'),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True, comment='答复时间'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='解除时间'),
    sa.Column('reason', sa.Text(), nullable=True, comment='说明'),
    sa.Column('parcel_id', sa.Uuid(), nullable=False, comment='地块'),
    sa.Column('head_link_id', sa.Uuid(), nullable=False, comment='总公司关联'),
    sa.Column('head_company_id', sa.Uuid(), nullable=False, comment='总公司'),
    sa.Column('project_company_id', sa.Uuid(), nullable=False, comment='项目公司'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('part_area', ScaledNumber(14, 4), nullable=True, comment='部分面积'),
    sa.Column('made_project_id', sa.Uuid(), nullable=True, comment='生成的项目'),
    sa.Column('open_key', sa.String(length=80), nullable=True, comment='在途标识'),
    sa.ForeignKeyConstraint(['head_link_id'], ['parcel_head_link.id'], initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcel.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('open_key')
    )
    op.create_index(op.f('ix_parcel_project_link_district_code'), 'parcel_project_link', ['district_code'], unique=False)
    op.create_index(op.f('ix_parcel_project_link_expires_on'), 'parcel_project_link', ['expires_on'], unique=False)
    op.create_index(op.f('ix_parcel_project_link_head_company_id'), 'parcel_project_link', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_parcel_project_link_head_link_id'), 'parcel_project_link', ['head_link_id'], unique=False)
    op.create_index(op.f('ix_parcel_project_link_made_project_id'), 'parcel_project_link', ['made_project_id'], unique=False)
    op.create_index(op.f('ix_parcel_project_link_parcel_id'), 'parcel_project_link', ['parcel_id'], unique=False)
    op.create_index(op.f('ix_parcel_project_link_project_company_id'), 'parcel_project_link', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_parcel_project_link_state'), 'parcel_project_link', ['state'], unique=False)
