"""不动产权证管理: filled in by number from the register, PLN-05, PLN-13, PLN-14, several holders, replaced by a new one (row 64)."""

from typing import Any

import pytest

from models.planning import RealtyCertificate
from models.records import InForceState
from services.engine.refusals import Rejected
from tests.land import PARCEL_LISTS, Land
from tests.services.projects.desk import Desk
from tests.site import COMPANY, USCC, Site, certificate

pytestmark = pytest.mark.row(64)
KIND = "realty_certificate"
OURS, THEIRS, JOINT, MORTGAGED = (f"沪(2026){sign}字不动产权第00020{n}号" for n, sign in enumerate("浦徐浦浦", 1))


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, KIND)


def found(desk: Desk, land: Land, values: dict[str, Any], lists: Any = None) -> dict[str, str]:
    """The severities by code with which a submission without reasons is refused; empty when it goes through."""
    begun = desk.begin(land.project("P-1"), values, lists)
    try:
        desk.submit(begun.revision_id)
    except Rejected as no:
        return {one.code: str(one.severity) for one in no.findings}
    return {}


def test_a_certificate_is_filled_in_by_its_number_in_either_kind_of_brackets(desk: Desk, land: Land) -> None:
    begun = desk.begin(land.project("P-1"), {})
    said = desk.fill_in(begun.revision_id, "沪（2026）浦字不动产权第０００２０１号")
    assert not said.findings
    view = desk.view(begun.revision_id)
    assert (view.values["cert_no"], view.values["parcel_area"]) == (OURS, "10000.00")
    desk.save(begun.revision_id, {"land_no": "花木镇9街坊73/8丘"})
    assert [one.field for one in desk.view(begun.revision_id).differences] == ["land_no"]
    desk.submit(begun.revision_id)
    desk.approve(begun.revision_id)
    row = land.market.row(RealtyCertificate, begun.record_id)
    assert (row.cert_no, row.mortgaged, row.version_no) == (OURS, False, 1)
    # The same number in the other brackets is the same certificate.
    assert found(desk, land, certificate(cert_no="沪（2026）浦字不动产权第000201号"))["PLN-01"] == "REFUSE"


def test_the_certificate_of_another_company_is_named_and_not_shown(desk: Desk, land: Land) -> None:
    begun = desk.begin(land.project("P-1"), {})
    said = desk.fill_in(begun.revision_id, THEIRS)
    assert [one.message for one in said.findings] == ["证照存在，权利人不一致"]
    values = desk.view(begun.revision_id).values
    assert set(values) <= {"cert_no", "holder", "holder_uscc"}
    assert values["holder_uscc"] == USCC


def test_a_new_certificate_names_the_own_company_and_given_values_stand(land: Land) -> None:
    for kind, holder in (
        ("realty_certificate", "holder"),
        ("construction_permit", "builder"),
        ("delivery_permit", "builder"),
    ):
        desk = Desk(land, kind)
        values = desk.view(desk.begin(land.project("P-1"), {}).revision_id).values
        assert (values[holder], values[f"{holder}_uscc"]) == (COMPANY, USCC)
        given = desk.view(desk.begin(land.project("P-1"), {holder: "另一家公司"}).revision_id).values
        assert (given[holder], f"{holder}_uscc" in given) == ("另一家公司", False)


def test_a_joint_certificate_brings_its_other_holder(desk: Desk, land: Land) -> None:
    begun = desk.begin(land.project("P-1"), {})
    desk.fill_in(begun.revision_id, JOINT)
    view = desk.view(begun.revision_id)
    assert [line["holder_uscc"] for line in view.children["holders"]] == ["91310104MAYPA0022Q"]
    desk.submit(begun.revision_id)


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        ({"cert_no": "沪(2018)徐字不动产权第15979号"}, "PLN-01", "REFUSE"),
        ({"cert_no": "沪(2018)苏字不动产权第015979号"}, "PLN-01", "REFUSE"),
        ({"cert_no": "苏(2018)徐字不动产权第015979号"}, "PLN-01", "REFUSE"),
        ({"cert_no": "沪房地浦字(2008)第012345号"}, "PLN-01", "WARN"),
        ({"realty_unit_code": "310115001001GB00001W0000000"}, "FMT", "REFUSE"),
        ({"use_term_to": "2026-01-14"}, "FMT", "REFUSE"),
        ({"holder_uscc": "91310104MAYPA0022Q"}, "PLN-02", "WARN"),
        ({"registered_on": "2027-03-02"}, "PLN-03", "REFUSE"),
        ({"registered_on": "2026-01-14"}, "PLN-03", "WARN"),
        ({"parcel_area": "10050.01"}, "PLN-05", "WARN"),
        ({"use_term_to": "2096-02-16"}, "PLN-13", "WARN"),
    ],
)
def test_what_a_submission_finds(desk: Desk, land: Land, change: dict[str, str], code: str, severity: str) -> None:
    assert found(desk, land, certificate(**change))[code] == severity


@pytest.mark.parametrize("change", [{"parcel_area": "10050.00"}, {"use_term_to": "2096-02-15"}])
def test_the_bounds_are_within(desk: Desk, land: Land, change: dict[str, str]) -> None:
    assert found(desk, land, certificate(**change)) == {}


@pytest.mark.parametrize(("until", "told"), [("2066-01-15", []), ("2066-03-01", ["2066-01-15相差45天"])])
def test_a_term_is_held_to_the_nearest_of_the_contract(desk: Desk, land: Land, until: str, told: list[str]) -> None:
    uses = [*PARCEL_LISTS["uses"], {"use": "COMMERCE", "use_area": "1000.00", "term_years": "40"}]
    parcel = land.parcel(head="H-1", lists={**PARCEL_LISTS, "uses": uses})
    project = land.project("P-1", parcel=parcel)
    land.link_company(parcel, "P-1", project=project)
    begun = desk.begin(project, certificate(use_term_to=until))
    said: list[str] = []
    try:
        desk.submit(begun.revision_id)
    except Rejected as no:
        said = [one.message for one in no.findings]
    assert [one.split("推算的")[1].split("，")[0] for one in said] == told


def test_two_certificates_cover_the_land_together(desk: Desk, land: Land) -> None:
    site = Site(land, land.project("P-1"))
    site.put(KIND, certificate(parcel_area="6000.00"))
    begun = desk.begin(site.project, certificate(parcel_area="4000.00"))
    desk.submit(begun.revision_id)


def test_a_mortgage_is_said_at_submission(desk: Desk, land: Land) -> None:
    begun = desk.begin(land.project("P-1"), {})
    desk.fill_in(begun.revision_id, MORTGAGED)
    with pytest.raises(Rejected) as no:
        desk.submit(begun.revision_id)
    assert [(one.code, str(one.severity)) for one in no.value.findings] == [("PLN-14", "WARN")]


def test_a_replaced_certificate_ends_and_names_the_new_one(desk: Desk, land: Land) -> None:
    site = Site(land, land.project("P-1"))
    old_values = certificate()
    old = site.put(KIND, old_values)
    new = certificate(replaces_no=old_values["cert_no"])
    begun = desk.begin(site.project, new)
    desk.submit(begun.revision_id)
    assert land.market.row(RealtyCertificate, old).in_force is InForceState.EFFECTIVE
    desk.approve(begun.revision_id)
    row = land.market.row(RealtyCertificate, old)
    assert (row.in_force, row.replaced_by_no) == (InForceState.VOIDED, new["cert_no"])


@pytest.mark.parametrize("fault", ["error", "half", "timeout", "mismatch"])
def test_a_silent_register_leaves_the_form_to_the_hand(desk: Desk, land: Land, fault: str) -> None:
    begun = desk.begin(land.project("P-1"), certificate())
    land.market.world.fault("property_register", fault)
    said = desk.fill_in(begun.revision_id, OURS)
    assert any("未核验" in one.message for one in said.findings)
    land.market.world.heal()
