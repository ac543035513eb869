"""Leases ready to be filed: drawn up and confirmed by both sides, on flats of the base library that pass every rule."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from services.engine.callers import Caller
from services.engine.door import Door
from services.tenancy.contracts import ConfirmContract, DrawUpContract, confirm_contract, draw_up_contract
from services.tenancy.lease_form import HouseForm, LeaseForm, PartyForm
from tests.world import DATA

SIGNATURE = "data:image/png;base64," + "iVBORw0KGgo" * 40


@dataclass(frozen=True)
class Flat:
    """A flat with one grown-up owner and nothing against it, as the register has it."""

    code: str
    cert_no: str
    district: str
    street: str
    address: str
    room: str
    area: Decimal
    owner: str
    owner_id: str


def flats() -> list[Flat]:
    """The sound flats of the sample library, in file order."""
    with (DATA / "houses_2000.csv").open(encoding="utf-8-sig", newline="") as source:
        lines = list(csv.DictReader(source))
    certificates: dict[str, int] = {}
    for line in lines:
        certificates[line["cert_no"]] = certificates.get(line["cert_no"], 0) + 1
    found = []
    for line in lines:
        owners = line["owners"].split(";")
        sound = (
            line["house_kind"] == "产权房"
            and line["use"] == "居住"
            and line["limit_status"] == line["safety_status"] == "正常"
            and line["expected_verdict"] == "pass"
            and len(owners) == 1
            and certificates[line["cert_no"]] == 1
        )
        if sound:
            name, number, _ = owners[0].split("/")
            found.append(
                Flat(
                    line["house_id"],
                    line["cert_no"],
                    line["district_code"],
                    line["street_code9"],
                    line["district"] + line["address"],
                    line["room"],
                    Decimal(line["floor_area"]),
                    name,
                    number,
                )
            )
    return found


def without_leases_on(kept: set[str], folder: Path) -> tuple[Path, tuple[str, ...]]:
    """The sample's leases on other flats than these, as a file, and their verdicts."""
    with (DATA / "contracts_2000.csv").open(encoding="utf-8-sig", newline="") as source:
        lines = [line for line in csv.DictReader(source) if line["house_id"] not in kept]
    path = folder / "contracts.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    return path, tuple(line["expected_verdict"] for line in lines)


def lease_of(flat: Flat, tenant: Flat, today: date) -> LeaseForm:
    """A flat let whole for a year to the owner of another one."""
    start = today + timedelta(days=1)
    return LeaseForm(
        house=HouseForm(
            house_code=flat.code,
            cert_no=flat.cert_no,
            district_code=flat.district,
            street_code=flat.street,
            address=flat.address,
            room_no=flat.room,
            build_area=flat.area,
        ),
        lessors=(_person(flat),),
        lessees=(_person(tenant),),
        leased_area=flat.area,
        start=start,
        end=start + timedelta(days=364),
        signed_on=today,
        handover_on=start,
        rent=Decimal(5000),
        deposit=Decimal(5000),
        deposit_return_days=7,
        deposit_deduct_rule="欠付租金和费用、人为损坏的修复费用",
        materials=frozenset({"不动产权证"}),
    )


def _person(flat: Flat) -> PartyForm:
    return PartyForm(
        name=flat.owner, id_no=flat.owner_id, mobile="13800001234", address="上海市浦东新区", card_read=True
    )


def draw_up_and_confirm(door: Door, clerk: Caller, form: LeaseForm) -> UUID:
    """The id of a lease both sides have confirmed at the counter."""
    drawn = door.perform(draw_up_contract, clerk, DrawUpContract(form))
    numbers = {party.name: party.id_no for party in (*form.lessors, *form.lessees)}
    for party in drawn.parties:
        word = ConfirmContract(drawn.contract_id, party.id, drawn.text_digest, numbers[party.name], SIGNATURE)
        door.perform(confirm_contract, clerk, word)
    return drawn.contract_id


def leases(today: date) -> Iterator[LeaseForm]:
    """Every sound flat let once, to the owner of the next; after the last flat, again for the following year."""
    ready = flats()
    shift = timedelta()
    while True:
        for place, flat in enumerate(ready):
            form = lease_of(flat, ready[(place + 1) % len(ready)], today)
            assert form.start is not None
            assert form.end is not None
            yield replace(form, start=form.start + shift, end=form.end + shift, handover_on=form.start + shift)
        shift += timedelta(days=365)
