"""Tables of `models/direct_pay.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber


def create() -> None:
    op.create_table('entrustment',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('entrust_no', sa.String(length=40), nullable=False, comment='委托书编号'),
    sa.Column('receipt_no', sa.String(length=40), nullable=False, comment='接收编号'),
    sa.Column('filing_no', sa.String(length=40), nullable=False, comment='备案编号'),
    sa.Column('contract_no', sa.String(length=40), nullable=False, comment='合同编号'),
    sa.Column('filing_id', sa.Uuid(), nullable=True, comment='备案'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.Column('project_id', sa.Uuid(), nullable=True, comment='项目'),
    sa.Column('tenant', sa.Text(), nullable=False, comment='承租人'),
    sa.Column('tenant_index', sa.String(length=96), nullable=True, comment='承租人索引'),
    sa.Column('tenant_id_no', sa.Text(), nullable=False, comment='承租人证件号码'),
    sa.Column('tenant_id_no_index', sa.String(length=96), nullable=True, comment='承租人证件号码索引'),
    sa.Column('by_spouse', sa.Boolean(), nullable=False, comment='由配偶委托'),
    sa.Column('spouse', sa.Text(), nullable=True, comment='配偶'),
    sa.Column('spouse_index', sa.String(length=96), nullable=True, comment='配偶索引'),
    sa.Column('spouse_id_no', sa.Text(), nullable=True, comment='配偶证件号码'),
    sa.Column('spouse_id_no_index', sa.String(length=96), nullable=True, comment='配偶证件号码索引'),
    sa.Column('payee_name', sa.String(length=100), nullable=False, comment='收款户名'),
    sa.Column('payee_bank', sa.String(length=100), nullable=False, comment='收款银行'),
    sa.Column('payee_bank_code', sa.String(length=20), nullable=False, comment='银行代码'),
    sa.Column('payee_account', sa.Text(), nullable=False, comment='收款账号'),
    sa.Column('payee_account_index', sa.String(length=96), nullable=True, comment='收款账号索引'),
    sa.Column('pay_cycle', sa.String(length=32), nullable=False, comment='提取周期'),
    sa.Column('monthly_rent', ScaledNumber(18, 2), nullable=False, comment='月租金'),
    sa.Column('draw_from', sa.String(length=7), nullable=False, comment='提取起始月'),
    sa.Column('draw_to', sa.String(length=7), nullable=False, comment='提取终止月'),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False, comment='签署时间'),
    sa.Column('signature_digest', sa.String(length=64), nullable=False, comment='签名摘要'),
    sa.Column('content_digest', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('findings', sa.Text(), nullable=False, comment='核验结果'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('pushed_at', sa.DateTime(timezone=True), nullable=True, comment='推送时间'),
    sa.Column('ack_at', sa.DateTime(timezone=True), nullable=True, comment='确认时间'),
    sa.Column('ack_alarm_at', sa.DateTime(timezone=True), nullable=True, comment='确认超时告警时间'),
    sa.Column('filing_ended_on', sa.Date(), nullable=True, comment='备案终止日期'),
    sa.Column('stops_from', sa.String(length=7), nullable=False, comment='停止提取月'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='终止时间'),
    sa.Column('unpaid_flagged', sa.Boolean(), nullable=False, comment='连续未支付'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('entrust_no')
    )
    op.create_index(op.f('ix_entrustment_district_code'), 'entrustment', ['district_code'], unique=False)
    op.create_index(op.f('ix_entrustment_enterprise_id'), 'entrustment', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_entrustment_filing_id'), 'entrustment', ['filing_id'], unique=False)
    op.create_index(op.f('ix_entrustment_filing_no'), 'entrustment', ['filing_no'], unique=False)
    op.create_index(op.f('ix_entrustment_payee_account_index'), 'entrustment', ['payee_account_index'], unique=False)
    op.create_index(op.f('ix_entrustment_project_id'), 'entrustment', ['project_id'], unique=False)
    op.create_index(op.f('ix_entrustment_receipt_no'), 'entrustment', ['receipt_no'], unique=False)
    op.create_index(op.f('ix_entrustment_received_at'), 'entrustment', ['received_at'], unique=False)
    op.create_index(op.f('ix_entrustment_spouse_id_no_index'), 'entrustment', ['spouse_id_no_index'], unique=False)
    op.create_index(op.f('ix_entrustment_spouse_index'), 'entrustment', ['spouse_index'], unique=False)
    op.create_index(op.f('ix_entrustment_state'), 'entrustment', ['state'], unique=False)
    op.create_index(op.f('ix_entrustment_street_code'), 'entrustment', ['street_code'], unique=False)
    op.create_index(op.f('ix_entrustment_tenant_id_no_index'), 'entrustment', ['tenant_id_no_index'], unique=False)
    op.create_index(op.f('ix_entrustment_tenant_index'), 'entrustment', ['tenant_index'], unique=False)
    op.create_table('payment_result',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('result_no', sa.String(length=40), nullable=False, comment='结果编号'),
    sa.Column('entrust_no', sa.String(length=40), nullable=False, comment='委托书编号'),
    sa.Column('bill_no', sa.String(length=40), nullable=False, comment='账单编号'),
    sa.Column('bill_id', sa.Uuid(), nullable=True, comment='账单'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.Column('amount', ScaledNumber(18, 2), nullable=False, comment='金额'),
    sa.Column('outcome', sa.String(length=32), nullable=False, comment='结果'),
    sa.Column('fail_code', sa.String(length=32), nullable=False, comment='原因代码'),
    sa.Column('reason', sa.Text(), nullable=False, comment='原因说明'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False, comment='处理时间'),
    sa.Column('paid_on', sa.Date(), nullable=True, comment='支付日期'),
    sa.Column('bank_flow_no', sa.String(length=60), nullable=False, comment='银行流水号'),
    sa.Column('content_digest', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('pushed_at', sa.DateTime(timezone=True), nullable=True, comment='推送时间'),
    sa.Column('ack_at', sa.DateTime(timezone=True), nullable=True, comment='确认时间'),
    sa.Column('handled_by', sa.Uuid(), nullable=True, comment='处理人'),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True, comment='处理完成时间'),
    sa.Column('handled_note', sa.Text(), nullable=True, comment='处理说明'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('result_no')
    )
    op.create_index(op.f('ix_payment_result_bill_id'), 'payment_result', ['bill_id'], unique=False)
    op.create_index(op.f('ix_payment_result_bill_no'), 'payment_result', ['bill_no'], unique=False)
    op.create_index(op.f('ix_payment_result_district_code'), 'payment_result', ['district_code'], unique=False)
    op.create_index(op.f('ix_payment_result_enterprise_id'), 'payment_result', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_payment_result_entrust_no'), 'payment_result', ['entrust_no'], unique=False)
    op.create_index(op.f('ix_payment_result_received_at'), 'payment_result', ['received_at'], unique=False)
    op.create_index(op.f('ix_payment_result_state'), 'payment_result', ['state'], unique=False)
    op.create_index(op.f('ix_payment_result_street_code'), 'payment_result', ['street_code'], unique=False)
    op.create_table('payment_termination',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('term_no', sa.String(length=40), nullable=False, comment='终止编号'),
    sa.Column('side', sa.String(length=32), nullable=False, comment='终止方'),
    sa.Column('asked_by', sa.String(length=64), nullable=False, comment='申请主体'),
    sa.Column('entrustment_id', sa.Uuid(), nullable=True, comment='委托'),
    sa.Column('entrust_no', sa.String(length=40), nullable=False, comment='委托书编号'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.Column('reason', sa.String(length=32), nullable=False, comment='原因'),
    sa.Column('note', sa.Text(), nullable=False, comment='原因说明'),
    sa.Column('reason_on', sa.Date(), nullable=True, comment='事由发生日期'),
    sa.Column('contract_state', sa.String(length=32), nullable=False, comment='当时合同状态'),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False, comment='申请时间'),
    sa.Column('effective_month', sa.String(length=7), nullable=False, comment='停止提取月'),
    sa.Column('content_digest', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('last_payment', sa.Boolean(), nullable=False, comment='终止月账单已送出'),
    sa.Column('decision', sa.String(length=32), nullable=False, comment='审核结果'),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True, comment='送达公积金中心时间'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='审核时间'),
    sa.Column('pushed_at', sa.DateTime(timezone=True), nullable=True, comment='推送企业时间'),
    sa.Column('ack_at', sa.DateTime(timezone=True), nullable=True, comment='确认时间'),
    sa.Column('stuck_alarm_at', sa.DateTime(timezone=True), nullable=True, comment='未审核告警时间'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('side', 'asked_by', 'term_no')
    )
    op.create_index(op.f('ix_payment_termination_district_code'), 'payment_termination', ['district_code'], unique=False)
    op.create_index(op.f('ix_payment_termination_enterprise_id'), 'payment_termination', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_payment_termination_entrust_no'), 'payment_termination', ['entrust_no'], unique=False)
    op.create_index(op.f('ix_payment_termination_entrustment_id'), 'payment_termination', ['entrustment_id'], unique=False)
    op.create_index(op.f('ix_payment_termination_state'), 'payment_termination', ['state'], unique=False)
    op.create_index(op.f('ix_payment_termination_street_code'), 'payment_termination', ['street_code'], unique=False)
    op.create_index(op.f('ix_payment_termination_term_no'), 'payment_termination', ['term_no'], unique=False)
    op.create_table('rent_bill',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('bill_no', sa.String(length=40), nullable=False, comment='账单编号'),
    sa.Column('entrustment_id', sa.Uuid(), nullable=True, comment='委托'),
    sa.Column('entrust_no', sa.String(length=40), nullable=False, comment='委托书编号'),
    sa.Column('contract_no', sa.String(length=40), nullable=False, comment='合同编号'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('period_start', sa.Date(), nullable=False, comment='账期起'),
    sa.Column('period_end', sa.Date(), nullable=False, comment='账期止'),
    sa.Column('bill_time', sa.DateTime(timezone=True), nullable=False, comment='出账时间'),
    sa.Column('rent_fee', ScaledNumber(18, 2), nullable=False, comment='租金'),
    sa.Column('deposit_fee', ScaledNumber(18, 2), nullable=False, comment='押金'),
    sa.Column('other_fee', ScaledNumber(18, 2), nullable=False, comment='其他费用'),
    sa.Column('total_amount', ScaledNumber(18, 2), nullable=False, comment='应付合计'),
    sa.Column('subject', sa.String(length=100), nullable=False, comment='摘要'),
    sa.Column('content_digest', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('findings', sa.Text(), nullable=False, comment='核验结果'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True, comment='送达公积金中心时间'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='公积金中心处理时间'),
    sa.Column('paid_amount', ScaledNumber(18, 2), nullable=True, comment='实付金额'),
    sa.Column('amount_differs', sa.Boolean(), nullable=False, comment='实付与账单不符'),
    sa.Column('reason', sa.Text(), nullable=True, comment='公积金中心说明'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('enterprise_id', 'bill_no')
    )
    op.create_index(op.f('ix_rent_bill_bill_no'), 'rent_bill', ['bill_no'], unique=False)
    op.create_index(op.f('ix_rent_bill_district_code'), 'rent_bill', ['district_code'], unique=False)
    op.create_index(op.f('ix_rent_bill_enterprise_id'), 'rent_bill', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_rent_bill_entrust_no'), 'rent_bill', ['entrust_no'], unique=False)
    op.create_index(op.f('ix_rent_bill_entrustment_id'), 'rent_bill', ['entrustment_id'], unique=False)
    op.create_index(op.f('ix_rent_bill_period_start'), 'rent_bill', ['period_start'], unique=False)
    op.create_index(op.f('ix_rent_bill_received_at'), 'rent_bill', ['received_at'], unique=False)
    op.create_index(op.f('ix_rent_bill_state'), 'rent_bill', ['state'], unique=False)
    op.create_index(op.f('ix_rent_bill_street_code'), 'rent_bill', ['street_code'], unique=False)
    op.create_table('pilot_scope',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('project_id', sa.Uuid(), nullable=True, comment='项目'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='自'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='至'),
    sa.Column('fund_letter', sa.String(length=60), nullable=False, comment='公积金中心确认文号'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('proposed_by', sa.Uuid(), nullable=True, comment='提出人'),
    sa.Column('decided_by', sa.Uuid(), nullable=True, comment='复核人'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='复核时间'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_pilot_scope_enterprise_id'), 'pilot_scope', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_pilot_scope_project_id'), 'pilot_scope', ['project_id'], unique=False)
    op.create_index(op.f('ix_pilot_scope_state'), 'pilot_scope', ['state'], unique=False)
    op.create_table('termination_decision',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('decision_no', sa.String(length=40), nullable=False, comment='审核编号'),
    sa.Column('termination_id', sa.Uuid(), nullable=False, comment='终止申请'),
    sa.Column('decision', sa.String(length=32), nullable=False, comment='审核结果'),
    sa.Column('reason', sa.Text(), nullable=False, comment='审核意见'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False, comment='审核时间'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('pushed_at', sa.DateTime(timezone=True), nullable=True, comment='推送企业时间'),
    sa.Column('content_digest', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.ForeignKeyConstraint(['termination_id'], ['payment_termination.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('decision_no')
    )
    op.create_index(op.f('ix_termination_decision_termination_id'), 'termination_decision', ['termination_id'], unique=False)
    op.create_table('filing_ending',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('position', sa.BigInteger(), nullable=True, comment='序号'),
    sa.Column('filing_id', sa.Uuid(), nullable=False, comment='备案'),
    sa.Column('filing_no', sa.String(length=40), nullable=False, comment='备案编号'),
    sa.Column('contract_no', sa.String(length=40), nullable=False, comment='合同编号'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='终止方式'),
    sa.Column('ended_on', sa.Date(), nullable=False, comment='终止日期'),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False, comment='登记时间'),
    sa.ForeignKeyConstraint(['filing_id'], ['lease_filing.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('position')
    )
    op.create_index(op.f('ix_filing_ending_district_code'), 'filing_ending', ['district_code'], unique=False)
    op.create_index(op.f('ix_filing_ending_filing_id'), 'filing_ending', ['filing_id'], unique=False)
    op.create_index(op.f('ix_filing_ending_filing_no'), 'filing_ending', ['filing_no'], unique=False)
    op.create_index(op.f('ix_filing_ending_recorded_at'), 'filing_ending', ['recorded_at'], unique=False)
    op.create_index(op.f('ix_filing_ending_street_code'), 'filing_ending', ['street_code'], unique=False)
