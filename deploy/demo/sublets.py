"""Persons who let on what they rent, in the demo: above the threshold, on the watch list, by rooms, and few (row 49)."""

from datetime import timedelta
from itertools import islice
from typing import Any

from deploy.demo.houses import free_homes, restricted
from deploy.demo.stories import caller_named, id_number, left_out, on_past_days, there
from deploy.demo.tables import DATA
from models.house import House, HouseRoom, RoomKind
from models.own_data import read_rows
from models.sublets import SubletPerson
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.work import Work
from services.sublets.alerts import NoteTalk, alert_of, note_talk
from services.sublets.sublet_count import person_by_number
from services.sublets.units import RegisterUnit, Sublessor, register_unit

_CLERK, _BUREAU = "huamu01", "pdju01"


def load_sublets(door: Door) -> None:
    """Register every person's flats on the days past, and let the district handle the one alert."""
    if there(door, SubletPerson):
        return
    sublessors = read_rows(DATA / "sublessors.csv")
    wanted = sum(int(one["flats"]) + bool(one["rooms"]) for one in sublessors)
    flats = iter(door.look(SYSTEM, lambda work: free_flats(work, wanted)))
    clerk = caller_named(door, _CLERK)
    with left_out("个人转租"), on_past_days(door) as stand:
        for place, one in enumerate(sublessors):
            today = stand(20 - place)
            person = Sublessor(
                one["name"], id_number(one["number"]), mobile=one["mobile"], district_code=one["district"]
            )
            parts = [""] * int(one["flats"]) + (["rooms"] if one["rooms"] else [])
            for part in parts:
                house, bedrooms = next(flats)
                rooms = "+".join(bedrooms[: int(one["rooms"])]) if part else ""
                order = RegisterUnit(
                    person, house, today - timedelta(days=90), today + timedelta(days=400), rooms, "纸质件：2026-031"
                )
                door.perform(register_unit, clerk, order)
        stand(12)
        _talk(door, id_number(sublessors[0]["number"]))


def _talk(door: Door, id_no: str) -> None:
    person = door.look(SYSTEM, lambda work: person_by_number(work, id_no))
    alert = None if person is None else door.look(SYSTEM, lambda work: alert_of(work, person))
    if alert is not None:
        words = "已电话约谈，本人表示一个月内到自贸区市场监管窗口办理个体工商户登记。"
        door.perform(note_talk, caller_named(door, _BUREAU), NoteTalk(alert.id, True, words))


def free_flats(work: Work, wanted: int) -> list[tuple[str, list[str]]]:
    """Flats with two bedrooms or more, without a filing, a restriction or another use in the demo, spread over the library."""
    rows = free_homes(work, ~restricted(), by=(House.street_code, House.house_code))
    bedrooms: dict[Any, list[str]] = {}
    for room in work.rows(HouseRoom, HouseRoom.kind == RoomKind.BEDROOM):
        bedrooms.setdefault(room.house_id, []).append(room.label)
    large = [(row.house_code, sorted(bedrooms[row.id])) for row in rows if len(bedrooms.get(row.id, ())) > 1]
    return list(islice(large[:: max(1, len(large) // max(1, wanted))], wanted))
