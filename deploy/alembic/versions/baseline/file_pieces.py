"""Tables of `models/file_pieces.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
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
