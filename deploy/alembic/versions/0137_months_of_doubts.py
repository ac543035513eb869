"""months of doubts"""

import sqlalchemy as sa
from alembic import op


revision = '0137'
down_revision = '0136'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('supply_doubt', sa.Column('from_month', sa.BigInteger(), server_default='0', nullable=False, comment='起始月份序号'))
    op.add_column('supply_doubt', sa.Column('to_month', sa.BigInteger(), nullable=True, comment='终止月份序号'))
    op.create_index(op.f('ix_supply_doubt_to_month'), 'supply_doubt', ['to_month'], unique=False)
    # The doubts of past months come with the next building of each project's sums.
    op.execute(sa.text("UPDATE supply_project SET stale = true"))


def downgrade() -> None:
    op.drop_index(op.f('ix_supply_doubt_to_month'), table_name='supply_doubt')
    op.drop_column('supply_doubt', 'to_month')
    op.drop_column('supply_doubt', 'from_month')
