"""a card's code lies sealed"""

import sqlalchemy as sa
from alembic import op


revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # No installation has cards with a code yet: those of revision 0020 came with the same release.
    op.drop_column("info_card", "token")
    op.add_column("info_card", sa.Column("token", sa.Text(), nullable=True, comment="二维码内容"))
