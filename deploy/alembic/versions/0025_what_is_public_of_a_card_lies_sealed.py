"""what is public of a card lies sealed"""

import sqlalchemy as sa
from alembic import op


revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # As with the code in revision 0024: no installation has cards that say something yet.
    op.drop_column("info_card", "public")
    op.add_column("info_card", sa.Column("public", sa.Text(), nullable=True, comment="公开核验内容"))
