"""Tables of `models/keys.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
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
