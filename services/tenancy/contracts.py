"""网签: the lease is drawn up, each side confirms its text, then it can be filed (row 6)."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from models.access import Role, UnitKind
from models.dialect import locked
from models.enterprise import Enterprise
from models.house import House
from models.normal import normal
from models.sealed import Sealed
from models.sealing import sm3_hex
from models.tenancy import Confirmation, ContractParty, GovCase, LeaseContract
from models.tenancy_codes import CONTRACT, OPEN_CASES, AgentKind, Channel, ContractState, PartyKind, Side
from services.access.matches import SIGNED, open_person
from services.access.visibility import CLERKS, ENTERPRISE
from services.engine.events import Event
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work
from services.tenancy.fact_sources import house_of_form
from services.tenancy.lease_form import LeaseForm, PartyForm, ResidentForm, form_json, form_of, text_digest
from services.tenancy.paper_words import parties_of
from services.tenancy.predicates import month_rent

FILERS = CLERKS | ENTERPRISE
#: A lease is over: cancelled, expired or void.
OVER: Event[LeaseContract] = Event("tenancy.over")


@dataclass(frozen=True)
class DrawUpContract:
    """A form read without a finding; `contract_id` when an earlier text is changed."""

    form: LeaseForm
    contract_id: UUID | None = None


@dataclass(frozen=True)
class PartyLine:
    """A party who has to confirm, and whether he did for this version of the text."""

    id: UUID
    side: Side
    name: str
    agent: str
    confirmed: bool


@dataclass(frozen=True)
class DrawnUp:
    contract_id: UUID
    text_version: int
    text_digest: str
    parties: tuple[PartyLine, ...] = field(default_factory=tuple)


def channel_of(work: Work) -> Channel:
    if work.caller.unit_kind is UnitKind.STREET_CENTER:
        return Channel.STREET
    return Channel.ENT if work.caller.enterprise_id else Channel.DCOUNTER


@action("tenancy.draw_up", "拟定合同", roles=FILERS, event="DATA.CREATE")
def draw_up_contract(work: Work, order: DrawUpContract) -> DrawnUp:
    """Write the text down; a changed text is a new version and every confirmation of the old one is void."""
    form = order.form
    if form.start is None or form.end is None or form.rent is None or not form.lessors or not form.lessees:
        raise Rejected("请先填写房屋、双方当事人、租期和租金")
    house = house_of_form(work.session, form)
    if house is None:
        raise Rejected("未找到该房屋的基础信息，请先办理房屋基础信息入库")
    digest = text_digest(form)
    if order.contract_id is None:
        contract = new_contract(work, form, house, channel_of(work))
    else:
        contract = work.hold(LeaseContract, order.contract_id)
        if contract.text_digest == digest and contract.state in CONTRACT.open_to("void"):
            # Materials handed in and cards read are no part of the text: the parties need not confirm anew.
            contract.form = Sealed.of_json(form_json(form))
            work.add(contract)
            return drawn_up(work, contract)
        if contract.state is ContractState.SIGNED:
            take_step(work, contract, CONTRACT, "reopen", log=False)
        take_step(work, contract, CONTRACT, "change")
        contract.text_version += 1
        write_text(work, contract, form, house)
    contract.enterprise_id = _enterprise(work, form)
    work.add(contract)
    for party in parties_of(work, contract.id):
        for word in work.rows(Confirmation, Confirmation.party_id == party.id):
            work.session.delete(word)
        work.session.delete(party)
    work.session.flush()
    add_parties(work, contract, form)
    work.session.flush()
    work.trail.tell(
        "DATA.CREATE", "tenancy.draw_up", about=contract, detail={"text": contract.text_version}, digest=digest
    )
    return drawn_up(work, contract)


def new_contract(work: Work, form: LeaseForm, house: House, channel: Channel) -> LeaseContract:
    """The row of a lease with everything the form agrees on; it is in draft and has no party yet."""
    contract = LeaseContract(channel=channel, unit_id=work.caller.unit_id, clerk_id=work.caller.account_id)
    write_text(work, contract, form, house)
    return contract


def write_text(work: Work, contract: LeaseContract, form: LeaseForm, house: House) -> None:
    """Write everything that a form agrees on into its contract."""
    assert form.start is not None
    assert form.end is not None
    contract.house_id = house.id
    contract.district_code, contract.street_code = house.district_code, house.street_code
    contract.mode, contract.deal, contract.start, contract.end = form.mode, form.deal, form.start, form.end
    contract.signed_on = form.signed_on or work.today
    contract.month_rent, contract.deposit = month_rent(form) or Decimal(0), form.deposit or Decimal(0)
    contract.rooms = ",".join(form.parts)
    contract.paper_only = form.paper_lease
    contract.form, contract.text_digest = Sealed.of_json(form_json(form)), text_digest(form)
    contract.idle_until = work.today + timedelta(days=work.thresholds.integer("contract.idle_days"))


def _enterprise(work: Work, form: LeaseForm) -> UUID | None:
    if work.caller.enterprise_id is not None:
        return work.caller.enterprise_id
    uscc = form.enterprise_uscc or form.broker_uscc
    return work.first(Enterprise.id, Enterprise.uscc == uscc) if uscc else None


def add_parties(work: Work, contract: LeaseContract, form: LeaseForm) -> list[ContractParty]:
    """The landlords, tenants and residents of a form as rows of its contract; gives those who sign, in their order."""
    signing = [
        _party(contract, side, position, party)
        for side, people in ((Side.LESSOR, form.lessors), (Side.LESSEE, form.lessees))
        for position, party in enumerate(people, 1)
    ]
    living = [_party(contract, Side.OCCUPANT, position, one) for position, one in enumerate(form.residents, 1)]
    for row in (*signing, *living):
        work.add(row)
    return signing


def _party(contract: LeaseContract, side: Side, position: int, person: PartyForm | ResidentForm) -> ContractParty:
    row = ContractParty(
        contract_id=contract.id,
        side=side,
        position=position,
        kind=PartyKind.PERSON,
        name=Sealed.of(person.name),
        id_type=person.id_type.value,
        id_no=Sealed.of(person.id_no),
        mobile=Sealed.of(person.mobile) if person.mobile else None,
    )
    if isinstance(person, PartyForm):
        row.kind, row.agent_kind = person.kind, person.agent_kind
        if person.agent_kind is not AgentKind.NONE:
            row.agent_name = Sealed.of(person.agent_name) if person.agent_name else None
            row.agent_id_no = Sealed.of(person.agent_id_no) if person.agent_id_no else None
    return row


def signers(work: Work, contract: LeaseContract) -> list[ContractParty]:
    """The parties who must confirm: every landlord and every tenant."""
    return [party for party in parties_of(work, contract.id) if party.side is not Side.OCCUPANT]


def drawn_up(work: Work, contract: LeaseContract) -> DrawnUp:
    done = set(
        work.rows(
            Confirmation.party_id,
            Confirmation.contract_id == contract.id,
            Confirmation.text_digest == contract.text_digest,
        )
    )
    return DrawnUp(
        contract.id,
        contract.text_version,
        contract.text_digest,
        tuple(
            PartyLine(
                party.id,
                party.side,
                party.name.plain,
                party.agent_name.plain if party.agent_name else "",
                party.id in done,
            )
            for party in signers(work, contract)
        ),
    )


@dataclass(frozen=True)
class ConfirmContract:
    """A party's word, face to face: the card read at this counter and the signature given there.

    `id_no` is the party's number as read, or the agent's; `signature` a PNG data URL, or the digest of a scan.
    """

    contract_id: UUID
    party_id: UUID
    text_digest: str
    id_no: str
    signature: str
    card_read: bool = True


@action("tenancy.confirm", "当事人确认", roles=FILERS, step=Step(CONTRACT, "confirm"))
def confirm_contract(work: Work, order: ConfirmContract) -> DrawnUp:
    """Keep one party's confirmation; with the last one the lease is signed."""
    contract = work.hold(LeaseContract, order.contract_id)
    if contract.state is not ContractState.DRAFT:
        raise Conflict(f"合同当前状态为“{contract.state.label}”，无需再次确认")
    if order.text_digest != contract.text_digest:
        raise Conflict("合同内容已变化，请双方重新确认")
    party = next((person for person in signers(work, contract) if person.id == order.party_id), None)
    if party is None:
        raise Conflict("该当事人不在本合同中，请刷新页面")
    if not order.card_read:
        raise Rejected("请读取当事人（代理人）的证件后再确认")
    expected = party.agent_id_no or party.id_no
    if normal("id_no", order.id_no) != normal("id_no", expected.plain):
        raise Rejected("读取的证件与合同当事人（代理人）不一致")
    if len(order.signature) < 16:
        raise Rejected("请当事人在签名板上签名，或上传签字页")
    if len(order.signature) > 400_000:
        raise Rejected("签名图片过大，请重新签名")
    earlier = work.first(
        Confirmation, Confirmation.party_id == party.id, Confirmation.text_version == contract.text_version
    )
    if earlier is None:
        work.add(
            Confirmation(
                contract_id=contract.id,
                party_id=party.id,
                text_version=contract.text_version,
                text_digest=contract.text_digest,
                way="FACE_TO_FACE",
                card_read=True,
                signature=Sealed.of_json(order.signature),
                signature_digest=sm3_hex(order.signature.encode()),
                at=work.now,
                clerk_id=work.caller.account_id,
            )
        )
        if work.caller.has(*CLERKS):
            open_person(work, expected.plain, SIGNED)
        work.session.flush()
        work.trail.tell(
            "DATA.STATE",
            "tenancy.confirm",
            about=contract,
            detail={"party": str(party.id), "text": contract.text_version},
        )
    lines = drawn_up(work, contract)
    if all(line.confirmed for line in lines.parties):
        take_step(work, contract, CONTRACT, "confirm")
        take_step(work, contract, CONTRACT, "sign")
    return lines


def confirmed_form(work: Work, contract: LeaseContract) -> LeaseForm:
    """The form as it was confirmed: a party whose card was read here has shown his document."""
    form = form_of(contract.form.json())
    shown = {
        (party.side, party.position)
        for party in work.session.exec(
            select(ContractParty)
            .join(Confirmation, col(Confirmation.party_id) == col(ContractParty.id))
            .where(
                ContractParty.contract_id == contract.id,
                Confirmation.text_digest == contract.text_digest,
                col(Confirmation.card_read).is_(True),
            )
        ).all()
    }

    def seen(side: Side, people: tuple[PartyForm, ...]) -> tuple[PartyForm, ...]:
        return tuple(
            replace(party, card_read=party.card_read or (side, place) in shown) for place, party in enumerate(people, 1)
        )

    return replace(form, lessors=seen(Side.LESSOR, form.lessors), lessees=seen(Side.LESSEE, form.lessees))


def end_lease(work: Work, contract: LeaseContract, step: str, reason: str = "") -> None:
    """Take the step after which a lease is over; what was under way for it ends with it."""
    take_step(work, contract, CONTRACT, step, reason=reason)
    work.session.flush()
    OVER.happened(work, contract)


@action("tenancy.void", "作废合同", roles=FILERS, step=Step(CONTRACT, "void"))
def void_contract(work: Work, order: Reasoned) -> None:
    """Drop a lease that was not filed."""
    reason = enough_words(order.reason, "作废原因", least=2, most=100)
    end_lease(work, work.hold(LeaseContract, order.id), "void", reason)


@action("tenancy.void_idle", "逾期未确认合同作废", roles={Role.SYSTEM})
def void_idle_contracts(work: Work, order: None) -> int:
    """Void leases after 30 days without confirmation or without repair of a refused filing."""
    rows = work.session.exec(
        locked(
            work.session,
            select(LeaseContract)
            .where(
                col(LeaseContract.state).in_(list(CONTRACT.open_to("void"))),
                col(LeaseContract.idle_until) < work.today,
                col(LeaseContract.id).not_in(
                    select(GovCase.contract_id).where(
                        col(GovCase.contract_id).is_not(None), col(GovCase.state).in_(list(OPEN_CASES))
                    )
                ),
            )
            .limit(200),
        )
    ).all()
    for contract in rows:
        end_lease(work, contract, "void", "IDLE")
    return len(rows)
