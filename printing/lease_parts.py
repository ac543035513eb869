"""The parts of a lease contract: parties, house, money and signatures, all ready to print."""

from dataclasses import dataclass
from typing import ClassVar

from printing.labelled import column, half, labelled, or_dash, whole
from printing.page import Issue


@dataclass(frozen=True)
class Agent:
    """The agent of a party, with the mandate."""

    name: str
    id_kind: str
    id_no: str
    mandate: str


@dataclass(frozen=True)
class Party:
    """A lessor or lessee; for an organisation `id_no` is the credit code and the legal representative is named."""

    name: str
    id_kind: str
    id_no: str
    phone: str
    address: str
    nationality: str = ""
    legal_rep: str = ""
    agent: Agent | None = None


@labelled
class Resident:
    """Someone who lives with the lessee."""

    name: str = column("姓名", 0.2, centred=True)
    id_kind: str = column("证件类型", 0.16, centred=True)
    id_no: str = column("证件号码", 0.28)
    phone: str = column("联系电话", 0.18, centred=True)
    relation: str = column("与承租人关系", 0.18, centred=True)


@labelled
class House:
    """The flat or the part of it that is let."""

    district: str = column("区", 0.15, centred=True, show=or_dash)
    road: str = column("路（街）", 0.25, centred=True, show=or_dash)
    lane: str = column("弄", 0.12, centred=True, show=or_dash)
    building: str = column("号（幢）", 0.14, centred=True, show=or_dash)
    room: str = column("室", 0.12, centred=True, show=or_dash)
    part: str = column("部位", 0.22, centred=True, show=or_dash)
    whole: bool = half("出租方式", show=lambda house: "整套出租" if house.whole else "部分出租")
    use: str = half("房屋用途")
    building_area: str = half("建筑面积")
    leased_area: str = half("租赁面积")
    category: str = half("房屋类型")
    structure: str = half("房屋结构")
    layout: str = half("户型")
    floor: str = half("所在楼层")
    proof_kind: str = half("权属证明")
    proof_no: str = half("证明编号")
    proof_holder: str = half("证明记载权利人")
    capacity: str = half("出租人身份")
    mortgage: str = half("抵押情况")
    verification_no: str = half("房源核验编号", empty="—")


@labelled
class Room:
    """A room that is let and how many may live in it."""

    name: str = column("房间", 0.4, centred=True)
    area: str = column("面积", 0.3, centred=True)
    persons: str = column("居住人数上限", 0.3, centred=True)


@labelled
class Facility:
    """A piece of equipment that is handed over."""

    name: str = column("名称", 0.3)
    brand: str = column("品牌型号", 0.26)
    quantity: str = column("数量", 0.12, centred=True)
    state: str = column("状况", 0.24)


@labelled
class Fee:
    """A running cost and who pays it."""

    item: str = column("费用项目", 0.3, centred=True)
    payer: str = column("承担方", 0.3, centred=True)
    note: str = column("备注", 0.4, default="")


@dataclass(frozen=True)
class Term:
    """The term of the lease: start, end, length in words (12个月), handover and renewal."""

    start: str
    end: str
    months: str
    handover: str
    renewal: str


@dataclass(frozen=True)
class Rent:
    """The rent; the amount in Chinese capitals is given, not made here."""

    amount: str
    capitals: str
    unit: str
    monthly: str
    cycle: str
    pay_day: str
    method: str
    account: str
    adjustment: str
    late: str


@dataclass(frozen=True)
class Deposit:
    """The deposit; an empty amount means that none was agreed."""

    amount: str = ""
    capitals: str = ""
    return_days: str = ""
    deduction: str = ""
    custody: str = ""
    account: str = ""


@labelled
class Broker:
    """The firm and the person who brought the contract about."""

    firm: str = half("经纪机构／企业")
    record_no: str = half("机构备案编号")
    practitioner: str = half("从业人员")
    card_no: str = half("从业信息卡编号")
    services: str = whole("服务内容")


@dataclass(frozen=True)
class Signature:
    """Way and time of a party's signature; empty when the party signs on the paper.

    `stroke` is the drawing of the signature pad as a data URL, `page` the reference to a page signed on paper.
    """

    role: str
    name: str
    way: str = ""
    time: str = ""
    stroke: str = ""
    page: str = ""


@dataclass(frozen=True)
class LeaseContract:
    """Content of a lease contract."""

    TITLE: ClassVar[str] = "住房租赁合同"

    issue: Issue
    contract_no: str
    template_version: str
    channel: str
    lessors: tuple[Party, ...]
    lessees: tuple[Party, ...]
    house: House
    term: Term
    rent: Rent
    deposit: Deposit
    fees: tuple[Fee, ...]
    signatures: tuple[Signature, ...]
    residents: tuple[Resident, ...] = ()
    add_resident_rule: str = ""
    rooms: tuple[Room, ...] = ()
    facilities: tuple[Facility, ...] = ()
    use_rule: str = ""
    repair_rule: str = ""
    sublet_rule: str = ""
    return_state: str = ""
    early_end_rule: str = ""
    breach: str = ""
    dispute_way: str = ""
    other_terms: str = ""
    broker: Broker | None = None
    filing_no: str = ""
