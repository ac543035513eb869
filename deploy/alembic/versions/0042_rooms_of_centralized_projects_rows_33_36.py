"""rooms of centralized projects (rows 33-36)"""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber

revision = '0042'
down_revision = '0043'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('central_building',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('name', sa.String(length=40), nullable=False, comment='楼栋'),
    sa.Column('floors', sa.BigInteger(), nullable=False, comment='总层数'),
    sa.Column('elevator', sa.Boolean(), nullable=False, comment='有电梯'),
    sa.ForeignKeyConstraint(['project_id'], ['central_project.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('project_id', 'name')
    )
    op.create_index(op.f('ix_central_building_project_id'), 'central_building', ['project_id'], unique=False)
    op.create_table('central_title',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('title_ref', sa.String(length=40), nullable=False, comment='权属文件编号'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='文件类别'),
    sa.Column('cert_no', sa.Text(), nullable=True, comment='权属证明编号'),
    sa.Column('cert_no_index', sa.String(length=96), nullable=True, comment='权属证明编号索引'),
    sa.Column('valid_to', sa.Date(), nullable=False, comment='有效期至'),
    sa.Column('file_id', sa.Uuid(), nullable=True, comment='扫描件'),
    sa.ForeignKeyConstraint(['project_id'], ['central_project.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('title_ref')
    )
    op.create_index(op.f('ix_central_title_cert_no_index'), 'central_title', ['cert_no_index'], unique=False)
    op.create_index(op.f('ix_central_title_project_id'), 'central_title', ['project_id'], unique=False)
    op.create_table('project_opening',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='密钥企业'),
    sa.Column('operator_id', sa.Uuid(), nullable=False, comment='运营主体'),
    sa.Column('key_id', sa.Uuid(), nullable=False, comment='密钥'),
    sa.Column('mode', sa.String(length=32), nullable=False, comment='关联方式'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('rooms', sa.BigInteger(), nullable=False, comment='开盘房间数'),
    sa.Column('opened_by', sa.Uuid(), nullable=True, comment='办理人'),
    sa.Column('opened_on', sa.Date(), nullable=False, comment='开盘日期'),
    sa.Column('suspended_on', sa.Date(), nullable=True, comment='暂停日期'),
    sa.Column('reason', sa.String(length=200), nullable=False, comment='暂停原因'),
    sa.Column('closed_on', sa.Date(), nullable=True, comment='结束日期'),
    sa.Column('paper_no', sa.String(length=60), nullable=False, comment='确认单编号'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['project_id'], ['central_project.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_project_opening_district_code'), 'project_opening', ['district_code'], unique=False)
    op.create_index(op.f('ix_project_opening_enterprise_id'), 'project_opening', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_project_opening_key_id'), 'project_opening', ['key_id'], unique=False)
    op.create_index(op.f('ix_project_opening_operator_id'), 'project_opening', ['operator_id'], unique=False)
    op.create_index(op.f('ix_project_opening_project_id'), 'project_opening', ['project_id'], unique=False)
    op.create_index(op.f('ix_project_opening_state'), 'project_opening', ['state'], unique=False)
    op.create_index(op.f('ix_project_opening_street_code'), 'project_opening', ['street_code'], unique=False)
    op.create_table('room_apply',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True, comment='创建时间'),
    sa.Column('created_by', sa.Uuid(), nullable=True, comment='创建人'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True, comment='更新时间'),
    sa.Column('updated_by', sa.Uuid(), nullable=True, comment='更新人'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='版本'),
    sa.Column('district_code', sa.String(length=6), nullable=False, comment='区'),
    sa.Column('street_code', sa.String(length=9), nullable=False, comment='街镇'),
    sa.Column('apply_no', sa.String(length=40), nullable=False, comment='申请编号'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='申请类别'),
    sa.Column('project_id', sa.Uuid(), nullable=False, comment='项目'),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False, comment='运营企业'),
    sa.Column('session_id', sa.Uuid(), nullable=True, comment='导入批次'),
    sa.Column('reason', sa.Text(), nullable=True, comment='申请理由'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('submitted_by', sa.Uuid(), nullable=True, comment='提交人'),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True, comment='提交时间'),
    sa.Column('reviewed_by', sa.Uuid(), nullable=True, comment='审核人'),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True, comment='审核时间'),
    sa.Column('opinion', sa.Text(), nullable=True, comment='审核意见'),
    sa.Column('last_line', sa.BigInteger(), nullable=False, comment='行数'),
    sa.Column('paper_no', sa.String(length=60), nullable=False, comment='审核意见编号'),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['project_id'], ['central_project.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('apply_no')
    )
    op.create_index(op.f('ix_room_apply_district_code'), 'room_apply', ['district_code'], unique=False)
    op.create_index(op.f('ix_room_apply_enterprise_id'), 'room_apply', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_room_apply_kind'), 'room_apply', ['kind'], unique=False)
    op.create_index(op.f('ix_room_apply_project_id'), 'room_apply', ['project_id'], unique=False)
    op.create_index(op.f('ix_room_apply_session_id'), 'room_apply', ['session_id'], unique=False)
    op.create_index(op.f('ix_room_apply_state'), 'room_apply', ['state'], unique=False)
    op.create_index(op.f('ix_room_apply_street_code'), 'room_apply', ['street_code'], unique=False)
    op.create_index(op.f('ix_room_apply_submitted_at'), 'room_apply', ['submitted_at'], unique=False)
    op.create_table('room_apply_line',
    sa.Column('id', sa.Uuid(), nullable=False, comment='主键'),
    sa.Column('mac', sa.String(length=80), nullable=True, comment='完整性校验值'),
    sa.Column('apply_id', sa.Uuid(), nullable=False, comment='申请'),
    sa.Column('line_no', sa.BigInteger(), nullable=False, comment='行号'),
    sa.Column('kind', sa.String(length=32), nullable=False, comment='类别'),
    sa.Column('state', sa.String(length=32), nullable=False, comment='状态'),
    sa.Column('room_id', sa.Uuid(), nullable=True, comment='房间'),
    sa.Column('building', sa.String(length=40), nullable=False, comment='楼栋'),
    sa.Column('room_no', sa.String(length=40), nullable=False, comment='房号'),
    sa.Column('field', sa.String(length=20), nullable=False, comment='变更项'),
    sa.Column('before', sa.String(length=200), nullable=False, comment='变更前'),
    sa.Column('after', sa.String(length=200), nullable=False, comment='变更后'),
    sa.Column('content', sa.JSON(), nullable=True, comment='房间内容'),
    sa.Column('paper', sa.String(length=60), nullable=False, comment='依据文件'),
    sa.Column('reason', sa.Text(), nullable=True, comment='理由'),
    sa.Column('note', sa.Text(), nullable=True, comment='备注'),
    sa.Column('codes', sa.String(length=80), nullable=False, comment='规则'),
    sa.Column('found', sa.String(length=300), nullable=False, comment='核验情况'),
    sa.Column('review_codes', sa.String(length=80), nullable=False, comment='审核时规则'),
    sa.Column('library', sa.String(length=32), nullable=True, comment='备案库答复'),
    sa.Column('opinion', sa.Text(), nullable=True, comment='审核意见'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='办结时间'),
    sa.ForeignKeyConstraint(['apply_id'], ['room_apply.id'], initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('apply_id', 'line_no')
    )
    op.create_index(op.f('ix_room_apply_line_apply_id'), 'room_apply_line', ['apply_id'], unique=False)
    op.create_index(op.f('ix_room_apply_line_room_id'), 'room_apply_line', ['room_id'], unique=False)
    op.create_index(op.f('ix_room_apply_line_state'), 'room_apply_line', ['state'], unique=False)
    op.add_column('central_project', sa.Column('owner_id', sa.Uuid(), nullable=True, comment='权属单位'))
    op.add_column('central_project', sa.Column('agreement_no', sa.String(length=60), nullable=False, server_default='', comment='委托运营协议'))
    op.add_column('central_project', sa.Column('recognition_no', sa.String(length=60), nullable=False, server_default='', comment='纳管认定文件'))
    op.add_column('central_project', sa.Column('address', sa.String(length=200), nullable=False, server_default='', comment='项目地址'))
    op.add_column('central_project', sa.Column('build_area', ScaledNumber(14, 4), nullable=True, comment='总建筑面积'))
    op.add_column('central_project', sa.Column('safety_manager', sa.Text(), nullable=True, comment='安全管理人员'))
    op.add_column('central_project', sa.Column('safety_phone', sa.Text(), nullable=True, comment='安全管理人员电话'))
    op.add_column('central_project', sa.Column('state', sa.String(length=32), nullable=False, server_default='IN_LIBRARY', comment='项目状态'))
    op.add_column('central_project', sa.Column('last_room', sa.BigInteger(), nullable=False, server_default='0', comment='房间序号'))
    op.create_index(op.f('ix_central_project_owner_id'), 'central_project', ['owner_id'], unique=False)
    op.create_index(op.f('ix_central_project_state'), 'central_project', ['state'], unique=False)
    op.add_column('central_room', sa.Column('room_code', sa.String(length=50), nullable=False, server_default='', comment='房间编码'))
    op.add_column('central_room', sa.Column('building', sa.String(length=40), nullable=False, server_default='', comment='楼栋'))
    op.add_column('central_room', sa.Column('number_key', sa.String(length=90), nullable=True, comment='房号比对值'))
    op.add_column('central_room', sa.Column('floor', sa.BigInteger(), nullable=False, server_default='0', comment='楼层'))
    op.add_column('central_room', sa.Column('layout', sa.String(length=20), nullable=False, server_default='', comment='户型'))
    op.add_column('central_room', sa.Column('build_area', ScaledNumber(14, 4), nullable=True, comment='建筑面积'))
    op.add_column('central_room', sa.Column('list_rent', ScaledNumber(18, 2), nullable=True, comment='月租金'))
    op.add_column('central_room', sa.Column('managed', sa.Boolean(), nullable=False, server_default=sa.true(), comment='纳管'))
    op.add_column('central_room', sa.Column('title_id', sa.Uuid(), nullable=True, comment='权属文件'))
    op.add_column('central_room', sa.Column('note', sa.Text(), nullable=True, comment='备注'))
    op.create_index(op.f('ix_central_room_room_code'), 'central_room', ['room_code'], unique=False)
    op.execute("UPDATE central_room SET number_key = '|' || room_no")
    # The same number may be in two buildings. SQLite has no name for the constraint of the baseline.
    if op.get_bind().dialect.name == "sqlite":
        names = {"uq": "uq_%(table_name)s_%(column_0_name)s"}
        with op.batch_alter_table("central_room", naming_convention=names) as table:
            table.drop_constraint("uq_central_room_project_id", type_="unique")
            table.create_unique_constraint("central_room_project_id_number_key_key", ["project_id", "number_key"])
    else:
        op.drop_constraint("central_room_project_id_room_no_key", "central_room", type_="unique")
        op.create_unique_constraint(None, "central_room", ["project_id", "number_key"])

