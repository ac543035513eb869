"""Tables of `models/tenancy.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber


def create() -> None:
    op.create_table('check_run',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('object_kind', sa.String(length=32), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=False, comment='对象'),
    sa.Column('rule_set', sa.String(length=40), nullable=False, comment='规则版本'),
    sa.Column('parameters_on', sa.Date(), nullable=False, comment='参数基准日'),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False, comment='开始时间'),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=False, comment='完成时间'),
    sa.Column('outcome', sa.String(length=12), nullable=False, comment='结论'),
    sa.Column('facts', sa.Text(), nullable=False, comment='事实'),
    sa.Column('sources', sa.JSON(), nullable=False, comment='数据来源'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_check_run_object_id'), 'check_run', ['object_id'], unique=False)
    op.create_index(op.f('ix_check_run_outcome'), 'check_run', ['outcome'], unique=False)
    op.create_index(op.f('ix_check_run_started_at'), 'check_run', ['started_at'], unique=False)
    op.create_table('filing_query',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('query_no', sa.String(length=40), nullable=False, comment='查询编号'),
    sa.Column('requester', sa.Text(), nullable=False, comment='查询人'),
    sa.Column('capacity', sa.String(length=10), nullable=False, comment='查询人身份'),
    sa.Column('purpose', sa.String(length=60), nullable=False, comment='用途'),
    sa.Column('criteria', sa.Text(), nullable=False, comment='查询条件'),
    sa.Column('total', sa.BigInteger(), nullable=False, comment='结果数'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='单位'),
    sa.Column('clerk_id', sa.Uuid(), nullable=True, comment='经办人'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('query_no')
    )
    op.create_index(op.f('ix_filing_query_clerk_id'), 'filing_query', ['clerk_id'], unique=False)
    op.create_index(op.f('ix_filing_query_district_code'), 'filing_query', ['district_code'], unique=False)
    op.create_index(op.f('ix_filing_query_street_code'), 'filing_query', ['street_code'], unique=False)
    op.create_index(op.f('ix_filing_query_unit_id'), 'filing_query', ['unit_id'], unique=False)
    op.create_table('gov_case',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('case_no', sa.String(length=40), nullable=False, comment='办件编号'),
    sa.Column('situation', sa.String(length=32), nullable=False, comment='情形'),
    sa.Column('contract_id', sa.Uuid(), nullable=True, comment='合同'),
    sa.Column('filing_id', sa.Uuid(), nullable=True, comment='备案'),
    sa.Column('house_id', sa.Uuid(), nullable=True, comment='房屋'),
    sa.Column('part_keys', sa.String(length=120), nullable=False, comment='部位'),
    sa.Column('start', sa.Date(), nullable=True, comment='起'),
    sa.Column('end', sa.Date(), nullable=True, comment='止'),
    sa.Column('side', sa.String(length=32), nullable=False, comment='申请方'),
    sa.Column('channel', sa.String(length=32), nullable=False, comment='渠道'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='受理单位'),
    sa.Column('clerk_id', sa.Uuid(), nullable=True, comment='经办人'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='收件时间'),
    sa.Column('accepted_on', sa.Date(), nullable=False, comment='受理日期'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('retries', sa.BigInteger(), nullable=False, comment='重试次数'),
    sa.Column('retry_at', sa.DateTime(timezone=True), nullable=True, comment='下次核验'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='办结时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('case_no')
    )
    op.create_index(op.f('ix_gov_case_clerk_id'), 'gov_case', ['clerk_id'], unique=False)
    op.create_index(op.f('ix_gov_case_contract_id'), 'gov_case', ['contract_id'], unique=False)
    op.create_index(op.f('ix_gov_case_district_code'), 'gov_case', ['district_code'], unique=False)
    op.create_index(op.f('ix_gov_case_enterprise_id'), 'gov_case', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_gov_case_filing_id'), 'gov_case', ['filing_id'], unique=False)
    op.create_index(op.f('ix_gov_case_house_id'), 'gov_case', ['house_id'], unique=False)
    op.create_index(op.f('ix_gov_case_received_at'), 'gov_case', ['received_at'], unique=False)
    op.create_index(op.f('ix_gov_case_retry_at'), 'gov_case', ['retry_at'], unique=False)
    op.create_index(op.f('ix_gov_case_state'), 'gov_case', ['state'], unique=False)
    op.create_index(op.f('ix_gov_case_street_code'), 'gov_case', ['street_code'], unique=False)
    op.create_index(op.f('ix_gov_case_unit_id'), 'gov_case', ['unit_id'], unique=False)
    op.create_table('papers_request',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
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
    op.create_table('check_item',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('run_id', sa.Uuid(), nullable=False, comment='核验批次'),
    sa.Column('position', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('code', sa.String(length=12), nullable=False, comment='规则'),
    sa.Column('result', sa.String(length=8), nullable=False, comment='结果'),
    sa.Column('severity', sa.String(length=12), nullable=False, comment='处理'),
    sa.Column('field', sa.String(length=60), nullable=False, comment='字段'),
    sa.Column('message', sa.String(length=300), nullable=False, comment='说明'),
    sa.Column('source', sa.String(length=60), nullable=False, comment='数据来源'),
    sa.Column('milliseconds', sa.BigInteger(), nullable=False, comment='响应'),
    sa.Column('evidence', sa.Text(), nullable=True, comment='证据'),
    sa.Column('evidence_digest', sa.String(length=64), nullable=False, comment='证据摘要'),
    sa.Column('forceable', sa.Boolean(), nullable=False, comment='可申请强制核验'),
    sa.ForeignKeyConstraint(['run_id'], ['check_run.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_check_item_code'), 'check_item', ['code'], unique=False)
    op.create_index(op.f('ix_check_item_run_id'), 'check_item', ['run_id'], unique=False)
    op.create_table('lease_contract',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('contract_no', sa.String(length=40), nullable=True, comment='合同编号'),
    sa.Column('house_id', sa.Uuid(), nullable=False, comment='房屋'),
    sa.Column('mode', sa.String(length=32), nullable=False, comment='出租方式'),
    sa.Column('deal', sa.String(length=32), nullable=False, comment='成交方式'),
    sa.Column('rooms', sa.String(length=120), nullable=False, comment='租赁房间'),
    sa.Column('start', sa.Date(), nullable=False, comment='起租日期'),
    sa.Column('end', sa.Date(), nullable=False, comment='止租日期'),
    sa.Column('signed_on', sa.Date(), nullable=False, comment='签订日期'),
    sa.Column('month_rent', ScaledNumber(18, 2), nullable=False, comment='折合月租金'),
    sa.Column('deposit', ScaledNumber(18, 2), nullable=False, comment='押金'),
    sa.Column('form', sa.Text(), nullable=False, comment='合同内容'),
    sa.Column('text_version', sa.BigInteger(), nullable=False, comment='文本版本'),
    sa.Column('text_digest', sa.String(length=64), nullable=False, comment='文本摘要'),
    sa.Column('template', sa.String(length=40), nullable=False, comment='示范文本'),
    sa.Column('paper_only', sa.Boolean(), nullable=False, comment='仅纸质文本'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='受理单位'),
    sa.Column('clerk_id', sa.Uuid(), nullable=True, comment='经办人'),
    sa.Column('channel', sa.String(length=32), nullable=False, comment='渠道'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('idle_until', sa.Date(), nullable=True, comment='逾期作废日'),
    sa.ForeignKeyConstraint(['house_id'], ['house.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('contract_no')
    )
    op.create_index(op.f('ix_lease_contract_clerk_id'), 'lease_contract', ['clerk_id'], unique=False)
    op.create_index(op.f('ix_lease_contract_district_code'), 'lease_contract', ['district_code'], unique=False)
    op.create_index(op.f('ix_lease_contract_end'), 'lease_contract', ['end'], unique=False)
    op.create_index(op.f('ix_lease_contract_enterprise_id'), 'lease_contract', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_lease_contract_house_id'), 'lease_contract', ['house_id'], unique=False)
    op.create_index(op.f('ix_lease_contract_state'), 'lease_contract', ['state'], unique=False)
    op.create_index(op.f('ix_lease_contract_street_code'), 'lease_contract', ['street_code'], unique=False)
    op.create_index(op.f('ix_lease_contract_unit_id'), 'lease_contract', ['unit_id'], unique=False)
    op.create_table('contract_party',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('contract_id', sa.Uuid(), nullable=False, comment='合同'),
    sa.Column('side', sa.String(length=32), nullable=False, comment='身份'),
    sa.Column('position', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='主体类型'),
    sa.Column('name', sa.Text(), nullable=False, comment='姓名（名称）'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='姓名（名称）索引'),
    sa.Column('id_type', sa.String(length=2), nullable=False, comment='证件类型'),
    sa.Column('id_no', sa.Text(), nullable=False, comment='证件号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='证件号码索引'),
    sa.Column('mobile', sa.Text(), nullable=True, comment='联系电话'),
    sa.Column('mobile_index', sa.String(length=96), nullable=True, comment='联系电话索引'),
    sa.Column('agent_kind', sa.String(length=32), nullable=False, comment='代理方式'),
    sa.Column('agent_name', sa.Text(), nullable=True, comment='代理人'),
    sa.Column('agent_name_index', sa.String(length=96), nullable=True, comment='代理人索引'),
    sa.Column('agent_id_no', sa.Text(), nullable=True, comment='代理人证件号码'),
    sa.Column('agent_id_no_index', sa.String(length=96), nullable=True, comment='代理人证件号码索引'),
    sa.ForeignKeyConstraint(['contract_id'], ['lease_contract.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_contract_party_agent_id_no_index'), 'contract_party', ['agent_id_no_index'], unique=False)
    op.create_index(op.f('ix_contract_party_agent_name_index'), 'contract_party', ['agent_name_index'], unique=False)
    op.create_index(op.f('ix_contract_party_contract_id'), 'contract_party', ['contract_id'], unique=False)
    op.create_index(op.f('ix_contract_party_id_no_index'), 'contract_party', ['id_no_index'], unique=False)
    op.create_index(op.f('ix_contract_party_mobile_index'), 'contract_party', ['mobile_index'], unique=False)
    op.create_index(op.f('ix_contract_party_name_index'), 'contract_party', ['name_index'], unique=False)
    op.create_table('lease_filing',
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
    sa.Column('filing_no', sa.String(length=40), nullable=False, comment='备案编号'),
    sa.Column('contract_id', sa.Uuid(), nullable=False, comment='合同'),
    sa.Column('case_id', sa.Uuid(), nullable=True, comment='办件'),
    sa.Column('house_id', sa.Uuid(), nullable=False, comment='房屋'),
    sa.Column('ticket', sa.BigInteger(), nullable=False, comment='房屋备案序次'),
    sa.Column('mode', sa.String(length=32), nullable=False, comment='出租方式'),
    sa.Column('part_keys', sa.String(length=120), nullable=False, comment='部位'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='备案有效期起'),
    sa.Column('valid_to', sa.Date(), nullable=False, comment='备案有效期止'),
    sa.Column('ended_on', sa.Date(), nullable=True, comment='终止日期'),
    sa.Column('month_rent', ScaledNumber(18, 2), nullable=False, comment='月租金'),
    sa.Column('leased_area', ScaledNumber(14, 4), nullable=False, comment='租赁面积'),
    sa.Column('persons', sa.BigInteger(), nullable=False, comment='居住人数'),
    sa.Column('way', sa.String(length=32), nullable=False, comment='备案方式'),
    sa.Column('side', sa.String(length=32), nullable=False, comment='申请方'),
    sa.Column('deal', sa.String(length=32), nullable=False, comment='成交方式'),
    sa.Column('channel', sa.String(length=32), nullable=False, comment='渠道'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='受理单位'),
    sa.Column('clerk_id', sa.Uuid(), nullable=True, comment='经办人'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.Column('check_run_id', sa.Uuid(), nullable=True, comment='核验批次'),
    sa.Column('previous_id', sa.Uuid(), nullable=True, comment='原备案'),
    sa.Column('licence_state', sa.String(length=32), nullable=False, comment='制证状态'),
    sa.Column('late_days', sa.BigInteger(), nullable=False, comment='逾期天数'),
    sa.Column('filed_on', sa.Date(), nullable=False, comment='备案日期'),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False, comment='备案时间'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('cancel_reason', sa.String(length=20), nullable=False, comment='注销原因'),
    sa.Column('retain_until', sa.Date(), nullable=False, comment='保存至'),
    sa.ForeignKeyConstraint(['contract_id'], ['lease_contract.id'], initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['house_id'], ['house.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('filing_no'),
    sa.UniqueConstraint('house_id', 'ticket'),
    info={'public_columns': ('state', 'valid_from', 'valid_to', 'ended_on')}
    )
    op.create_index(op.f('ix_lease_filing_case_id'), 'lease_filing', ['case_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_check_run_id'), 'lease_filing', ['check_run_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_clerk_id'), 'lease_filing', ['clerk_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_contract_id'), 'lease_filing', ['contract_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_district_code'), 'lease_filing', ['district_code'], unique=False)
    op.create_index(op.f('ix_lease_filing_enterprise_id'), 'lease_filing', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_filed_at'), 'lease_filing', ['filed_at'], unique=False)
    op.create_index(op.f('ix_lease_filing_filed_on'), 'lease_filing', ['filed_on'], unique=False)
    op.create_index(op.f('ix_lease_filing_house_id'), 'lease_filing', ['house_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_licence_state'), 'lease_filing', ['licence_state'], unique=False)
    op.create_index(op.f('ix_lease_filing_previous_id'), 'lease_filing', ['previous_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_state'), 'lease_filing', ['state'], unique=False)
    op.create_index(op.f('ix_lease_filing_street_code'), 'lease_filing', ['street_code'], unique=False)
    op.create_index(op.f('ix_lease_filing_unit_id'), 'lease_filing', ['unit_id'], unique=False)
    op.create_index(op.f('ix_lease_filing_valid_from'), 'lease_filing', ['valid_from'], unique=False)
    op.create_index(op.f('ix_lease_filing_valid_to'), 'lease_filing', ['valid_to'], unique=False)
    op.create_table('confirmation',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('contract_id', sa.Uuid(), nullable=False, comment='合同'),
    sa.Column('party_id', sa.Uuid(), nullable=False, comment='当事人'),
    sa.Column('text_version', sa.BigInteger(), nullable=False, comment='文本版本'),
    sa.Column('text_digest', sa.String(length=64), nullable=False, comment='文本摘要'),
    sa.Column('way', sa.String(length=20), nullable=False, comment='确认方式'),
    sa.Column('card_read', sa.Boolean(), nullable=False, comment='已读取证件'),
    sa.Column('signature', sa.Text(), nullable=True, comment='签名'),
    sa.Column('signature_digest', sa.String(length=64), nullable=False, comment='签名摘要'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('clerk_id', sa.Uuid(), nullable=True, comment='经办人'),
    sa.ForeignKeyConstraint(['contract_id'], ['lease_contract.id'], initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['party_id'], ['contract_party.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('party_id', 'text_version')
    )
    op.create_index(op.f('ix_confirmation_clerk_id'), 'confirmation', ['clerk_id'], unique=False)
    op.create_index(op.f('ix_confirmation_contract_id'), 'confirmation', ['contract_id'], unique=False)
    op.create_index(op.f('ix_confirmation_party_id'), 'confirmation', ['party_id'], unique=False)
    op.create_table('filing_part',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('filing_id', sa.Uuid(), nullable=False, comment='备案'),
    sa.Column('house_id', sa.Uuid(), nullable=False, comment='房屋'),
    sa.Column('part_key', sa.String(length=20), nullable=False, comment='部位'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='起'),
    sa.Column('valid_to', sa.Date(), nullable=False, comment='止'),
    sa.Column('holds', sa.Boolean(), nullable=False, comment='占用'),
    sa.Column('persons', sa.BigInteger(), nullable=False, comment='居住人数'),
    sa.ForeignKeyConstraint(['filing_id'], ['lease_filing.id'], initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['house_id'], ['house.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('filing_id', 'part_key')
    )
    op.create_index(op.f('ix_filing_part_filing_id'), 'filing_part', ['filing_id'], unique=False)
    op.create_index(op.f('ix_filing_part_house_id'), 'filing_part', ['house_id'], unique=False)
