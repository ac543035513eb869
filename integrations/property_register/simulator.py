"""A property register for demo, tests and partners' developers: the flats of the houses table, except public housing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path

from fastapi import HTTPException

from integrations.property_register.certificate_desk import CertificateDesk
from integrations.property_register.contract import (
    PERSON,
    TITLE,
    Bdcdy,
    PersonQuery,
    PersonReply,
    TitleQuery,
    TitleReply,
)
from integrations.property_register.land_desk import LandDesk
from integrations.wire.numbers import normal_room
from integrations.wire.records import Flat, changed_flat, limits_of, right_of, written
from integrations.wire.simulator import Change, ContentFault, Ground, Simulator
from models.normal import normal_cert_no, normal_id_no
from services.ports.answers import Holder

#: Titles that the houses table has no like of: sold, renewed, presale, several flats on one certificate, cancelled.
EXAMPLES = Path(__file__).with_name("examples.csv")

_STRANGER = right_of("权利人另有其人", "310101197001019034")
_KIND: Mapping[str, str] = {
    "产权房": "OWNED", "预告／预售": "PRESALE", "预售": "PRESALE", "安置房": "RESETTLE", "宅基地房": "HOMESTEAD",
    "宅基地": "HOMESTEAD", "市场化集中式": "MARKET_CENTRAL", "保障性租赁住房": "AFFORDABLE", "公租房": "PUBLIC_RENTAL",
    "廉租实物配租房": "LOW_RENT",
}  # fmt: skip
_KINDS = frozenset(_KIND.values())
_PROOF_OF_KIND: Mapping[str, str] = {"PRESALE": "A2", "RESETTLE": "B1", "HOMESTEAD": "B2"}
_PROOFS = frozenset({"A1", "A2", "A3", "B1", "B2", "C1"})
_SHARE: Mapping[str, str] = {"单独所有": "SOLE", "共同共有": "COMMON", "按份共有": "SHARES"}
_SOURCE: Mapping[str, str] = {
    "预告登记": "不动产登记簿预告登记",
    "EXPROPRIATION": "房屋征收部门", "ILLEGAL": "登记簿附记", "DANGER": "房屋安全鉴定", "GROUP_LETTING": "城管执法部门",
    "POLICY": "住房保障部门",
}  # fmt: skip


class TitleChange(Change):
    """Columns of the houses table to be replaced for a title, e.g. `{"limit_status": "查封"}`.

    Owners that change without their predecessors being named become former owners until the new registration.
    """

    cert_no: str
    room: str = ""
    set: dict[str, str]


@cache
def _normal(cert_no: str) -> str:
    # The certificates of the tables, the same at every start: tests start the simulators for every file of theirs.
    return normal_cert_no(cert_no)


class PropertyRegisterSimulator(Simulator):
    """Titles by certificate and by person."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("property_register", "不动产登记（模拟）", latency_ms=ground.latency_ms)
        self._flats: dict[str, Flat] = {}
        self._changed_at: dict[str, datetime] = {}
        self._by_cert: dict[str, set[str]] = defaultdict(set)
        self._by_unit: dict[str, set[str]] = defaultdict(set)
        self._by_person: dict[str, set[str]] = defaultdict(set)
        for flat in ground.records.flats.values():
            if not flat.public:
                self._keep(flat)
        self.on_change(TitleChange, self._change)
        self._add_addresses()
        LandDesk(self).add_addresses(self.app)
        CertificateDesk(self).add_addresses(self.app)

    def _add_addresses(self) -> None:
        @self.app.post(TITLE.path)
        async def title_by_certificate(query: TitleQuery, fault: ContentFault) -> TitleReply:
            found = [] if fault == "miss" else self._titles(query.bdcqzh, query.sh)
            if len(found) != 1:
                return TitleReply(
                    request_id=query.request_id, fhdm="0002" if found else "0001", data_time=self.data_time
                )
            unit = self._unit(found[0], strange=fault == "mismatch")
            return TitleReply(request_id=query.request_id, fhdm="0000", data_time=unit.as_of, bdcdy=unit)

        @self.app.post(PERSON.path)
        async def titles_by_person(query: PersonQuery, fault: ContentFault) -> PersonReply:
            found = [] if fault == "miss" else self._titles_of(normal_id_no(query.zjh))
            units = tuple(self._unit(flat, strange=fault == "mismatch") for flat in found)
            newest = max((unit.as_of for unit in units), default=self.data_time)
            return PersonReply(
                request_id=query.request_id, fhdm="0000" if units else "0001", data_time=newest, bdcdy=units
            )

    def _titles(self, cert_no: str, room: str) -> list[Flat]:
        """Return the titles of a number; the number of an earlier certificate finds the unit's present title."""
        flats = [self._flats[house_id] for house_id in sorted(self._by_cert.get(normal_cert_no(cert_no), ()))]
        if room and len(flats) > 1:
            flats = [flat for flat in flats if _is_room(flat, room)]
        current = [self._flats[other] for flat in flats for other in self._by_unit[flat.unit_no]]
        standing = {flat.house_code: flat for flat in current if flat.ended_on is None}
        return list(standing.values()) or flats

    def _titles_of(self, id_no: str) -> list[Flat]:
        flats = (self._flats[house_id] for house_id in sorted(self._by_person.get(id_no, ())))
        return [flat for flat in flats if any(right.id_no == id_no for right in (*flat.owners, *flat.former_owners))]

    def _change(self, change: TitleChange) -> int:
        flats = [
            self._flats[house_id]
            for house_id in sorted(self._by_cert.get(normal_cert_no(change.cert_no), ()))
            if not change.room or _is_room(self._flats[house_id], change.room)
        ]
        for flat in flats:
            try:
                changed = changed_flat(flat, _with_former_owners(flat, change.set))
            except ValueError as problem:
                raise HTTPException(422, str(problem)) from problem
            self._keep(changed)
            self._changed_at[flat.house_code] = self.now()
        return len(flats)

    def _keep(self, flat: Flat) -> None:
        self._flats[flat.house_code] = flat
        for number in (flat.cert_no, *flat.earlier_certs):
            self._by_cert[_normal(number)].add(flat.house_code)
        self._by_unit[flat.unit_no].add(flat.house_code)
        for right in (*flat.owners, *flat.former_owners):
            self._by_person[right.id_no].add(flat.house_code)

    def _unit(self, flat: Flat, *, strange: bool) -> Bdcdy:
        kind = _KIND.get(flat.house_kind, flat.house_kind if flat.house_kind in _KINDS else "OTHER")
        proof = flat.proof if flat.proof in _PROOFS else _PROOF_OF_KIND.get(kind, "A1")
        owners = (_STRANGER,) if strange else flat.owners
        share = _SHARE.get(flat.share_kind, flat.share_kind)
        return written(
            Bdcdy,
            flat,
            category="PRESALE" if proof in ("A2", "A3") else kind,
            proof_kind=proof,
            share_kind=share if share in _SHARE.values() else "SOLE" if len(owners) == 1 else "SHARES",
            last_transfer_on=_last_transfer(flat),
            holders=owners,
            former_holders=flat.former_owners,
            restrictions=tuple(limits_of(flat, "不动产登记簿", _SOURCE)),
            mortgaged="抵押" in flat.limit_status,
            as_of=self._changed_at.get(flat.house_code, self.data_time),
        )


def _is_room(flat: Flat, room: str) -> bool:
    """Return whether a typed room means this flat; the number of the house may precede it."""
    wanted = normal_room(room)
    return normal_room(flat.room_no) == wanted or (
        any(part in wanted for part in ("号", "弄", "幢")) and normal_room(flat.address).endswith(wanted)
    )


def _with_former_owners(flat: Flat, columns: dict[str, str]) -> dict[str, str]:
    if "owners" not in columns or "former_owners" in columns:
        return columns
    until = columns.get("reg_date", "")
    gone = [
        *flat.former_owners,
        *(replace(one, since=one.since or flat.registered_on, until=None) for one in flat.owners),
    ]
    return {**columns, "former_owners": ";".join(_written(right, until) for right in gone)}


def _written(right: Holder, until: str) -> str:
    ended = right.until.isoformat() if right.until else until
    return f"{right.name}/{right.id_no}/{right.share}/{right.since.isoformat() if right.since else ''}/{ended}"


def _last_transfer(flat: Flat) -> date | None:
    days = [right.since for right in flat.owners] + [right.until for right in flat.former_owners]
    return max((day for day in days if day), default=flat.registered_on)
