"""Citizens' online applications in the demo: a draft, one to be put right, one the landlord is asked to confirm, one done (row 3)."""

from dataclasses import dataclass
from datetime import date, timedelta

from deploy.demo.stories import left_out, on_past_days, picture, there
from deploy.demo.sublets import free_flats
from models.citizens import CitizenDraft
from models.identity import check_id_number
from models.own_data import own_rows
from models.tenancy_codes import Situation
from models.verification_codes import PrecheckState
from services.citizens.applications import SubmitDraft, check_of, submit_draft
from services.citizens.drafts import AddFile, BeginDraft, add_file, begin_draft
from services.citizens.sessions import Citizen, citizen_caller
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.verification.precheck import check_before

_ADDRESS = "203.0.113.20"
_PICTURE = "paper.png"


@dataclass(frozen=True)
class _Home:
    """A flat of the library with its owner, as the certificate says."""

    cert_no: str
    owner: str
    owner_id: str
    address: str


#: Tenants of the demo, of whom the first is among the persons the simulated portal offers.
_LI = Citizen("李静", "11", "310104199506150028", "13800001234")
_SUN = Citizen("孙浩", "11", "310112199203050054", "13800005678")


def load_citizens(door: Door) -> None:
    """Fill in and hand in applications on the days past, as the citizens' pages do."""
    if there(door, CitizenDraft):
        return
    homes = iter(_homes(door))
    with left_out("网上申请"), on_past_days(door) as stand:
        # Filed by the tenant alone three days ago; the landlord may still confirm.
        _hand_in(door, _LI, next(homes), stand(3), ("ID", "TITLE", "CONTRACT"))
        # Handed in without the lease: a correction notice lists it.
        _hand_in(door, _SUN, next(homes), stand(2), ("ID", "TITLE"))
        # Left in the middle.
        _fill_in(door, _LI, next(homes), stand(1))


def _homes(door: Door) -> list[_Home]:
    """Free flats of the library with a single owner who is a person."""
    lines = {row["house_id"]: row for row in own_rows("houses_2000.csv")}
    # From the other end than persons who let on what they rent.
    codes = [code for code, _ in reversed(door.look(SYSTEM, lambda work: free_flats(work, 60)))]
    found = []
    for line in (lines[code] for code in codes if code in lines):
        owners = line["owners"].split(";")
        name, number = owners[0].split("/")[:2]
        if len(owners) == 1 and check_id_number(number).ok:
            found.append(_Home(line["cert_no"], name, number, line["address"]))
    return found


def _fill_in(door: Door, citizen: Citizen, home: _Home, today: date) -> BeginDraft | None:
    values = {
        "proof_type": "A1",
        "title_cert_no": home.cert_no,
        "owner_name": home.owner,
        "owner_id": home.owner_id,
        "role": "LESSEE",
        "lessee1_name": citizen.name,
        "lessee1_id_type": citizen.id_type,
        "lessee1_id_no": citizen.id_no,
        "lessee1_mobile": citizen.mobile,
        "address_text": home.address,
        "lease_mode": "WHOLE",
        "sign_date": today.isoformat(),
        "start_date": today.isoformat(),
        "end_date": (today + timedelta(days=364)).isoformat(),
        "rent_amount": "5200",
    }
    caller = citizen_caller(_ADDRESS, citizen)
    told = door.perform(check_before, caller, check_of(citizen, values, "", _ADDRESS))
    if told.state is not PrecheckState.PASSED:
        return None
    order = BeginDraft(citizen, Situation.NEW, values, told.token)
    door.perform(begin_draft, caller, order)
    return order


def _hand_in(door: Door, citizen: Citizen, home: _Home, today: date, materials: tuple[str, ...]) -> None:
    order = _fill_in(door, citizen, home, today)
    if order is None:
        return
    caller = citizen_caller(_ADDRESS, citizen)
    draft = door.perform(begin_draft, caller, order)
    for material in materials:
        door.perform(add_file, caller, AddFile(citizen, draft, material, f"{material}.png", picture(_PICTURE)))
    door.perform(submit_draft, caller, SubmitDraft(citizen, draft, _ADDRESS))
