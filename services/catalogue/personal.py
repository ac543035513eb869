"""Clear columns that look personal, each with a reason; a missing one fails the build (security.md D23)."""

import re

import sqlalchemy as sa

from models.columns import CodeType, UtcMoment
from models.sealed import SealedType

_LABELS = re.compile(
    "姓名|证件|身份|手机|电话|地址|住址|坐落|账号|账户|卡号|邮箱|联系|出生|生日|性别|民族|户籍|籍贯|照片|指纹|人脸|签名(?!密钥)|签章"
    "|说明|备注|理由|意见|处理结果|处置结果"
    "|权利人|申请人|当事人|代理人|受托|委托人|法人|法定代表|负责人|经办|查询人|申领|承租|出租人|居住人|共有|配偶|监护|继承|病|学历|工资|收入"
)
_NAMES = re.compile(
    r"(?:^|_)(?:name|names|id_no|idno|id_card|passport|mobile|phone|tel|email|mail|address|account|acct|bank|card_no|birth|birthday"
    r"|gender|sex|nation|photo|portrait|face|fingerprint|signature(?!_key)|owner|holder|landlord|lessor|lessee|tenant|resident|occupant"
    r"|applicant|requester|agent|contact|person|persons|party|spouse|legal_person|guardian|heir|salary|income|education)(?:_|$)"
)
#: A reference, a code, yes or no, a number of pieces, a moment: whatever its name, it can hold nothing of a person.
_HARMLESS = (sa.Uuid, CodeType, sa.Boolean, sa.BigInteger, UtcMoment)

#: Columns whose name or label sounds personal and whose content is not, each with why.
NOT_PERSONAL: dict[str, str] = {
    "access_list.signature": "对清单正文的数字签名",
    "account.cert_fingerprint": "证书的 SM3 摘要，不能还原持有人",
    "address_failure.address": "网络地址，仅用于限制猜测口令，到期清除",
    "alarm.closing_note": "处置人填写的处理结果，告警本身不含个人信息",
    "answered_request.fingerprint": "请求内容的带密钥摘要",
    "association_event.card_no": "从业人员信息卡编号，对外公示并可核验",
    "association_event.fingerprint": "事件内容的 SM3 摘要，其中姓名、证件号码、手机号为带密钥摘要，不能还原",
    "audit_checkpoint.signature": "对检查点的数字签名",
    "audit_event.account": "登录名或任务名，登录名由单位编制，不含姓名和证件号码",
    "backup.file_name": "备份文件的文件名，由系统生成",
    "brand.short_name": "企业简称，依法公示",
    "broker_batch.fingerprint": "批次内容的 SM3 摘要，内容含合同文本摘要，不能还原",
    "broker_push.fingerprint": "报送件内容的 SM3 摘要，内容含合同文本摘要，不能还原",
    "builder_line.name": "代建单位的企业登记名称，依法公示",
    "central_project.name": "集中式租赁项目的公开名称",
    "certificate_binding.fingerprint": "证书的 SM3 摘要，不能还原持有人",
    "check_in.fingerprint": "入住信息的 SM3 摘要，内容含合同文本摘要，不能还原",
    "check_item.message": "规则给出的说明，只含申请人自己填写的内容和非个人的登记事实（规则逐条声明）",
    "clock_shift.name": "时钟的内部名称",
    "confirmation.signature_digest": "签名图样的 SM3 摘要",
    "contract_party.id_type": "证件类型代码，不含号码",
    "delegation_policy.note": "授权依据的文号",
    "device_manifest.file_name": "清单文件的文件名，由系统生成",
    "device_manifest.signature": "对清单的数字签名",
    "enterprise.name": "企业登记名称，依法公示",
    "enterprise.short_name": "企业简称，依法公示",
    "enterprise.supervised_bank": "银行名称",
    "entrustment.payee_bank": "收款银行名称",
    "entrustment.payee_bank_code": "银行代码",
    "entrustment.payee_name": "收款户名，只能是企业登记账户的户名（G06）",
    "entrustment.signature_digest": "委托书签名的 SM3 摘要",
    "exchange_log.detail": "对接结果的固定说明，由程序写入，报文另行加密",
    "filing_query.capacity": "查询人身份类别，不含姓名",
    "group_company.name": "企业登记名称，依法公示",
    "group_shareholder.id_type": "证件类型，不含号码",
    "head_company.name": "企业登记名称，依法公示",
    "head_exit.company_name": "企业登记名称，依法公示",
    "head_shareholder.id_type": "证件类型，不含号码",
    "house.address": "登记坐落，不含姓名；与当事人相连的地址只在加密的合同内容中",
    "house_owner.id_type": "证件类型代码，不含号码",
    "import_session.pictures": "照片压缩包，以文件密钥加密（f1）",
    "imported_line.key_index": "证件号码的带密钥摘要，不能还原",
    "info_card.card_no": "从业人员信息卡编号，对外公示并可核验",
    "integrity_fault.note": "安全管理员对记录异常的处理说明",
    "integrity_fault.table_name": "数据表名",
    "issued_document.signature": "对文书的数字签名",
    "job_lease.holder": "执行任务的进程编号",
    "key_rotation.reason": "更换密钥的理由",
    "land_planning_permit.project_name": "证书所载的项目名称，公开",
    "move_out.fingerprint": "退租信息的 SM3 摘要，只含编号、房号和日期",
    "org_unit.address": "办公场所地址，对外公布",
    "org_unit.name": "单位名称，对外公布",
    "org_unit.phone": "单位对外联系电话",
    "papers_request.capacity": "申请人身份类别（继承人、法院等），不含姓名",
    "parameter.reason": "修改参数的理由，须写明依据文件",
    "parcel.location": "地块四至，土地公告公开",
    "parcel.parcel_name": "土地公告中的地块名称",
    "partner_reply.fingerprint": "请求内容的 SM3 摘要，不能还原",
    "payment_result.bank_flow_no": "银行给一笔支付的流水号，不含账号",
    "payment_termination.reason_on": "事由发生的日期",
    "person_access.id_no_index": "证件号码的带密钥摘要，不能还原",
    "person_grant.id_no_index": "证件号码的带密钥摘要，不能还原",
    "portrait.content": "照片，以文件密钥加密（f1）",
    "portrait.face": "只记有无人脸和是否端正，不含人脸位置和特征",
    "practitioner.id_type": "证件类型代码，不含号码",
    "project.address": "开发项目的公开地址，不是住址",
    "project.approved_place_name": "核准的地名，依法公布",
    "project.name": "开发项目的公开名称",
    "project.place_name_doc_no": "地名批文的文号",
    "project.promotion_name": "项目推广名，公开使用",
    "project_builders.note": "填报说明，表单提示不得填写个人信息",
    "project_builders.project_name": "开发项目的公开名称",
    "project_company.escrow_bank": "银行名称",
    "project_company.name": "企业登记名称，依法公示",
    "project_exit.company_name": "企业登记名称，依法公示",
    "project_investors.note": "填报说明，表单提示不得填写个人信息",
    "project_investors.project_name": "开发项目的公开名称",
    "project_parcel_line.note": "填报备注，表单提示不得填写个人信息",
    "project_parcels.note": "填报说明，表单提示不得填写个人信息",
    "project_parcels.project_name": "开发项目的公开名称",
    "project_shareholder.id_type": "证件类型，不含号码",
    "project_transfer.transferee_name": "受让企业的登记名称，依法公示",
    "project_transfer.transferor_name": "转让企业的登记名称，依法公示",
    "push_reason.message": "规则给出的固定说明，不含报送的内容和登记信息",
    "sign_in_session.address": "登录时的网络地址，安全审计所需，随会话清除",
    "stay_difference.detail": "人数和备案编号，由程序写入",
    "subject_application.company_name": "企业登记名称，依法公示",
}


def sounds_personal(name: str, label: str) -> bool:
    """Return whether a column's English name or Chinese label is one that personal data would have."""
    return bool(_NAMES.search(name) or _LABELS.search(label))


def protected(column: "sa.Column[object]") -> bool:
    """Return whether a column is encrypted, or the keyed hash of one that is."""
    return isinstance(column.type, SealedType) or bool(column.info.get("index_of")) or "f1" in _label(column)


def unregistered(metadata: sa.MetaData) -> list[str]:
    """Columns that sound personal, are kept in clear, and have no reason here."""
    return sorted(
        f"{table.name}.{column.name}（{_label(column)}）"
        for table in metadata.tables.values()
        for column in table.columns
        if not isinstance(column.type, _HARMLESS)
        and not protected(column)
        and sounds_personal(column.name, _label(column))
        and f"{table.name}.{column.name}" not in NOT_PERSONAL
    )


def outlived(metadata: sa.MetaData) -> list[str]:
    """Reasons whose column is gone or is protected by now."""
    there = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if not protected(column)
    }
    return sorted(set(NOT_PERSONAL) - there)


def unreasoned(metadata: sa.MetaData) -> list[str]:
    """Plain JSON columns without the reason decision 15 asks for."""
    return sorted(
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.JSON) and not column.info.get("reason")
    )


def _label(column: "sa.Column[object]") -> str:
    return str(column.info.get("label", ""))
