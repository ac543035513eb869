"""The first tables, part 6 of 6: confirmation, filing_part."""

import sqlalchemy as sa
from alembic import op
from models.dialect import create_triggers

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('confirmation',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('contract_id', sa.Uuid(), nullable=False, comment='合同'),
    sa.Column('party_id', sa.Uuid(), nullable=False, comment='当事人'),
    sa.Column('text_version', sa.BigInteger(), nullable=False, comment='文本版本'),
    sa.Column('text_digest', sa.String(length=64), nullable=False, comment='文本摘要'),
    sa.Column('way', sa.String(length=20), nullable=False, comment='确认方式'),
    sa.Column('card_read', sa.Boolean(), nullable=False, comment='已读取证件'),
    sa.Column('signature', sa.Text(), nullable=True, comment='签名'),
    sa.Column('signature_digest', sa.String(length=64), nullable=False, comment='签名摘要'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('clerk_id', sa.Uuid(), nullable=True, comment='经办人'),
    sa.ForeignKeyConstraint(['contract_id'], ['lease_contract.id'], initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['party_id'], ['contract_party.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('party_id', 'text_version')
    )
    op.create_index(op.f('ix_confirmation_clerk_id'), 'confirmation', ['clerk_id'], unique=False)
    op.create_index(op.f('ix_confirmation_contract_id'), 'confirmation', ['contract_id'], unique=False)
    op.create_index(op.f('ix_confirmation_party_id'), 'confirmation', ['party_id'], unique=False)
    op.create_table('filing_part',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('filing_id', sa.Uuid(), nullable=False, comment='备案'),
    sa.Column('house_id', sa.Uuid(), nullable=False, comment='房屋'),
    sa.Column('part_key', sa.String(length=20), nullable=False, comment='部位'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='起'),
    sa.Column('valid_to', sa.Date(), nullable=False, comment='止'),
    sa.Column('holds', sa.Boolean(), nullable=False, comment='占用'),
    sa.Column('persons', sa.BigInteger(), nullable=False, comment='居住人数'),
    sa.ForeignKeyConstraint(['filing_id'], ['lease_filing.id'], initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['house_id'], ['house.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('filing_id', 'part_key')
    )
    op.create_index(op.f('ix_filing_part_filing_id'), 'filing_part', ['filing_id'], unique=False)
    op.create_index(op.f('ix_filing_part_house_id'), 'filing_part', ['house_id'], unique=False)
    create_triggers(op.get_bind())


def downgrade() -> None:
    op.drop_index(op.f('ix_filing_part_house_id'), table_name='filing_part')
    op.drop_index(op.f('ix_filing_part_filing_id'), table_name='filing_part')
    op.drop_table('filing_part')
    op.drop_index(op.f('ix_confirmation_party_id'), table_name='confirmation')
    op.drop_index(op.f('ix_confirmation_contract_id'), table_name='confirmation')
    op.drop_index(op.f('ix_confirmation_clerk_id'), table_name='confirmation')
    op.drop_table('confirmation')
