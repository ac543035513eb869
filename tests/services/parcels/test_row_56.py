"""地块信息管理: made by authority or head, reviewed by a second person, prefilled from the land contract (row 56)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.alerts import Alert, AlertGrade
from models.parcels import Parcel, ParcelInstalment
from models.records import RevisionState
from services.engine.callers import SYSTEM
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Begun, Decide, FillIn, Save, StartUpdate, Submit
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.parcels.parcel_watches import watch_instalments
from services.records.attachments import AttachFile, attach_file
from tests.files_made import png
from tests.land import PARCEL_LISTS, Land, parcel_form

pytestmark = pytest.mark.row(56)
VERBS = acts("parcel")
SANLIN = "沪浦规划资源(2026)出让合同第11号"
ZHOUPU = "沪浦规划资源(2025)出让合同第36号"
OPINION = "材料齐全，情况属实"


def perform(land: Land, act: Any, login: str, order: Any) -> Any:
    return land.market.world.door.perform(act, land.market.caller(login), order)


def ask(land: Land, query: Any, login: str, order: Any) -> Any:
    return land.market.world.door.ask(query, land.market.caller(login), order)


def begun(land: Land, login: str = "pdchu01", **change: Any) -> Begun:
    """A whole draft with its papers."""
    started: Begun = perform(land, VERBS.begin, login, Begin(values=parcel_form(**change)))
    files = {
        slot: (perform(land, attach_file, login, AttachFile(started.revision_id, slot, "材料.png", png())).id,)
        for slot in ("deal", "contract", "drawing")
    }
    form = ask(land, VERBS.revision, login, started.revision_id)
    saved = perform(land, VERBS.save, login, Save(started.revision_id, form.version, form.values, PARCEL_LISTS, files))
    return replace(started, version=saved.version)


def submitted(land: Land, login: str = "pdchu01", reasons: dict[str, str] | None = None, **change: Any) -> Begun:
    started = begun(land, login, **change)
    perform(land, VERBS.submit, login, Submit(started.revision_id, started.version, reasons or {}))
    return started


def approve(land: Land, started: Begun, login: str = "pdshen01") -> None:
    view = ask(land, VERBS.revision, login, started.revision_id)
    perform(land, VERBS.approve, login, Decide(started.revision_id, view.version, OPINION))


def row(land: Land, started: Begun) -> Any:
    return land.market.row(Parcel, started.record_id)


def test_a_head_company_writes_down_its_parcel_and_a_district_reviews_it(land: Land) -> None:
    started = submitted(land, "shenpu01")
    with pytest.raises(NotFound):
        ask(land, VERBS.revision, "jianghai01", started.revision_id)
    approve(land, started)
    kept = row(land, started)
    assert (kept.district_code, kept.head_company_id) == ("310115", land.market.shenpu)
    assert kept.saleable_area_plan == Decimal(17500)
    with pytest.raises(NotFound):
        ask(land, VERBS.record, "jianghai01", started.record_id)


def test_the_district_chosen_decides_who_reviews(land: Land) -> None:
    started = submitted(land, "shenpu01", district="310104")
    with pytest.raises(NotFound):
        ask(land, VERBS.revision, "pdshen01", started.revision_id)
    approve(land, started, "xhshen01")
    assert row(land, started).district_code == "310104"


def test_the_authority_reviews_its_own_by_a_second_person(land: Land) -> None:
    started = submitted(land)
    own = replace(
        land.market.caller("pdchu01"),
        scopes=(*land.market.caller("pdchu01").scopes, *land.market.caller("pdshen01").scopes),
    )
    version = ask(land, VERBS.revision, "pdshen01", started.revision_id).version
    with pytest.raises(NotAllowed):
        land.market.world.door.perform(VERBS.approve, own, Decide(started.revision_id, version, OPINION))
    approve(land, started)
    assert row(land, started).version_no == 1


def test_a_number_in_full_width_is_the_same_number(land: Land) -> None:
    approve(land, submitted(land, parcel_no="W3(A)-07"))
    again = begun(land, parcel_no="Ｗ３（Ａ）－０７")
    with pytest.raises(Rejected) as refused:
        perform(land, VERBS.submit, "pdchu01", Submit(again.revision_id, again.version))
    assert [(one.code, one.field) for one in refused.value.findings] == [("PAR-01", "parcel_no")]
    # In another district it is another parcel.
    other = submitted(land, "shichu01", parcel_no="W3(A)-07", district="310104")
    approve(land, other, "xhshen01")


def test_two_with_one_number_under_review_do_not_both_take_effect(land: Land) -> None:
    first, second = submitted(land, parcel_no="ZZ-1"), submitted(land, parcel_no="ZZ-1")
    approve(land, first)
    with pytest.raises(Rejected) as refused:
        approve(land, second, "pdshen02")
    assert [one.code for one in refused.value.findings if one.severity.value == "REFUSE"] == ["PAR-01"]


def test_a_warning_goes_on_with_a_reason(land: Land) -> None:
    started = begun(land, far_area="21000.00")
    for reasons in ({}, {"PAR-03": "短"}):
        with pytest.raises(Rejected) as refused:
            perform(land, VERBS.submit, "pdchu01", Submit(started.revision_id, started.version, reasons))
        assert [one.code for one in refused.value.findings] == ["PAR-03"]
    perform(
        land, VERBS.submit, "pdchu01", Submit(started.revision_id, started.version, {"PAR-03": "地下部分计入容积率"})
    )
    view = ask(land, VERBS.revision, "pdshen01", started.revision_id)
    assert dict(view.reasons) == {"PAR-03": "地下部分计入容积率"}


def test_allocated_land_takes_effect_without_a_price(land: Land) -> None:
    bare = dict.fromkeys(
        ("contract_no", "grantor", "grantee_uscc", "signed_on", "parcel_area_granted", "price_total"), ""
    )
    started: Begun = perform(land, VERBS.begin, "pdchu01", Begin(values=parcel_form(acquire_mode="ALLOCATED", **bare)))
    files = {
        slot: (perform(land, attach_file, "pdchu01", AttachFile(started.revision_id, slot, "材料.png", png())).id,)
        for slot in ("contract", "drawing")
    }
    form = ask(land, VERBS.revision, "pdchu01", started.revision_id)
    lists = {"uses": PARCEL_LISTS["uses"]}
    saved = perform(land, VERBS.save, "pdchu01", Save(started.revision_id, form.version, form.values, lists, files))
    perform(land, VERBS.submit, "pdchu01", Submit(started.revision_id, saved.version))
    approve(land, started)
    assert row(land, started).price_total is None


def test_a_contract_fills_the_form_and_what_is_changed_is_marked(land: Land) -> None:
    started: Begun = perform(land, VERBS.begin, "shenpu01", Begin())
    perform(
        land,
        VERBS.fill_in,
        "shenpu01",
        FillIn(started.revision_id, started.version, "沪浦规划资源（2026）出让合同第11号"),
    )
    view = ask(land, VERBS.revision, "shenpu01", started.revision_id)
    assert (view.values["parcel_no"], view.values["district"], view.values["far"]) == ("W17-05", "310115", "2.2")
    assert [line["amount"] for line in view.children["instalments"]] == ["843000000.00", "843000000.00"]
    assert view.source == "土地出让合同"
    assert view.source_at is not None
    changed = {**view.values, "far_area": "63000.00"}
    perform(land, VERBS.save, "shenpu01", Save(started.revision_id, view.version, changed, view.children))
    differs = ask(land, VERBS.revision, "shenpu01", started.revision_id).differences
    assert [one.field for one in differs] == ["far_area"]


def test_the_contract_of_another_company_is_not_shown(land: Land) -> None:
    started: Begun = perform(land, VERBS.begin, "shenpu01", Begin())
    said = perform(land, VERBS.fill_in, "shenpu01", FillIn(started.revision_id, started.version, ZHOUPU))
    assert "合同存在，受让人与本公司不一致" in [one.message for one in said.findings]
    view = ask(land, VERBS.revision, "shenpu01", started.revision_id)
    assert set(view.values) <= {"contract_no"}
    assert not any(view.children.values())
    # The authority is told, and so is the head company of the grantee.
    for login in ("pdchu01", "jianghai01"):
        mine: Begun = perform(land, VERBS.begin, login, Begin())
        perform(land, VERBS.fill_in, login, FillIn(mine.revision_id, mine.version, ZHOUPU))
        assert ask(land, VERBS.revision, login, mine.revision_id).values["parcel_no"] == "E08-11"


def test_a_silent_register_leaves_the_form_to_be_filled_by_hand(land: Land) -> None:
    started: Begun = perform(land, VERBS.begin, "shenpu01", Begin(values={"plate": "三林"}))
    land.market.world.fault("property_register", "error")
    said = perform(land, VERBS.fill_in, "shenpu01", FillIn(started.revision_id, started.version, SANLIN))
    assert any("未核验" in one.message for one in said.findings)
    assert ask(land, VERBS.revision, "shenpu01", started.revision_id).values["plate"] == "三林"


def test_who_is_not_admitted_writes_down_nothing(land: Land) -> None:
    stranger = replace(land.market.caller("shenpu01"), enterprise_id=land.market.binjiang)
    with pytest.raises(Conflict):
        land.market.world.door.perform(VERBS.begin, stranger, Begin())


def test_an_instalment_that_is_late_is_told_until_it_is_paid(land: Land) -> None:
    lines = [
        {
            "no": "1",
            "amount": "450000000.00",
            "due_on": "2026-02-15",
            "paid_on": "2026-02-14",
            "paid_amount": "450000000.00",
        },
        {"no": "2", "amount": "450000000.00", "due_on": "2027-03-10"},
    ]
    parcel = land.parcel(head="H-1", lists={**PARCEL_LISTS, "instalments": lines})
    world = land.market.world

    def alerts() -> list[tuple[str, AlertGrade, bool]]:
        found: list[tuple[str, AlertGrade, bool]] = world.read(
            lambda work: [
                (one.key, one.grade, one.open_key is not None)
                for one in work.session.exec(select(Alert).where(Alert.subject_id == parcel)).all()
            ]
        )
        return found

    seen = []
    for day in ((3, 10), (3, 11), (4, 8), (4, 9)):
        world.stand_at(2027, *day)
        world.door.perform(watch_instalments, SYSTEM, None)
        seen.append(alerts())
    assert seen == [
        [],
        [("2", AlertGrade.YELLOW, True)],
        [("2", AlertGrade.YELLOW, True)],
        [("2", AlertGrade.RED, True)],
    ]
    late = ParcelInstalment.no == 2
    world.rewrite(
        ParcelInstalment,
        late & (ParcelInstalment.record_id == parcel),
        paid_amount=Decimal("450000000.00"),
        paid_on=date(2027, 4, 9),
    )
    world.door.perform(watch_instalments, SYSTEM, None)
    assert alerts() == [("2", AlertGrade.RED, False)]


def test_an_update_keeps_the_old_figures_until_it_is_approved(land: Land) -> None:
    started = submitted(land)
    approve(land, started)
    again: Begun = perform(land, VERBS.update, "pdchu01", StartUpdate(started.record_id, "补充协议调整容积率"))
    view = ask(land, VERBS.revision, "pdchu01", again.revision_id)
    values = {**view.values, "far": "2.4", "far_area": "24000.00"}
    files: dict[str, list[UUID]] = {}
    for one in view.files:
        files.setdefault(one.slot, []).append(one.id)
    saved = perform(land, VERBS.save, "pdchu01", Save(again.revision_id, view.version, values, view.children, files))
    perform(land, VERBS.submit, "pdchu01", Submit(again.revision_id, saved.version))
    assert row(land, started).far == Decimal(2)
    approve(land, again)
    assert (row(land, started).far, row(land, started).version_no) == (Decimal("2.4"), 2)
    assert ask(land, VERBS.revision, "pdchu01", started.revision_id).state is RevisionState.SUPERSEDED
