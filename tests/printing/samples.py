"""One filled example of every paper; all persons, houses and firms are fictional."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from printing import (
    access_sheet,
    alert_notice,
    cancellation_notice,
    cards,
    direct_pay_sheet,
    filing_notice,
    forced_review,
    lease_contract,
    query_result,
    receipts,
    record_sheet,
    reprint_slip,
    sublet_notice,
)
from printing.lease_parts import (
    Agent,
    Broker,
    Deposit,
    Facility,
    Fee,
    House,
    LeaseContract,
    Party,
    Rent,
    Resident,
    Room,
    Signature,
    Term,
)
from printing.page import Issue, Seal
from printing.people import Person
from tests.printing.alert_samples import ALERT, LONG_ALERT
from tests.printing.review_samples import AGREED, APPLICATION, REFUSED

UNIT = "上海市徐汇区住房保障和房屋管理局"
SEAL = Seal(UNIT, demo=True)
URL = "https://check.example.cn/c/fn/BA3101042611250000170/a8Kq2mZxV0pLr7tN4sYd9w"
DIGEST = "8f3a1c9d22e07b45c1d0ffee5a6b7c8d9e0f112233445566778899aabbccddee"
ADDRESS = "上海市徐汇区示范路128弄16号1203室"
SERVICE_POINT = "徐汇区枫林路街道社区事务受理服务中心"


def issue(number: str = "TZ3101042611250000170", seal: Seal | None = SEAL) -> Issue:
    return Issue(number, UNIT, date(2026, 11, 25), URL, DIGEST, "2026-11-25 10:31 生成", seal)


LESSORS = (Person("叶霞鿍", "居民身份证", "310104********1234"), Person("李㝀", "居民身份证", "310104********5678"))
LESSEES = (Person("阿不都热合曼·买买提", "居民身份证", "653101********0012"),)

FILING = filing_notice.FilingNotice(
    issue=issue(),
    filing_no="BA3101042611250000170",
    contract_no="HT3101042611240000215",
    lessors=LESSORS,
    lessees=LESSEES,
    residents=("张䶮", "王𫓧"),
    address=ADDRESS,
    part="整套",
    proof_kind="不动产权证",
    proof_no="沪（2018）徐字不动产权第015979号",
    building_area="86.52 ㎡",
    leased_area="86.52 ㎡",
    use="居住",
    term="2026-12-01 至 2030-11-30（共 48 个月）",
    valid="2026-12-01 至 2029-11-30（短于租赁期限，届满前请重新备案）",
    rent="8,500.00 元",
    deal="经纪居间",
    firm="上海示范房地产经纪有限公司",
    card_no="SH3101042026000123",
    way="网签备案一体化",
    accepted_by=SERVICE_POINT,
    clerk="王小明",
    channel="街镇窗口",
    filed_on="2026-11-25",
)

CANCELLATION = cancellation_notice.CancellationNotice(
    issue=issue("ZX3101042611250000031"),
    filing_no="BA3101042611250000170",
    contract_no="HT3101042611240000215",
    address=ADDRESS,
    part="整套",
    lessors=LESSORS,
    lessees=LESSEES,
    valid="2026-12-01 至 2029-11-30",
    reason="单方申请：承租人提前搬离，出租人不配合办理",
    ended_on="2027-03-31",
    cancelled_on="2027-04-12",
    mode="单方申请",
    accepted_by=SERVICE_POINT,
    clerk="王小明",
    channel="街镇窗口",
    other_side_told="已于 2027-04-02 09:15 通过短信和邮寄告知出租人，异议期内未收到异议。",
)

SUBLETS = sublet_notice.SubletNotice(
    issue=issue("ZY3101152611090000014-1-310115"),
    alert_no="ZY3101152611090000014",
    opened_on="2026-11-09",
    person="段*志",
    id_no="310***********0170",
    units="11套（间）",
    threshold="超过10套（间）",
    districts="黄浦区2套（间）；虹口区2套（间）；闵行区2套（间）；徐汇区1套（间）；浦东新区（主要区）4套（间）",
    basis="《上海市住房租赁条例》第二十二条：个人转租住房达到规定数量的，应当依法办理市场主体登记。",
    handler="浦东新区房屋管理局",
    due_on="2026-11-30",
)

PROGRESS = direct_pay_sheet.DirectPaySheet(
    issue=issue("ZF3101152704020000016"),
    entrust_no="WT20270102900001",
    state="执行中",
    filing_no="BA3101152701010000012",
    contract_no="HT3101152701010000019",
    tenant="欧*晓（310***********0012）",
    spouse="",
    enterprise="上海示范住房租赁有限公司",
    project="花木青年公寓",
    rent="4,500.00 元／月",
    pay_cycle="按月",
    draw="2027-01 至 2027-12",
    stops_from="",
    payee="上海示范住房租赁有限公司，上海银行花木支行，6222***********6789",
    abnormal="未支付",
    findings="",
    gaps="2027-02 未支付",
    operator="王小明",
    data_time="2027-04-02 09:15:30",
    bills=(
        direct_pay_sheet.BillResult(
            "WT20270102900001-202702",
            "2027-02-01 至 2027-02-28",
            "4,500.00",
            "",
            "未支付",
            "2027-02-20 10:00",
            "公积金余额不足，当月未支付，请自行支付租金",
        ),
    ),
    steps=(
        direct_pay_sheet.Step(
            "2027-01-20 10:00", "公积金中心", "已支付", "WT20270102900001-202701，4,500.00 元", "LS0001"
        ),
        direct_pay_sheet.Step("2027-01-02 09:00", "承租人", "签署委托书", "提取 2027-01 至 2027-12", ""),
    ),
    all_bills=3,
    all_steps=7,
)

REASONS = (
    receipts.Reason(
        code="H-07",
        message="出租人与登记信息不一致",
        basis="《住房租赁条例》关于出租人应当提供房屋权属证明的规定",
        found="填写的出租人姓名与登记信息不一致。",
        bring="不动产权证原件；出租人为代理人的，另带授权委托书和双方身份证件原件。",
        where="任一区房地产交易中心或者街镇社区事务受理服务中心",
    ),
    receipts.Reason(
        code="H-12",
        message="房屋存在限制出租的登记",
        basis="《上海市住房租赁条例》关于不得出租的房屋的规定",
        found="登记的限制种类：查封。",
        bring="解除查封的法律文书原件。",
        where="徐汇区房地产交易中心",
    ),
    receipts.Reason(code="T-03", message="租赁期限超过二十年", bring="将租赁期限改为不超过二十年后重新提交。"),
)

CASE = receipts.Case(
    accept_no="SL3101042611250000088",
    case_no="YWTB20261125000123",
    item="住房租赁合同网签备案",
    situation="新增",
    applicant="叶霞鿍",
    address=ADDRESS,
    unit=SERVICE_POINT,
    window="3 号窗口",
    clerk="王小明",
    time="2026-11-25 10:31",
)

GUIDANCE = receipts.Guidance(issue("GZ3101042611250000009"), CASE, REASONS)

MATERIALS = (
    receipts.Material("不动产权证", "核原件收复印件"),
    receipts.Material("出租人、承租人居民身份证", "核原件"),
    receipts.Material("住房租赁合同", "原件"),
)

RECEIPTS: dict[str, receipts.Receipt] = {
    "acceptance": receipts.Acceptance(issue(), CASE, MATERIALS, "2026-11-28 17:00 前", "K7M2Q9"),
    "handed_in": receipts.HandedIn(
        issue("HS3101152611250000012-L"),
        replace(CASE, item="备案强制核验", situation="当事人"),
        (
            receipts.HandedItem("强制核验申请书", "2", "收取", "原件"),
            receipts.HandedItem("户籍证明（H02）", "3", "已核对，当场退还", "扫描件"),
        ),
        "材料 2 项，共 5 页；退还原件 1 项",
    ),
    "correction": receipts.Correction(
        issue("YWTB20261125000123-B1"),
        replace(CASE, accept_no="", window="一网通办"),
        (
            receipts.Gap("租赁合同", "未提交", "请提交清晰、有效的租赁合同。"),
            receipts.Gap("租赁期限", "租期与所附合同不一致", "请在申请表中更正后重新提交。"),
        ),
        "2026年12月25日",
        "受理后 3 个工作日内",
        "000123",
        (receipts.Material("申请书", "上传"), receipts.Material("身份证明", "免提交")),
    ),
    "refusal": receipts.Refusal(
        issue("YWTB20261125000123-N"),
        CASE,
        "不属于本机关职权范围",
        "申请的是商铺租赁，不属于住房租赁合同备案事项",
        "参照《中华人民共和国行政许可法》第三十二条第一款第（二）项",
    ),
    "finished": receipts.Finished(
        issue("YWTB20261125000123-W"),
        CASE,
        "准予备案",
        "BA3101042611250000170",
        "住房租赁合同备案通知书",
        "2026-11-25 10:31",
        "备案通知书已制成电子证照，持证人可以在“随申办”中查看、下载；也可以携带身份证件到受理单位打印。",
    ),
    "not_filed": receipts.NotFiled(issue(), CASE, REASONS),
    "intercept": receipts.Intercept(
        issue(),
        CASE,
        REASONS[:2],
        (
            receipts.Counter(
                "徐汇区房地产交易中心", "徐汇区示范大道 1 号二楼", "021-00000001", "周一至周五\n9:00—17:00"
            ),
        ),
    ),
}

REPRINT = reprint_slip.ReprintSlip(
    issue=issue("BD3101042611260000002", seal=None),
    paper_title="住房租赁合同备案通知书",
    paper_no="TZ3101042611250000170",
    record_no="BA3101042611250000170",
    issued_on="2026-11-25",
    paper_digest=DIGEST,
    count=2,
    requester="阿不都热合曼·买买提",
    capacity="承租人",
    purpose="办理子女入学",
    unit=SERVICE_POINT,
    printer="王小明",
    printed_at="2026-11-26 14:05",
)

LOOKS = access_sheet.AccessSheet(
    issue=Issue("CK5F02A1B2C3D4", UNIT, date(2026, 11, 25)),
    number="310***********1234",
    asked_at="2026-11-25 10:30:12",
    operator="周颖",
    total=2,
    looks=(
        access_sheet.Look(
            "2026-11-25 10:30",
            "花木街道社区事务受理服务中心",
            "街镇窗口人员\n周*",
            "查询本人信息查看记录",
            "查看记录",
            "本人在窗口查询",
        ),
        access_sheet.Look(
            "2026-11-20 09:12",
            "徐汇区住房租赁服务中心",
            "区中心窗口人员\n唐*",
            "查看完整信息",
            "完整信息",
            "核对当事人提交的纸质材料",
        ),
    ),
)

RECORD = record_sheet.RecordSheet(
    issue=issue("JL3101042611250000005"),
    filing_no="BA3101042611250000170",
    contract_no="",
    state="有效",
    lessors=LESSORS,
    lessees=LESSEES,
    residents=(),
    address=ADDRESS,
    part="整套",
    proof_kind="动迁安置协议及供应单",
    proof_no="—",
    building_area="86.52 ㎡",
    leased_area="86.52 ㎡",
    use="居住",
    signed_on="2026-11-20",
    term="2026-12-01 至 2028-11-30（共 24 个月）",
    valid="2026-12-01 至 2028-11-30",
    rent="4,200.00 元",
    deposit="4,200.00 元",
    deal="自行成交",
    way="仅备案",
    accepted_by=SERVICE_POINT,
    clerk="王小明",
    filed_on="2026-11-25",
    purpose="当事人查询",
)

EMPTY_QUERY = query_result.QueryResult(
    issue=issue("CX3101042611250000077"),
    requester="叶霞鿍",
    capacity="房地产权利人",
    purpose="房屋出售前核实租赁情况",
    criteria="不动产权证号：沪（2018）徐字不动产权第015979号",
    data_time="2026-11-25 10:31",
    operator="王小明",
)


def query(count: int) -> query_result.QueryResult:
    """A result with this many filings."""
    entries = tuple(
        query_result.Entry(
            filing_no=f"BA31010426{index:011d}",
            place=f"示范路128弄16号{index + 100}室 整套",
            tenant="李*",
            term="2024-01-01\n至 2026-12-31",
            valid="2024-01-01\n至 2026-12-31",
            state="有效" if index % 3 else "已注销",
            accepted_by="徐汇区房地产交易中心",
        )
        for index in range(1, count + 1)
    )
    return replace(EMPTY_QUERY, entries=entries)


CONTRACT = LeaseContract(
    issue=issue("HT3101042611240000215", seal=None),
    contract_no="HT3101042611240000215",
    template_version="2026 版（演示文本）",
    channel="街镇窗口",
    filing_no="BA3101042611250000170",
    lessors=(
        Party("叶霞鿍", "居民身份证", "310104197903154321", "13800000001", "上海市徐汇区示范路8号"),
        Party(
            "李㝀",
            "居民身份证",
            "310104198106204328",
            "13800000002",
            "上海市徐汇区示范路8号",
            agent=Agent("叶霞鿍", "居民身份证", "310104197903154321", "委托代理"),
        ),
    ),
    lessees=(
        Party(
            "阿不都热合曼·买买提", "居民身份证", "653101199001010012", "13800000003", "新疆维吾尔自治区喀什市示范路1号"
        ),
    ),
    residents=(
        Resident("张䶮", "居民身份证", "310104199202024326", "13800000004", "配偶"),
        Resident("王𫓧", "居民身份证", "310104201503034322", "—", "子女"),
    ),
    house=House(
        district="徐汇区",
        road="示范路",
        lane="128弄",
        building="16号",
        room="1203室",
        part="整套",
        whole=True,
        building_area="86.52 ㎡",
        leased_area="86.52 ㎡",
        use="居住",
        category="公寓",
        structure="钢筋混凝土",
        layout="两室一厅一厨一卫",
        floor="12 层／共 18 层",
        proof_kind="不动产权证",
        proof_no="沪（2018）徐字不动产权第015979号",
        proof_holder="叶霞鿍、李㝀",
        capacity="房地产权利人",
        mortgage="已设定抵押",
        verification_no="HY310104261120000031",
    ),
    rooms=(Room("卧室 A", "16.20 ㎡", "2 人"), Room("卧室 B", "11.80 ㎡", "2 人")),
    facilities=(
        Facility("空调", "示范牌 KFR-35", "2 台", "正常"),
        Facility("热水器", "示范牌 16 升", "1 台", "正常"),
        Facility("冰箱", "示范牌 220 升", "1 台", "门封条轻微老化"),
    ),
    term=Term("2026年12月1日", "2030年11月30日", "48个月", "2026年12月1日", ""),
    rent=Rent(
        amount="8,500.00 元",
        capitals="捌仟伍佰元整",
        unit="每月",
        monthly="8,500.00 元",
        cycle="按季",
        pay_day="每季度首月 5 日前",
        method="银行转账",
        account="示范银行徐汇支行 6200 0000 0000 0001",
        adjustment="第三年起租金上调百分之三。",
        late="",
    ),
    deposit=Deposit(
        "8,500.00 元", "捌仟伍佰元整", "7", "未结清的水、电、燃气等费用；人为损坏设施的修复费用。", "出租人保管"
    ),
    fees=tuple(
        Fee(item, "承租人" if index < 3 or index > 4 else "出租人")
        for index, item in enumerate(
            ("水费", "电费", "燃气费", "供热费", "物业费", "网络费", "有线电视费", "停车费", "其他")
        )
    ),
    signatures=(
        Signature("出租人", "叶霞鿍", "短信验证码确认", "2026-11-24 15:20:11"),
        Signature("出租人", "李㝀（叶霞鿍代）", "短信验证码确认", "2026-11-24 15:21:40"),
        Signature("承租人", "阿不都热合曼·买买提"),
    ),
    broker=Broker(
        "上海示范房地产经纪有限公司",
        "沪房经备（2026）0001号",
        "赵经纪",
        "SH3101042026000123",
        "提供信息、实地看房、代拟合同",
    ),
)

CARD = cards.Card(
    name="叶霞鿍",
    card_no="SH260000123X",
    duty="住房租赁从业人员",
    firm="上海示范住房租赁有限公司",
    firm_short="示范租赁",
    check_url="https://check.example.cn/c/pc/SH260000123X/a8Kq2mZxV0pLr7tN4sYd9w",
    issued_on=date(2026, 11, 20),
    activated_on=date(2026, 11, 25),
    hotline="962269",
)

PAPERS: dict[str, Callable[[], bytes]] = {
    "lease_contract": lambda: lease_contract.render(CONTRACT),
    "filing_notice": lambda: filing_notice.render(FILING),
    "cancellation_notice": lambda: cancellation_notice.render(CANCELLATION),
    "sublet_notice": lambda: sublet_notice.render(SUBLETS),
    "direct_pay_sheet": lambda: direct_pay_sheet.render(PROGRESS),
    "guidance": lambda: receipts.render(GUIDANCE),
    "query_result": lambda: query_result.render(query(60)),
    "query_result_empty": lambda: query_result.render(EMPTY_QUERY),
    "reprint_slip": lambda: reprint_slip.render(REPRINT),
    "record_sheet": lambda: record_sheet.render(RECORD),
    "access_sheet": lambda: access_sheet.render(LOOKS),
    "alert_notice": lambda: alert_notice.render(ALERT),
    "forced_application": lambda: forced_review.render(APPLICATION),
    "forced_opinion": lambda: forced_review.render(AGREED),
    "forced_refusal": lambda: forced_review.render(REFUSED),
    "alert_notice_long": lambda: alert_notice.render(LONG_ALERT),
    **{f"receipt_{name}": partial(receipts.render, receipt) for name, receipt in RECEIPTS.items()},
}
