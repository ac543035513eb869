"""The first tables, part 2 of 6: filing_query, gov_case, house, issued_document, job_lease, notice, number_counter."""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('filing_query',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
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
    op.create_table('house',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
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
    op.create_table('issued_document',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='文书类别'),
    sa.Column('title', sa.String(length=60), nullable=False, comment='文书名称'),
    sa.Column('number', sa.String(length=60), nullable=False, comment='文书编号'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=False, comment='对象'),
    sa.Column('filing_id', sa.Uuid(), nullable=True, comment='备案'),
    sa.Column('page', sa.Text(), nullable=False, comment='页面数据'),
    sa.Column('content', sa.LargeBinary(), nullable=True, comment='文书（f1 密文）'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SM3 摘要'),
    sa.Column('signature', sa.String(length=200), nullable=False, comment='签名'),
    sa.Column('signature_key', sa.String(length=40), nullable=False, comment='签名密钥'),
    sa.Column('token_digest', sa.String(length=64), nullable=False, comment='二维码摘要'),
    sa.Column('public', sa.JSON(), nullable=False, comment='公开核验内容'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='签发单位'),
    sa.Column('issued_on', sa.Date(), nullable=False, comment='签发日期'),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False, comment='签发时间'),
    sa.Column('issued_by', sa.Uuid(), nullable=True, comment='签发人'),
    sa.Column('copies', sa.BigInteger(), nullable=False, comment='已打印次数'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_digest')
    )
    op.create_index(op.f('ix_issued_document_digest'), 'issued_document', ['digest'], unique=False)
    op.create_index(op.f('ix_issued_document_district_code'), 'issued_document', ['district_code'], unique=False)
    op.create_index(op.f('ix_issued_document_filing_id'), 'issued_document', ['filing_id'], unique=False)
    op.create_index(op.f('ix_issued_document_issued_at'), 'issued_document', ['issued_at'], unique=False)
    op.create_index(op.f('ix_issued_document_kind'), 'issued_document', ['kind'], unique=False)
    op.create_index(op.f('ix_issued_document_number'), 'issued_document', ['number'], unique=False)
    op.create_index(op.f('ix_issued_document_object_id'), 'issued_document', ['object_id'], unique=False)
    op.create_index(op.f('ix_issued_document_street_code'), 'issued_document', ['street_code'], unique=False)
    op.create_index(op.f('ix_issued_document_unit_id'), 'issued_document', ['unit_id'], unique=False)
    op.create_table('job_lease',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('job', sa.String(length=60), nullable=False, comment='任务'),
    sa.Column('holder', sa.String(length=80), nullable=False, comment='持有者'),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False, comment='租约至'),
    sa.Column('last_run_at', sa.DateTime(timezone=True), nullable=True, comment='上次运行'),
    sa.Column('last_result', sa.String(length=200), nullable=False, comment='上次结果'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('job')
    )
    op.create_table('notice',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('to_account', sa.Uuid(), nullable=True, comment='接收人'),
    sa.Column('to_unit', sa.Uuid(), nullable=True, comment='接收单位'),
    sa.Column('to_enterprise', sa.Uuid(), nullable=True, comment='接收企业'),
    sa.Column('subject', sa.String(length=120), nullable=False, comment='主题'),
    sa.Column('body', sa.Text(), nullable=False, comment='内容'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=True, comment='对象'),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True, comment='已读时间'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_notice_object_id'), 'notice', ['object_id'], unique=False)
    op.create_index(op.f('ix_notice_to_account'), 'notice', ['to_account'], unique=False)
    op.create_index(op.f('ix_notice_to_enterprise'), 'notice', ['to_enterprise'], unique=False)
    op.create_index(op.f('ix_notice_to_unit'), 'notice', ['to_unit'], unique=False)
    op.create_table('number_counter',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('series', sa.String(length=40), nullable=False, comment='号段'),
    sa.Column('value', sa.BigInteger(), nullable=False, comment='当前值'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('series')
    )


def downgrade() -> None:
    op.drop_table('number_counter')
    op.drop_index(op.f('ix_notice_to_unit'), table_name='notice')
    op.drop_index(op.f('ix_notice_to_enterprise'), table_name='notice')
    op.drop_index(op.f('ix_notice_to_account'), table_name='notice')
    op.drop_index(op.f('ix_notice_object_id'), table_name='notice')
    op.drop_table('notice')
    op.drop_table('job_lease')
    op.drop_index(op.f('ix_issued_document_unit_id'), table_name='issued_document')
    op.drop_index(op.f('ix_issued_document_street_code'), table_name='issued_document')
    op.drop_index(op.f('ix_issued_document_object_id'), table_name='issued_document')
    op.drop_index(op.f('ix_issued_document_number'), table_name='issued_document')
    op.drop_index(op.f('ix_issued_document_kind'), table_name='issued_document')
    op.drop_index(op.f('ix_issued_document_issued_at'), table_name='issued_document')
    op.drop_index(op.f('ix_issued_document_filing_id'), table_name='issued_document')
    op.drop_index(op.f('ix_issued_document_district_code'), table_name='issued_document')
    op.drop_index(op.f('ix_issued_document_digest'), table_name='issued_document')
    op.drop_table('issued_document')
    op.drop_index(op.f('ix_house_unit_no'), table_name='house')
    op.drop_index(op.f('ix_house_street_code'), table_name='house')
    op.drop_index(op.f('ix_house_project_id'), table_name='house')
    op.drop_index(op.f('ix_house_enterprise_id'), table_name='house')
    op.drop_index(op.f('ix_house_district_code'), table_name='house')
    op.drop_index(op.f('ix_house_cert_no_index'), table_name='house')
    op.drop_table('house')
    op.drop_index(op.f('ix_gov_case_unit_id'), table_name='gov_case')
    op.drop_index(op.f('ix_gov_case_street_code'), table_name='gov_case')
    op.drop_index(op.f('ix_gov_case_state'), table_name='gov_case')
    op.drop_index(op.f('ix_gov_case_retry_at'), table_name='gov_case')
    op.drop_index(op.f('ix_gov_case_received_at'), table_name='gov_case')
    op.drop_index(op.f('ix_gov_case_house_id'), table_name='gov_case')
    op.drop_index(op.f('ix_gov_case_filing_id'), table_name='gov_case')
    op.drop_index(op.f('ix_gov_case_enterprise_id'), table_name='gov_case')
    op.drop_index(op.f('ix_gov_case_district_code'), table_name='gov_case')
    op.drop_index(op.f('ix_gov_case_contract_id'), table_name='gov_case')
    op.drop_index(op.f('ix_gov_case_clerk_id'), table_name='gov_case')
    op.drop_table('gov_case')
    op.drop_index(op.f('ix_filing_query_unit_id'), table_name='filing_query')
    op.drop_index(op.f('ix_filing_query_street_code'), table_name='filing_query')
    op.drop_index(op.f('ix_filing_query_district_code'), table_name='filing_query')
    op.drop_index(op.f('ix_filing_query_clerk_id'), table_name='filing_query')
    op.drop_table('filing_query')
