"""The citizen's form: flat texts as pages type them, and the application they are (row 3)."""

from collections.abc import Iterator, Mapping

from models.one_stop_codes import ApplicantRole
from services.citizens.sessions import Citizen
from services.one_stop.messages import StopApplicant, StopForm, StopHouse, StopPerson
from services.tenancy.predicates import number_of

#: How many persons a page has lines for; more of them apply at a counter.
LESSORS, LESSEES, OCCUPANTS = 3, 4, 6
_LISTS = {"lessor": LESSORS, "lessee": LESSEES, "occupant": OCCUPANTS}
_PERSON = ("name", "id_type", "id_no", "mobile", "relation")
#: Fields of each page by which a draft is saved.
PARTIES = (
    "role",
    *(f"{kind}{number}_{name}" for kind, most in _LISTS.items() for number in range(1, most + 1) for name in _PERSON),
)
TERM = ("lease_mode", "rooms", "sign_date", "start_date", "end_date", "rent_amount", "address_text")
HOME = ("proof_type", "title_cert_no", "room_no", "owner_name", "owner_id")
CANCELLING = ("filing_no", "mode", "reason", "termination_date", "committed")
FIELDS = frozenset({*PARTIES, *TERM, *HOME, *CANCELLING})
LONGEST = 300


def form_of(values: Mapping[str, str]) -> StopForm:
    """The form of an application from what was typed; the first landlord is the owner who was checked."""
    if values.get("owner_name"):
        values = {**values, "lessor1_name": values["owner_name"], "lessor1_id_no": values.get("owner_id", "")}

    def said(name: str) -> str:
        return values.get(name, "").strip()

    rooms = tuple(part for part in said("rooms").replace("，", ",").replace("、", ",").split(",") if part.strip())
    return StopForm(
        house=StopHouse(
            proof_type=said("proof_type") or "A1",
            title_cert_no=said("title_cert_no"),
            address_text=said("address_text"),
            room_no=said("room_no"),
        ),
        lease_mode=said("lease_mode") or "WHOLE",
        rooms=tuple(room.strip() for room in rooms) if said("lease_mode") == "ROOM" else (),
        lessors=tuple(_people(values, "lessor")),
        lessees=tuple(_people(values, "lessee")),
        co_occupants=tuple(_people(values, "occupant")),
        sign_date=said("sign_date"),
        start_date=said("start_date"),
        end_date=said("end_date"),
        rent_amount=said("rent_amount"),
        filing_no=said("filing_no"),
        mode=said("mode"),
        reason=said("reason"),
        termination_date=said("termination_date"),
    )


def _people(values: Mapping[str, str], kind: str) -> Iterator[StopPerson]:
    for number in range(1, _LISTS[kind] + 1):
        one = {name: values.get(f"{kind}{number}_{name}", "").strip() for name in _PERSON}
        if one["name"] or one["id_no"]:
            yield StopPerson(one["name"], one["id_type"] or "11", one["id_no"], one["mobile"], one["relation"])


def values_of(form: StopForm, role: ApplicantRole) -> dict[str, str]:
    """Return what a page shows of an application that was handed in."""
    values = {
        "role": role.value,
        "proof_type": form.house.proof_type,
        "title_cert_no": form.house.title_cert_no,
        "room_no": form.house.room_no,
        "address_text": form.house.address_text,
        "rooms": "、".join(form.rooms),
    }
    for name in ("lease_mode", "sign_date", "start_date", "end_date", "rent_amount"):
        values[name] = getattr(form, name)
    for name in ("filing_no", "mode", "reason", "termination_date"):
        values[name] = getattr(form, name)
    people = {"lessor": form.lessors, "lessee": form.lessees, "occupant": form.co_occupants}
    for kind, listed in people.items():
        for number, one in enumerate(listed[: _LISTS[kind]], 1):
            values |= {f"{kind}{number}_{name}": getattr(one, name) for name in _PERSON}
    if form.lessors:
        values |= {"owner_name": form.lessors[0].name, "owner_id": form.lessors[0].id_no}
    return {name: text for name, text in values.items() if text}


def applicant_of(citizen: Citizen, values: Mapping[str, str]) -> StopApplicant:
    """The citizen as the applicant: on the landlords' side where the form says so."""
    role = ApplicantRole.LESSOR if values.get("role") == ApplicantRole.LESSOR.value else ApplicantRole.LESSEE
    return StopApplicant(citizen.name, citizen.id_type, citizen.id_no, citizen.mobile, role)


def role_in(form: StopForm, citizen: Citizen) -> ApplicantRole | None:
    """Return the side on which a form names the citizen."""
    number = number_of(citizen.id_no)
    if any(number_of(one.id_no) == number for one in form.lessors):
        return ApplicantRole.LESSOR
    if any(number_of(one.id_no) == number for one in form.lessees):
        return ApplicantRole.LESSEE
    return None
