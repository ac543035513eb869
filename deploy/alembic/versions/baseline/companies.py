"""Tables of `models/companies.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber


def create() -> None:
    op.create_table('exit_override',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('project_company_id', sa.Uuid(), nullable=False, comment='项目公司'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='管理区'),
    sa.Column('head_company_id', sa.Uuid(), nullable=False, comment='总公司'),
    sa.Column('reason', sa.String(length=500), nullable=False, comment='依据'),
    sa.Column('given_by', sa.Uuid(), nullable=True, comment='准予人'),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False, comment='准予时间'),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True, comment='使用时间'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_exit_override_district_code'), 'exit_override', ['district_code'], unique=False)
    op.create_index(op.f('ix_exit_override_head_company_id'), 'exit_override', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_exit_override_project_company_id'), 'exit_override', ['project_company_id'], unique=False)
    op.create_table('group_company',
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
    sa.Column('name', sa.String(length=200), nullable=False, comment='企业名称'),
    sa.Column('name_key', sa.String(length=220), nullable=True, comment='企业名称比对值'),
    sa.Column('uscc', sa.String(length=18), nullable=False, comment='统一社会信用代码'),
    sa.Column('live_key', sa.String(length=80), nullable=True, comment='主体唯一标识比对值'),
    sa.Column('reg_place', sa.String(length=120), nullable=False, comment='注册地'),
    sa.Column('legal_representative', sa.Text(), nullable=False, comment='法定代表人'),
    sa.Column('established_on', sa.Date(), nullable=False, comment='成立日期'),
    sa.Column('registry_status', sa.String(length=32), nullable=False, comment='登记状态'),
    sa.Column('ownership_type', sa.String(length=32), nullable=False, comment='所有制'),
    sa.Column('registered_capital', ScaledNumber(18, 2), nullable=False, comment='注册资本'),
    sa.Column('currency', sa.String(length=32), nullable=False, comment='币种'),
    sa.Column('paid_in_capital', ScaledNumber(18, 2), nullable=True, comment='实缴资本'),
    sa.Column('foreign_id', sa.String(length=60), nullable=False, comment='境外登记号'),
    sa.Column('listed_codes', sa.String(length=120), nullable=False, comment='上市代码'),
    sa.Column('in_city_list', sa.Boolean(), nullable=False, comment='纳入名录'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('live_key')
    )
    op.create_index(op.f('ix_group_company_district_code'), 'group_company', ['district_code'], unique=False)
    op.create_index(op.f('ix_group_company_effective_from'), 'group_company', ['effective_from'], unique=False)
    op.create_index('ix_group_company_grid', 'group_company', ['district_code', 'registry_status', 'ownership_type', 'in_city_list', 'registered_capital', 'uscc', 'name', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_group_company_head_company_id'), 'group_company', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_group_company_in_force'), 'group_company', ['in_force'], unique=False)
    op.create_index(op.f('ix_group_company_live_key'), 'group_company', ['live_key'], unique=False)
    op.create_index(op.f('ix_group_company_name'), 'group_company', ['name'], unique=False)
    op.create_index(op.f('ix_group_company_name_key'), 'group_company', ['name_key'], unique=False)
    op.create_index(op.f('ix_group_company_project_company_id'), 'group_company', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_group_company_project_id'), 'group_company', ['project_id'], unique=False)
    op.create_index(op.f('ix_group_company_record_no'), 'group_company', ['record_no'], unique=True)
    op.create_index(op.f('ix_group_company_registry_status'), 'group_company', ['registry_status'], unique=False)
    op.create_index(op.f('ix_group_company_uscc'), 'group_company', ['uscc'], unique=False)
    op.create_table('group_financing',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('financing_kind', sa.String(length=32), nullable=False, comment='融资类别'),
    sa.Column('counterparty', sa.Text(), nullable=False, comment='对方'),
    sa.Column('contract_no', sa.String(length=60), nullable=False, comment='合同编号'),
    sa.Column('amount', ScaledNumber(18, 2), nullable=False, comment='金额'),
    sa.Column('rate', ScaledNumber(14, 4), nullable=True, comment='年利率'),
    sa.Column('start_on', sa.Date(), nullable=False, comment='起始日期'),
    sa.Column('due_on', sa.Date(), nullable=True, comment='到期日期'),
    sa.Column('collateral', sa.String(length=200), nullable=False, comment='担保物'),
    sa.Column('share', ScaledNumber(14, 4), nullable=True, comment='出质或冻结股权比例'),
    sa.Column('financing_state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('source', sa.String(length=40), nullable=False, comment='来源'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_group_financing_record_id'), 'group_financing', ['record_id'], unique=False)
    op.create_table('group_indicator',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('year', sa.BigInteger(), nullable=False, comment='年度'),
    sa.Column('total_assets', ScaledNumber(18, 2), nullable=False, comment='总资产'),
    sa.Column('liabilities', ScaledNumber(18, 2), nullable=False, comment='总负债'),
    sa.Column('advance_receipts', ScaledNumber(18, 2), nullable=True, comment='预收款'),
    sa.Column('interest_debt', ScaledNumber(18, 2), nullable=True, comment='有息负债'),
    sa.Column('cash', ScaledNumber(18, 2), nullable=True, comment='货币资金'),
    sa.Column('short_debt', ScaledNumber(18, 2), nullable=True, comment='短期有息负债'),
    sa.Column('equity', ScaledNumber(18, 2), nullable=True, comment='净资产'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_group_indicator_record_id'), 'group_indicator', ['record_id'], unique=False)
    op.create_table('group_shareholder',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('holder_kind', sa.String(length=32), nullable=False, comment='股东类别'),
    sa.Column('name', sa.Text(), nullable=False, comment='股东名称'),
    sa.Column('uscc', sa.String(length=18), nullable=False, comment='股东信用代码'),
    sa.Column('id_type', sa.String(length=20), nullable=False, comment='证件类型'),
    sa.Column('id_no', sa.Text(), nullable=True, comment='证件号码'),
    sa.Column('subscribed_amount', ScaledNumber(18, 2), nullable=False, comment='认缴出资'),
    sa.Column('paid_amount', ScaledNumber(18, 2), nullable=True, comment='实缴出资'),
    sa.Column('ratio', ScaledNumber(14, 4), nullable=False, comment='持股比例'),
    sa.Column('subscribe_due_on', sa.Date(), nullable=True, comment='认缴期限'),
    sa.Column('contribution_form', sa.String(length=32), nullable=True, comment='出资方式'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_group_shareholder_record_id'), 'group_shareholder', ['record_id'], unique=False)
    op.create_table('head_exit',
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
    sa.Column('company_name', sa.String(length=200), nullable=False, comment='企业名称'),
    sa.Column('exit_reason', sa.String(length=32), nullable=False, comment='退出原因'),
    sa.Column('statement', sa.String(length=500), nullable=False, comment='退出情况'),
    sa.Column('override_reason', sa.String(length=500), nullable=False, comment='准予例外的依据'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_head_exit_district_code'), 'head_exit', ['district_code'], unique=False)
    op.create_index(op.f('ix_head_exit_effective_from'), 'head_exit', ['effective_from'], unique=False)
    op.create_index('ix_head_exit_grid', 'head_exit', ['district_code', 'exit_reason', 'company_name', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_head_exit_head_company_id'), 'head_exit', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_head_exit_in_force'), 'head_exit', ['in_force'], unique=False)
    op.create_index(op.f('ix_head_exit_project_company_id'), 'head_exit', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_head_exit_project_id'), 'head_exit', ['project_id'], unique=False)
    op.create_index(op.f('ix_head_exit_record_no'), 'head_exit', ['record_no'], unique=True)
    op.create_table('head_financing',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('financing_kind', sa.String(length=32), nullable=False, comment='融资类别'),
    sa.Column('counterparty', sa.Text(), nullable=False, comment='对方'),
    sa.Column('contract_no', sa.String(length=60), nullable=False, comment='合同编号'),
    sa.Column('amount', ScaledNumber(18, 2), nullable=False, comment='金额'),
    sa.Column('rate', ScaledNumber(14, 4), nullable=True, comment='年利率'),
    sa.Column('start_on', sa.Date(), nullable=False, comment='起始日期'),
    sa.Column('due_on', sa.Date(), nullable=True, comment='到期日期'),
    sa.Column('collateral', sa.String(length=200), nullable=False, comment='担保物'),
    sa.Column('share', ScaledNumber(14, 4), nullable=True, comment='出质或冻结股权比例'),
    sa.Column('financing_state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('source', sa.String(length=40), nullable=False, comment='来源'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_head_financing_record_id'), 'head_financing', ['record_id'], unique=False)
    op.create_table('head_indicator',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('year', sa.BigInteger(), nullable=False, comment='年度'),
    sa.Column('total_assets', ScaledNumber(18, 2), nullable=False, comment='总资产'),
    sa.Column('liabilities', ScaledNumber(18, 2), nullable=False, comment='总负债'),
    sa.Column('advance_receipts', ScaledNumber(18, 2), nullable=True, comment='预收款'),
    sa.Column('interest_debt', ScaledNumber(18, 2), nullable=True, comment='有息负债'),
    sa.Column('cash', ScaledNumber(18, 2), nullable=True, comment='货币资金'),
    sa.Column('short_debt', ScaledNumber(18, 2), nullable=True, comment='短期有息负债'),
    sa.Column('equity', ScaledNumber(18, 2), nullable=True, comment='净资产'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_head_indicator_record_id'), 'head_indicator', ['record_id'], unique=False)
    op.create_table('head_shareholder',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('holder_kind', sa.String(length=32), nullable=False, comment='股东类别'),
    sa.Column('name', sa.Text(), nullable=False, comment='股东名称'),
    sa.Column('uscc', sa.String(length=18), nullable=False, comment='股东信用代码'),
    sa.Column('id_type', sa.String(length=20), nullable=False, comment='证件类型'),
    sa.Column('id_no', sa.Text(), nullable=True, comment='证件号码'),
    sa.Column('subscribed_amount', ScaledNumber(18, 2), nullable=False, comment='认缴出资'),
    sa.Column('paid_amount', ScaledNumber(18, 2), nullable=True, comment='实缴出资'),
    sa.Column('ratio', ScaledNumber(14, 4), nullable=False, comment='持股比例'),
    sa.Column('subscribe_due_on', sa.Date(), nullable=True, comment='认缴期限'),
    sa.Column('contribution_form', sa.String(length=32), nullable=True, comment='出资方式'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_head_shareholder_record_id'), 'head_shareholder', ['record_id'], unique=False)
    op.create_table('project_company',
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
    sa.Column('name', sa.String(length=200), nullable=False, comment='企业名称'),
    sa.Column('name_key', sa.String(length=220), nullable=True, comment='企业名称比对值'),
    sa.Column('uscc', sa.String(length=18), nullable=False, comment='统一社会信用代码'),
    sa.Column('live_key', sa.String(length=80), nullable=True, comment='主体唯一标识比对值'),
    sa.Column('reg_place', sa.String(length=120), nullable=False, comment='注册地'),
    sa.Column('legal_representative', sa.Text(), nullable=False, comment='法定代表人'),
    sa.Column('established_on', sa.Date(), nullable=False, comment='成立日期'),
    sa.Column('registry_status', sa.String(length=32), nullable=False, comment='登记状态'),
    sa.Column('ownership_type', sa.String(length=32), nullable=False, comment='所有制'),
    sa.Column('registered_capital', ScaledNumber(18, 2), nullable=False, comment='注册资本'),
    sa.Column('currency', sa.String(length=32), nullable=False, comment='币种'),
    sa.Column('paid_in_capital', ScaledNumber(18, 2), nullable=True, comment='实缴资本'),
    sa.Column('listed_codes', sa.String(length=120), nullable=False, comment='上市代码'),
    sa.Column('qualification_grade', sa.String(length=32), nullable=False, comment='资质等级'),
    sa.Column('qualification_no', sa.String(length=60), nullable=False, comment='资质证书编号'),
    sa.Column('qualification_valid_to', sa.Date(), nullable=True, comment='资质有效期至'),
    sa.Column('contact_name', sa.Text(), nullable=False, comment='联系人'),
    sa.Column('contact_phone', sa.Text(), nullable=False, comment='联系电话'),
    sa.Column('admission_state', sa.String(length=32), nullable=False, comment='准入状态'),
    sa.Column('admitted_on', sa.Date(), nullable=True, comment='准入日期'),
    sa.Column('exited_on', sa.Date(), nullable=True, comment='退出日期'),
    sa.Column('account_quota', sa.BigInteger(), nullable=False, comment='账号名额'),
    sa.Column('reg_district', sa.String(length=32), nullable=False, comment='管理区'),
    sa.Column('holding_ratio', ScaledNumber(14, 4), nullable=False, comment='总公司持股比例'),
    sa.Column('intended_parcel', sa.String(length=200), nullable=False, comment='拟开发地块'),
    sa.Column('licensed_on', sa.Date(), nullable=True, comment='营业执照核发日期'),
    sa.Column('filing_no', sa.String(length=60), nullable=False, comment='开发企业备案号'),
    sa.Column('filed_on', sa.Date(), nullable=True, comment='备案日期'),
    sa.Column('tech_staff_count', sa.BigInteger(), nullable=True, comment='专业技术人员数'),
    sa.Column('accountant_count', sa.BigInteger(), nullable=True, comment='会计人员数'),
    sa.Column('escrow_bank', sa.String(length=80), nullable=False, comment='资金监管银行'),
    sa.Column('escrow_account', sa.Text(), nullable=True, comment='资金监管账户'),
    sa.Column('ratio_at_award', ScaledNumber(14, 4), nullable=True, comment='取得土地时持股比例'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('live_key')
    )
    op.create_index(op.f('ix_project_company_admission_state'), 'project_company', ['admission_state'], unique=False)
    op.create_index(op.f('ix_project_company_district_code'), 'project_company', ['district_code'], unique=False)
    op.create_index(op.f('ix_project_company_effective_from'), 'project_company', ['effective_from'], unique=False)
    op.create_index('ix_project_company_grid', 'project_company', ['district_code', 'reg_district', 'admission_state', 'registry_status', 'holding_ratio', 'admitted_on', 'uscc', 'name', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_project_company_head_company_id'), 'project_company', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_project_company_in_force'), 'project_company', ['in_force'], unique=False)
    op.create_index(op.f('ix_project_company_live_key'), 'project_company', ['live_key'], unique=False)
    op.create_index(op.f('ix_project_company_name'), 'project_company', ['name'], unique=False)
    op.create_index(op.f('ix_project_company_name_key'), 'project_company', ['name_key'], unique=False)
    op.create_index(op.f('ix_project_company_project_company_id'), 'project_company', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_project_company_project_id'), 'project_company', ['project_id'], unique=False)
    op.create_index(op.f('ix_project_company_record_no'), 'project_company', ['record_no'], unique=True)
    op.create_index(op.f('ix_project_company_registry_status'), 'project_company', ['registry_status'], unique=False)
    op.create_index(op.f('ix_project_company_uscc'), 'project_company', ['uscc'], unique=False)
    op.create_table('project_exit',
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
    sa.Column('company_name', sa.String(length=200), nullable=False, comment='企业名称'),
    sa.Column('exit_reason', sa.String(length=32), nullable=False, comment='退出原因'),
    sa.Column('statement', sa.String(length=500), nullable=False, comment='退出情况'),
    sa.Column('override_reason', sa.String(length=500), nullable=False, comment='准予例外的依据'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_project_exit_district_code'), 'project_exit', ['district_code'], unique=False)
    op.create_index(op.f('ix_project_exit_effective_from'), 'project_exit', ['effective_from'], unique=False)
    op.create_index('ix_project_exit_grid', 'project_exit', ['district_code', 'exit_reason', 'company_name', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_project_exit_head_company_id'), 'project_exit', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_project_exit_in_force'), 'project_exit', ['in_force'], unique=False)
    op.create_index(op.f('ix_project_exit_project_company_id'), 'project_exit', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_project_exit_project_id'), 'project_exit', ['project_id'], unique=False)
    op.create_index(op.f('ix_project_exit_record_no'), 'project_exit', ['record_no'], unique=True)
    op.create_table('project_financing',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('financing_kind', sa.String(length=32), nullable=False, comment='融资类别'),
    sa.Column('counterparty', sa.Text(), nullable=False, comment='对方'),
    sa.Column('contract_no', sa.String(length=60), nullable=False, comment='合同编号'),
    sa.Column('amount', ScaledNumber(18, 2), nullable=False, comment='金额'),
    sa.Column('rate', ScaledNumber(14, 4), nullable=True, comment='年利率'),
    sa.Column('start_on', sa.Date(), nullable=False, comment='起始日期'),
    sa.Column('due_on', sa.Date(), nullable=True, comment='到期日期'),
    sa.Column('collateral', sa.String(length=200), nullable=False, comment='担保物'),
    sa.Column('share', ScaledNumber(14, 4), nullable=True, comment='出质或冻结股权比例'),
    sa.Column('financing_state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('source', sa.String(length=40), nullable=False, comment='来源'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_project_financing_record_id'), 'project_financing', ['record_id'], unique=False)
    op.create_table('project_indicator',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('year', sa.BigInteger(), nullable=False, comment='年度'),
    sa.Column('total_assets', ScaledNumber(18, 2), nullable=False, comment='总资产'),
    sa.Column('liabilities', ScaledNumber(18, 2), nullable=False, comment='总负债'),
    sa.Column('advance_receipts', ScaledNumber(18, 2), nullable=True, comment='预收款'),
    sa.Column('interest_debt', ScaledNumber(18, 2), nullable=True, comment='有息负债'),
    sa.Column('cash', ScaledNumber(18, 2), nullable=True, comment='货币资金'),
    sa.Column('short_debt', ScaledNumber(18, 2), nullable=True, comment='短期有息负债'),
    sa.Column('equity', ScaledNumber(18, 2), nullable=True, comment='净资产'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_project_indicator_record_id'), 'project_indicator', ['record_id'], unique=False)
    op.create_table('project_shareholder',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='所属记录'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('holder_kind', sa.String(length=32), nullable=False, comment='股东类别'),
    sa.Column('name', sa.Text(), nullable=False, comment='股东名称'),
    sa.Column('uscc', sa.String(length=18), nullable=False, comment='股东信用代码'),
    sa.Column('id_type', sa.String(length=20), nullable=False, comment='证件类型'),
    sa.Column('id_no', sa.Text(), nullable=True, comment='证件号码'),
    sa.Column('subscribed_amount', ScaledNumber(18, 2), nullable=False, comment='认缴出资'),
    sa.Column('paid_amount', ScaledNumber(18, 2), nullable=True, comment='实缴出资'),
    sa.Column('ratio', ScaledNumber(14, 4), nullable=False, comment='持股比例'),
    sa.Column('subscribe_due_on', sa.Date(), nullable=True, comment='认缴期限'),
    sa.Column('contribution_form', sa.String(length=32), nullable=True, comment='出资方式'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_project_shareholder_record_id'), 'project_shareholder', ['record_id'], unique=False)
    op.create_table('public_application',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('receipt_no', sa.String(length=32), nullable=False, comment='申请号'),
    sa.Column('code_digest', sa.String(length=64), nullable=False, comment='查询码摘要'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='办理记录'),
    sa.Column('revision_id', sa.Uuid(), nullable=False, comment='办理版本'),
    sa.Column('told', sa.Text(), nullable=True, comment='回执'),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=False, comment='申请时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('receipt_no')
    )
    op.create_index(op.f('ix_public_application_record_id'), 'public_application', ['record_id'], unique=False)
    op.create_index(op.f('ix_public_application_revision_id'), 'public_application', ['revision_id'], unique=False)
    op.create_table('subject_application',
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
    sa.Column('kind', sa.String(length=32), nullable=False, comment='申请类别'),
    sa.Column('uscc', sa.String(length=18), nullable=False, comment='统一社会信用代码'),
    sa.Column('company_name', sa.String(length=200), nullable=False, comment='企业名称'),
    sa.Column('open_key', sa.String(length=40), nullable=True, comment='在途标识'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='管理区'),
    sa.Column('head_company_id', sa.Uuid(), nullable=False, comment='总公司'),
    sa.Column('project_company_id', sa.Uuid(), nullable=True, comment='项目公司'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='办理记录'),
    sa.Column('revision_id', sa.Uuid(), nullable=False, comment='办理版本'),
    sa.Column('holding_ratio', ScaledNumber(14, 4), nullable=True, comment='总公司持股比例'),
    sa.Column('intended_parcel', sa.String(length=200), nullable=False, comment='拟开发地块'),
    sa.Column('reasons', sa.Text(), nullable=True, comment='提示项说明'),
    sa.Column('content_digest', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('open_key')
    )
    op.create_index(op.f('ix_subject_application_district_code'), 'subject_application', ['district_code'], unique=False)
    op.create_index(op.f('ix_subject_application_expires_on'), 'subject_application', ['expires_on'], unique=False)
    op.create_index(op.f('ix_subject_application_head_company_id'), 'subject_application', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_subject_application_project_company_id'), 'subject_application', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_subject_application_record_id'), 'subject_application', ['record_id'], unique=False)
    op.create_index(op.f('ix_subject_application_revision_id'), 'subject_application', ['revision_id'], unique=False)
    op.create_index(op.f('ix_subject_application_state'), 'subject_application', ['state'], unique=False)
    op.create_index(op.f('ix_subject_application_uscc'), 'subject_application', ['uscc'], unique=False)
    op.create_table('head_company',
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
    sa.Column('name', sa.String(length=200), nullable=False, comment='企业名称'),
    sa.Column('name_key', sa.String(length=220), nullable=True, comment='企业名称比对值'),
    sa.Column('uscc', sa.String(length=18), nullable=False, comment='统一社会信用代码'),
    sa.Column('live_key', sa.String(length=80), nullable=True, comment='主体唯一标识比对值'),
    sa.Column('reg_place', sa.String(length=120), nullable=False, comment='注册地'),
    sa.Column('legal_representative', sa.Text(), nullable=False, comment='法定代表人'),
    sa.Column('established_on', sa.Date(), nullable=False, comment='成立日期'),
    sa.Column('registry_status', sa.String(length=32), nullable=False, comment='登记状态'),
    sa.Column('ownership_type', sa.String(length=32), nullable=False, comment='所有制'),
    sa.Column('registered_capital', ScaledNumber(18, 2), nullable=False, comment='注册资本'),
    sa.Column('currency', sa.String(length=32), nullable=False, comment='币种'),
    sa.Column('paid_in_capital', ScaledNumber(18, 2), nullable=True, comment='实缴资本'),
    sa.Column('listed_codes', sa.String(length=120), nullable=False, comment='上市代码'),
    sa.Column('qualification_grade', sa.String(length=32), nullable=False, comment='资质等级'),
    sa.Column('qualification_no', sa.String(length=60), nullable=False, comment='资质证书编号'),
    sa.Column('qualification_valid_to', sa.Date(), nullable=True, comment='资质有效期至'),
    sa.Column('contact_name', sa.Text(), nullable=False, comment='联系人'),
    sa.Column('contact_phone', sa.Text(), nullable=False, comment='联系电话'),
    sa.Column('admission_state', sa.String(length=32), nullable=False, comment='准入状态'),
    sa.Column('admitted_on', sa.Date(), nullable=True, comment='准入日期'),
    sa.Column('exited_on', sa.Date(), nullable=True, comment='退出日期'),
    sa.Column('account_quota', sa.BigInteger(), nullable=False, comment='账号名额'),
    sa.Column('reg_district', sa.String(length=32), nullable=False, comment='管理区'),
    sa.Column('independent', sa.Boolean(), nullable=False, comment='无集团'),
    sa.Column('group_company_id', sa.Uuid(), nullable=True, comment='所属集团'),
    sa.ForeignKeyConstraint(['group_company_id'], ['group_company.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('live_key')
    )
    op.create_index(op.f('ix_head_company_admission_state'), 'head_company', ['admission_state'], unique=False)
    op.create_index(op.f('ix_head_company_district_code'), 'head_company', ['district_code'], unique=False)
    op.create_index(op.f('ix_head_company_effective_from'), 'head_company', ['effective_from'], unique=False)
    op.create_index('ix_head_company_grid', 'head_company', ['district_code', 'reg_district', 'admission_state', 'registry_status', 'qualification_grade', 'group_company_id', 'admitted_on', 'uscc', 'name', 'in_force', 'head_company_id', 'effective_from', 'record_no', 'id'], unique=False)
    op.create_index(op.f('ix_head_company_group_company_id'), 'head_company', ['group_company_id'], unique=False)
    op.create_index(op.f('ix_head_company_head_company_id'), 'head_company', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_head_company_in_force'), 'head_company', ['in_force'], unique=False)
    op.create_index(op.f('ix_head_company_live_key'), 'head_company', ['live_key'], unique=False)
    op.create_index(op.f('ix_head_company_name'), 'head_company', ['name'], unique=False)
    op.create_index(op.f('ix_head_company_name_key'), 'head_company', ['name_key'], unique=False)
    op.create_index(op.f('ix_head_company_project_company_id'), 'head_company', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_head_company_project_id'), 'head_company', ['project_id'], unique=False)
    op.create_index(op.f('ix_head_company_record_no'), 'head_company', ['record_no'], unique=True)
    op.create_index(op.f('ix_head_company_registry_status'), 'head_company', ['registry_status'], unique=False)
    op.create_index(op.f('ix_head_company_uscc'), 'head_company', ['uscc'], unique=False)
