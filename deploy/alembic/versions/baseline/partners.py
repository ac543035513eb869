"""Tables of `models/partners.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
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
