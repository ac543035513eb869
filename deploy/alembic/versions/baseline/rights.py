"""Tables of `models/rights.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
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
