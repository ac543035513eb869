"""Tables of `models/sign_in.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('spent_token',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='摘要'),
    sa.Column('kind', sa.String(length=12), nullable=False, comment='类别'),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False, comment='保留至'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('digest')
    )
    op.create_index(op.f('ix_spent_token_until'), 'spent_token', ['until'], unique=False)
