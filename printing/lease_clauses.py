"""The articles of a lease contract from its use to its last terms, with what was agreed filled in."""

from dataclasses import dataclass

from printing.lease_parts import LeaseContract
from printing.text import Span, Text, filled


@dataclass(frozen=True)
class Article:
    """A heading and its clauses; the fees table is printed between the two groups."""

    title: str
    clauses: tuple[Text, ...]
    fees: bool = False
    after_fees: tuple[Text, ...] = ()


def article(title: str, *clauses: Text, fees: bool = False, after_fees: tuple[Text, ...] = ()) -> Article:
    """An article of these clauses."""
    return Article(title, clauses, fees, after_fees)


def clause(words: str, *values: str) -> Text:
    """Return a clause with what was agreed filled in at each `{}`."""
    first, *others = words.split("{}")
    spans: list[str | Span] = [first] if first else []
    for value, after in zip(values, others, strict=True):
        spans += [filled(value), after] if after else [filled(value)]
    return tuple(spans)


def articles(contract: LeaseContract) -> list[Article]:
    """Return the articles from five to the last before the signatures."""
    return [
        purpose(contract),
        term(contract),
        rent(contract),
        deposit(contract),
        fees(),
        upkeep(contract),
        sublet(contract),
        hand_back(contract),
        early_end(contract),
        breach(contract),
        disputes(contract),
        safety(),
        other(contract),
    ]


def purpose(contract: LeaseContract) -> Article:
    return article(
        "租赁用途",
        clause("房屋租赁用途为{}。承租人不得擅自改变用途，不得用于生产经营、存放危险物品或者其他违法活动。", "居住"),
        "房屋应当以原始设计的房间或者依法允许的最小出租单位出租，不得拆改后分隔出租，除依法认定的项目外不得按床位出租，不得将厨房、卫生间、阳台和储藏室单独出租供人居住。",
        "每个房间的居住人数和人均居住面积应当符合规定，有法定赡养、抚养、扶养义务关系的除外。",
    )


def term(contract: LeaseContract) -> Article:
    agreed = contract.term
    return article(
        "租赁期限与房屋交付",
        clause("租赁期限自{}起至{}止，共{}。", agreed.start, agreed.end, agreed.months),
        clause("出租人应当于{}前将房屋交付承租人，双方按照附件当面验收并签字确认。", agreed.handover),
        clause("续租约定：{}", agreed.renewal or "租赁期限届满前三十日，承租人要求续租的，双方另行协商。"),
    )


def rent(contract: LeaseContract) -> Article:
    agreed = contract.rent
    amount: tuple[Text, ...] = (
        clause(
            "租金为人民币{}（大写：{}），计租单位为{}；折合月租金{}。",
            agreed.amount,
            agreed.capitals,
            agreed.unit,
            agreed.monthly,
        ),
        clause(
            "租金按{}支付，付租日为{}；支付方式为{}，收款账户为{}。出租人收款后应当出具收款凭证。",
            agreed.cycle,
            agreed.pay_day,
            agreed.method,
            agreed.account or "双方另行确认",
        ),
        clause("租金调整约定：{}", agreed.adjustment or "租赁期限内不调整租金。"),
        clause("逾期支付租金的约定：{}", agreed.late or "经催告后在合理期限内仍未支付的，按照本合同违约责任条款处理。"),
    )
    return article("租金", *amount)


def deposit(contract: LeaseContract) -> Article:
    agreed = contract.deposit
    if not agreed.amount:
        return article("押金", "双方约定不收取押金。")
    custody: Text = clause("押金保管方式为{}。", agreed.custody or "出租人保管")
    if agreed.account:
        custody = clause(
            "押金保管方式为{}，资金监管账户为{}，押金和按照规定应当监管的租金均存入该账户。",
            agreed.custody,
            agreed.account,
        )
    return article(
        "押金",
        clause("押金为人民币{}（大写：{}），承租人在签订本合同时支付。", agreed.amount, agreed.capitals),
        custody,
        clause("租赁关系终止、房屋返还后{}日内，出租人应当将押金无息返还承租人，不得无故扣减。", agreed.return_days),
        clause("可以扣减押金的情形：{}", agreed.deduction),
    )


def fees() -> Article:
    return article(
        "其他费用",
        "租赁期间因使用房屋发生的费用，按照下表承担：",
        fees=True,
        after_fees=(
            "前款未列明的费用，依照法律规定或者由双方另行协商确定。出租人代收代付的，应当出示缴费凭证，不得加价。",
        ),
    )


def upkeep(contract: LeaseContract) -> Article:
    clauses: tuple[Text, ...] = (
        "出租人应当保证房屋及其附属设施、设备在交付时符合安全使用和约定的居住条件，并在租赁期间承担正常的维修义务。",
        clause(
            "承租人发现房屋或者设施、设备损坏的，应当及时通知出租人；出租人应当在接到通知后{}日内维修，影响安全或者基本生活的应当立即维修。逾期不维修的，承租人可以自行维修，合理费用由出租人承担。",
            contract.repair_days,
        ),
        "因承租人使用不当造成损坏的，由承租人负责修复或者赔偿。承租人装修、增设设施的，应当事先取得出租人书面同意。",
        "出租人需要进入房屋检查、维修的，应当提前通知并取得承租人同意；遇有危及人身、财产安全的紧急情形除外。",
    )
    extra = [clause("使用约定：{}", text) for text in (contract.use_rule,) if text]
    extra += [clause("维修约定：{}", text) for text in (contract.repair_rule,) if text]
    return article("房屋使用与维修", *clauses, *extra)


def sublet(contract: LeaseContract) -> Article:
    return article(
        "转租",
        clause("关于转租的约定：{}", contract.sublet_rule or "未经出租人书面同意，承租人不得转租。"),
        "转租的期限不得超过本合同剩余的租赁期限；转租应当另行订立合同，并依法办理备案和转租登记。",
        "租赁期间出租人转让房屋的，应当提前通知承租人；承租人在同等条件下的优先购买权以及本合同的效力，依照法律规定。",
    )


def hand_back(contract: LeaseContract) -> Article:
    return article(
        "房屋返还",
        "租赁关系终止的，承租人应当在终止之日返还房屋，并与出租人按照附件当面验收、结清费用。",
        clause("返还时房屋及设施、设备的状态：{}", contract.return_state or "符合按照约定使用后的状态，正常损耗除外。"),
        "承租人逾期返还的，应当按照逾期天数支付占用期间的使用费。",
    )


def early_end(contract: LeaseContract) -> Article:
    agreed = contract.early_end_rule or "一方需要提前解除合同的，应当提前三十日通知对方，并与对方协商一致。"
    return article(
        "合同的解除与终止",
        clause("提前解除的约定：{}", agreed),
        "有下列情形之一的，出租人可以解除合同：承租人擅自转租或者改变用途；擅自拆改房屋结构；违反规定增加居住人数且拒不改正；"
        "无正当理由不支付或者迟延支付租金，经催告后在合理期限内仍未支付。",
        "有下列情形之一的，承租人可以解除合同：出租人迟延交付房屋且经催告仍未交付；交付的房屋不符合约定或者危及承租人安全、健康；"
        "出租人不履行维修义务致使无法正常居住；房屋权属争议、查封等原因致使无法使用。",
        "有下列情形之一的，本合同终止：租赁期限届满；房屋依法被征收；房屋毁损、灭失或者被鉴定为危险房屋不能继续居住；法律规定的其他情形。",
        "本合同解除或者终止的，双方应当及时办理备案注销。出租人不得以停水、停电、更换门锁等方式迫使承租人搬离。",
    )


def breach(contract: LeaseContract) -> Article:
    return article(
        "违约责任",
        clause("双方约定：{}", contract.breach or "一方违反本合同约定的，应当赔偿对方因此受到的损失。"),
        "违约金不足以弥补损失的，违约方还应当就不足部分予以赔偿；因不可抗力不能履行的，依照法律规定免除相应责任。",
    )


def disputes(contract: LeaseContract) -> Article:
    return article(
        "争议解决",
        clause(
            "履行本合同发生争议的，双方应当协商解决，也可以申请居（村）民委员会、人民调解组织或者行业组织调解；协商、调解不成的，{}。",
            contract.dispute_way or "依法向房屋所在地人民法院起诉",
        ),
    )


def safety() -> Article:
    return article(
        "安全责任与信息登记",
        "出租人应当核对承租人和共同居住人的身份证件，不得向无身份证件的人出租；应当定期检查房屋的燃气、电气、消防等安全状况，及时消除隐患。",
        "承租人应当安全使用房屋及燃气、电气设施，不得私拉乱接电线，不得在室内或者公共部位停放电动自行车或者为其充电，不得堵塞消防通道。",
        "出租人应当督促承租人和共同居住人按照规定办理居住登记；承租人及共同居住人应当如实提供信息。发现违法犯罪活动的，应当及时报告公安机关。",
    )


def other(contract: LeaseContract) -> Article:
    return article(
        "其他约定与合同份数",
        clause("补充约定：{}", contract.other_terms or "无。"),
        "未尽事宜由双方另行订立书面补充协议；本合同的附件和补充协议与本合同具有同等效力。",
        "租赁当事人应当自合同订立之日起三十日内办理备案；备案内容变化、合同续订或者终止的，应当及时办理变更、重新备案或者注销。",
        clause("本合同一式{}份，各方各执一份，自各方签署之日起生效。", contract.copies),
    )
