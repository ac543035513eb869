"""Personal sublets are counted by person, alerts follow the count, districts handle them (row 49)."""

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from models.house import HouseRestriction, RestrictionKind
from models.sublets import SubletAlertState, SubletClosing, UnitState
from services.documents.rendition import render_paper
from services.documents.stored_papers import paper_bytes
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, Rejected
from services.sublets.alerts import NoteTalk, close_alert, handle_alert, note_talk
from services.sublets.listings import ALERTS, PERSONS, UNITS, one_alert
from services.sublets.notice_paper import issue_notice
from services.sublets.units import JoinDocuments, NoteFirm, join_documents, note_firm
from tests.services.sublets.office import Office
from tests.services.tenancy.counter import Person, somebody
from tests.services.tenancy.test_row_9 import text_of

pytestmark = pytest.mark.row(49)
BUREAU, CITY = "pdju01", "shi01"


def refused(office: Office, person: Person, **changes: Any) -> list[str]:
    with pytest.raises(Rejected) as problem:
        office.register(person, **changes)
    return [one.code for one in problem.value.findings]


def test_ten_units_raise_no_alert_and_eleven_do_with_every_district_notified(office: Office) -> None:
    person = somebody()
    for _ in range(9):
        office.register(person, office.counter.free_flat("310115"))
    office.register(person, office.counter.free_flat("310104"))
    assert (office.units(person), office.alert(person)) == (10, None)
    office.register(person, office.counter.free_flat("310106"))
    alert = office.alert(person)
    assert alert is not None
    assert (alert.state, alert.units, alert.threshold) == (SubletAlertState.OPEN, 11, 10)
    assert office.districts(alert) == {"310115": 9, "310104": 1, "310106": 1}
    assert office.notices(alert) >= 2
    assert alert.alert_no.startswith("ZY310115")


def test_back_to_ten_closes_the_alert_as_reduced_and_eleven_again_reopens_it(office: Office) -> None:
    person = office.letting(11)
    first = office.alert(person)
    office.end(office.registered(person)[0])
    closed = office.alert(person)
    assert first is not None
    assert closed is not None
    assert (closed.state, closed.closing) == (SubletAlertState.CLOSED, SubletClosing.REDUCED)
    office.register(person)
    again = office.alert(person)
    assert again is not None
    assert (again.id, again.state, again.times) == (first.id, SubletAlertState.OPEN, 2)
    office.register(person)
    twelve = office.alert(person)
    assert twelve is not None
    assert (twelve.times, office.units(person)) == (2, 12)


def test_a_flat_let_by_rooms_counts_as_many_as_its_rooms(office: Office) -> None:
    person, flat = somebody(), office.counter.free_flat(bedrooms=3)
    rooms = "+".join(flat.bedrooms[:2])
    assert office.register(person, flat, part=rooms).units == 2
    office.end(office.registered(person)[0])
    assert office.units(person) == 1
    assert "PART" in refused(office, person, flat=office.counter.free_flat(), part="99")


def test_a_filing_counts_once_beside_the_registration_of_the_same_flat(office: Office) -> None:
    person, flat = somebody(), office.counter.free_flat()
    office.register(person, flat)
    other = office.counter.free_flat()
    for one in (flat, other):
        consent = {"deal": "SUBLET", "lessor_capacity": "SUBLESSOR"}
        _file_sublet(office, person, one, consent)
    assert office.units(person) == 2


def _file_sublet(office: Office, person: Person, flat: Any, changes: dict[str, Any]) -> None:
    """The rows a sublet filing leaves; what it takes to pass the rules is tried with row 7."""
    from deploy.replays.filings import FiledLease, file_lease
    from services.sublets.filings import count_parties

    today, tenant = office.world.door.clock.today(), somebody()
    lease = FiledLease(
        f"BA-{flat.code}",
        flat.code,
        "*",
        changes["deal"],
        ((person.name, "11", person.id_no),),
        ((tenant.name, "11", tenant.id_no),),
        today,
        today + timedelta(days=200),
    )
    office.world.act(lambda work: count_parties(work, file_lease(work, lease)))


def test_a_tenant_of_one_filing_who_is_landlord_of_another_on_that_house_is_counted(office: Office) -> None:
    person, flat = somebody(), office.counter.free_flat()
    tenant_of = office.counter.sign(office.counter.form(flat, person))
    assert office.counter.submit(tenant_of).filing_id is not None
    _file_sublet(office, person, flat, {"deal": "SELF"})
    assert office.units(person) == 1
    _file_sublet(office, person, office.counter.free_flat(), {"deal": "SELF"})
    assert office.units(person) == 1


def test_filing_and_its_end_count_a_known_person_anew_by_themselves(office: Office) -> None:
    flat = office.counter.free_flat()
    owner = flat.owners[0]
    office.register(Person(owner.name, owner.id_no), office.counter.free_flat())
    before = office.person(owner).counted_at
    office.world.let_pass(minutes=5)
    filed = office.counter.filed(flat)
    middle = office.person(owner).counted_at
    office.world.let_pass(minutes=5)
    office.counter.cancel(filed)
    after = office.person(owner).counted_at
    assert before is not None
    assert middle is not None
    assert after is not None
    assert before < middle < after


def test_two_documents_of_a_person_are_counted_together(office: Office) -> None:
    card = office.letting(7, "310115")
    passport = Person(card.name, "EA8403088")
    for _ in range(4):
        office.register(passport, id_type="31")
    assert (office.units(card), office.units(passport)) == (7, 4)
    bureau = office.counter.clerk(BUREAU)
    order = JoinDocuments(office.person(card).id, passport.id_no, "同一人")
    assert office.world.door.perform(join_documents, bureau, order) == 11
    assert office.alert(card) is not None
    office.register(passport, id_type="31")
    assert office.units(card) == 12
    with pytest.raises(Conflict):
        office.world.door.perform(join_documents, bureau, order)


def test_spouses_are_two_persons(office: Office) -> None:
    husband, wife = office.letting(6), office.letting(6)
    assert (office.units(husband), office.units(wife)) == (6, 6)
    assert office.alert(husband) is None is office.alert(wife)


def test_the_end_of_the_head_lease_ends_the_unit_by_night(office: Office) -> None:
    today = office.world.door.clock.today()
    person = office.letting(10)
    office.register(person, head_to=today + timedelta(days=30))
    assert office.alert(person) is not None
    office.night(today + timedelta(days=30))
    assert office.units(person) == 11
    office.night(today + timedelta(days=31))
    alert = office.alert(person)
    assert office.units(person) == 10
    assert alert is not None
    assert alert.closing is SubletClosing.REDUCED
    assert office.registered(person)[-1].state is UnitState.ENDED
    assert office.registered(person)[-1].ended_on == today + timedelta(days=30)


def test_the_same_flat_of_two_persons_is_intercepted_and_not_counted(office: Office) -> None:
    flat, first, second = office.counter.free_flat(), somebody(), somebody()
    office.register(first, flat)
    done = office.register(second, flat)
    assert (done.intercepted, done.units, office.units(second)) == (True, 0, 0)
    assert office.registered(second)[0].state is UnitState.INTERCEPTED
    office.end(office.registered(first)[0])
    assert office.register(second, flat).units == 1


def test_a_person_who_becomes_a_firm_is_counted_no_more(office: Office) -> None:
    person, bureau = office.letting(11, "310115"), office.counter.clerk(BUREAU)
    office.world.door.perform(note_firm, bureau, NoteFirm(office.person(person).id, "92310115MAYUPA1X6Q"))
    alert = office.alert(person)
    assert alert is not None
    assert (office.units(person), alert.state, alert.closing) == (0, SubletAlertState.CLOSED, SubletClosing.FIRM)
    assert refused(office, person) == ["IS_FIRM"]
    with pytest.raises(Rejected):
        office.world.door.perform(note_firm, bureau, NoteFirm(office.person(person).id, "92310115MAYUPA1X60"))


def test_every_reason_against_a_registration_is_named_at_once(office: Office) -> None:
    flat, person = office.counter.free_flat(), somebody()
    office.world.act(
        lambda work: work.add(
            HouseRestriction(house_id=_house_id(work, flat.code), kind=RestrictionKind.POLICY, source="保障性住房")
        )
    )
    over = date(2027, 1, 31)
    codes = refused(office, person, flat=flat, consent="", head_from=date(2026, 1, 1), head_to=over)
    assert set(codes) == {"U03", "U05", "HEAD_OVER"}
    registered = office.counter.free_flat()
    office.register(person, registered)
    assert refused(office, person, flat=registered) == ["DUP_UNIT"]
    with pytest.raises(Rejected) as missing:
        office.register(person, _no_flat(office))
    assert [one.field for one in missing.value.findings] == ["house_code"]


def _house_id(work: Any, code: str) -> Any:
    from sqlmodel import select

    from models.house import House

    return work.session.exec(select(House.id).where(House.house_code == code)).one()


def _no_flat(office: Office) -> Any:
    from dataclasses import replace

    flat = office.counter.free_flat()
    return replace(flat, line={**flat.line, "house_id": "F0"})


def test_a_wrong_number_or_another_name_is_refused(office: Office) -> None:
    person = office.letting(1)
    assert refused(office, Person("另一个人", person.id_no)) == ["P12"]
    assert refused(office, Person("某人", "310101199901010013")) == ["P02"]
    assert refused(office, somebody(), mobile="123") == ["P02"]


def test_a_district_handles_an_alert_and_closes_a_mistake_which_stays_closed(office: Office) -> None:
    person = office.letting(11, "310115")
    alert, door, bureau = office.alert(person), office.world.door, office.counter.clerk(BUREAU)
    assert alert is not None
    door.perform(handle_alert, bureau, alert.id)
    door.perform(note_talk, bureau, NoteTalk(alert.id, True, "已约谈，要求三十日内办照"))
    with pytest.raises(Rejected):
        door.perform(close_alert, bureau, Reasoned(alert.id, "误报"))
    door.perform(close_alert, bureau, Reasoned(alert.id, "两套房屋已登记在其配偶名下"))
    office.register(person)
    closed = office.alert(person)
    assert closed is not None
    assert closed.state is SubletAlertState.CLOSED
    seen = door.ask(one_alert, bureau, alert.id)
    assert [one["act"] for one in seen.steps] == ["发出预警", "接手处理", "督促办照", "关闭"]
    for unit in office.registered(person)[:2]:
        office.end(unit)
    office.register(person)
    reopened = office.alert(person)
    assert reopened is not None
    assert (reopened.state, reopened.times) == (SubletAlertState.OPEN, 2)


def test_a_district_sees_counts_of_other_districts_and_addresses_of_its_own(office: Office) -> None:
    person = office.letting(10, "310115")
    office.register(person, office.counter.free_flat("310104"))
    alert, door = office.alert(person), office.world.door
    assert alert is not None
    told = office.districts(alert)
    seen = door.ask(one_alert, office.counter.clerk("xhju01"), alert.id)
    assert len(seen.districts) == len(told) > 1
    assert len(seen.places) == told["310104"] < 11
    assert len(door.ask(one_alert, office.counter.clerk(CITY), alert.id).places) == 11


def test_lists_watch_eight_to_ten_and_rank_persons(office: Office) -> None:
    watched = office.letting(8)
    page = office.world.listed(PERSONS, CITY, level="WATCH")
    assert office.person(watched).id in {line.id for line in page.lines}
    assert all(8 <= line.units <= 10 for line in page.lines)
    over = office.world.listed(PERSONS, CITY, level="OVER")
    assert all(line.units > 10 for line in over.lines)
    ranked = [line.units for line in office.world.listed(PERSONS, CITY).lines]
    assert ranked == sorted(ranked, reverse=True)
    assert office.world.listed(UNITS, "huamu01", id_no=watched.id_no).total == 8
    assert office.world.listed(ALERTS, CITY).total >= 1


def test_two_registrations_at_once_open_one_alert(office: Office) -> None:
    person, barrier = office.letting(9), Barrier(2)
    flats = [office.counter.free_flat(), office.counter.free_flat()]

    def run(flat: Any) -> None:
        barrier.wait()
        office.register(person, flat)

    threads = [Thread(target=run, args=(flat,)) for flat in flats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alert = office.alert(person)
    assert office.units(person) == 11
    assert alert is not None
    assert alert.times == 1


def test_a_district_prints_one_notice_for_each_alert_with_the_person_masked(office: Office) -> None:
    person = office.letting(11, "310115")
    alert, door, bureau = office.alert(person), office.world.door, office.counter.clerk(BUREAU)
    assert alert is not None
    paper = door.perform(issue_notice, bureau, alert.id)
    assert door.perform(issue_notice, bureau, alert.id) == paper
    door.perform(render_paper, bureau, paper)
    words = text_of(door.ask(paper_bytes, bureau, paper).content)
    assert person.id_no not in words
    assert person.name not in words
    assert "11套（间）" in words
    assert "超过10套（间）" in words
