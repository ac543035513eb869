"""Who sees what of kept records (market 3.1, 3.7)."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from models.access import Role, ScopeKind
from models.records import Revision
from services.engine.callers import Caller, Scope
from services.engine.cycle_orders import Begin, Submit
from services.engine.kind_listing import list_of
from services.engine.kinds import kind_named
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.refusals import NotFound
from services.records.version_view import read_version
from tests.services.engine.records.desk import MAKER, Desk, a_name
from tests.services.engine.records.kinds_made import Site, SiteLine


def _sees(desk: Desk, caller: Caller, row_id: object, table: type = Site) -> bool:
    rows: Any = desk.market.world.door.look(
        caller,
        lambda work: work.session.exec(work.visible(table).where(table.id == row_id)).all(),  # type: ignore[attr-defined]
    )
    return bool(rows)


def test_in_force_by_the_scope_keys(desk: Desk) -> None:
    begun = desk.effective()
    seeing = ("shichu01", "shishen01", "pdchu01", "pdshen01", "shenpu01", "shenpu_admin")
    assert all(_sees(desk, desk.who(login), begun.record_id) for login in seeing)
    blind = ("xhchu01", "xhshen01", "jianghai01", "jianghai_admin", "binjiang01", "xincheng_admin")
    assert not any(_sees(desk, desk.who(login), begun.record_id) for login in blind)


@pytest.mark.parametrize(
    "role",
    sorted(
        set(Role)
        - {
            Role.SYSTEM,
            Role.CITY_HANDLER,
            Role.CITY_REVIEWER,
            Role.SPATIAL_OPERATOR,
            Role.SPATIAL_REVIEWER,
            Role.ANALYST,
        }
    ),
)
def test_nobody_else_whatever_his_scope(desk: Desk, role: Role) -> None:
    begun = desk.effective()
    for kind, code in ((ScopeKind.CITY, ""), (ScopeKind.DISTRICT, "310104"), (ScopeKind.ORGANISATION, str(uuid4()))):
        caller = Caller("某人", (Scope(role, kind, code),), account_id=uuid4(), unit_id=uuid4(), enterprise_id=uuid4())
        assert not _sees(desk, caller, begun.record_id)


def test_statistics_see_what_is_in_force_and_nothing_on_its_way(desk: Desk) -> None:
    begun = desk.effective()
    update = desk.update(begun.record_id)
    desk.do("submit", MAKER, Submit(update.revision_id, update.version))
    city = Caller("统计", (Scope(Role.ANALYST, ScopeKind.CITY),), account_id=uuid4(), unit_id=uuid4())
    assert _sees(desk, city, begun.record_id)
    assert not _sees(desk, city, update.revision_id, Revision)
    elsewhere = replace(city, scopes=(Scope(Role.ANALYST, ScopeKind.DISTRICT, "310104"),))
    assert not _sees(desk, elsewhere, begun.record_id)


def test_people_of_one_project_see_that_project(desk: Desk) -> None:
    mine, other = uuid4(), uuid4()
    rows = {project: desk.effective() for project in (mine, other)}
    company = desk.market.binjiang
    for project, begun in rows.items():
        desk.market.world.rewrite(Site, Site.id == begun.record_id, project_company_id=company, project_id=project)
    someone = desk.who("binjiang01")
    assert all(_sees(desk, someone, begun.record_id) for begun in rows.values())
    bound = replace(someone, scopes=(Scope(Role.PROJ_USER, ScopeKind.PROJECT, str(mine)),))
    assert _sees(desk, bound, rows[mine].record_id)
    assert not _sees(desk, bound, rows[other].record_id)
    odd = replace(someone, scopes=(Scope(Role.PROJ_USER, ScopeKind.PROJECT, "' OR 1=1"),))
    assert not _sees(desk, odd, rows[mine].record_id)


def test_lines_go_with_their_record(desk: Desk) -> None:
    begun = desk.do("begin", MAKER, Begin(values=desk.whole(), children={"parts": [{"part_no": "1"}]}))
    desk.do("submit", MAKER, Submit(begun.revision_id, begun.version))
    desk.approve(begun.revision_id)

    def lines(login: str) -> int:
        return len(
            desk.market.world.door.look(
                desk.who(login),
                lambda work: work.session.exec(
                    work.visible(SiteLine).where(SiteLine.record_id == begun.record_id)
                ).all(),
            )
        )

    assert (lines(MAKER), lines("jianghai01")) == (1, 0)


def test_personal_values_are_masked_for_who_may_not_edit(desk: Desk) -> None:
    begun = desk.begun(**desk.whole(keeper="欧阳明月", phone="13812345678"))
    assert desk.view(begun.revision_id).values["phone"] == "13812345678"
    desk.do("submit", MAKER, Submit(begun.revision_id, begun.version))
    for login in (MAKER, "pdshen01"):
        shown = desk.view(begun.revision_id, login).values
        assert shown["keeper"] != "欧阳明月"
        assert shown["phone"] == "138****5678"


def test_a_reference_to_what_is_foreign_is_like_one_to_nothing(desk: Desk) -> None:
    foreign = desk.effective("jianghai01", name=a_name("江海"))
    told = []
    for target in (foreign.record_id, uuid4()):
        begun = desk.begun(**desk.whole(made_site_id=str(target)))
        refused = desk.refused("submit", MAKER, Submit(begun.revision_id, begun.version))
        told.append([(one.code, one.field, one.message) for one in refused.findings])
        assert not desk.view(begun.revision_id, MAKER).title.startswith("江海")
    assert told[0] == told[1] == [("FMT", "made_site_id", told[0][0][2])]


def test_a_record_begun_by_nobody_known_is_not_found(desk: Desk) -> None:
    stranger = replace(desk.who(MAKER), enterprise_id=None)
    with pytest.raises(NotFound):
        desk.do("begin", stranger, Begin())


def test_who_points_at_what_is_foreign_reads_nothing_of_it(desk: Desk) -> None:
    """Neither saved nor begun with it: no name in lists, papers and comparisons, no word of a rule."""
    foreign = desk.effective("jianghai01", name=a_name("江海机密"))
    begun = desk.begun(**desk.whole(made_site_id=str(foreign.record_id)))
    again = desk.save(begun, desk.whole(made_site_id=str(foreign.record_id)))
    assert [(one.code, one.field) for one in again] == [("FMT", "made_site_id")]
    row = desk.market.row(Revision, begun.revision_id)
    assert str(foreign.record_id) not in row.payload.plain
    sheet = desk.market.world.door.look(desk.who(MAKER), lambda work: read_version(work, kind_named("made_site"), row))
    assert "江海机密" not in "".join(sheet.names.values())
    assert "江海机密" not in str(
        desk.market.world.door.ask(
            list_of(kind_named("made_site")).query, desk.who(MAKER), ListRows(paging=Paging(size=200))
        )
    )


def test_what_a_record_points_at_stays_though_its_writer_sees_it_no_more(desk: Desk) -> None:
    near = desk.effective(name=a_name("近处"))
    begun = desk.begun(**desk.whole(made_site_id=str(near.record_id)))
    desk.market.world.rewrite(Site, Site.id == near.record_id, head_company_id=uuid4(), district_code="310104")
    whole = desk.whole(made_site_id=str(near.record_id))
    desk.save(begun, whole)
    assert desk.view(begun.revision_id).values["made_site_id"] == str(near.record_id)
