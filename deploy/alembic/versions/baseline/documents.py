"""Tables of `models/documents.py` as they were in the first release."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table('attachment',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('label', sa.String(length=32), nullable=False, comment='安全标记'),
    sa.Column('category', sa.String(length=40), nullable=False, comment='类别'),
    sa.Column('file_name', sa.Text(), nullable=False, comment='文件名'),
    sa.Column('media_type', sa.String(length=60), nullable=False, comment='类型'),
    sa.Column('size', sa.BigInteger(), nullable=False, comment='大小'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SM3 摘要'),
    sa.Column('content', sa.LargeBinary(), nullable=False, comment='内容（f1 密文）'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=True, comment='对象'),
    sa.Column('uploaded_by', sa.Uuid(), nullable=True, comment='上传人'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='查毒状态'),
    sa.Column('kept_apart', sa.String(length=200), nullable=False, comment='隔离原因'),
    sa.Column('scanned_at', sa.DateTime(timezone=True), nullable=True, comment='查毒时间'),
    sa.Column('scanner', sa.String(length=60), nullable=False, comment='查毒引擎'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_attachment_district_code'), 'attachment', ['district_code'], unique=False)
    op.create_index(op.f('ix_attachment_object_id'), 'attachment', ['object_id'], unique=False)
    op.create_index(op.f('ix_attachment_state'), 'attachment', ['state'], unique=False)
    op.create_index(op.f('ix_attachment_street_code'), 'attachment', ['street_code'], unique=False)
    op.create_index(op.f('ix_attachment_uploaded_by'), 'attachment', ['uploaded_by'], unique=False)
    op.create_table('issued_document',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('public_mac', sa.String(length=80), nullable=True, comment='公开核验校验值'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='文书类别'),
    sa.Column('title', sa.String(length=60), nullable=False, comment='文书名称'),
    sa.Column('number', sa.String(length=60), nullable=False, comment='文书编号'),
    sa.Column('object_kind', sa.String(length=40), nullable=False, comment='对象类别'),
    sa.Column('object_id', sa.Uuid(), nullable=False, comment='对象'),
    sa.Column('filing_id', sa.Uuid(), nullable=True, comment='备案'),
    sa.Column('page', sa.Text(), nullable=False, comment='页面数据'),
    sa.Column('content', sa.LargeBinary(), nullable=True, comment='文书（f1 密文）'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SM3 摘要'),
    sa.Column('signature', sa.String(length=200), nullable=False, comment='签名'),
    sa.Column('signature_key', sa.String(length=40), nullable=False, comment='签名密钥'),
    sa.Column('token_digest', sa.String(length=64), nullable=False, comment='二维码摘要'),
    sa.Column('public', sa.JSON(), nullable=False, comment='公开核验内容'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('unit_id', sa.Uuid(), nullable=True, comment='签发单位'),
    sa.Column('issued_on', sa.Date(), nullable=False, comment='签发日期'),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False, comment='签发时间'),
    sa.Column('issued_by', sa.Uuid(), nullable=True, comment='签发人'),
    sa.Column('copies', sa.BigInteger(), nullable=False, comment='已打印次数'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_digest'),
    info={'public_columns': ('kind', 'title', 'number', 'issued_on', 'digest', 'state', 'public', 'filing_id', 'token_digest')}
    )
    op.create_index(op.f('ix_issued_document_digest'), 'issued_document', ['digest'], unique=False)
    op.create_index(op.f('ix_issued_document_district_code'), 'issued_document', ['district_code'], unique=False)
    op.create_index(op.f('ix_issued_document_filing_id'), 'issued_document', ['filing_id'], unique=False)
    op.create_index(op.f('ix_issued_document_issued_at'), 'issued_document', ['issued_at'], unique=False)
    op.create_index(op.f('ix_issued_document_kind'), 'issued_document', ['kind'], unique=False)
    op.create_index(op.f('ix_issued_document_number'), 'issued_document', ['number'], unique=False)
    op.create_index(op.f('ix_issued_document_object_id'), 'issued_document', ['object_id'], unique=False)
    op.create_index(op.f('ix_issued_document_street_code'), 'issued_document', ['street_code'], unique=False)
    op.create_index(op.f('ix_issued_document_unit_id'), 'issued_document', ['unit_id'], unique=False)
    op.create_table('print_log',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('document_id', sa.Uuid(), nullable=False, comment='文书'),
    sa.Column('account_id', sa.Uuid(), nullable=False, comment='打印人'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
    sa.Column('on_day', sa.Date(), nullable=False, comment='日期'),
    sa.Column('copy_no', sa.BigInteger(), nullable=False, comment='第几次'),
    sa.Column('printer', sa.String(length=60), nullable=False, comment='打印机'),
    sa.Column('purpose', sa.String(length=60), nullable=False, comment='用途'),
    sa.Column('requester', sa.Text(), nullable=True, comment='申领人'),
    sa.ForeignKeyConstraint(['document_id'], ['issued_document.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_print_log_account_id'), 'print_log', ['account_id'], unique=False)
    op.create_index(op.f('ix_print_log_document_id'), 'print_log', ['document_id'], unique=False)
    op.create_index(op.f('ix_print_log_on_day'), 'print_log', ['on_day'], unique=False)
