"""completion and progress rows 71 to 75"""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber

revision = '0080'
down_revision = '0075'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('accepted_building',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('building_no', sa.String(length=60), nullable=False, comment='规划建筑物编号'),
    sa.Column('measured_gfa', ScaledNumber(14, 4), nullable=True, comment='实测建筑面积'),
    sa.Column('planned_building_id', sa.Uuid(), nullable=True, comment='规划建筑物'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_accepted_building_planned_building_id'), 'accepted_building', ['planned_building_id'], unique=False)
    op.create_index(op.f('ix_accepted_building_record_id'), 'accepted_building', ['record_id'], unique=False)
    op.create_table('completed_work',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('unit_engineering_id', sa.Uuid(), nullable=False, comment='单位工程'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_completed_work_record_id'), 'completed_work', ['record_id'], unique=False)
    op.create_index(op.f('ix_completed_work_unit_engineering_id'), 'completed_work', ['unit_engineering_id'], unique=False)
    op.create_table('completion_filing',
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
    sa.Column('number_key', sa.String(length=80), nullable=True, comment='备案编号比对值'),
    sa.Column('filing_no', sa.String(length=50), nullable=False, comment='备案编号'),
    sa.Column('builder', sa.String(length=200), nullable=False, comment='建设单位'),
    sa.Column('builder_uscc', sa.String(length=18), nullable=False, comment='建设单位信用代码'),
    sa.Column('filed_area', ScaledNumber(14, 4), nullable=False, comment='备案面积'),
    sa.Column('cost', ScaledNumber(18, 2), nullable=True, comment='工程造价'),
    sa.Column('structure', sa.String(length=60), nullable=True, comment='结构类型'),
    sa.Column('start_on', sa.Date(), nullable=True, comment='开工日期'),
    sa.Column('accepted_on', sa.Date(), nullable=False, comment='竣工验收合格日期'),
    sa.Column('filed_on', sa.Date(), nullable=False, comment='备案日期'),
    sa.Column('filing_organ', sa.String(length=100), nullable=True, comment='备案机关'),
    sa.Column('archived_on', sa.Date(), nullable=True, comment='档案移交日期'),
    sa.Column('household_acceptance_done', sa.Boolean(), nullable=False, comment='已完成分户验收'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_completion_filing_district_code'), 'completion_filing', ['district_code'], unique=False)
    op.create_index(op.f('ix_completion_filing_effective_from'), 'completion_filing', ['effective_from'], unique=False)
    op.create_index('ix_completion_filing_grid', 'completion_filing', ['district_code', 'accepted_on', 'filed_on', 'filed_area', 'filing_no', 'household_acceptance_done', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_completion_filing_head_company_id'), 'completion_filing', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_completion_filing_in_force'), 'completion_filing', ['in_force'], unique=False)
    op.create_index(op.f('ix_completion_filing_number_key'), 'completion_filing', ['number_key'], unique=True)
    op.create_index(op.f('ix_completion_filing_project_company_id'), 'completion_filing', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_completion_filing_project_id'), 'completion_filing', ['project_id'], unique=False)
    op.create_index(op.f('ix_completion_filing_record_no'), 'completion_filing', ['record_no'], unique=True)
    op.create_table('delivered_building',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('natural_building_no', sa.String(length=60), nullable=False, comment='自然幢号'),
    sa.Column('natural_building_id', sa.Uuid(), nullable=True, comment='自然幢'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_delivered_building_natural_building_id'), 'delivered_building', ['natural_building_id'], unique=False)
    op.create_index(op.f('ix_delivered_building_record_id'), 'delivered_building', ['record_id'], unique=False)
    op.create_table('delivery_condition',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('item', sa.String(length=32), nullable=False, comment='条件'),
    sa.Column('met', sa.Boolean(), nullable=False, comment='已具备'),
    sa.Column('paper_no', sa.String(length=80), nullable=True, comment='凭证文号'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_delivery_condition_record_id'), 'delivery_condition', ['record_id'], unique=False)
    op.create_table('delivery_permit',
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
    sa.Column('number_key', sa.String(length=80), nullable=True, comment='许可证编号比对值'),
    sa.Column('permit_no', sa.String(length=50), nullable=False, comment='许可证编号'),
    sa.Column('builder', sa.String(length=200), nullable=False, comment='建设单位'),
    sa.Column('builder_uscc', sa.String(length=18), nullable=False, comment='建设单位信用代码'),
    sa.Column('scope_text', sa.String(length=500), nullable=True, comment='许可范围'),
    sa.Column('sets', sa.BigInteger(), nullable=False, comment='套数'),
    sa.Column('permitted_area', ScaledNumber(14, 4), nullable=False, comment='建筑面积'),
    sa.Column('place_name_doc_no', sa.String(length=60), nullable=True, comment='地名批文号'),
    sa.Column('phase_delivery', sa.Boolean(), nullable=False, comment='分期交付'),
    sa.Column('issuer', sa.String(length=100), nullable=True, comment='发证机关'),
    sa.Column('issued_on', sa.Date(), nullable=False, comment='发证日期'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_delivery_permit_district_code'), 'delivery_permit', ['district_code'], unique=False)
    op.create_index(op.f('ix_delivery_permit_effective_from'), 'delivery_permit', ['effective_from'], unique=False)
    op.create_index('ix_delivery_permit_grid', 'delivery_permit', ['district_code', 'issued_on', 'sets', 'permitted_area', 'permit_no', 'phase_delivery', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_delivery_permit_head_company_id'), 'delivery_permit', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_delivery_permit_in_force'), 'delivery_permit', ['in_force'], unique=False)
    op.create_index(op.f('ix_delivery_permit_number_key'), 'delivery_permit', ['number_key'], unique=True)
    op.create_index(op.f('ix_delivery_permit_project_company_id'), 'delivery_permit', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_delivery_permit_project_id'), 'delivery_permit', ['project_id'], unique=False)
    op.create_index(op.f('ix_delivery_permit_record_no'), 'delivery_permit', ['record_no'], unique=True)
    op.create_table('engineering_payment',
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
    sa.Column('period_key', sa.String(length=80), nullable=True, comment='许可证与月份比对值'),
    sa.Column('construction_permit_id', sa.Uuid(), nullable=False, comment='施工许可证'),
    sa.Column('period', sa.String(length=7), nullable=False, comment='月份'),
    sa.Column('contractor', sa.String(length=200), nullable=False, comment='施工单位'),
    sa.Column('contract_amount', ScaledNumber(18, 2), nullable=False, comment='合同价款'),
    sa.Column('output_value_period', ScaledNumber(18, 2), nullable=False, comment='本月产值'),
    sa.Column('output_value_cum', ScaledNumber(18, 2), nullable=False, comment='累计产值'),
    sa.Column('payable_period', ScaledNumber(18, 2), nullable=False, comment='本月应付'),
    sa.Column('payable_cum', ScaledNumber(18, 2), nullable=False, comment='累计应付'),
    sa.Column('paid_period', ScaledNumber(18, 2), nullable=False, comment='本月实付'),
    sa.Column('paid_cum', ScaledNumber(18, 2), nullable=False, comment='累计实付'),
    sa.Column('labour_paid_period', ScaledNumber(18, 2), nullable=False, comment='本月人工费'),
    sa.Column('payment_guarantee_no', sa.String(length=60), nullable=True, comment='支付担保编号'),
    sa.Column('invoice_nos', sa.String(length=500), nullable=True, comment='发票号码'),
    sa.Column('settlement_sent_on', sa.Date(), nullable=True, comment='结算送审日期'),
    sa.Column('settlement_agreed_on', sa.Date(), nullable=True, comment='结算确认日期'),
    sa.Column('settlement_filed_on', sa.Date(), nullable=True, comment='结算备案日期'),
    sa.Column('reason', sa.String(length=500), nullable=True, comment='说明'),
    sa.Column('arrears', ScaledNumber(18, 2), nullable=True, comment='拖欠金额'),
    sa.Column('paid_ratio', ScaledNumber(14, 4), nullable=True, comment='实付比例'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_engineering_payment_construction_permit_id'), 'engineering_payment', ['construction_permit_id'], unique=False)
    op.create_index(op.f('ix_engineering_payment_district_code'), 'engineering_payment', ['district_code'], unique=False)
    op.create_index(op.f('ix_engineering_payment_effective_from'), 'engineering_payment', ['effective_from'], unique=False)
    op.create_index('ix_engineering_payment_grid', 'engineering_payment', ['district_code', 'period', 'output_value_cum', 'paid_cum', 'arrears', 'contractor', 'construction_permit_id', 'paid_ratio', 'payable_cum', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_engineering_payment_head_company_id'), 'engineering_payment', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_engineering_payment_in_force'), 'engineering_payment', ['in_force'], unique=False)
    op.create_index(op.f('ix_engineering_payment_period_key'), 'engineering_payment', ['period_key'], unique=True)
    op.create_index(op.f('ix_engineering_payment_project_company_id'), 'engineering_payment', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_engineering_payment_project_id'), 'engineering_payment', ['project_id'], unique=False)
    op.create_index(op.f('ix_engineering_payment_record_no'), 'engineering_payment', ['record_no'], unique=True)
    op.create_table('milestone',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('scope', sa.String(length=32), nullable=False, comment='范围'),
    sa.Column('subject_id', sa.Uuid(), nullable=False, comment='对象'),
    sa.Column('milestone', sa.String(length=32), nullable=False, comment='节点'),
    sa.Column('planned_on', sa.Date(), nullable=True, comment='计划日期'),
    sa.Column('baseline_no', sa.BigInteger(), nullable=False, comment='基线版次'),
    sa.Column('actual_on', sa.Date(), nullable=True, comment='实际日期'),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=True, comment='知悉时间'),
    sa.Column('evidence', sa.String(length=40), nullable=True, comment='依据类别'),
    sa.Column('evidence_id', sa.Uuid(), nullable=True, comment='依据记录'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('scope', 'subject_id', 'milestone')
    )
    op.create_index(op.f('ix_milestone_evidence_id'), 'milestone', ['evidence_id'], unique=False)
    op.create_index(op.f('ix_milestone_project_id'), 'milestone', ['project_id'], unique=False)
    op.create_index(op.f('ix_milestone_subject_id'), 'milestone', ['subject_id'], unique=False)
    op.create_table('plan_line',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('unit_engineering_id', sa.Uuid(), nullable=False, comment='单位工程'),
    sa.Column('milestone', sa.String(length=32), nullable=False, comment='节点'),
    sa.Column('planned_on', sa.Date(), nullable=False, comment='计划日期'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_plan_line_record_id'), 'plan_line', ['record_id'], unique=False)
    op.create_index(op.f('ix_plan_line_unit_engineering_id'), 'plan_line', ['unit_engineering_id'], unique=False)
    op.create_table('planning_acceptance',
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
    sa.Column('number_key', sa.String(length=80), nullable=True, comment='合格证编号比对值'),
    sa.Column('acceptance_no', sa.String(length=50), nullable=False, comment='合格证编号'),
    sa.Column('builder', sa.String(length=200), nullable=False, comment='建设单位'),
    sa.Column('builder_uscc', sa.String(length=18), nullable=False, comment='建设单位信用代码'),
    sa.Column('engineering_planning_permit_id', sa.Uuid(), nullable=False, comment='工程规划许可证'),
    sa.Column('measured_gfa_total', ScaledNumber(14, 4), nullable=False, comment='实测建筑面积'),
    sa.Column('measured_gfa_above', ScaledNumber(14, 4), nullable=True, comment='实测地上建筑面积'),
    sa.Column('measured_gfa_below', ScaledNumber(14, 4), nullable=True, comment='实测地下建筑面积'),
    sa.Column('survey_report_no', sa.String(length=60), nullable=True, comment='测绘报告编号'),
    sa.Column('issuer', sa.String(length=100), nullable=True, comment='发证机关'),
    sa.Column('issued_on', sa.Date(), nullable=False, comment='发证日期'),
    sa.Column('planned_gfa_total', ScaledNumber(14, 4), nullable=True, comment='规划建筑面积'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_planning_acceptance_district_code'), 'planning_acceptance', ['district_code'], unique=False)
    op.create_index(op.f('ix_planning_acceptance_effective_from'), 'planning_acceptance', ['effective_from'], unique=False)
    op.create_index(op.f('ix_planning_acceptance_engineering_planning_permit_id'), 'planning_acceptance', ['engineering_planning_permit_id'], unique=False)
    op.create_index('ix_planning_acceptance_grid', 'planning_acceptance', ['district_code', 'issued_on', 'measured_gfa_total', 'acceptance_no', 'engineering_planning_permit_id', 'planned_gfa_total', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_planning_acceptance_head_company_id'), 'planning_acceptance', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_planning_acceptance_in_force'), 'planning_acceptance', ['in_force'], unique=False)
    op.create_index(op.f('ix_planning_acceptance_number_key'), 'planning_acceptance', ['number_key'], unique=True)
    op.create_index(op.f('ix_planning_acceptance_project_company_id'), 'planning_acceptance', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_planning_acceptance_project_id'), 'planning_acceptance', ['project_id'], unique=False)
    op.create_index(op.f('ix_planning_acceptance_record_no'), 'planning_acceptance', ['record_no'], unique=True)
    op.create_table('progress_line',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('unit_engineering_id', sa.Uuid(), nullable=False, comment='单位工程'),
    sa.Column('visual_progress', sa.String(length=32), nullable=False, comment='形象进度'),
    sa.Column('floors_done', sa.BigInteger(), nullable=False, comment='完成层数'),
    sa.Column('percent', sa.BigInteger(), nullable=False, comment='完成比例'),
    sa.Column('status', sa.String(length=32), nullable=False, comment='施工状态'),
    sa.Column('started_on', sa.Date(), nullable=True, comment='开工日期'),
    sa.Column('piles_on', sa.Date(), nullable=True, comment='桩基完成日期'),
    sa.Column('foundation_on', sa.Date(), nullable=True, comment='基础完成日期'),
    sa.Column('topped_on', sa.Date(), nullable=True, comment='封顶日期'),
    sa.Column('facade_on', sa.Date(), nullable=True, comment='外立面及安装完成日期'),
    sa.Column('accepted_on', sa.Date(), nullable=True, comment='竣工验收日期'),
    sa.Column('delivered_on', sa.Date(), nullable=True, comment='交付日期'),
    sa.Column('planned_next', sa.String(length=200), nullable=True, comment='下月计划'),
    sa.Column('delay_reason', sa.String(length=200), nullable=True, comment='滞后原因'),
    sa.Column('stop_from', sa.Date(), nullable=True, comment='停工起始'),
    sa.Column('stop_reason', sa.String(length=200), nullable=True, comment='停工原因'),
    sa.Column('back_reason', sa.String(length=200), nullable=True, comment='进度回退原因'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_progress_line_record_id'), 'progress_line', ['record_id'], unique=False)
    op.create_index(op.f('ix_progress_line_unit_engineering_id'), 'progress_line', ['unit_engineering_id'], unique=False)
    op.create_table('progress_plan',
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
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('project_key')
    )
    op.create_index(op.f('ix_progress_plan_district_code'), 'progress_plan', ['district_code'], unique=False)
    op.create_index(op.f('ix_progress_plan_effective_from'), 'progress_plan', ['effective_from'], unique=False)
    op.create_index('ix_progress_plan_grid', 'progress_plan', ['district_code', 'project_name', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_progress_plan_head_company_id'), 'progress_plan', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_progress_plan_in_force'), 'progress_plan', ['in_force'], unique=False)
    op.create_index(op.f('ix_progress_plan_project_company_id'), 'progress_plan', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_progress_plan_project_id'), 'progress_plan', ['project_id'], unique=False)
    op.create_index(op.f('ix_progress_plan_project_key'), 'progress_plan', ['project_key'], unique=False)
    op.create_index(op.f('ix_progress_plan_record_no'), 'progress_plan', ['record_no'], unique=True)
    op.create_table('progress_report',
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
    sa.Column('period_key', sa.String(length=80), nullable=True, comment='项目与月份比对值'),
    sa.Column('period', sa.String(length=7), nullable=False, comment='月份'),
    sa.Column('report_on', sa.Date(), nullable=False, comment='填报日期'),
    sa.Column('invested_period', ScaledNumber(18, 2), nullable=False, comment='本月完成投资'),
    sa.Column('invested_cum', ScaledNumber(18, 2), nullable=False, comment='累计完成投资'),
    sa.Column('note', sa.String(length=500), nullable=True, comment='说明'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_progress_report_district_code'), 'progress_report', ['district_code'], unique=False)
    op.create_index(op.f('ix_progress_report_effective_from'), 'progress_report', ['effective_from'], unique=False)
    op.create_index('ix_progress_report_grid', 'progress_report', ['district_code', 'period', 'report_on', 'invested_cum', 'project_name', 'invested_period', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_progress_report_head_company_id'), 'progress_report', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_progress_report_in_force'), 'progress_report', ['in_force'], unique=False)
    op.create_index(op.f('ix_progress_report_period_key'), 'progress_report', ['period_key'], unique=True)
    op.create_index(op.f('ix_progress_report_project_company_id'), 'progress_report', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_progress_report_project_id'), 'progress_report', ['project_id'], unique=False)
    op.create_index(op.f('ix_progress_report_record_no'), 'progress_report', ['record_no'], unique=True)
    op.create_table('milestone_baseline',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('milestone_id', sa.Uuid(), nullable=False, comment='节点'),
    sa.Column('baseline_no', sa.BigInteger(), nullable=False, comment='基线版次'),
    sa.Column('planned_on', sa.Date(), nullable=True, comment='计划日期'),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False, comment='生效时间'),
    sa.ForeignKeyConstraint(['milestone_id'], ['milestone.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_milestone_baseline_milestone_id'), 'milestone_baseline', ['milestone_id'], unique=False)
    op.create_table('progress_photo',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('attachment_id', sa.Uuid(), nullable=False, comment='附件'),
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='图片摘要'),
    sa.Column('likeness', sa.String(length=16), nullable=False, comment='感知摘要'),
    sa.Column('width', sa.BigInteger(), nullable=False, comment='宽'),
    sa.Column('height', sa.BigInteger(), nullable=False, comment='高'),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True, comment='拍摄时间'),
    sa.Column('thumbnail', sa.LargeBinary(), nullable=False, comment='缩略图（f1 密文）'),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False, comment='上传时间'),
    sa.ForeignKeyConstraint(['attachment_id'], ['attachment.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_progress_photo_attachment_id'), 'progress_photo', ['attachment_id'], unique=True)
    op.create_index(op.f('ix_progress_photo_digest'), 'progress_photo', ['digest'], unique=False)
    op.create_index(op.f('ix_progress_photo_kept_at'), 'progress_photo', ['kept_at'], unique=False)
    op.create_index(op.f('ix_progress_photo_likeness'), 'progress_photo', ['likeness'], unique=False)
    op.create_index(op.f('ix_progress_photo_project_id'), 'progress_photo', ['project_id'], unique=False)
    with op.batch_alter_table('project') as batch:
        batch.alter_column('planned_presale_on', existing_type=sa.Date(), existing_comment='计划预售日期', nullable=True)
