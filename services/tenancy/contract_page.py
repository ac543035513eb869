"""The page of a lease contract (D1) from the frozen form, complete for its parties, and its preview before they confirm."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from models.amounts import capital_amount, money_text
from models.enterprise import Enterprise
from models.house import House, HouseRoom
from models.places_data import district
from models.privacy import Shown
from models.sealed import Sealed
from models.tenancy import Confirmation, ContractParty, LeaseContract, LeaseFiling
from models.tenancy_codes import AgentKind, FeeItem, LeaseMode, PartyKind, Side
from printing import lease_parts as page
from printing.lease_contract import STROKE
from printing.page import Issue
from services.documents.forms import freeze, preview, thaw
from services.engine.callers import Caller
from services.engine.clock import shanghai_text
from services.engine.copied import taken
from services.engine.door import Door
from services.engine.registry import query
from services.engine.work import Work
from services.privacy.accesses import note_access, numbers_of_contracts
from services.tenancy.contracts import FILERS
from services.tenancy.lease_form import LeaseForm, PartyForm, form_of
from services.tenancy.paper_words import area_words, day_text, part_name, parties_of, printed_cert, unit_name
from services.tenancy.predicates import days_of, last_day

_CUSTODY = {"LESSOR": "出租人保管", "SUPERVISED": "资金监管账户", "BANK": "银行托管"}
_WAYS = {
    "FACE_TO_FACE": "窗口当面确认并签名",
    "PARTNER": "在签约平台签署，由其报送",
    "ONE_STOP": "自行签订，在一网通办提交合同",
}
#: References to a page signed on paper, as the counter makes them.
_SIGNED_PAGES = {"paper-signature-page": "编号", "paper-signature-scan": "扫描件摘要"}
_SUBLET = {
    "YES": "承租人可以转租，转租应当符合本市住房租赁的规定。",
    "NO": "",
    "WITH_CONSENT": "经出租人书面同意，承租人可以转租。",
}


def contract_page(
    work: Work,
    contract: LeaseContract,
    house: House,
    form: LeaseForm,
    filing: LeaseFiling | None,
    parties: list[ContractParty],
    unit: str,
) -> page.LeaseContract:
    """Return the contract as printed; a single version for all parties (decision 17)."""
    return page.LeaseContract(
        issue=Issue(
            number=contract.contract_no or "",
            unit=unit,
            issued_on=filing.filed_on if filing else work.today,
            digest=contract.text_digest,
        ),
        contract_no=contract.contract_no or "",
        template_version=contract.template,
        channel=contract.channel.label,
        lessors=tuple(_party(party) for party in form.lessors),
        lessees=tuple(_party(party) for party in form.lessees),
        house=_house(house, form),
        term=_term(form),
        rent=_rent(contract, form),
        deposit=_deposit(form),
        fees=tuple(
            page.Fee(FeeItem.of(fee.item).label, "出租人" if fee.by == "LESSOR" else "承租人") for fee in form.fees
        ),
        signatures=_signatures(work, contract, parties),
        residents=tuple(
            page.Resident(one.name, one.id_type.label, one.id_no, one.mobile or "—", one.relation.label)
            for one in form.residents
        ),
        add_resident_rule=form.add_occupant_rule,
        rooms=_rooms(work, house, form),
        facilities=tuple(page.Facility(name, "—", "1", "完好") for name in form.facilities),
        **taken(form, "use_rule", "repair_rule", "return_state", "early_end_rule", "breach", "other_terms"),
        sublet_rule=_SUBLET.get(form.sublet_rule, ""),
        dispute_way="提交上海仲裁委员会仲裁" if form.dispute_way == "ARBITRATION" else "依法向房屋所在地人民法院起诉",
        broker=_broker(work, form),
        filing_no=filing.filing_no if filing else "",
    )


def _party(party: PartyForm) -> page.Party:
    agent = None
    if party.agent_kind is not AgentKind.NONE:
        agent = page.Agent(party.agent_name, party.agent_id_type.label, party.agent_id_no, party.agent_kind.label)
    return page.Party(
        name=party.name,
        id_kind=party.id_type.label,
        id_no=party.id_no,
        phone=party.mobile,
        address=party.address or "—",
        nationality="" if party.kind is PartyKind.ORG else party.nationality,
        legal_rep=party.legal_rep if party.kind is PartyKind.ORG else "",
        agent=agent,
    )


def _house(house: House, form: LeaseForm) -> page.House:
    named = district(house.district_code)
    return page.House(
        district=named.name if named else "",
        **taken(house, "road", "lane", "building", "room"),
        part=part_name(",".join(form.parts), form.mode),
        whole=form.mode is LeaseMode.WHOLE,
        building_area=area_words(house.build_area),
        leased_area=area_words(form.leased_area or house.build_area),
        use="居住",
        category=house.category.label,
        structure=house.structure or "—",
        layout=house.layout or "—",
        floor=f"{house.floor_no}／{house.floor_total}层" if house.floor_no else "—",
        proof_kind=house.proof_kind.label,
        proof_no=printed_cert(house.cert_no.plain),
        proof_holder="、".join(party.name for party in form.lessors),
        capacity=form.lessor_capacity.label,
        mortgage=form.mortgaged_told,
        verification_no=form.verification_no,
    )


def _term(form: LeaseForm) -> page.Term:
    assert form.start is not None
    assert form.end is not None
    return page.Term(
        start=day_text(form.start),
        end=day_text(form.end),
        months=_length(form.start, form.end),
        handover=day_text(form.handover_on or form.start),
        renewal=form.renew_rule or "租赁期限届满前三十日，双方可以协商续租。",
    )


def _length(start: date, end: date) -> str:
    """Whole months where the term is made of them, else days."""
    months = (end.year - start.year) * 12 + end.month - start.month
    whole = next((count for count in (months, months + 1) if count and last_day(start, count) == end), 0)
    return f"{whole}个月" if whole else f"{days_of(start, end)}天"


def _rent(contract: LeaseContract, form: LeaseForm) -> page.Rent:
    rent = form.rent or Decimal(0)
    return page.Rent(
        amount=money_text(rent),
        capitals=capital_amount(rent),
        unit=form.rent_unit.label,
        monthly=money_text(contract.month_rent),
        cycle=form.pay_cycle.label,
        pay_day=f"{form.pay_day}日",
        method=form.pay_method,
        account=form.payee_account,
        adjustment=form.rent_adjust_rule or "租赁期限内租金不作调整。",
        late="承租人逾期支付租金的，应当按照约定承担违约责任。",
    )


def _deposit(form: LeaseForm) -> page.Deposit:
    if not form.deposit:
        return page.Deposit()
    return page.Deposit(
        amount=money_text(form.deposit),
        capitals=capital_amount(form.deposit),
        return_days=str(form.deposit_return_days or ""),
        deduction=form.deposit_deduct_rule,
        custody=_CUSTODY.get(form.deposit_custody, ""),
        account=form.supervised_account,
    )


def _rooms(work: Work, house: House, form: LeaseForm) -> tuple[page.Room, ...]:
    known = work.rows(HouseRoom, HouseRoom.house_id == house.id)
    limit = work.thresholds.integer("occupancy.room_max_persons")
    wanted = [room for room in known if form.mode is LeaseMode.WHOLE or room.label in form.parts]
    return tuple(
        page.Room(
            f"{room.kind.label} {room.label}",
            f"{room.usable_area:.2f} 平方米",
            f"{limit} 人" if room.kind.value in {"BEDROOM", "SPLIT_N1"} else "—",
        )
        for room in sorted(wanted, key=lambda one: one.label)
    )


def _signatures(work: Work, contract: LeaseContract, parties: list[ContractParty]) -> tuple[page.Signature, ...]:
    words = {
        word.party_id: word
        for word in work.rows(
            Confirmation, Confirmation.contract_id == contract.id, Confirmation.text_version == contract.text_version
        )
    }
    signed = []
    for party in parties:
        if party.side is Side.OCCUPANT:
            continue
        word = words.get(party.id)
        name = party.name.plain + (f"（代理人：{party.agent_name.plain}）" if party.agent_name else "")
        signed.append(
            page.Signature(
                role=party.side.label,
                name=name,
                **_signed(word),
            )
        )
    return tuple(signed)


def _signed(word: Confirmation | None) -> dict[str, str]:
    """Return how, when and by what a party signed: the stroke on the pad, or the page signed on paper."""
    if word is None:
        return {}
    told = {"way": _WAYS[word.way], "time": shanghai_text(word.at)[:16]}
    kept = str(word.signature.json()) if word.signature is not None else ""
    if kept.startswith(STROKE):
        return {**told, "stroke": kept}
    name, _, reference = kept.partition(":")
    return {**told, "page": f"{_SIGNED_PAGES[name]}{reference}"} if name in _SIGNED_PAGES else told


def _broker(work: Work, form: LeaseForm) -> page.Broker | None:
    uscc = form.broker_uscc or form.enterprise_uscc
    if not uscc:
        return None
    firm = work.first(Enterprise, Enterprise.uscc == uscc)
    return page.Broker(
        firm=firm.name if firm else uscc,
        record_no=firm.record_no if firm else "—",
        practitioner="—",
        card_no=form.card_no or "—",
        services="居间服务" if form.broker_uscc else "企业出租",
    )


@query("tenancy.preview", "预览合同", roles=FILERS, personal=True)
def drawn_contract(work: Work, contract_id: UUID) -> Sealed:
    """Return the page of a visible contract with its present text."""
    contract = work.get(LeaseContract, contract_id)
    house = work.only(House, House.id == contract.house_id)
    form, parties = form_of(contract.form.json()), parties_of(work, contract.id)
    # Both sides read it before they confirm it: it shows what they have just stated.
    note_access(work, numbers_of_contracts(work, [contract.id]), "tenancy.preview", Shown.FULL, about=contract)
    return freeze(contract_page(work, contract, house, form, None, parties, unit_name(work, contract.unit_id)))


def contract_preview(door: Door, caller: Caller, contract_id: UUID) -> bytes:
    """The preview as PDF, drawn with no transaction open."""
    _, drawn = thaw(door.ask(drawn_contract, caller, contract_id))
    return preview(drawn, clerk=f"{caller.unit_name} {caller.name}".strip(), at=door.clock.now())
