"""A city of made-up leases: houses with the cuts of their addresses, contracts, parties, filings and the parts they hold."""

import json
import random
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from models.access import OrgUnit, UnitKind
from models.details import PENDING, count, text_of
from models.dialect import UnknownSchema, cuts
from models.house import AddressCut, House, HouseCategory, IntakeState, ProofKind
from models.identity import id_check_character
from models.integrity import DetailTally
from models.own_data import own_rows
from models.places_data import districts, streets
from models.sealed import Sealed
from models.sealed_rows import seal_row
from models.tenancy import ContractParty, FilingPart, LeaseContract, LeaseFiling
from models.tenancy_codes import (
    AgentKind,
    ApplicantSide,
    Channel,
    ContractState,
    DealKind,
    FilingState,
    FilingWay,
    LeaseMode,
    LicenceState,
    PartyKind,
    Side,
)
from services.engine.numbering import check_digit
from services.engine.work import Work
from tests.bench.bulk import Writer, columns, postgres_writer, sqlite_writer
from tests.bench.ground import HOME, Ground, sealer, world_at
from tests.world import World

_MODELS: tuple[Any, ...] = (
    House,
    AddressCut,
    OrgUnit,
    LeaseContract,
    ContractParty,
    LeaseFiling,
    FilingPart,
    DetailTally,
)
TABLES: list[sa.Table] = [_model.__table__ for _model in _MODELS]
#: Flats for so many filings; a flat has a filing a year.
FILINGS_A_HOUSE = 3
#: A road only twenty houses stand on, and the firm that lets so many of the flats.
RARE_ROAD, RARE_HOUSES = "玄珠湖路", 20
FIRM, FIRM_HOUSES = "91310115MA1K000016", 4000
FIRST_DAY = date(2024, 1, 1)
MADE_AT = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)
#: Raised when what is made here changes, so that kept databases are made anew.
MAKER = 3
_BATCH = 20_000
_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲晨浩宇轩梓涵欣怡思雨佳"


@dataclass(frozen=True)
class Flat:
    """What the leases of a house need of it."""

    id: UUID
    district: str
    street: str
    unit: UUID
    landlord: str
    landlord_id: str


def million(ground: Ground, engine: str, rows: int) -> str:
    """The URL of the kept database of so many filings in the newest schema, made now when it is missing."""
    name = kept_name(rows)
    note, wanted = HOME / f"{name}_{engine}.json", {"maker": MAKER, "rows": rows}
    if note.exists() and json.loads(note.read_text()) == wanted:
        with suppress(UnknownSchema):
            return ground.renew(engine, name)
    note.unlink(missing_ok=True)
    print(f"making {rows:,} filings on {engine} …", flush=True)
    started = time.perf_counter()
    url = ground.make(engine, name)
    with world_at(url, houses=False) as world:
        offices: dict[str, UUID] = world.read(_offices)
    with ExitStack() as stack:
        if engine == "sqlite":
            write = stack.enter_context(sqlite_writer(url.removeprefix("sqlite:///"), TABLES))
        else:
            write = stack.enter_context(postgres_writer(url, TABLES))
        _fill(write, rows, offices)
    note.write_text(json.dumps(wanted))
    print(f"made in {time.perf_counter() - started:.0f} s", flush=True)
    return url


def stand_at_making(world: World) -> None:
    """Put the clock at the day the base was made: later, filings would be over that no night has ended."""
    world.stand_at(MADE_AT.year, MADE_AT.month, MADE_AT.day)


def kept_name(rows: int) -> str:
    """The name of the kept database of so many filings."""
    return f"million_{rows}"


def _offices(work: Work) -> dict[str, UUID]:
    return {unit.street_code: unit.id for unit in work.session.exec(select(OrgUnit)).all() if unit.street_code}


def _fill(write: Writer, rows: int, offices: dict[str, UUID]) -> None:
    chance = random.Random(20260630)
    ids = _ids()
    units = _units(write, offices, ids)
    flats = _houses(write, max(RARE_HOUSES, rows // FILINGS_A_HOUSE), units, chance, ids)
    contracts: list[list[Any]] = []
    parties: list[list[Any]] = []
    filings: list[list[Any]] = []
    parts: list[list[Any]] = []
    numbers: dict[str, int] = {}
    for place in range(rows):
        flat = flats[place % len(flats)]
        round_no = place // len(flats)
        contract, people, filing, part = _lease(flat, place, round_no, numbers, chance, ids)
        contracts.append(contract)
        parties.extend(people)
        filings.append(filing)
        parts.append(part)
        if len(filings) == _BATCH or place == rows - 1:
            tallies = _tallies({TABLES[4]: parties, TABLES[6]: parts})
            for table, batch in zip(TABLES[3:], (contracts, parties, filings, parts, tallies), strict=True):
                write(table, batch)
                batch.clear()


def _tallies(details: Mapping[sa.Table, list[list[Any]]]) -> list[list[Any]]:
    """What the door would have counted: all details of an object are in one batch."""
    counted = Session()
    for table, batch in details.items():
        for values in batch:
            row = dict(zip(columns(table), values, strict=True))
            count(counted, table, row, after=row["mac"])
    return [
        _row(TABLES[7], id=owner, version=1, tallies=text_of({name: one}))
        for (name, owner), one in counted.info[PENDING].items()
    ]


def _ids() -> Iterator[UUID]:
    """UUIDs of version 7 in the order of making, as ours are."""
    chance = random.Random(7)
    start, made = 1_780_000_000_000, 0
    while True:
        made += 1
        moment = start + made // 4
        yield UUID(int=(moment << 80) | (7 << 76) | ((made % 4) << 70) | (2 << 62) | chance.getrandbits(61))


def _units(write: Writer, offices: dict[str, UUID], ids: Iterator[UUID]) -> dict[str, UUID]:
    """An office for every street, the loaded ones included."""
    units = dict(offices)
    made = []
    for street in streets():
        if street.code in units:
            continue
        units[street.code] = next(ids)
        made.append(
            _row(
                TABLES[2],
                id=units[street.code],
                district_code=street.district_code,
                street_code=street.code,
                unit_code=f"MADE{street.code}",
                name=f"{street.name}社区事务受理服务中心",
                kind=UnitKind.STREET_CENTER,
                address="",
                phone="",
                hours="",
                enterprise_id=None,
            )
        )
    write(TABLES[2], made)
    return units


def _houses(
    write: Writer, count: int, units: dict[str, UUID], chance: random.Random, ids: Iterator[UUID]
) -> list[Flat]:
    roads = [(row["road"], row["street_code9"]) for row in own_rows("regions/roads.csv")]
    names = {district.code: (district.name, district.cert_sign) for district in districts()}
    of_street = {street.code: street.district_code for street in streets()}
    flats, rows = [], []
    grams: dict[str, list[UUID]] = {}
    for place in range(count):
        road, street = roads[place % len(roads)]
        if place % (count // RARE_HOUSES) == 0 and place // (count // RARE_HOUSES) < RARE_HOUSES:
            road = RARE_ROAD
        district = of_street[street]
        name, sign = names[district]
        lane, building, room = chance.randrange(1, 2000), chance.randrange(1, 120), _room(chance)
        address = f"{name}{road}{lane}弄{building}号{room}"
        landlord = ("沪寓公寓管理有限公司", FIRM) if place < FIRM_HOUSES else _person(chance)
        flat = Flat(next(ids), district, street, units[street], *landlord)
        flats.append(flat)
        rows.append(
            _row(
                TABLES[0],
                id=flat.id,
                district_code=district,
                street_code=street,
                house_code=f"{district}{place:014d}",
                category=HouseCategory.OWNED,
                proof_kind=ProofKind.A1,
                cert_no=Sealed.of(f"沪({2005 + place % 20}){sign}字不动产权第{place:07d}号"),
                unit_no=f"{district}{place:022d}",
                committee="",
                road=road,
                lane=f"{lane}弄",
                building=f"{building}号",
                room=room,
                address=address,
                build_area=Decimal(chance.randrange(3000, 15000)) / 100,
                inner_area=None,
                design_use="居住",
                structure="钢混",
                layout="2室1厅1厨1卫",
                floor_no=3,
                floor_total=6,
                registered_on=date(2020, 5, 1),
                intake=IntakeState.IN,
                enterprise_id=None,
                project_id=None,
                registry_at=MADE_AT,
                last_ticket=FILINGS_A_HOUSE + 1,
            )
        )
        for gram in cuts(address):
            grams.setdefault(gram, []).append(flat.id)
        if len(rows) == _BATCH or place == count - 1:
            write(TABLES[0], rows)
            rows.clear()
    for gram in sorted(grams):
        write(TABLES[1], [[gram, house] for house in sorted(grams[gram])])
    return flats


def _lease(
    flat: Flat,
    place: int,
    round_no: int,
    numbers: dict[str, int],
    chance: random.Random,
    ids: Iterator[UUID],
) -> tuple[list[Any], list[list[Any]], list[Any], list[Any]]:
    contract_id, filing_id = next(ids), next(ids)
    start = FIRST_DAY + timedelta(days=365 * round_no + place % 300)
    end, filed = start + timedelta(days=364), start - timedelta(days=3)
    active = end >= MADE_AT.date()
    cancelled = not active and place % 9 == 0
    state = FilingState.ACTIVE if active else FilingState.CANCELLED if cancelled else FilingState.EXPIRED
    rent = Decimal(chance.randrange(2000, 15000))
    office = {
        "district_code": flat.district,
        "street_code": flat.street,
        "enterprise_id": None,
        "unit_id": flat.unit,
        "clerk_id": None,
        "channel": Channel.STREET,
    }
    contract = _row(
        TABLES[3],
        id=contract_id,
        **office,
        contract_no=_number("HT", flat.district, filed, numbers),
        house_id=flat.id,
        mode=LeaseMode.WHOLE,
        deal=DealKind.SELF,
        rooms="*",
        start=start,
        end=end,
        signed_on=filed,
        month_rent=rent,
        deposit=rent,
        form=Sealed.of_json({"legacy": True}),
        text_version=1,
        text_digest="",
        template="SH-ZL-2026",
        paper_only=False,
        state=ContractState.EFFECTIVE if active else ContractState.EXPIRED,
        idle_until=None,
    )
    people = [_party(Side.LESSOR, contract_id, flat.landlord, flat.landlord_id, ids)]
    people.append(_party(Side.LESSEE, contract_id, *_person(chance), ids))
    filing = _row(
        TABLES[5],
        id=filing_id,
        **office,
        filing_no=_number("BA", flat.district, filed, numbers),
        contract_id=contract_id,
        case_id=None,
        house_id=flat.id,
        ticket=round_no + 1,
        mode=LeaseMode.WHOLE,
        part_keys="*",
        valid_from=start,
        valid_to=end,
        ended_on=end - timedelta(days=90) if cancelled else None,
        month_rent=rent,
        leased_area=Decimal(80),
        persons=1,
        way=FilingWay.COMBINED,
        waived_codes="",
        side=ApplicantSide.BOTH,
        deal=DealKind.SELF,
        check_run_id=None,
        previous_id=None,
        licence_state=LicenceState.ISSUED,
        late_days=0,
        filed_on=filed,
        filed_at=datetime(filed.year, filed.month, filed.day, 2, place % 60, tzinfo=UTC),
        state=state,
        cancel_reason="EARLY_BOTH" if cancelled else "",
        retain_until=end + timedelta(days=730),
    )
    part = _row(
        TABLES[6],
        id=next(ids),
        filing_id=filing_id,
        house_id=flat.id,
        part_key="*",
        valid_from=start,
        valid_to=end,
        holds=active,
        persons=1,
    )
    return contract, people, filing, part


def _party(side: Side, contract_id: UUID, name: str, id_no: str, ids: Iterator[UUID]) -> list[Any]:
    firm = id_no == FIRM
    return _row(
        TABLES[4],
        id=next(ids),
        contract_id=contract_id,
        side=side,
        position=1,
        kind=PartyKind.ORG if firm else PartyKind.PERSON,
        name=Sealed.of(name),
        id_type="51" if firm else "11",
        id_no=Sealed.of(id_no),
        mobile=None,
        agent_kind=AgentKind.NONE,
        agent_name=None,
        agent_id_no=None,
    )


def _row(table: sa.Table, **values: Any) -> list[Any]:
    """Values in the order of the table's columns, sealed; what every row has is filled in."""
    for name, value in (("created_at", MADE_AT), ("updated_at", MADE_AT), ("version", 1)):
        if name in table.columns:
            values.setdefault(name, value)
    seal_row(sealer(), table, values["id"], values)
    return [values.get(name) for name in _names(table)]


@cache
def _names(table: sa.Table) -> tuple[str, ...]:
    return tuple(columns(table))


def _number(prefix: str, district: str, on: date, numbers: dict[str, int]) -> str:
    series = f"{prefix}{district}{on:%y%m%d}"
    numbers[series] = number = numbers.get(series, 0) + 1
    digits = f"{series[2:]}{number:06d}"
    return f"{prefix}{digits}{check_digit(digits)}"


def _person(chance: random.Random) -> tuple[str, str]:
    name = chance.choice(_FAMILY) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2))))
    born = date(1955, 1, 1) + timedelta(days=chance.randrange(17000))
    first = f"310{chance.choice(('101', '104', '105', '106', '107', '109', '110', '115'))}{born:%Y%m%d}{chance.randrange(1000):03d}"
    return name, first + id_check_character(first)


def _room(chance: random.Random) -> str:
    return f"{chance.randrange(1, 25)}{chance.randrange(1, 7):02d}室"
