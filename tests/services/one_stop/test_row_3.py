"""Row 3: one item with two situations, converted before acceptance; old codes redirect; the licence library's papers."""

from datetime import date

import httpx
import pytest

from models.one_stop import StopMaterial
from models.one_stop_codes import MaterialSource, MessageOutcome, StopMaterialKind
from services.engine.refusals import Rejected
from services.one_stop.item_edits import EditItem, ItemOfDay, edit_item, item_definition
from tests.services.one_stop.portal import NEW, Portal, person

pytestmark = pytest.mark.row(3)
_NEW = tuple(map(StopMaterialKind.of, NEW))


def _hold(portal: Portal, id_no: str, *materials: str) -> None:
    url = portal.world.simulators.base_url("licence_library")
    httpx.post(f"{url}/sim/change", json={"id_no": id_no, "materials": list(materials)}).raise_for_status()


def test_a_situation_chosen_by_mistake_is_converted_and_the_papers_stay(portal: Portal) -> None:
    (tenant,) = portal.tenants(1)
    _hold(portal, tenant.id_no)
    form = portal.lease(portal.counter.free_flat(), (tenant,))
    applicant = {**person(tenant), "role": "LESSEE"}
    wrong = portal.message(
        situation="CANCEL",
        form={"filing_no": "", "mode": "ONE", "termination_date": "2027-03-02"},
        applicant=applicant,
        papers=("APPLICATION", "TITLE", "CONTRACT"),
    )
    portal.take(wrong)
    case = wrong["case_no"]
    assert (portal.states(case), portal.case(case).gaps) == (["CORRECTION"], "COMMITMENT ID")
    portal.further(case, "CONVERT", situation="NEW", form=form, applicant=applicant, papers=("ID",))
    assert (portal.states(case), portal.case(case).situation.value) == (["ACCEPTED"], "NEW")
    late = portal.further(case, "CONVERT", situation="CANCEL", form={"mode": "ONE"}, applicant=applicant)
    assert (late.outcome, portal.case(case).situation.value) == (MessageOutcome.REFUSED, "NEW")


def test_a_conversion_that_arrives_before_the_application_gets_its_papers_too(portal: Portal) -> None:
    (tenant,) = portal.tenants(1)
    _hold(portal, tenant.id_no)
    applicant = {**person(tenant), "role": "LESSEE"}
    first = portal.message(
        situation="CANCEL", form={"mode": "ONE"}, applicant=applicant, papers=("APPLICATION", "TITLE", "CONTRACT")
    )
    case = first["case_no"]
    form = portal.lease(portal.counter.free_flat(), (tenant,))
    portal.take(portal.message("CONVERT", case_no=case, version=2, form=form, applicant=applicant, papers=("ID",)))
    assert portal.states(case) == ["CORRECTION"]
    portal.take(first)
    assert (portal.states(case), portal.case(case).situation.value) == (["ACCEPTED"], "NEW")


def test_what_the_library_holds_for_the_applicant_is_not_asked_for(portal: Portal) -> None:
    flat = portal.counter.free_flat()
    (tenant,) = portal.tenants(1)
    owner = flat.owners[0]
    _hold(portal, owner.id_no, "居民身份证", "不动产权证")
    case = portal.apply(portal.lease(flat, (tenant,)), owner, "LESSOR", papers=("APPLICATION", "CONTRACT"))
    rows = portal.world.read(
        lambda work: work.rows(
            StopMaterial,
            StopMaterial.case_id == portal.case(case).id,
            StopMaterial.source == MaterialSource.LIBRARY,
        )
    )
    assert portal.states(case) == ["ACCEPTED"]
    assert {one.kind for one in rows} == {StopMaterialKind.ID, StopMaterialKind.TITLE}


def test_a_licence_of_another_person_counts_for_nothing_and_is_not_shown(portal: Portal) -> None:
    flat = portal.counter.free_flat()
    tenant, other = portal.tenants(2)
    _hold(portal, tenant.id_no)
    _hold(portal, other.id_no, "居民身份证")
    case = portal.apply(
        portal.lease(flat, (tenant,)),
        tenant,
        papers=("APPLICATION", "TITLE", "CONTRACT"),
        e_licence_refs=[{"material": "ID", "licence_no": "DZ00001"}],
    )
    assert (portal.states(case), portal.case(case).gaps) == (["CORRECTION"], "ID")


@pytest.mark.parametrize(
    ("opened", "code"),
    [("2026-05-31T23:59:00+08:00", "310-ZLBA-N01"), ("2026-06-01T00:00:00+08:00", "310-ZLBA-0001")],
)
def test_an_old_item_code_redirects_from_its_day_on(portal: Portal, opened: str, code: str) -> None:
    (tenant,) = portal.tenants(1)
    form = portal.lease(portal.counter.free_flat(), (tenant,))
    case = portal.apply(form, tenant, item_code="310-ZLBA-N01", event_time=opened)
    assert (portal.states(case), portal.case(case).item_code) == (["ACCEPTED"], code)


def test_the_city_edits_the_item_and_earlier_cases_keep_their_definition(portal: Portal) -> None:
    city = portal.world.caller("shi01")
    order = EditItem(
        "310-ZLBA-0001",
        date(2027, 3, 2),
        (*_NEW, StopMaterialKind.COOWNER_CONSENT),
        (StopMaterialKind.APPLICATION,),
        2,
        "全市各区中心",
        (("可以代办吗？", "可以，须提交授权委托书。"),),
        "按新规定增加共有人同意材料",
    )
    version = portal.world.door.perform(edit_item, city, order)
    (one, two) = portal.tenants(2)
    before = portal.apply(portal.lease(portal.counter.free_flat(), (one,)), one)
    portal.world.stand_at(2027, 3, 2)
    after = portal.apply(portal.lease(portal.counter.free_flat(), (two,)), two)
    assert portal.states(before, after) == ["ACCEPTED", "CORRECTION"]
    assert portal.case(after).gaps == "COOWNER_CONSENT"
    item = portal.world.door.ask(item_definition, city, ItemOfDay())
    assert (item.version_no, item.limit_days, item.counters) == (version, 2, "全市各区中心")
    with pytest.raises(Rejected):
        portal.world.door.perform(
            edit_item, city, order.__class__(**{**order.__dict__, "valid_from": date(2027, 3, 1)})
        )


def test_a_paper_uploaded_while_the_library_was_silent_still_counts_when_it_answers(portal: Portal) -> None:
    flat = portal.counter.free_flat()
    (tenant,) = portal.tenants(1)
    _hold(portal, tenant.id_no, "不动产权证")
    portal.world.fault("licence_library", "down")
    case = portal.apply(portal.lease(flat, (tenant,)), tenant, papers=("APPLICATION", "ID", "CONTRACT"))
    assert portal.states(case) == ["RECEIVED"]
    portal.world.heal()
    portal.world.let_pass(minutes=2)
    portal.run("one_stop.check_again")
    assert portal.states(case) == ["ACCEPTED"]
