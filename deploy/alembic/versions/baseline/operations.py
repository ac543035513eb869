"""Tables of `models/operations.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
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
    op.create_table('flow_report',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('week_start', sa.Date(), nullable=False, comment='周起始日'),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False, comment='生成时间'),
    sa.Column('lines', sa.JSON(), nullable=False, comment='统计'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_flow_report_week_start'), 'flow_report', ['week_start'], unique=False)
    op.create_table('watch_mark',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('watch', sa.String(length=40), nullable=False, comment='监测'),
    sa.Column('seq', sa.BigInteger(), nullable=False, comment='审计序号'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('watch')
    )
