"""The schema of the first release; every installation begins here or later."""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber
from models.dialect import create_triggers

revision = '0040'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('access_change',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('seq', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('object_key', sa.String(length=60), nullable=False, comment='对象'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('body', sa.Text(), nullable=False, comment='变更正文（不含个人信息）'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SM3 摘要'),
    sa.Column('proof', sa.String(length=120), nullable=False, comment='变更校验码'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('seq')
    )
    op.create_index(op.f('ix_access_change_object_key'), 'access_change', ['object_key'], unique=False)
    op.create_table('access_list',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本号'),
    sa.Column('seq', sa.BigInteger(), nullable=False, comment='截至变更序号'),
    sa.Column('body', sa.Text(), nullable=False, comment='清单正文'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SM3 摘要'),
    sa.Column('signature', sa.String(length=200), nullable=False, comment='签名'),
    sa.Column('signature_key', sa.String(length=40), nullable=False, comment='签名密钥'),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False, comment='签名时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('version')
    )
    op.create_table('address_cut',
    sa.Column('gram', sa.String(length=4), nullable=False, comment='切分'),
    sa.Column('house_id', sa.Uuid(), nullable=False, comment='房屋'),
    sa.PrimaryKeyConstraint('gram', 'house_id')
    )
    op.create_table('address_failure',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('address', sa.String(length=64), nullable=False, comment='地址'),
    sa.Column('failures', sa.BigInteger(), nullable=False, comment='失败次数'),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False, comment='起始时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('address')
    )
    op.create_table('alarm',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('alarm_code', sa.String(length=40), nullable=False, comment='告警代码'),
    sa.Column('severity', sa.BigInteger(), nullable=False, comment='级别'),
    sa.Column('subject', sa.String(length=200), nullable=False, comment='内容（不含个人信息）'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_key', sa.String(length=100), nullable=False, comment='对象'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('times', sa.BigInteger(), nullable=False, comment='次数'),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False, comment='首次时间'),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False, comment='最近时间'),
    sa.Column('seen_by', sa.Uuid(), nullable=True, comment='处置人'),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True, comment='处置时间'),
    sa.Column('closing_note', sa.String(length=200), nullable=False, comment='处置结果'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_alarm_alarm_code'), 'alarm', ['alarm_code'], unique=False)
    op.create_index(op.f('ix_alarm_raised_at'), 'alarm', ['raised_at'], unique=False)
    op.create_index(op.f('ix_alarm_state'), 'alarm', ['state'], unique=False)
    op.create_table('alert',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('alert_no', sa.String(length=32), nullable=False, comment='预警编号'),
    sa.Column('rule_code', sa.String(length=20), nullable=False, comment='规则'),
    sa.Column('subject_type', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('subject_id', sa.Uuid(), nullable=False, comment='对象'),
    sa.Column('subject_label', sa.String(length=200), nullable=False, comment='对象名称（企业、项目或地块）'),
    sa.Column('key', sa.String(length=80), nullable=False, comment='事由标识'),
    sa.Column('open_key', sa.String(length=160), nullable=True, comment='未了结标识'),
    sa.Column('quiet_key', sa.String(length=160), nullable=True, comment='已关闭未消除标识'),
    sa.Column('grade', sa.String(length=32), nullable=False, comment='级别'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('title', sa.String(length=120), nullable=False, comment='标题'),
    sa.Column('detail', sa.Text(), nullable=False, comment='内容'),
    sa.Column('evidence', sa.Text(), nullable=False, comment='依据数据'),
    sa.Column('told', sa.String(length=8), nullable=False, comment='告知对象'),
    sa.Column('first_seen', sa.DateTime(timezone=True), nullable=False, comment='首次发现'),
    sa.Column('last_seen', sa.DateTime(timezone=True), nullable=False, comment='最近发现'),
    sa.Column('hits', sa.BigInteger(), nullable=False, comment='发现次数'),
    sa.Column('acknowledge_by', sa.Date(), nullable=False, comment='确认期限'),
    sa.Column('due_on', sa.Date(), nullable=False, comment='处理期限'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='了结时间'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('head_company_id', sa.Uuid(), nullable=True, comment='总公司'),
    sa.Column('project_company_id', sa.Uuid(), nullable=True, comment='项目公司'),
    sa.Column('project_id', sa.Uuid(), nullable=True, comment='项目'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('open_key')
    )
    op.create_index(op.f('ix_alert_acknowledge_by'), 'alert', ['acknowledge_by'], unique=False)
    op.create_index(op.f('ix_alert_alert_no'), 'alert', ['alert_no'], unique=False)
    op.create_index(op.f('ix_alert_district_code'), 'alert', ['district_code'], unique=False)
    op.create_index(op.f('ix_alert_due_on'), 'alert', ['due_on'], unique=False)
    op.create_index(op.f('ix_alert_first_seen'), 'alert', ['first_seen'], unique=False)
    op.create_index(op.f('ix_alert_grade'), 'alert', ['grade'], unique=False)
    op.create_index(op.f('ix_alert_head_company_id'), 'alert', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_alert_last_seen'), 'alert', ['last_seen'], unique=False)
    op.create_index(op.f('ix_alert_project_company_id'), 'alert', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_alert_project_id'), 'alert', ['project_id'], unique=False)
    op.create_index(op.f('ix_alert_quiet_key'), 'alert', ['quiet_key'], unique=False)
    op.create_index(op.f('ix_alert_rule_code'), 'alert', ['rule_code'], unique=False)
    op.create_index(op.f('ix_alert_state'), 'alert', ['state'], unique=False)
    op.create_index(op.f('ix_alert_subject_id'), 'alert', ['subject_id'], unique=False)
    op.create_index(op.f('ix_alert_subject_type'), 'alert', ['subject_type'], unique=False)
    op.create_table('answered_request',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('caller', sa.String(length=80), nullable=False, comment='主体'),
    sa.Column('action', sa.String(length=60), nullable=False, comment='动作'),
    sa.Column('request_id', sa.String(length=64), nullable=False, comment='请求号'),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('answer', sa.Text(), nullable=False, comment='应答'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('caller', 'action', 'request_id')
    )
    op.create_index(op.f('ix_answered_request_at'), 'answered_request', ['at'], unique=False)
    op.create_table('association_event',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('app_id', sa.String(length=32), nullable=False, comment='对接系统'),
    sa.Column('way', sa.String(length=32), nullable=False, comment='方向'),
    sa.Column('event_no', sa.String(length=80), nullable=False, comment='事件编号'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='事件'),
    sa.Column('event_at', sa.DateTime(timezone=True), nullable=False, comment='事件时间'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('uscc', sa.String(length=18), nullable=False, comment='统一社会信用代码'),
    sa.Column('card_no', sa.String(length=40), nullable=False, comment='信息卡编号'),
    sa.Column('name', sa.Text(), nullable=True, comment='姓名'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='姓名索引'),
    sa.Column('id_no', sa.Text(), nullable=True, comment='证件号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='证件号码索引'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.Column('card_id', sa.Uuid(), nullable=True, comment='信息卡'),
    sa.Column('apply_id', sa.Uuid(), nullable=True, comment='申请'),
    sa.Column('content', sa.Text(), nullable=True, comment='事件内容'),
    sa.Column('reasons', sa.Text(), nullable=True, comment='原因'),
    sa.Column('held_until', sa.DateTime(timezone=True), nullable=True, comment='等待至'),
    sa.Column('answers', sa.BigInteger(), nullable=False, comment='答复次数'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('app_id', 'way', 'event_no')
    )
    op.create_index(op.f('ix_association_event_apply_id'), 'association_event', ['apply_id'], unique=False)
    op.create_index(op.f('ix_association_event_card_id'), 'association_event', ['card_id'], unique=False)
    op.create_index(op.f('ix_association_event_card_no'), 'association_event', ['card_no'], unique=False)
    op.create_index(op.f('ix_association_event_district_code'), 'association_event', ['district_code'], unique=False)
    op.create_index(op.f('ix_association_event_enterprise_id'), 'association_event', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_association_event_event_at'), 'association_event', ['event_at'], unique=False)
    op.create_index(op.f('ix_association_event_held_until'), 'association_event', ['held_until'], unique=False)
    op.create_index(op.f('ix_association_event_id_no_index'), 'association_event', ['id_no_index'], unique=False)
    op.create_index(op.f('ix_association_event_name_index'), 'association_event', ['name_index'], unique=False)
    op.create_index(op.f('ix_association_event_received_at'), 'association_event', ['received_at'], unique=False)
    op.create_index(op.f('ix_association_event_state'), 'association_event', ['state'], unique=False)
    op.create_index(op.f('ix_association_event_street_code'), 'association_event', ['street_code'], unique=False)
    op.create_table('attachment',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('label', sa.String(length=32), nullable=False, comment='安全标记'),
    sa.Column('category', sa.String(length=40), nullable=False, comment='类别'),
    sa.Column('file_name', sa.Text(), nullable=False, comment='文件名'),
    sa.Column('media_type', sa.String(length=60), nullable=False, comment='类型'),
    sa.Column('size', sa.BigInteger(), nullable=False, comment='大小'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SM3 摘要'),
    sa.Column('content', sa.LargeBinary(), nullable=False, comment='内容（f1 密文）'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=True, comment='对象'),
    sa.Column('uploaded_by', sa.Uuid(), nullable=True, comment='上传人'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='查毒状态'),
    sa.Column('kept_apart', sa.String(length=200), nullable=False, comment='隔离原因'),
    sa.Column('scanned_at', sa.DateTime(timezone=True), nullable=True, comment='查毒时间'),
    sa.Column('scanner', sa.String(length=60), nullable=False, comment='查毒引擎'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_attachment_district_code'), 'attachment', ['district_code'], unique=False)
    op.create_index(op.f('ix_attachment_object_id'), 'attachment', ['object_id'], unique=False)
    op.create_index(op.f('ix_attachment_state'), 'attachment', ['state'], unique=False)
    op.create_index(op.f('ix_attachment_street_code'), 'attachment', ['street_code'], unique=False)
    op.create_index(op.f('ix_attachment_uploaded_by'), 'attachment', ['uploaded_by'], unique=False)
    op.create_table('audit_checkpoint',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('chain', sa.String(length=32), nullable=False, comment='链'),
    sa.Column('first', sa.BigInteger(), nullable=False, comment='首个序号'),
    sa.Column('last', sa.BigInteger(), nullable=False, comment='末个序号'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='签署时间'),
    sa.Column('statement', sa.Text(), nullable=False, comment='检查点正文'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='正文摘要'),
    sa.Column('key', sa.String(length=40), nullable=False, comment='签名密钥'),
    sa.Column('cert_sn', sa.String(length=64), nullable=False, comment='证书序列号'),
    sa.Column('signature', sa.String(length=200), nullable=False, comment='签名'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('chain', 'first'),
    sa.UniqueConstraint('chain', 'last')
    )
    op.create_index(op.f('ix_audit_checkpoint_at'), 'audit_checkpoint', ['at'], unique=False)
    op.create_table('audit_event',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('chain', sa.String(length=32), nullable=False, comment='链'),
    sa.Column('seq', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('event', sa.String(length=32), nullable=False, comment='事件代码'),
    sa.Column('severity', sa.BigInteger(), nullable=False, comment='级别'),
    sa.Column('account', sa.String(length=64), nullable=False, comment='主体'),
    sa.Column('role', sa.String(length=32), nullable=False, comment='角色'),
    sa.Column('org', sa.String(length=64), nullable=False, comment='机构'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.String(length=64), nullable=False, comment='对象'),
    sa.Column('act', sa.String(length=60), nullable=False, comment='动作'),
    sa.Column('result', sa.String(length=8), nullable=False, comment='结果'),
    sa.Column('request_id', sa.String(length=64), nullable=False, comment='请求号'),
    sa.Column('body', sa.Text(), nullable=False, comment='事件正文（已脱敏）'),
    sa.Column('prev', sa.String(length=64), nullable=False, comment='前一摘要'),
    sa.Column('hash', sa.String(length=64), nullable=False, comment='摘要'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('chain', 'seq')
    )
    op.create_index(op.f('ix_audit_event_account'), 'audit_event', ['account'], unique=False)
    op.create_index(op.f('ix_audit_event_at'), 'audit_event', ['at'], unique=False)
    op.create_index(op.f('ix_audit_event_event'), 'audit_event', ['event'], unique=False)
    op.create_index(op.f('ix_audit_event_object_id'), 'audit_event', ['object_id'], unique=False)
    op.create_index(op.f('ix_audit_event_request_id'), 'audit_event', ['request_id'], unique=False)
    op.create_table('audit_head',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('chain', sa.String(length=32), nullable=False, comment='链'),
    sa.Column('seq', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('hash', sa.String(length=64), nullable=False, comment='摘要'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True, comment='时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('chain')
    )
    op.create_table('backup',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('file_name', sa.String(length=120), nullable=False, comment='文件名'),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False, comment='完成时间'),
    sa.Column('size', sa.BigInteger(), nullable=False, comment='大小'),
    sa.Column('file_sm3', sa.String(length=64), nullable=False, comment='文件摘要'),
    sa.Column('row_count', sa.BigInteger(), nullable=False, comment='行数'),
    sa.Column('audit_seq', sa.BigInteger(), nullable=False, comment='审计序号'),
    sa.Column('audit_hash', sa.String(length=64), nullable=False, comment='审计摘要'),
    sa.Column('seconds', sa.BigInteger(), nullable=False, comment='用时'),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True, comment='清除时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('file_name')
    )
    op.create_index(op.f('ix_backup_made_at'), 'backup', ['made_at'], unique=False)
    op.create_table('broker_batch',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('app_id', sa.String(length=32), nullable=False, comment='对接系统'),
    sa.Column('batch_no', sa.String(length=64), nullable=False, comment='批次号'),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True, comment='答复时间'),
    sa.Column('total', sa.BigInteger(), nullable=False, comment='报送件数'),
    sa.Column('filed', sa.BigInteger(), nullable=False, comment='已备案'),
    sa.Column('waiting', sa.BigInteger(), nullable=False, comment='核验中'),
    sa.Column('intercepted', sa.BigInteger(), nullable=False, comment='系统拦截'),
    sa.Column('refused', sa.BigInteger(), nullable=False, comment='未通过'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('app_id', 'batch_no')
    )
    op.create_index(op.f('ix_broker_batch_received_at'), 'broker_batch', ['received_at'], unique=False)
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
    op.create_table('card_task',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='事由'),
    sa.Column('card_id', sa.Uuid(), nullable=True, comment='信息卡'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.Column('detail', sa.Text(), nullable=True, comment='说明'),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False, comment='提出时间'),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True, comment='处理时间'),
    sa.Column('done_by', sa.Uuid(), nullable=True, comment='处理人'),
    sa.Column('outcome', sa.Text(), nullable=True, comment='处理结果'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_card_task_card_id'), 'card_task', ['card_id'], unique=False)
    op.create_index(op.f('ix_card_task_district_code'), 'card_task', ['district_code'], unique=False)
    op.create_index(op.f('ix_card_task_enterprise_id'), 'card_task', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_card_task_raised_at'), 'card_task', ['raised_at'], unique=False)
    op.create_index(op.f('ix_card_task_state'), 'card_task', ['state'], unique=False)
    op.create_index(op.f('ix_card_task_street_code'), 'card_task', ['street_code'], unique=False)
    op.create_table('check_in',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('app_id', sa.String(length=32), nullable=False, comment='对接系统'),
    sa.Column('checkin_no', sa.String(length=64), nullable=False, comment='入住编号'),
    sa.Column('attempt', sa.BigInteger(), nullable=False, comment='报送次数'),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('operator_uscc', sa.String(length=18), nullable=False, comment='运营方统一社会信用代码'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='运营企业'),
    sa.Column('project_id', sa.Uuid(), nullable=True, comment='项目'),
    sa.Column('project_no', sa.String(length=40), nullable=False, comment='项目编号'),
    sa.Column('room_no', sa.String(length=40), nullable=False, comment='房号'),
    sa.Column('bed', sa.String(length=20), nullable=False, comment='床位'),
    sa.Column('previous_id', sa.Uuid(), nullable=True, comment='换出的入住'),
    sa.Column('start', sa.Date(), nullable=False, comment='起租日期'),
    sa.Column('end', sa.Date(), nullable=False, comment='止租日期'),
    sa.Column('checked_in_at', sa.DateTime(timezone=True), nullable=False, comment='入住时间'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('month', sa.String(length=7), nullable=False, comment='入住月份'),
    sa.Column('late_days', sa.BigInteger(), nullable=False, comment='补报天数'),
    sa.Column('persons', sa.BigInteger(), nullable=False, comment='居住人数'),
    sa.Column('month_rent', ScaledNumber(18, 2), nullable=True, comment='月租金'),
    sa.Column('message', sa.Text(), nullable=True, comment='入住信息'),
    sa.Column('contract_id', sa.Uuid(), nullable=True, comment='合同'),
    sa.Column('case_id', sa.Uuid(), nullable=True, comment='办件'),
    sa.Column('filing_id', sa.Uuid(), nullable=True, comment='备案'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('app_id', 'checkin_no', 'attempt')
    )
    op.create_index(op.f('ix_check_in_case_id'), 'check_in', ['case_id'], unique=False)
    op.create_index(op.f('ix_check_in_contract_id'), 'check_in', ['contract_id'], unique=False)
    op.create_index(op.f('ix_check_in_district_code'), 'check_in', ['district_code'], unique=False)
    op.create_index(op.f('ix_check_in_enterprise_id'), 'check_in', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_check_in_filing_id'), 'check_in', ['filing_id'], unique=False)
    op.create_index(op.f('ix_check_in_month'), 'check_in', ['month'], unique=False)
    op.create_index(op.f('ix_check_in_previous_id'), 'check_in', ['previous_id'], unique=False)
    op.create_index(op.f('ix_check_in_project_id'), 'check_in', ['project_id'], unique=False)
    op.create_index(op.f('ix_check_in_received_at'), 'check_in', ['received_at'], unique=False)
    op.create_index(op.f('ix_check_in_state'), 'check_in', ['state'], unique=False)
    op.create_index(op.f('ix_check_in_street_code'), 'check_in', ['street_code'], unique=False)
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
    op.create_table('clock_shift',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('name', sa.String(length=20), nullable=False, comment='时钟'),
    sa.Column('seconds', sa.BigInteger(), nullable=False, comment='偏移'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('name')
    )
    op.create_table('company_snapshot',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('company_type', sa.String(length=32), nullable=False, comment='企业类别'),
    sa.Column('company_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False, comment='取得时间'),
    sa.Column('as_of', sa.DateTime(timezone=True), nullable=True, comment='数据时间'),
    sa.Column('source', sa.String(length=20), nullable=False, comment='来源'),
    sa.Column('payload', sa.Text(), nullable=False, comment='内容'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('head_company_id', sa.Uuid(), nullable=True, comment='总公司'),
    sa.Column('project_company_id', sa.Uuid(), nullable=True, comment='项目公司'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_company_snapshot_company_id'), 'company_snapshot', ['company_id'], unique=False)
    op.create_index(op.f('ix_company_snapshot_district_code'), 'company_snapshot', ['district_code'], unique=False)
    op.create_index(op.f('ix_company_snapshot_head_company_id'), 'company_snapshot', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_company_snapshot_project_company_id'), 'company_snapshot', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_company_snapshot_taken_at'), 'company_snapshot', ['taken_at'], unique=False)
    op.create_table('company_watch',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('company_type', sa.String(length=32), nullable=False, comment='企业类别'),
    sa.Column('company_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('outcome', sa.String(length=32), nullable=False, comment='更新情况'),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True, comment='最近查询'),
    sa.Column('judged_on', sa.Date(), nullable=True, comment='最近监测日期'),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True, comment='最近更新'),
    sa.Column('snapshot_id', sa.Uuid(), nullable=True, comment='最新快照'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('head_company_id', sa.Uuid(), nullable=True, comment='总公司'),
    sa.Column('project_company_id', sa.Uuid(), nullable=True, comment='项目公司'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('company_id'),
    info={'no_ledger': 'written every night, binds nobody'}
    )
    op.create_index(op.f('ix_company_watch_answered_at'), 'company_watch', ['answered_at'], unique=False)
    op.create_index(op.f('ix_company_watch_company_type'), 'company_watch', ['company_type'], unique=False)
    op.create_index(op.f('ix_company_watch_district_code'), 'company_watch', ['district_code'], unique=False)
    op.create_index(op.f('ix_company_watch_head_company_id'), 'company_watch', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_company_watch_judged_on'), 'company_watch', ['judged_on'], unique=False)
    op.create_index(op.f('ix_company_watch_project_company_id'), 'company_watch', ['project_company_id'], unique=False)
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
    op.create_table('delegation_policy',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('grantor_role', sa.String(length=32), nullable=False, comment='开户岗位'),
    sa.Column('grantee_role', sa.String(length=32), nullable=False, comment='可授岗位'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='限定企业'),
    sa.Column('quota', sa.BigInteger(), nullable=False, comment='名额'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='生效日期'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='失效日期'),
    sa.Column('note', sa.String(length=200), nullable=False, comment='依据'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='终止时间'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_delegation_policy_enterprise_id'), 'delegation_policy', ['enterprise_id'], unique=False)
    op.create_table('device_manifest',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('host', sa.String(length=64), nullable=False, comment='主机'),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False, comment='采集时间'),
    sa.Column('file_name', sa.String(length=120), nullable=False, comment='清单文件'),
    sa.Column('body_sm3', sa.String(length=64), nullable=False, comment='清单摘要'),
    sa.Column('previous_sm3', sa.String(length=64), nullable=False, comment='前一清单摘要'),
    sa.Column('files', sa.BigInteger(), nullable=False, comment='日志数'),
    sa.Column('lines', sa.BigInteger(), nullable=False, comment='基线行数'),
    sa.Column('kid', sa.String(length=40), nullable=False, comment='签名密钥'),
    sa.Column('signature', sa.Text(), nullable=False, comment='签名'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_device_manifest_host'), 'device_manifest', ['host'], unique=False)
    op.create_index(op.f('ix_device_manifest_made_at'), 'device_manifest', ['made_at'], unique=False)
    op.create_table('draft',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('owner_id', sa.Uuid(), nullable=False, comment='所有人'),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='类别'),
    sa.Column('title', sa.String(length=80), nullable=False, comment='标题'),
    sa.Column('payload', sa.Text(), nullable=False, comment='内容'),
    sa.Column('closed', sa.Boolean(), nullable=False, comment='已了结'),
    sa.Column('result_id', sa.Uuid(), nullable=True, comment='结果'),
    sa.PrimaryKeyConstraint('id'),
    info={'no_ledger': 'written every few seconds, binds nobody'}
    )
    op.create_index(op.f('ix_draft_kind'), 'draft', ['kind'], unique=False)
    op.create_index(op.f('ix_draft_owner_id'), 'draft', ['owner_id'], unique=False)
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
    op.create_table('erasure',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('erased_from', sa.String(length=60), nullable=False, comment='数据表'),
    sa.Column('purpose', sa.String(length=80), nullable=False, comment='用途'),
    sa.Column('rule', sa.String(length=80), nullable=False, comment='保存期限'),
    sa.Column('row_count', sa.BigInteger(), nullable=False, comment='清除行数'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_erasure_at'), 'erasure', ['at'], unique=False)
    op.create_table('exchange_log',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('system', sa.String(length=40), nullable=False, comment='对方系统'),
    sa.Column('direction', sa.String(length=3), nullable=False, comment='方向'),
    sa.Column('operation', sa.String(length=60), nullable=False, comment='业务'),
    sa.Column('request_id', sa.String(length=64), nullable=False, comment='请求号'),
    sa.Column('outcome', sa.String(length=20), nullable=False, comment='结果'),
    sa.Column('attempt', sa.BigInteger(), nullable=False, comment='第几次'),
    sa.Column('milliseconds', sa.BigInteger(), nullable=False, comment='耗时'),
    sa.Column('detail', sa.String(length=200), nullable=False, comment='说明'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_exchange_log_at'), 'exchange_log', ['at'], unique=False)
    op.create_index(op.f('ix_exchange_log_request_id'), 'exchange_log', ['request_id'], unique=False)
    op.create_index(op.f('ix_exchange_log_system'), 'exchange_log', ['system'], unique=False)
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
    op.create_table('export_request',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('request_no', sa.String(length=40), nullable=False, comment='申请号'),
    sa.Column('listing', sa.String(length=40), nullable=False, comment='清单'),
    sa.Column('criteria', sa.Text(), nullable=False, comment='查询条件'),
    sa.Column('media', sa.String(length=32), nullable=False, comment='格式'),
    sa.Column('full', sa.Boolean(), nullable=False, comment='含完整个人信息'),
    sa.Column('reason', sa.Text(), nullable=False, comment='用途'),
    sa.Column('rows', sa.BigInteger(), nullable=False, comment='条数'),
    sa.Column('done', sa.BigInteger(), nullable=False, comment='已生成'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='申请人'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='申请单位'),
    sa.Column('unit_kind', sa.String(length=32), nullable=False, comment='申请单位类别'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False, comment='申请时间'),
    sa.Column('decided_by', sa.Uuid(), nullable=True, comment='审批人'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='审批时间'),
    sa.Column('opinion', sa.Text(), nullable=True, comment='审批意见'),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=True, comment='生成时间'),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True, comment='有效至'),
    sa.Column('mark', sa.String(length=12), nullable=False, comment='文件标记'),
    sa.Column('content', sa.LargeBinary(), nullable=True, comment='文件（f1 密文）'),
    sa.Column('pieces', sa.BigInteger(), nullable=False, comment='文件块数'),
    sa.Column('size', sa.BigInteger(), nullable=False, comment='文件大小'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SM3 摘要'),
    sa.Column('downloads', sa.BigInteger(), nullable=False, comment='下载次数'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('request_no')
    )
    op.create_index(op.f('ix_export_request_account_id'), 'export_request', ['account_id'], unique=False)
    op.create_index(op.f('ix_export_request_district_code'), 'export_request', ['district_code'], unique=False)
    op.create_index(op.f('ix_export_request_expires_at'), 'export_request', ['expires_at'], unique=False)
    op.create_index(op.f('ix_export_request_requested_at'), 'export_request', ['requested_at'], unique=False)
    op.create_index(op.f('ix_export_request_state'), 'export_request', ['state'], unique=False)
    op.create_index(op.f('ix_export_request_street_code'), 'export_request', ['street_code'], unique=False)
    op.create_index(op.f('ix_export_request_unit_id'), 'export_request', ['unit_id'], unique=False)
    op.create_table('file_piece',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('file_id', sa.Uuid(), nullable=False, comment='文件'),
    sa.Column('number', sa.BigInteger(), nullable=False, comment='块号'),
    sa.Column('last', sa.Boolean(), nullable=False, comment='末块'),
    sa.Column('size', sa.BigInteger(), nullable=False, comment='明文大小'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SM3 摘要'),
    sa.Column('content', sa.LargeBinary(), nullable=False, comment='内容（f1 密文）'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('file_id', 'number')
    )
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
    op.create_table('flow_report',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('week_start', sa.Date(), nullable=False, comment='周起始日'),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False, comment='生成时间'),
    sa.Column('lines', sa.JSON(), nullable=False, comment='统计'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_flow_report_week_start'), 'flow_report', ['week_start'], unique=False)
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
    op.create_table('import_session',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='表格种类'),
    sa.Column('session_no', sa.String(length=40), nullable=False, comment='批次编号'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='上传人'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.Column('about_id', sa.Uuid(), nullable=True, comment='导入对象'),
    sa.Column('file_name', sa.Text(), nullable=False, comment='文件名'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SM3 摘要'),
    sa.Column('workbook', sa.LargeBinary(), nullable=True, comment='表格（f1 密文）'),
    sa.Column('pictures', sa.LargeBinary(), nullable=True, comment='照片压缩包（f1 密文）'),
    sa.Column('heads', sa.Text(), nullable=True, comment='表头'),
    sa.Column('mapping', sa.JSON(), nullable=True, comment='表头对应'),
    sa.Column('notes', sa.Text(), nullable=True, comment='整表说明'),
    sa.Column('refusal', sa.String(length=300), nullable=False, comment='未通过原因'),
    sa.Column('total', sa.BigInteger(), nullable=False, comment='总行数'),
    sa.Column('good', sa.BigInteger(), nullable=False, comment='可提交行数'),
    sa.Column('bad', sa.BigInteger(), nullable=False, comment='待改正行数'),
    sa.Column('committed', sa.BigInteger(), nullable=False, comment='已提交行数'),
    sa.Column('step_done', sa.BigInteger(), nullable=False, comment='已处理'),
    sa.Column('step_total', sa.BigInteger(), nullable=False, comment='需处理'),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True, comment='读取时间'),
    sa.Column('committed_at', sa.DateTime(timezone=True), nullable=True, comment='最近提交时间'),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True, comment='撤销时间'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('session_no')
    )
    op.create_index(op.f('ix_import_session_about_id'), 'import_session', ['about_id'], unique=False)
    op.create_index(op.f('ix_import_session_account_id'), 'import_session', ['account_id'], unique=False)
    op.create_index(op.f('ix_import_session_enterprise_id'), 'import_session', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_import_session_kind'), 'import_session', ['kind'], unique=False)
    op.create_index(op.f('ix_import_session_state'), 'import_session', ['state'], unique=False)
    op.create_table('imported_line',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('session_id', sa.Uuid(), nullable=False, comment='批次'),
    sa.Column('sheet_row', sa.BigInteger(), nullable=False, comment='行号'),
    sa.Column('key_index', sa.String(length=80), nullable=False, comment='主键指纹'),
    sa.Column('content', sa.Text(), nullable=False, comment='行内容'),
    sa.Column('verdict', sa.String(length=24), nullable=False, comment='结论'),
    sa.Column('edited', sa.BigInteger(), nullable=False, comment='改正次数'),
    sa.Column('record_id', sa.Uuid(), nullable=True, comment='生成记录'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('session_id', 'sheet_row')
    )
    op.create_index(op.f('ix_imported_line_session_id'), 'imported_line', ['session_id'], unique=False)
    op.create_index(op.f('ix_imported_line_state'), 'imported_line', ['state'], unique=False)
    op.create_table('integrity_fault',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('table_name', sa.String(length=63), nullable=False, comment='数据表'),
    sa.Column('row_id', sa.Uuid(), nullable=False, comment='记录'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='问题'),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False, comment='发现时间'),
    sa.Column('closed_key', sa.String(length=40), nullable=False, comment='解除序号'),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True, comment='解除时间'),
    sa.Column('closed_by', sa.Uuid(), nullable=True, comment='解除人'),
    sa.Column('note', sa.String(length=200), nullable=False, comment='处理说明'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('table_name', 'row_id', 'closed_key')
    )
    op.create_index(op.f('ix_integrity_fault_closed_at'), 'integrity_fault', ['closed_at'], unique=False)
    op.create_index(op.f('ix_integrity_fault_row_id'), 'integrity_fault', ['row_id'], unique=False)
    op.create_index(op.f('ix_integrity_fault_table_name'), 'integrity_fault', ['table_name'], unique=False)
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
    op.create_table('issued_document',
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
    sa.UniqueConstraint('token_digest'),
    info={'public_columns': ('kind', 'title', 'number', 'issued_on', 'digest', 'state', 'public', 'filing_id', 'token_digest')}
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
    sa.Column('day', sa.Date(), nullable=True, comment='已运行至业务日'),
    sa.Column('last_result', sa.String(length=200), nullable=False, comment='上次结果'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('job')
    )
    op.create_table('key_record',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('kid', sa.String(length=40), nullable=False, comment='密钥'),
    sa.Column('family', sa.String(length=24), nullable=False, comment='密钥类别'),
    sa.Column('state', sa.String(length=16), nullable=False, comment='状态'),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False, comment='生成时间'),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True, comment='到期时间'),
    sa.Column('carried', sa.BigInteger(), nullable=True, comment='尚有记录使用'),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True, comment='清点时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('kid')
    )
    op.create_index(op.f('ix_key_record_family'), 'key_record', ['family'], unique=False)
    op.create_table('key_rotation',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('family', sa.String(length=24), nullable=False, comment='密钥类别'),
    sa.Column('old_kid', sa.String(length=40), nullable=False, comment='原密钥'),
    sa.Column('new_kid', sa.String(length=40), nullable=False, comment='新密钥'),
    sa.Column('reason', sa.String(length=200), nullable=False, comment='理由'),
    sa.Column('stage', sa.String(length=32), nullable=False, comment='进度'),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False, comment='新密钥生成时间'),
    sa.Column('activated_at', sa.DateTime(timezone=True), nullable=True, comment='启用时间'),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True, comment='完成时间'),
    sa.Column('mark_place', sa.String(length=80), nullable=False, comment='处理到的表'),
    sa.Column('mark_row', sa.Uuid(), nullable=True, comment='处理到的记录'),
    sa.Column('rewritten', sa.BigInteger(), nullable=False, comment='已改写记录'),
    sa.Column('this_walk', sa.BigInteger(), nullable=False, comment='本遍已改写'),
    sa.Column('unfit', sa.BigInteger(), nullable=False, comment='校验不符未改写'),
    sa.Column('still_old', sa.BigInteger(), nullable=False, comment='仍用原密钥'),
    sa.Column('ordered_by', sa.Uuid(), nullable=True, comment='办理人'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('family', 'new_kid')
    )
    op.create_index(op.f('ix_key_rotation_family'), 'key_rotation', ['family'], unique=False)
    op.create_index(op.f('ix_key_rotation_stage'), 'key_rotation', ['stage'], unique=False)
    op.create_table('list_layout',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('listing', sa.String(length=60), nullable=False, comment='清单'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='所有人'),
    sa.Column('columns', sa.JSON(), nullable=False, comment='列'),
    sa.Column('frozen', sa.BigInteger(), nullable=False, comment='冻结列数'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account_id', 'listing'),
    info={'no_ledger': "how a user's own list looks, binds no record"}
    )
    op.create_index(op.f('ix_list_layout_account_id'), 'list_layout', ['account_id'], unique=False)
    op.create_table('move_out',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('app_id', sa.String(length=32), nullable=False, comment='对接系统'),
    sa.Column('checkout_no', sa.String(length=64), nullable=False, comment='退租编号'),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('checkin_no', sa.String(length=64), nullable=False, comment='入住编号'),
    sa.Column('checkin_id', sa.Uuid(), nullable=True, comment='入住'),
    sa.Column('project_id', sa.Uuid(), nullable=True, comment='项目'),
    sa.Column('project_no', sa.String(length=40), nullable=False, comment='项目编号'),
    sa.Column('room_no', sa.String(length=40), nullable=False, comment='房号'),
    sa.Column('left_on', sa.Date(), nullable=False, comment='退租日期'),
    sa.Column('room_change', sa.Boolean(), nullable=False, comment='换房'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('month', sa.String(length=7), nullable=False, comment='退租月份'),
    sa.Column('filing_id', sa.Uuid(), nullable=True, comment='备案'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('app_id', 'checkout_no')
    )
    op.create_index(op.f('ix_move_out_checkin_id'), 'move_out', ['checkin_id'], unique=False)
    op.create_index(op.f('ix_move_out_district_code'), 'move_out', ['district_code'], unique=False)
    op.create_index(op.f('ix_move_out_filing_id'), 'move_out', ['filing_id'], unique=False)
    op.create_index(op.f('ix_move_out_month'), 'move_out', ['month'], unique=False)
    op.create_index(op.f('ix_move_out_project_id'), 'move_out', ['project_id'], unique=False)
    op.create_index(op.f('ix_move_out_received_at'), 'move_out', ['received_at'], unique=False)
    op.create_index(op.f('ix_move_out_state'), 'move_out', ['state'], unique=False)
    op.create_index(op.f('ix_move_out_street_code'), 'move_out', ['street_code'], unique=False)
    op.create_table('notice',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
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
    sa.PrimaryKeyConstraint('id'),
    info={'no_ledger': 'tells of an act that is in the audit itself'}
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
    op.create_table('org_unit',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('unit_code', sa.String(length=32), nullable=False, comment='单位编码'),
    sa.Column('name', sa.String(length=80), nullable=False, comment='单位名称'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='单位类别'),
    sa.Column('address', sa.String(length=120), nullable=False, comment='办公地址'),
    sa.Column('phone', sa.String(length=32), nullable=False, comment='联系电话'),
    sa.Column('hours', sa.String(length=60), nullable=False, comment='办公时间'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('unit_code')
    )
    op.create_index(op.f('ix_org_unit_district_code'), 'org_unit', ['district_code'], unique=False)
    op.create_index(op.f('ix_org_unit_enterprise_id'), 'org_unit', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_org_unit_street_code'), 'org_unit', ['street_code'], unique=False)
    op.create_table('outgoing',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('system', sa.String(length=40), nullable=False, comment='对方系统'),
    sa.Column('operation', sa.String(length=60), nullable=False, comment='业务'),
    sa.Column('business_key', sa.String(length=100), nullable=False, comment='业务键'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=False, comment='对象'),
    sa.Column('request_id', sa.String(length=64), nullable=False, comment='请求号'),
    sa.Column('payload', sa.Text(), nullable=False, comment='报文'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('attempts', sa.BigInteger(), nullable=False, comment='尝试次数'),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False, comment='下次发送'),
    sa.Column('last_error', sa.String(length=200), nullable=False, comment='最近错误'),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True, comment='送达时间'),
    sa.Column('receipt', sa.String(length=100), nullable=False, comment='回执号'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('request_id'),
    sa.UniqueConstraint('system', 'business_key')
    )
    op.create_index(op.f('ix_outgoing_next_at'), 'outgoing', ['next_at'], unique=False)
    op.create_index(op.f('ix_outgoing_object_id'), 'outgoing', ['object_id'], unique=False)
    op.create_index(op.f('ix_outgoing_state'), 'outgoing', ['state'], unique=False)
    op.create_index(op.f('ix_outgoing_system'), 'outgoing', ['system'], unique=False)
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
    op.create_table('parameter',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('key', sa.String(length=60), nullable=False, comment='参数'),
    sa.Column('value', sa.String(length=200), nullable=False, comment='值'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='生效日期'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='失效日期'),
    sa.Column('source', sa.String(length=120), nullable=False, comment='依据'),
    sa.Column('reason', sa.String(length=200), nullable=False, comment='修改理由'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('proposed_by', sa.Uuid(), nullable=True, comment='提出人'),
    sa.Column('confirmed_by', sa.Uuid(), nullable=True, comment='复核人'),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True, comment='复核时间'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_parameter_key'), 'parameter', ['key'], unique=False)
    op.create_index(op.f('ix_parameter_valid_from'), 'parameter', ['valid_from'], unique=False)
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
    op.create_table('partner',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('app_id', sa.String(length=32), nullable=False, comment='应用标识'),
    sa.Column('label', sa.String(length=60), nullable=False, comment='对接方名称'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='对接方类别'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('base_url', sa.String(length=200), nullable=False, comment='接口基址'),
    sa.Column('networks', sa.String(length=400), nullable=False, comment='来源网段'),
    sa.Column('scopes', sa.String(length=800), nullable=False, comment='接口权限'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('maintenance', sa.Boolean(), nullable=False, comment='维护模式'),
    sa.Column('maintenance_since', sa.DateTime(timezone=True), nullable=True, comment='维护开始时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('app_id')
    )
    op.create_index(op.f('ix_partner_enterprise_id'), 'partner', ['enterprise_id'], unique=False)
    op.create_table('partner_change',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('partner_id', sa.Uuid(), nullable=True, comment='对接方'),
    sa.Column('app_id', sa.String(length=32), nullable=False, comment='应用标识'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='变更类别'),
    sa.Column('wanted', sa.JSON(), nullable=False, comment='变更内容'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('proposed_by', sa.Uuid(), nullable=True, comment='提出人'),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False, comment='提出时间'),
    sa.Column('decided_by', sa.Uuid(), nullable=True, comment='确认人'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='确认时间'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_partner_change_app_id'), 'partner_change', ['app_id'], unique=False)
    op.create_index(op.f('ix_partner_change_partner_id'), 'partner_change', ['partner_id'], unique=False)
    op.create_index(op.f('ix_partner_change_state'), 'partner_change', ['state'], unique=False)
    op.create_table('partner_exchange',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('direction', sa.String(length=3), nullable=False, comment='方向'),
    sa.Column('app_id', sa.String(length=32), nullable=False, comment='应用标识'),
    sa.Column('system', sa.String(length=40), nullable=False, comment='对方系统'),
    sa.Column('operation', sa.String(length=80), nullable=False, comment='业务'),
    sa.Column('label', sa.String(length=60), nullable=False, comment='业务名称'),
    sa.Column('row_no', sa.BigInteger(), nullable=False, comment='需求行号'),
    sa.Column('request_id', sa.String(length=64), nullable=False, comment='请求号'),
    sa.Column('idempotency_key', sa.String(length=64), nullable=False, comment='幂等键'),
    sa.Column('business_key', sa.String(length=100), nullable=False, comment='业务号'),
    sa.Column('message_id', sa.String(length=40), nullable=False, comment='消息号'),
    sa.Column('outgoing_id', sa.Uuid(), nullable=True, comment='待发报文'),
    sa.Column('attempt', sa.BigInteger(), nullable=False, comment='第几次'),
    sa.Column('milliseconds', sa.BigInteger(), nullable=False, comment='耗时'),
    sa.Column('http_status', sa.BigInteger(), nullable=False, comment='应答状态'),
    sa.Column('code', sa.String(length=8), nullable=False, comment='应答码'),
    sa.Column('findings', sa.String(length=200), nullable=False, comment='核验结论'),
    sa.Column('replayed', sa.Boolean(), nullable=False, comment='重复请求'),
    sa.Column('source', sa.String(length=64), nullable=False, comment='来源网络'),
    sa.Column('detail', sa.String(length=200), nullable=False, comment='结果'),
    sa.Column('body_digest', sa.String(length=64), nullable=False, comment='请求摘要'),
    sa.Column('reply_digest', sa.String(length=64), nullable=False, comment='应答摘要'),
    sa.Column('payload', sa.Text(), nullable=True, comment='脱敏请求'),
    sa.Column('reply', sa.Text(), nullable=True, comment='脱敏应答'),
    sa.Column('receipt', sa.Text(), nullable=True, comment='双方凭据'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_partner_exchange_app_id'), 'partner_exchange', ['app_id'], unique=False)
    op.create_index(op.f('ix_partner_exchange_at'), 'partner_exchange', ['at'], unique=False)
    op.create_index(op.f('ix_partner_exchange_business_key'), 'partner_exchange', ['business_key'], unique=False)
    op.create_index(op.f('ix_partner_exchange_code'), 'partner_exchange', ['code'], unique=False)
    op.create_index(op.f('ix_partner_exchange_idempotency_key'), 'partner_exchange', ['idempotency_key'], unique=False)
    op.create_index(op.f('ix_partner_exchange_message_id'), 'partner_exchange', ['message_id'], unique=False)
    op.create_index(op.f('ix_partner_exchange_operation'), 'partner_exchange', ['operation'], unique=False)
    op.create_index(op.f('ix_partner_exchange_outgoing_id'), 'partner_exchange', ['outgoing_id'], unique=False)
    op.create_index(op.f('ix_partner_exchange_request_id'), 'partner_exchange', ['request_id'], unique=False)
    op.create_table('partner_nonce',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('app_id', sa.String(length=32), nullable=False, comment='应用标识'),
    sa.Column('nonce', sa.String(length=32), nullable=False, comment='随机数'),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False, comment='保留至'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('app_id', 'nonce')
    )
    op.create_index(op.f('ix_partner_nonce_until'), 'partner_nonce', ['until'], unique=False)
    op.create_table('partner_rate',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('app_id', sa.String(length=32), nullable=False, comment='应用标识'),
    sa.Column('tokens', sa.BigInteger(), nullable=False, comment='余量'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='计算时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('app_id')
    )
    op.create_table('partner_reply',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('app_id', sa.String(length=32), nullable=False, comment='应用标识'),
    sa.Column('method', sa.String(length=8), nullable=False, comment='方法'),
    sa.Column('path', sa.String(length=120), nullable=False, comment='接口'),
    sa.Column('idempotency_key', sa.String(length=64), nullable=False, comment='幂等键'),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('message_id', sa.String(length=40), nullable=True, comment='消息号'),
    sa.Column('reply', sa.Text(), nullable=False, comment='应答'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('app_id', 'message_id'),
    sa.UniqueConstraint('app_id', 'method', 'path', 'idempotency_key')
    )
    op.create_index(op.f('ix_partner_reply_at'), 'partner_reply', ['at'], unique=False)
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
    op.create_table('person_access',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('id_no_index', sa.String(length=96), nullable=False, comment='证件号码索引'),
    sa.Column('account_id', sa.Uuid(), nullable=True, comment='查看人'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='查看单位'),
    sa.Column('role', sa.String(length=32), nullable=False, comment='岗位'),
    sa.Column('partner', sa.String(length=64), nullable=False, comment='对接系统'),
    sa.Column('act', sa.String(length=60), nullable=False, comment='业务'),
    sa.Column('what', sa.String(length=32), nullable=False, comment='内容'),
    sa.Column('purpose', sa.Text(), nullable=True, comment='目的'),
    sa.Column('shown_as', sa.Text(), nullable=True, comment='证件号码（遮蔽）'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=True, comment='对象'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_person_access_account_id'), 'person_access', ['account_id'], unique=False)
    op.create_index(op.f('ix_person_access_at'), 'person_access', ['at'], unique=False)
    op.create_index(op.f('ix_person_access_object_id'), 'person_access', ['object_id'], unique=False)
    op.create_index('ix_person_access_of', 'person_access', ['id_no_index', 'at'], unique=False)
    op.create_table('person_grant',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('id_no_index', sa.String(length=96), nullable=False, comment='证件号码索引'),
    sa.Column('how', sa.String(length=20), nullable=False, comment='方式'),
    sa.Column('until_day', sa.Date(), nullable=False, comment='有效至'),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False, comment='授予时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account_id', 'id_no_index', 'until_day')
    )
    op.create_index(op.f('ix_person_grant_account_id'), 'person_grant', ['account_id'], unique=False)
    op.create_index(op.f('ix_person_grant_id_no_index'), 'person_grant', ['id_no_index'], unique=False)
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
    op.create_table('push_reason',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('push_id', sa.Uuid(), nullable=False, comment='报送件'),
    sa.Column('position', sa.BigInteger(), nullable=False, comment='序号'),
    sa.Column('code', sa.String(length=12), nullable=False, comment='规则'),
    sa.Column('severity', sa.String(length=12), nullable=False, comment='处理'),
    sa.Column('field', sa.String(length=60), nullable=False, comment='字段'),
    sa.Column('message', sa.String(length=300), nullable=False, comment='说明'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_push_reason_code'), 'push_reason', ['code'], unique=False)
    op.create_index(op.f('ix_push_reason_push_id'), 'push_reason', ['push_id'], unique=False)
    op.create_table('record_grant',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('object_kind', sa.String(length=32), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=False, comment='对象'),
    sa.Column('reason', sa.String(length=200), nullable=False, comment='依据'),
    sa.Column('until_day', sa.Date(), nullable=False, comment='有效至'),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False, comment='授予时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account_id', 'object_kind', 'object_id', 'until_day')
    )
    op.create_index(op.f('ix_record_grant_account_id'), 'record_grant', ['account_id'], unique=False)
    op.create_index(op.f('ix_record_grant_object_id'), 'record_grant', ['object_id'], unique=False)
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
    op.create_table('rent_reference',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('month_price', ScaledNumber(18, 2), nullable=False, comment='每平方米月租金'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='生效日期'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_rent_reference_street_code'), 'rent_reference', ['street_code'], unique=False)
    op.create_table('reveal',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('object_kind', sa.String(length=32), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=False, comment='对象'),
    sa.Column('field', sa.String(length=40), nullable=False, comment='字段'),
    sa.Column('reason', sa.Text(), nullable=False, comment='理由'),
    sa.Column('on_day', sa.Date(), nullable=False, comment='日期'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_reveal_account_id'), 'reveal', ['account_id'], unique=False)
    op.create_index(op.f('ix_reveal_object_id'), 'reveal', ['object_id'], unique=False)
    op.create_index(op.f('ix_reveal_on_day'), 'reveal', ['on_day'], unique=False)
    op.create_table('revision',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='类别'),
    sa.Column('record_id', sa.Uuid(), nullable=False, comment='记录'),
    sa.Column('record_no', sa.String(length=32), nullable=False, comment='业务编号'),
    sa.Column('version_no', sa.BigInteger(), nullable=False, comment='版次'),
    sa.Column('based_on', sa.BigInteger(), nullable=True, comment='基于版次'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('open_key', sa.String(length=36), nullable=True, comment='在途标识'),
    sa.Column('title', sa.Text(), nullable=False, comment='标题'),
    sa.Column('change_reason', sa.Text(), nullable=True, comment='变更原因'),
    sa.Column('source_mode', sa.String(length=32), nullable=False, comment='填报方式'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('head_company_id', sa.Uuid(), nullable=True, comment='总公司'),
    sa.Column('project_company_id', sa.Uuid(), nullable=True, comment='项目公司'),
    sa.Column('project_id', sa.Uuid(), nullable=True, comment='项目'),
    sa.Column('payload', sa.Text(), nullable=False, comment='内容'),
    sa.Column('source_snapshot', sa.Text(), nullable=True, comment='来源快照'),
    sa.Column('prefill_diff', sa.Text(), nullable=True, comment='与来源不一致'),
    sa.Column('rule_results', sa.Text(), nullable=True, comment='核验结果'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('author_id', sa.Uuid(), nullable=True, comment='起草人'),
    sa.Column('author_unit', sa.Uuid(), nullable=True, comment='起草单位'),
    sa.Column('submitted_by', sa.Uuid(), nullable=True, comment='提交人'),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True, comment='提交时间'),
    sa.Column('review_step', sa.BigInteger(), nullable=False, comment='审核层级'),
    sa.Column('review_due', sa.Date(), nullable=True, comment='审核期限'),
    sa.Column('taken_by', sa.Uuid(), nullable=True, comment='承办人'),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True, comment='承办时间'),
    sa.Column('assigned_to', sa.Uuid(), nullable=True, comment='指定审核人'),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True, comment='开始审核时间'),
    sa.Column('reviewed_by', sa.Uuid(), nullable=True, comment='审核人'),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True, comment='审核时间'),
    sa.Column('opinion', sa.Text(), nullable=True, comment='审核意见'),
    sa.Column('effective_from', sa.DateTime(timezone=True), nullable=True, comment='生效时间'),
    sa.Column('superseded_at', sa.DateTime(timezone=True), nullable=True, comment='失效时间'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('open_key'),
    sa.UniqueConstraint('record_id', 'version_no')
    )
    op.create_index(op.f('ix_revision_assigned_to'), 'revision', ['assigned_to'], unique=False)
    op.create_index(op.f('ix_revision_author_id'), 'revision', ['author_id'], unique=False)
    op.create_index(op.f('ix_revision_author_unit'), 'revision', ['author_unit'], unique=False)
    op.create_index(op.f('ix_revision_district_code'), 'revision', ['district_code'], unique=False)
    op.create_index(op.f('ix_revision_head_company_id'), 'revision', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_revision_kind'), 'revision', ['kind'], unique=False)
    op.create_index(op.f('ix_revision_project_company_id'), 'revision', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_revision_project_id'), 'revision', ['project_id'], unique=False)
    op.create_index(op.f('ix_revision_record_id'), 'revision', ['record_id'], unique=False)
    op.create_index(op.f('ix_revision_record_no'), 'revision', ['record_no'], unique=False)
    op.create_index(op.f('ix_revision_review_due'), 'revision', ['review_due'], unique=False)
    op.create_index(op.f('ix_revision_reviewed_by'), 'revision', ['reviewed_by'], unique=False)
    op.create_index(op.f('ix_revision_state'), 'revision', ['state'], unique=False)
    op.create_index(op.f('ix_revision_submitted_by'), 'revision', ['submitted_by'], unique=False)
    op.create_index(op.f('ix_revision_taken_by'), 'revision', ['taken_by'], unique=False)
    op.create_table('saved_filter',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('listing', sa.String(length=60), nullable=False, comment='清单'),
    sa.Column('title', sa.String(length=30), nullable=False, comment='名称'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='所有人'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='共享单位'),
    sa.Column('filters', sa.Text(), nullable=False, comment='查询条件'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account_id', 'listing', 'title'),
    info={'no_ledger': "how a user's own list looks, binds no record"}
    )
    op.create_index(op.f('ix_saved_filter_account_id'), 'saved_filter', ['account_id'], unique=False)
    op.create_index(op.f('ix_saved_filter_unit_id'), 'saved_filter', ['unit_id'], unique=False)
    op.create_table('spent_token',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='摘要'),
    sa.Column('kind', sa.String(length=12), nullable=False, comment='类别'),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False, comment='保留至'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('digest')
    )
    op.create_index(op.f('ix_spent_token_until'), 'spent_token', ['until'], unique=False)
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
    op.create_table('watch_mark',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('watch', sa.String(length=40), nullable=False, comment='监测'),
    sa.Column('seq', sa.BigInteger(), nullable=False, comment='审计序号'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('watch')
    )
    op.create_table('account',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('login', sa.String(length=64), nullable=False, comment='登录名'),
    sa.Column('login_key', sa.String(length=64), nullable=False, comment='登录名唯一键'),
    sa.Column('name', sa.Text(), nullable=False, comment='姓名'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='姓名索引'),
    sa.Column('id_no', sa.Text(), nullable=True, comment='身份证号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='身份证号码索引'),
    sa.Column('mobile', sa.Text(), nullable=True, comment='手机号'),
    sa.Column('mobile_index', sa.String(length=96), nullable=True, comment='手机号索引'),
    sa.Column('unit_id', sa.Uuid(), nullable=False, comment='所属单位'),
    sa.Column('window', sa.String(length=20), nullable=False, comment='窗口'),
    sa.Column('password', sa.Text(), nullable=False, comment='口令记录'),
    sa.Column('password_changed_at', sa.DateTime(timezone=True), nullable=False, comment='口令修改时间'),
    sa.Column('one_time_until', sa.DateTime(timezone=True), nullable=True, comment='初始口令有效至'),
    sa.Column('link_digest', sa.String(length=64), nullable=True, comment='首次口令链接摘要'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='有效期至'),
    sa.Column('sort', sa.String(length=32), nullable=False, comment='账号类别'),
    sa.Column('clearance', sa.String(length=32), nullable=False, comment='安全标记'),
    sa.Column('failures', sa.BigInteger(), nullable=False, comment='连续失败次数'),
    sa.Column('first_failure_at', sa.DateTime(timezone=True), nullable=True, comment='首次失败时间'),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True, comment='锁定至'),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True, comment='最近登录'),
    sa.Column('cert_fingerprint', sa.String(length=64), nullable=True, comment='证书指纹'),
    sa.Column('demo', sa.Boolean(), nullable=False, comment='演示账号'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('login_key')
    )
    op.create_index(op.f('ix_account_id_no_index'), 'account', ['id_no_index'], unique=False)
    op.create_index(op.f('ix_account_link_digest'), 'account', ['link_digest'], unique=True)
    op.create_index(op.f('ix_account_mobile_index'), 'account', ['mobile_index'], unique=False)
    op.create_index(op.f('ix_account_name_index'), 'account', ['name_index'], unique=False)
    op.create_index(op.f('ix_account_unit_id'), 'account', ['unit_id'], unique=False)
    op.create_table('alert_action',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('alert_id', sa.Uuid(), nullable=False, comment='预警'),
    sa.Column('act', sa.String(length=32), nullable=False, comment='事项'),
    sa.Column('grade', sa.String(length=32), nullable=False, comment='当时级别'),
    sa.Column('by_account', sa.Uuid(), nullable=True, comment='办理人'),
    sa.Column('by_unit', sa.Uuid(), nullable=True, comment='办理单位'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('said', sa.Text(), nullable=True, comment='内容'),
    sa.ForeignKeyConstraint(['alert_id'], ['alert.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_alert_action_alert_id'), 'alert_action', ['alert_id'], unique=False)
    op.create_index(op.f('ix_alert_action_at'), 'alert_action', ['at'], unique=False)
    op.create_index(op.f('ix_alert_action_by_account'), 'alert_action', ['by_account'], unique=False)
    op.create_index(op.f('ix_alert_action_by_unit'), 'alert_action', ['by_unit'], unique=False)
    op.create_table('brand',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('short_name', sa.String(length=12), nullable=False, comment='企业简称'),
    sa.Column('logo_digest', sa.String(length=64), nullable=False, comment='图标 SM3 摘要'),
    sa.Column('logo_side', sa.BigInteger(), nullable=False, comment='图标边长'),
    sa.Column('logo', sa.LargeBinary(), nullable=False, comment='图标（f1 密文）'),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True, comment='提交时间'),
    sa.Column('submitted_by', sa.Uuid(), nullable=True, comment='提交人'),
    sa.Column('taken_by', sa.Uuid(), nullable=True, comment='领取人'),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True, comment='领取时间'),
    sa.Column('reviewer_id', sa.Uuid(), nullable=True, comment='审核人'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='审核时间'),
    sa.Column('opinion', sa.Text(), nullable=True, comment='审核意见'),
    sa.Column('in_force', sa.String(length=24), nullable=True, comment='在用简称'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_brand_district_code'), 'brand', ['district_code'], unique=False)
    op.create_index(op.f('ix_brand_enterprise_id'), 'brand', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_brand_state'), 'brand', ['state'], unique=False)
    op.create_index(op.f('ix_brand_street_code'), 'brand', ['street_code'], unique=False)
    op.create_index(op.f('ix_brand_taken_by'), 'brand', ['taken_by'], unique=False)
    op.create_index('ux_brand_in_force', 'brand', ['in_force'], unique=True)
    op.create_table('broker_push',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('app_id', sa.String(length=32), nullable=False, comment='对接系统'),
    sa.Column('batch_id', sa.Uuid(), nullable=False, comment='批次'),
    sa.Column('position', sa.BigInteger(), nullable=False, comment='批内序号'),
    sa.Column('member_uscc', sa.String(length=18), nullable=False, comment='会员统一社会信用代码'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='会员企业'),
    sa.Column('own_no', sa.String(length=80), nullable=False, comment='会员自编号'),
    sa.Column('attempt', sa.BigInteger(), nullable=False, comment='报送次数'),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='内容摘要'),
    sa.Column('contract_key', sa.String(length=64), nullable=False, comment='合同特征'),
    sa.Column('contract_id', sa.Uuid(), nullable=True, comment='合同'),
    sa.Column('case_id', sa.Uuid(), nullable=True, comment='办件'),
    sa.Column('filing_id', sa.Uuid(), nullable=True, comment='备案'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('month', sa.String(length=7), nullable=False, comment='报送月份'),
    sa.Column('signed_on', sa.Date(), nullable=True, comment='签订日期'),
    sa.Column('late_days', sa.BigInteger(), nullable=False, comment='逾期天数'),
    sa.Column('month_rent', ScaledNumber(18, 2), nullable=True, comment='月租金'),
    sa.Column('leased_area', ScaledNumber(14, 4), nullable=True, comment='租赁面积'),
    sa.Column('rent_unusual', sa.Boolean(), nullable=False, comment='租金异常'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.ForeignKeyConstraint(['batch_id'], ['broker_batch.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('app_id', 'member_uscc', 'own_no', 'attempt')
    )
    op.create_index(op.f('ix_broker_push_batch_id'), 'broker_push', ['batch_id'], unique=False)
    op.create_index(op.f('ix_broker_push_case_id'), 'broker_push', ['case_id'], unique=False)
    op.create_index(op.f('ix_broker_push_contract_id'), 'broker_push', ['contract_id'], unique=False)
    op.create_index(op.f('ix_broker_push_contract_key'), 'broker_push', ['contract_key'], unique=False)
    op.create_index(op.f('ix_broker_push_district_code'), 'broker_push', ['district_code'], unique=False)
    op.create_index(op.f('ix_broker_push_enterprise_id'), 'broker_push', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_broker_push_filing_id'), 'broker_push', ['filing_id'], unique=False)
    op.create_index(op.f('ix_broker_push_member_uscc'), 'broker_push', ['member_uscc'], unique=False)
    op.create_index(op.f('ix_broker_push_month'), 'broker_push', ['month'], unique=False)
    op.create_index(op.f('ix_broker_push_received_at'), 'broker_push', ['received_at'], unique=False)
    op.create_index(op.f('ix_broker_push_state'), 'broker_push', ['state'], unique=False)
    op.create_index(op.f('ix_broker_push_street_code'), 'broker_push', ['street_code'], unique=False)
    op.create_table('card_apply',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('apply_no', sa.String(length=40), nullable=False, comment='申请编号'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='申请类别'),
    sa.Column('channel', sa.String(length=32), nullable=False, comment='申请方式'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('batch_id', sa.Uuid(), nullable=True, comment='导入批次'),
    sa.Column('practitioner_id', sa.Uuid(), nullable=True, comment='从业人员'),
    sa.Column('card_id', sa.Uuid(), nullable=True, comment='信息卡'),
    sa.Column('id_no', sa.Text(), nullable=False, comment='证件号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='证件号码索引'),
    sa.Column('name', sa.Text(), nullable=False, comment='姓名'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='姓名索引'),
    sa.Column('before', sa.Text(), nullable=True, comment='原信息'),
    sa.Column('after', sa.Text(), nullable=True, comment='申请信息'),
    sa.Column('portrait_id', sa.Uuid(), nullable=True, comment='照片'),
    sa.Column('two_factor', sa.String(length=32), nullable=False, comment='二要素核验'),
    sa.Column('blacklist', sa.String(length=32), nullable=False, comment='黑名单核验'),
    sa.Column('findings', sa.Text(), nullable=True, comment='核验结果'),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True, comment='核验时间'),
    sa.Column('check_again_at', sa.DateTime(timezone=True), nullable=True, comment='下次核验时间'),
    sa.Column('attempts', sa.BigInteger(), nullable=False, comment='核验次数'),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True, comment='提交时间'),
    sa.Column('submitted_by', sa.Uuid(), nullable=True, comment='提交人'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='受理单位'),
    sa.Column('taken_by', sa.Uuid(), nullable=True, comment='领取人'),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True, comment='领取时间'),
    sa.Column('inspector_id', sa.Uuid(), nullable=True, comment='验看人'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='验看时间'),
    sa.Column('opinion', sa.Text(), nullable=True, comment='验看意见'),
    sa.Column('cancel_reason', sa.String(length=32), nullable=True, comment='注销原因'),
    sa.Column('card_read_at', sa.DateTime(timezone=True), nullable=True, comment='读卡时间'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('apply_no')
    )
    op.create_index(op.f('ix_card_apply_batch_id'), 'card_apply', ['batch_id'], unique=False)
    op.create_index(op.f('ix_card_apply_card_id'), 'card_apply', ['card_id'], unique=False)
    op.create_index(op.f('ix_card_apply_check_again_at'), 'card_apply', ['check_again_at'], unique=False)
    op.create_index(op.f('ix_card_apply_district_code'), 'card_apply', ['district_code'], unique=False)
    op.create_index(op.f('ix_card_apply_enterprise_id'), 'card_apply', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_card_apply_id_no_index'), 'card_apply', ['id_no_index'], unique=False)
    op.create_index(op.f('ix_card_apply_name_index'), 'card_apply', ['name_index'], unique=False)
    op.create_index(op.f('ix_card_apply_practitioner_id'), 'card_apply', ['practitioner_id'], unique=False)
    op.create_index(op.f('ix_card_apply_state'), 'card_apply', ['state'], unique=False)
    op.create_index(op.f('ix_card_apply_street_code'), 'card_apply', ['street_code'], unique=False)
    op.create_index(op.f('ix_card_apply_submitted_at'), 'card_apply', ['submitted_at'], unique=False)
    op.create_index(op.f('ix_card_apply_taken_by'), 'card_apply', ['taken_by'], unique=False)
    op.create_index(op.f('ix_card_apply_unit_id'), 'card_apply', ['unit_id'], unique=False)
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
    op.create_table('company_change',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('company_type', sa.String(length=32), nullable=False, comment='企业类别'),
    sa.Column('company_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('snapshot_id', sa.Uuid(), nullable=False, comment='快照'),
    sa.Column('field_path', sa.String(length=120), nullable=False, comment='变更项'),
    sa.Column('label', sa.String(length=80), nullable=False, comment='变更事项'),
    sa.Column('before', sa.Text(), nullable=False, comment='变更前'),
    sa.Column('after', sa.Text(), nullable=False, comment='变更后'),
    sa.Column('detected_at', sa.DateTime(timezone=True), nullable=False, comment='发现时间'),
    sa.Column('effective_on', sa.Date(), nullable=True, comment='登记变更日期'),
    sa.Column('rule_code', sa.String(length=20), nullable=False, comment='规则'),
    sa.Column('alert_id', sa.Uuid(), nullable=True, comment='预警'),
    sa.Column('undone_on', sa.Date(), nullable=True, comment='撤回日期'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='所属区'),
    sa.Column('head_company_id', sa.Uuid(), nullable=True, comment='总公司'),
    sa.Column('project_company_id', sa.Uuid(), nullable=True, comment='项目公司'),
    sa.ForeignKeyConstraint(['snapshot_id'], ['company_snapshot.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_company_change_alert_id'), 'company_change', ['alert_id'], unique=False)
    op.create_index(op.f('ix_company_change_company_id'), 'company_change', ['company_id'], unique=False)
    op.create_index(op.f('ix_company_change_detected_at'), 'company_change', ['detected_at'], unique=False)
    op.create_index(op.f('ix_company_change_district_code'), 'company_change', ['district_code'], unique=False)
    op.create_index(op.f('ix_company_change_field_path'), 'company_change', ['field_path'], unique=False)
    op.create_index(op.f('ix_company_change_head_company_id'), 'company_change', ['head_company_id'], unique=False)
    op.create_index(op.f('ix_company_change_project_company_id'), 'company_change', ['project_company_id'], unique=False)
    op.create_index(op.f('ix_company_change_snapshot_id'), 'company_change', ['snapshot_id'], unique=False)
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
    op.create_table('info_card',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('public_mac', sa.String(length=80), nullable=True, comment='公开核验校验值'),
    sa.Column('card_no', sa.String(length=40), nullable=False, comment='信息卡编号'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('practitioner_id', sa.Uuid(), nullable=True, comment='从业人员'),
    sa.Column('name', sa.Text(), nullable=False, comment='姓名'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='姓名索引'),
    sa.Column('id_no', sa.Text(), nullable=True, comment='证件号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='证件号码索引'),
    sa.Column('live', sa.BigInteger(), nullable=True, comment='在用'),
    sa.Column('duty', sa.String(length=40), nullable=False, comment='从业类型'),
    sa.Column('origin', sa.String(length=32), nullable=False, comment='来源'),
    sa.Column('portrait_id', sa.Uuid(), nullable=True, comment='照片'),
    sa.Column('token', sa.Text(), nullable=True, comment='二维码内容'),
    sa.Column('token_digest', sa.String(length=64), nullable=True, comment='二维码摘要'),
    sa.Column('public', sa.Text(), nullable=True, comment='公开核验内容'),
    sa.Column('issued_on', sa.Date(), nullable=True, comment='制卡日期'),
    sa.Column('active_from', sa.Date(), nullable=True, comment='激活日期'),
    sa.Column('cancelled_on', sa.Date(), nullable=True, comment='注销日期'),
    sa.Column('cancel_reason', sa.String(length=32), nullable=True, comment='注销原因'),
    sa.Column('pause', sa.String(length=32), nullable=True, comment='暂停原因'),
    sa.Column('checked_on', sa.Date(), nullable=True, comment='最近核验日期'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True, comment='最近变动时间'),
    sa.Column('event_at', sa.DateTime(timezone=True), nullable=True, comment='事件时间'),
    sa.Column('physical_made', sa.Boolean(), nullable=False, comment='已制实体卡'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('card_no'),
    info={'public_columns': ('card_no', 'state', 'public', 'token_digest')}
    )
    op.create_index(op.f('ix_info_card_changed_at'), 'info_card', ['changed_at'], unique=False)
    op.create_index(op.f('ix_info_card_checked_on'), 'info_card', ['checked_on'], unique=False)
    op.create_index(op.f('ix_info_card_enterprise_id'), 'info_card', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_info_card_id_no_index'), 'info_card', ['id_no_index'], unique=False)
    op.create_index(op.f('ix_info_card_name_index'), 'info_card', ['name_index'], unique=False)
    op.create_index(op.f('ix_info_card_practitioner_id'), 'info_card', ['practitioner_id'], unique=False)
    op.create_index(op.f('ix_info_card_state'), 'info_card', ['state'], unique=False)
    op.create_index(op.f('ix_info_card_token_digest'), 'info_card', ['token_digest'], unique=True)
    op.create_index('ux_info_card_live', 'info_card', ['id_no_index', 'live'], unique=True)
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
    op.create_table('partner_key',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('partner_id', sa.Uuid(), nullable=False, comment='对接方'),
    sa.Column('kid', sa.String(length=40), nullable=False, comment='密钥标识'),
    sa.Column('use', sa.String(length=32), nullable=False, comment='用途'),
    sa.Column('public_key', sa.String(length=130), nullable=False, comment='公钥'),
    sa.Column('valid_from', sa.DateTime(timezone=True), nullable=False, comment='生效时间'),
    sa.Column('valid_to', sa.DateTime(timezone=True), nullable=False, comment='失效时间'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True, comment='撤销时间'),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('partner_id', 'kid')
    )
    op.create_index(op.f('ix_partner_key_partner_id'), 'partner_key', ['partner_id'], unique=False)
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
    op.create_table('portrait',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SM3 摘要'),
    sa.Column('width', sa.BigInteger(), nullable=False, comment='宽'),
    sa.Column('height', sa.BigInteger(), nullable=False, comment='高'),
    sa.Column('content', sa.LargeBinary(), nullable=False, comment='照片（f1 密文）'),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False, comment='上传时间'),
    sa.Column('face', sa.String(length=32), nullable=True, comment='人脸检测'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_portrait_enterprise_id'), 'portrait', ['enterprise_id'], unique=False)
    op.create_table('practitioner',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='企业'),
    sa.Column('name', sa.Text(), nullable=False, comment='姓名'),
    sa.Column('name_index', sa.String(length=96), nullable=True, comment='姓名索引'),
    sa.Column('id_type', sa.String(length=4), nullable=False, comment='证件类型'),
    sa.Column('id_no', sa.Text(), nullable=False, comment='证件号码'),
    sa.Column('id_no_index', sa.String(length=96), nullable=True, comment='证件号码索引'),
    sa.Column('gender', sa.Text(), nullable=True, comment='性别'),
    sa.Column('birthday', sa.Text(), nullable=True, comment='出生日期'),
    sa.Column('mobile', sa.Text(), nullable=True, comment='手机号'),
    sa.Column('mobile_index', sa.String(length=96), nullable=True, comment='手机号索引'),
    sa.Column('education', sa.Text(), nullable=True, comment='学历'),
    sa.Column('qualification', sa.String(length=40), nullable=False, comment='职业资格'),
    sa.Column('qualification_no', sa.String(length=40), nullable=False, comment='职业资格证书编号'),
    sa.Column('post', sa.String(length=20), nullable=False, comment='岗位'),
    sa.Column('store', sa.String(length=60), nullable=False, comment='门店'),
    sa.Column('hired_on', sa.Date(), nullable=True, comment='入职日期'),
    sa.Column('contract_from', sa.Date(), nullable=True, comment='劳动合同起'),
    sa.Column('contract_to', sa.Date(), nullable=True, comment='劳动合同止'),
    sa.Column('insured', sa.Boolean(), nullable=False, comment='已缴社会保险'),
    sa.Column('note', sa.Text(), nullable=True, comment='备注'),
    sa.Column('photo_id', sa.Uuid(), nullable=True, comment='照片'),
    sa.Column('left_on', sa.Date(), nullable=True, comment='离职日期'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('enterprise_id', 'id_no_index')
    )
    op.create_index(op.f('ix_practitioner_district_code'), 'practitioner', ['district_code'], unique=False)
    op.create_index(op.f('ix_practitioner_enterprise_id'), 'practitioner', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_practitioner_id_no_index'), 'practitioner', ['id_no_index'], unique=False)
    op.create_index(op.f('ix_practitioner_mobile_index'), 'practitioner', ['mobile_index'], unique=False)
    op.create_index(op.f('ix_practitioner_name_index'), 'practitioner', ['name_index'], unique=False)
    op.create_index(op.f('ix_practitioner_street_code'), 'practitioner', ['street_code'], unique=False)
    op.create_table('print_log',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('document_id', sa.Uuid(), nullable=False, comment='文书'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='打印人'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('on_day', sa.Date(), nullable=False, comment='日期'),
    sa.Column('copy_no', sa.BigInteger(), nullable=False, comment='第几次'),
    sa.Column('printer', sa.String(length=60), nullable=False, comment='打印机'),
    sa.Column('purpose', sa.String(length=60), nullable=False, comment='用途'),
    sa.Column('requester', sa.Text(), nullable=True, comment='申领人'),
    sa.ForeignKeyConstraint(['document_id'], ['issued_document.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_print_log_account_id'), 'print_log', ['account_id'], unique=False)
    op.create_index(op.f('ix_print_log_document_id'), 'print_log', ['document_id'], unique=False)
    op.create_index(op.f('ix_print_log_on_day'), 'print_log', ['on_day'], unique=False)
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
    op.create_table('revision_file',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('revision_id', sa.Uuid(), nullable=False, comment='版本'),
    sa.Column('attachment_id', sa.Uuid(), nullable=False, comment='附件'),
    sa.Column('slot', sa.String(length=40), nullable=False, comment='附件栏'),
    sa.Column('place', sa.BigInteger(), nullable=False, comment='序号'),
    sa.ForeignKeyConstraint(['attachment_id'], ['attachment.id'], initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_revision_file_attachment_id'), 'revision_file', ['attachment_id'], unique=False)
    op.create_index(op.f('ix_revision_file_revision_id'), 'revision_file', ['revision_id'], unique=False)
    op.create_table('revision_step',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('revision_id', sa.Uuid(), nullable=False, comment='版本'),
    sa.Column('level', sa.String(length=20), nullable=False, comment='环节'),
    sa.Column('verdict', sa.String(length=32), nullable=False, comment='结果'),
    sa.Column('by_account', sa.Uuid(), nullable=True, comment='办理人'),
    sa.Column('by_unit', sa.Uuid(), nullable=True, comment='办理单位'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('opinion', sa.Text(), nullable=True, comment='意见'),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_revision_step_at'), 'revision_step', ['at'], unique=False)
    op.create_index(op.f('ix_revision_step_by_account'), 'revision_step', ['by_account'], unique=False)
    op.create_index(op.f('ix_revision_step_by_unit'), 'revision_step', ['by_unit'], unique=False)
    op.create_index(op.f('ix_revision_step_revision_id'), 'revision_step', ['revision_id'], unique=False)
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
    op.create_table('account_role',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('role', sa.String(length=32), nullable=False, comment='角色'),
    sa.Column('scope_kind', sa.String(length=32), nullable=False, comment='数据范围类别'),
    sa.Column('scope_code', sa.String(length=64), nullable=False, comment='数据范围'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='生效日期'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='失效日期'),
    sa.Column('reason', sa.String(length=200), nullable=False, comment='授权依据'),
    sa.Column('policy_id', sa.Uuid(), nullable=True, comment='委托开户策略'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='收回时间'),
    sa.Column('end_reason', sa.String(length=200), nullable=False, comment='收回原因'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_account_role_account_id'), 'account_role', ['account_id'], unique=False)
    op.create_index(op.f('ix_account_role_policy_id'), 'account_role', ['policy_id'], unique=False)
    op.create_table('cancel_apply',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('apply_no', sa.String(length=40), nullable=False, comment='申请编号'),
    sa.Column('case_id', sa.Uuid(), nullable=True, comment='办件'),
    sa.Column('contract_id', sa.Uuid(), nullable=False, comment='合同'),
    sa.Column('filing_id', sa.Uuid(), nullable=True, comment='备案'),
    sa.Column('mode', sa.String(length=32), nullable=False, comment='申请方式'),
    sa.Column('reason', sa.String(length=32), nullable=False, comment='注销原因'),
    sa.Column('terminated_on', sa.Date(), nullable=False, comment='合同终止日期'),
    sa.Column('applicants', sa.Text(), nullable=False, comment='申请人'),
    sa.Column('note', sa.Text(), nullable=True, comment='说明'),
    sa.Column('agreement_digest', sa.String(length=64), nullable=False, comment='解约协议摘要'),
    sa.Column('commitment_digest', sa.String(length=64), nullable=False, comment='书面承诺摘要'),
    sa.Column('court_digest', sa.String(length=64), nullable=False, comment='司法文书摘要'),
    sa.Column('notified_at', sa.DateTime(timezone=True), nullable=True, comment='告知对方时间'),
    sa.Column('objection_until', sa.Date(), nullable=True, comment='异议截止'),
    sa.Column('objection', sa.Text(), nullable=True, comment='对方异议'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='受理单位'),
    sa.Column('clerk_id', sa.Uuid(), nullable=True, comment='经办人'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='办结时间'),
    sa.Column('decided_by', sa.Uuid(), nullable=True, comment='办结人'),
    sa.Column('restored_at', sa.DateTime(timezone=True), nullable=True, comment='恢复时间'),
    sa.ForeignKeyConstraint(['contract_id'], ['lease_contract.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('apply_no')
    )
    op.create_index(op.f('ix_cancel_apply_case_id'), 'cancel_apply', ['case_id'], unique=False)
    op.create_index(op.f('ix_cancel_apply_clerk_id'), 'cancel_apply', ['clerk_id'], unique=False)
    op.create_index(op.f('ix_cancel_apply_contract_id'), 'cancel_apply', ['contract_id'], unique=False)
    op.create_index(op.f('ix_cancel_apply_district_code'), 'cancel_apply', ['district_code'], unique=False)
    op.create_index(op.f('ix_cancel_apply_filing_id'), 'cancel_apply', ['filing_id'], unique=False)
    op.create_index(op.f('ix_cancel_apply_state'), 'cancel_apply', ['state'], unique=False)
    op.create_index(op.f('ix_cancel_apply_street_code'), 'cancel_apply', ['street_code'], unique=False)
    op.create_index(op.f('ix_cancel_apply_unit_id'), 'cancel_apply', ['unit_id'], unique=False)
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
    op.create_table('certificate_binding',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='证书指纹'),
    sa.Column('issuer', sa.String(length=200), nullable=False, comment='颁发者'),
    sa.Column('serial', sa.String(length=80), nullable=False, comment='证书序列号'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('proposed_by', sa.Uuid(), nullable=True, comment='提出人'),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False, comment='提出时间'),
    sa.Column('decided_by', sa.Uuid(), nullable=True, comment='确认人'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='确认时间'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_certificate_binding_account_id'), 'certificate_binding', ['account_id'], unique=False)
    op.create_index(op.f('ix_certificate_binding_fingerprint'), 'certificate_binding', ['fingerprint'], unique=False)
    op.create_index(op.f('ix_certificate_binding_state'), 'certificate_binding', ['state'], unique=False)
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
    op.create_table('occupied_list',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('app_id', sa.String(length=32), nullable=False, comment='对接系统'),
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('as_of', sa.Date(), nullable=False, comment='在住日期'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='接收时间'),
    sa.Column('rooms', sa.JSON(), nullable=False, comment='在住房间'),
    sa.ForeignKeyConstraint(['project_id'], ['central_project.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('project_id', 'as_of')
    )
    op.create_index(op.f('ix_occupied_list_as_of'), 'occupied_list', ['as_of'], unique=False)
    op.create_index(op.f('ix_occupied_list_district_code'), 'occupied_list', ['district_code'], unique=False)
    op.create_index(op.f('ix_occupied_list_project_id'), 'occupied_list', ['project_id'], unique=False)
    op.create_index(op.f('ix_occupied_list_street_code'), 'occupied_list', ['street_code'], unique=False)
    op.create_table('old_password',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('password', sa.Text(), nullable=False, comment='口令记录'),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False, comment='设置时间'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_old_password_account_id'), 'old_password', ['account_id'], unique=False)
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
    op.create_table('reauthentication',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('session', sa.String(length=64), nullable=False, comment='会话摘要'),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True, comment='确认时间'),
    sa.Column('failures', sa.BigInteger(), nullable=False, comment='连续失败次数'),
    sa.Column('blocked_until', sa.DateTime(timezone=True), nullable=True, comment='暂停至'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_reauthentication_account_id'), 'reauthentication', ['account_id'], unique=True)
    op.create_table('sign_in_session',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='会话摘要'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='账号'),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False, comment='登录时间'),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False, comment='最近活动'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='结束时间'),
    sa.Column('end_reason', sa.String(length=20), nullable=False, comment='结束原因'),
    sa.Column('address', sa.String(length=64), nullable=False, comment='登录地址'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('digest'),
    info={'mac_skips': ('seen_at',)}
    )
    op.create_index(op.f('ix_sign_in_session_account_id'), 'sign_in_session', ['account_id'], unique=False)
    op.create_table('stay_difference',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='差异'),
    sa.Column('room_no', sa.String(length=40), nullable=False, comment='房号'),
    sa.Column('bed', sa.String(length=20), nullable=False, comment='床位'),
    sa.Column('checkin_no', sa.String(length=64), nullable=False, comment='入住编号'),
    sa.Column('filing_id', sa.Uuid(), nullable=True, comment='备案'),
    sa.Column('detail', sa.String(length=120), nullable=False, comment='说明'),
    sa.Column('found_on', sa.Date(), nullable=False, comment='发现日期'),
    sa.Column('closed_on', sa.Date(), nullable=True, comment='消除日期'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.ForeignKeyConstraint(['project_id'], ['central_project.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_stay_difference_district_code'), 'stay_difference', ['district_code'], unique=False)
    op.create_index(op.f('ix_stay_difference_filing_id'), 'stay_difference', ['filing_id'], unique=False)
    op.create_index(op.f('ix_stay_difference_kind'), 'stay_difference', ['kind'], unique=False)
    op.create_index(op.f('ix_stay_difference_project_id'), 'stay_difference', ['project_id'], unique=False)
    op.create_index(op.f('ix_stay_difference_state'), 'stay_difference', ['state'], unique=False)
    op.create_index(op.f('ix_stay_difference_street_code'), 'stay_difference', ['street_code'], unique=False)
    op.create_table('task_delegation',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('from_account', sa.Uuid(), nullable=False, comment='委托人'),
    sa.Column('to_account', sa.Uuid(), nullable=False, comment='受托人'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='开始日期'),
    sa.Column('valid_to', sa.Date(), nullable=False, comment='结束日期'),
    sa.Column('reason', sa.Text(), nullable=True, comment='原因'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='收回时间'),
    sa.ForeignKeyConstraint(['from_account'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['to_account'], ['account.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_task_delegation_from_account'), 'task_delegation', ['from_account'], unique=False)
    op.create_index(op.f('ix_task_delegation_to_account'), 'task_delegation', ['to_account'], unique=False)
    op.create_index(op.f('ix_task_delegation_valid_to'), 'task_delegation', ['valid_to'], unique=False)
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
    create_triggers(op.get_bind())

