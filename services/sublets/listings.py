"""Lists of sublets: registered units, persons by their count, alerts with what was done about them (row 49)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import col

from models.access import Role
from models.house import House
from models.places_data import districts_by_code, streets
from models.sublets import (
    WHOLE,
    SubletAlert,
    SubletAlertDistrict,
    SubletAlertState,
    SubletAlertStep,
    SubletPerson,
    SubletUnit,
    UnitState,
)
from services.access.visibility import CITY, STAFF
from services.engine.actor_names import people_shown
from services.engine.list_pages import lines_of
from services.engine.listings import (
    Column,
    Filter,
    Line,
    Listing,
    choice,
    days,
    exact,
    listed,
    named,
    numbers,
    sealed,
    through,
)
from services.engine.look_ups import rows_by, values_by
from services.engine.registry import query
from services.engine.work import Work
from services.sublets.sublet_count import THRESHOLD, WATCH, count_of, documents_of
from services.sublets.visibility import districts_of

#: Districts handle alerts and see persons by their count; the city watches.
READERS = {Role.DISTRICT_BUREAU, *CITY}


def part_words(part: str) -> str:
    return "整套" if part == WHOLE else f"{part}室"


def _person_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    persons = rows_by(work, SubletPerson, [row.person_id for row in rows])
    return {
        "name": lambda row: persons[row.person_id].name,
        "id_no": lambda row: persons[row.person_id].id_no,
        "units_now": lambda row: persons[row.person_id].units,
    }


def _unit_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    addresses = values_by(work, House.id, House.address, (row.house_id for row in rows))
    return {**_person_cells(work, rows), "address": lambda row: addresses.get(row.house_id, "")}


def _persons_on(work: Work, rows: Sequence[Any]) -> frozenset[str]:
    persons = rows_by(work, SubletPerson, [row.person_id for row in rows])
    return frozenset(one.id_no_index for one in persons.values() if one.id_no_index)


UNITS = listed(
    Listing(
        name="sublet_units",
        label="个人转租登记",
        roles=STAFF,
        table=SubletUnit,
        columns=(
            Column("register_no", "登记编号", sortable=True, width=190),
            Column("name", "转租人", width=80),
            Column("id_no", "证件号码", width=160, shown=False),
            Column("address", "房屋坐落"),
            Column("part", "部位", lambda row: part_words(row.part), width=70),
            Column("head_from", "上手租约起", width=92, shown=False),
            Column("head_to", "上手租约止", sortable=True, width=92),
            Column("state", "状态", width=80),
            Column("ended_on", "结束日期", width=92),
            Column("ending", "结束方式", width=100, shown=False),
            Column(
                "district_code", "区", lambda row: districts_by_code().get(row.district_code, ""), width=84, shown=False
            ),
            Column("created_at", "登记时间", sortable=True, width=126),
        ),
        filters=(
            choice("state", "状态", SubletUnit.state, UnitState),
            exact("number", "登记编号", SubletUnit.register_no, width=190, finds=numbers("ZZ")),
            through(
                SubletUnit.person_id, SubletPerson.id, sealed("id_no", "证件号码", SubletPerson.id_no_index, "id_no")
            ),
            *days(SubletUnit.head_to, "上手租约止"),
        ),
        sort="-created_at",
        look_up=_unit_cells,
        also=("person_id",),
        counts="state",
        persons=_persons_on,
        empty="没有符合条件的登记。按 F2 登记一套（间）。",
    )
)


def _level(least: Callable[[Work], int], most: Callable[[Work], int] | None = None) -> Callable[[Work], Any]:
    def clause(work: Work) -> Any:
        above = col(SubletPerson.units) >= least(work)
        return above if most is None else and_(above, col(SubletPerson.units) <= most(work))

    return clause


_LEVELS = {
    "": ("有转租的", lambda work: col(SubletPerson.units) > 0),
    "OVER": ("超过预警标准", _level(lambda work: work.thresholds.integer(THRESHOLD) + 1)),
    "WATCH": (
        "关注名单",
        _level(lambda work: work.thresholds.integer(WATCH), lambda work: work.thresholds.integer(THRESHOLD)),
    ),
    "ALL": ("全部", lambda work: col(SubletPerson.units) >= 0),
}


def _ranked_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    states = values_by(work, SubletAlert.person_id, SubletAlert.state, (row.id for row in rows))
    return {"alert": lambda row: states.get(row.id, "")}


def _of_district(work: Work, text: str) -> Any:
    return col(SubletPerson.district_code) == text


_DISTRICT = Filter("district", "主要区", _of_district, options=districts_by_code(), width=110)

PERSONS = listed(
    Listing(
        name="sublet_persons",
        label="转租人排行",
        roles=READERS,
        table=SubletPerson,
        rows=lambda work: work.visible(SubletPerson).where(col(SubletPerson.joined_to).is_(None)),
        columns=(
            Column("name", "转租人", width=90),
            Column("id_no", "证件号码", width=170),
            Column("district", "主要区", lambda row: districts_by_code().get(row.district_code, ""), width=100),
            Column("units", "转租套（间）数", sortable=True, number=True, width=110),
            Column("most", "最多时", sortable=True, number=True, width=80),
            Column("alert", "预警", width=80),
            Column("firm_uscc", "已登记市场主体", width=180),
            Column("counted_at", "计数时间", sortable=True, width=126),
        ),
        filters=(
            named("level", "范围", _LEVELS),
            sealed("id_no", "证件号码", SubletPerson.id_no_index, "id_no"),
            _DISTRICT,
        ),
        sort="-units",
        counts="level",
        look_up=_ranked_cells,
        persons=lambda work, rows: frozenset(row.id_no_index for row in rows if row.id_no_index),
        empty="没有符合条件的转租人",
    )
)

_STATES = {
    "": ("未关闭", col(SubletAlert.state) != SubletAlertState.CLOSED),
    **{state.value: (state.label, SubletAlert.state == state) for state in SubletAlertState},
    "ALL": ("全部", col(SubletAlert.times) > 0),
}

ALERTS = listed(
    Listing(
        name="sublet_alerts",
        label="转租预警",
        roles=READERS,
        table=SubletAlert,
        columns=(
            Column("alert_no", "预警编号", sortable=True, width=190),
            Column("name", "转租人", width=80),
            Column("units", "预警时", sortable=True, number=True, width=70),
            Column("units_now", "现在", number=True, width=60),
            Column("threshold", "标准", number=True, width=60),
            Column("state", "状态", width=80),
            Column("times", "次数", number=True, width=56),
            Column("opened_at", "预警时间", sortable=True, width=126),
            Column("closing", "关闭原因", width=90),
            Column("closed_at", "关闭时间", width=126, shown=False),
        ),
        filters=(
            named("state", "状态", _STATES),
            exact("number", "预警编号", SubletAlert.alert_no, width=190, finds=numbers("ZY")),
            through(
                SubletAlert.person_id, SubletPerson.id, sealed("id_no", "证件号码", SubletPerson.id_no_index, "id_no")
            ),
        ),
        sort="-opened_at",
        look_up=_person_cells,
        also=("person_id",),
        counts="state",
        persons=_persons_on,
        empty="没有待处理的转租预警",
    )
)


@query("sublets.alert", "转租预警详情", roles=READERS)
def one_alert(work: Work, alert_id: UUID) -> Line:
    """Return an alert with its districts, the units that lie where the caller looks, and its history."""
    alert = work.whole(work.get(SubletAlert, alert_id))
    (line,) = lines_of(work, ALERTS, [alert])
    names = {one.code: one.name for one in streets()}
    districts = work.rows(
        SubletAlertDistrict, SubletAlertDistrict.alert_id == alert.id, by=col(SubletAlertDistrict.units).desc()
    )
    steps = work.rows(SubletAlertStep, SubletAlertStep.alert_id == alert.id, by=SubletAlertStep.id)
    actors = people_shown(work, {one.by_account for one in steps if one.by_account})
    person = documents_of(work, work.session.get_one(SubletPerson, alert.person_id))[0]
    # Another district's addresses are its own affair; how many lie there is said above.
    own = None if work.caller.has(*CITY) else set(districts_of(work))
    places = [one for one in count_of(work, person).places if own is None or one.district_code in own]
    addresses = values_by(work, House.id, House.address, (place.house_id for place in places))
    line.districts = [
        {
            "district": districts_by_code().get(one.district_code, one.district_code),
            "main": "主要区" if one.main else "",
            "units": one.units,
            "streets": one.streets,
        }
        for one in districts
    ]
    line.places = sorted(
        (
            districts_by_code().get(place.district_code, ""),
            names.get(place.street_code, ""),
            addresses.get(place.house_id, ""),
            part_words(place.part),
        )
        for place in places
    )
    line.steps = [
        {
            "at": one.at,
            "act": one.act.label,
            "units": one.units,
            "by": actors.get(one.by_account, "") if one.by_account else "系统",
            "note": one.note.plain if one.note else "",
        }
        for one in steps
    ]
    line.firm_uscc, line.version = person.firm_uscc, alert.version
    return line
