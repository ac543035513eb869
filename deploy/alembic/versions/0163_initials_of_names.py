"""Keep the pinyin initials of names, by which lists find them (issue 19)."""

import sqlalchemy as sa
from alembic import op

revision = '0163'
down_revision = '0173'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('card_apply', sa.Column('name_letters_index', sa.String(length=96), nullable=True, comment='姓名首字母索引'))
    op.create_index(op.f('ix_card_apply_name_letters_index'), 'card_apply', ['name_letters_index'], unique=False)
    op.add_column('central_project', sa.Column('name_letters', sa.String(length=80), nullable=True, comment='项目名称首字母'))
    op.add_column('enterprise', sa.Column('name_letters', sa.String(length=100), nullable=True, comment='企业名称首字母'))
    op.add_column('group_company', sa.Column('name_letters', sa.String(length=200), nullable=True, comment='企业名称首字母'))
    op.add_column('head_company', sa.Column('name_letters', sa.String(length=200), nullable=True, comment='企业名称首字母'))
    op.add_column('info_card', sa.Column('name_letters_index', sa.String(length=96), nullable=True, comment='姓名首字母索引'))
    op.create_index(op.f('ix_info_card_name_letters_index'), 'info_card', ['name_letters_index'], unique=False)
    op.add_column('project', sa.Column('name_letters', sa.String(length=200), nullable=True, comment='项目名称首字母'))
    op.add_column('project_company', sa.Column('name_letters', sa.String(length=200), nullable=True, comment='企业名称首字母'))

