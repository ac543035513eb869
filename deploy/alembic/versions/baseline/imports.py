"""Tables of `models/imports.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('import_session',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='表格种类'),
    sa.Column('session_no', sa.String(length=40), nullable=False, comment='批次编号'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='上传人'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=True, comment='企业'),
    sa.Column('about_id', sa.Uuid(), nullable=True, comment='导入对象'),
    sa.Column('file_name', sa.Text(), nullable=False, comment='文件名'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SM3 摘要'),
    sa.Column('workbook', sa.LargeBinary(), nullable=True, comment='表格（f1 密文）'),
    sa.Column('pictures', sa.LargeBinary(), nullable=True, comment='照片压缩包（f1 密文）'),
    sa.Column('heads', sa.Text(), nullable=True, comment='表头'),
    sa.Column('mapping', sa.JSON(), nullable=True, comment='表头对应'),
    sa.Column('notes', sa.Text(), nullable=True, comment='整表说明'),
    sa.Column('refusal', sa.String(length=300), nullable=False, comment='未通过原因'),
    sa.Column('total', sa.BigInteger(), nullable=False, comment='总行数'),
    sa.Column('good', sa.BigInteger(), nullable=False, comment='可提交行数'),
    sa.Column('bad', sa.BigInteger(), nullable=False, comment='待改正行数'),
    sa.Column('committed', sa.BigInteger(), nullable=False, comment='已提交行数'),
    sa.Column('step_done', sa.BigInteger(), nullable=False, comment='已处理'),
    sa.Column('step_total', sa.BigInteger(), nullable=False, comment='需处理'),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True, comment='读取时间'),
    sa.Column('committed_at', sa.DateTime(timezone=True), nullable=True, comment='最近提交时间'),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True, comment='撤销时间'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('session_no')
    )
    op.create_index(op.f('ix_import_session_about_id'), 'import_session', ['about_id'], unique=False)
    op.create_index(op.f('ix_import_session_account_id'), 'import_session', ['account_id'], unique=False)
    op.create_index(op.f('ix_import_session_enterprise_id'), 'import_session', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_import_session_kind'), 'import_session', ['kind'], unique=False)
    op.create_index(op.f('ix_import_session_state'), 'import_session', ['state'], unique=False)
    op.create_table('imported_line',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('session_id', sa.Uuid(), nullable=False, comment='批次'),
    sa.Column('sheet_row', sa.BigInteger(), nullable=False, comment='行号'),
    sa.Column('key_index', sa.String(length=80), nullable=False, comment='主键指纹'),
    sa.Column('content', sa.Text(), nullable=False, comment='行内容'),
    sa.Column('verdict', sa.String(length=24), nullable=False, comment='结论'),
    sa.Column('edited', sa.BigInteger(), nullable=False, comment='改正次数'),
    sa.Column('record_id', sa.Uuid(), nullable=True, comment='生成记录'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('session_id', 'sheet_row')
    )
    op.create_index(op.f('ix_imported_line_session_id'), 'imported_line', ['session_id'], unique=False)
    op.create_index(op.f('ix_imported_line_state'), 'imported_line', ['state'], unique=False)
