"""A property register for demo, tests and partners' developers: the flats of the houses table, except public housing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from fastapi import HTTPException

from integrations.property_register.contract import (
    PERSON_PATH,
    TITLE_PATH,
    Bdcdy,
    Fj,
    Fjlx,
    Fwlb,
    Gyfs,
    PersonQuery,
    PersonReply,
    Qlr,
    TitleQuery,
    TitleReply,
    Xz,
    Xzlx,
    Zmlx,
)
from integrations.property_register.land_desk import LandDesk
from integrations.wire.numbers import document_kind, normal_room
from integrations.wire.records import Flat, Records, Right, changed_flat
from integrations.wire.simulator import Change, ContentFault, Simulator
from models.normal import normal_cert_no, normal_id_no

#: Titles that the houses table has no like of: sold, renewed, presale, several flats on one certificate, cancelled.
EXAMPLES = Path(__file__).with_name("examples.csv")

_STRANGER = Right("权利人另有其人", "310101197001019034")
_KIND: Mapping[str, Fwlb] = {
    "产权房": "01", "OWNED": "01", "预告／预售": "03", "预售": "03", "PRESALE": "03", "安置房": "04", "RESETTLE": "04",
    "宅基地房": "05", "宅基地": "05", "HOMESTEAD": "05", "市场化集中式": "06", "MARKET_CENTRAL": "06",
    "保障性租赁住房": "07", "AFFORDABLE": "07", "公租房": "08", "PUBLIC_RENTAL": "08", "廉租实物配租房": "09",
    "LOW_RENT": "09",
}  # fmt: skip
_PROOF: Mapping[str, Zmlx] = {"A1": "CQZ", "A2": "YGZM", "A3": "SPFHT", "B1": "AZXY", "B2": "ZJD", "C1": "GJPW"}
_PROOF_OF_KIND: Mapping[Fwlb, Zmlx] = {"03": "YGZM", "04": "AZXY", "05": "ZJD"}
_ROOM: Mapping[str, Fjlx] = {
    "卧室": "WS", "客厅": "KT", "厨房": "CF", "卫生间": "WSJ", "阳台": "YT", "储藏室": "CCS"
}  # fmt: skip
_SHARE: Mapping[str, Gyfs] = {
    "SOLE": "0", "单独所有": "0", "COMMON": "1", "共同共有": "1", "SHARES": "2", "按份共有": "2"
}  # fmt: skip
_LIMIT: Mapping[str, tuple[Xzlx, str]] = {
    "查封": ("CF", "不动产登记簿"), "SEIZURE": ("CF", "不动产登记簿"),
    "异议登记": ("YY", "不动产登记簿"), "DISPUTE": ("YY", "不动产登记簿"), "预告登记": ("YG", "不动产登记簿预告登记"),
    "征收冻结": ("ZS", "房屋征收部门"), "EXPROPRIATION": ("ZS", "房屋征收部门"),
    "违法建筑": ("WJ", "登记簿附记"), "ILLEGAL": ("WJ", "登记簿附记"),
    "D级危房": ("WF", "房屋安全鉴定"), "危险房屋": ("WF", "房屋安全鉴定"), "DANGER": ("WF", "房屋安全鉴定"),
    "群租整治中": ("QZ", "城管执法部门"), "GROUP_LETTING": ("QZ", "城管执法部门"),
    "政策性住房禁止出租": ("ZC", "住房保障部门"), "POLICY": ("ZC", "住房保障部门"),
}  # fmt: skip
_NO_LIMIT = frozenset({"", "正常", "抵押", "NONE", "MORTGAGE"})


class TitleChange(Change):
    """Columns of the houses table to be replaced for a title, e.g. `{"limit_status": "查封"}`.

    When owners change without their predecessors being named, these become former owners until the new registration
    day.
    """

    cert_no: str
    room: str = ""
    set: dict[str, str]


class PropertyRegisterSimulator(Simulator):
    """Titles by certificate and by person."""

    def __init__(self, records: Records, *, latency_ms: int = 0) -> None:
        super().__init__("property_register", "不动产登记（模拟）", latency_ms=latency_ms)
        self._flats: dict[str, Flat] = {}
        self._changed_at: dict[str, datetime] = {}
        self._by_cert: dict[str, set[str]] = defaultdict(set)
        self._by_unit: dict[str, set[str]] = defaultdict(set)
        self._by_person: dict[str, set[str]] = defaultdict(set)
        for flat in records.flats.values():
            if not flat.public:
                self._keep(flat)
        self.on_change(TitleChange, self._change)
        self._add_addresses()
        LandDesk(self).add_addresses(self.app)

    def _add_addresses(self) -> None:
        @self.app.post(TITLE_PATH)
        async def title_by_certificate(query: TitleQuery, fault: ContentFault) -> TitleReply:
            found = [] if fault == "miss" else self._titles(query.bdcqzh, query.sh)
            if len(found) != 1:
                return TitleReply(qqbh=query.qqbh, fhdm="0002" if found else "0001", sjsj=self.data_time)
            unit = self._unit(found[0], strange=fault == "mismatch")
            return TitleReply(qqbh=query.qqbh, fhdm="0000", sjsj=unit.gxsj, bdcdy=unit)

        @self.app.post(PERSON_PATH)
        async def titles_by_person(query: PersonQuery, fault: ContentFault) -> PersonReply:
            found = [] if fault == "miss" else self._titles_of(normal_id_no(query.zjh))
            units = tuple(self._unit(flat, strange=fault == "mismatch") for flat in found)
            newest = max((unit.gxsj for unit in units), default=self.data_time)
            return PersonReply(qqbh=query.qqbh, fhdm="0000" if units else "0001", sjsj=newest, bdcdy=units)

    def _titles(self, cert_no: str, room: str) -> list[Flat]:
        """Return the titles of a number; the number of an earlier certificate finds the unit's present title."""
        flats = [self._flats[house_id] for house_id in sorted(self._by_cert.get(normal_cert_no(cert_no), ()))]
        if room and len(flats) > 1:
            flats = [flat for flat in flats if _is_room(flat, room)]
        current = [self._flats[other] for flat in flats for other in self._by_unit[flat.unit_no]]
        standing = {flat.house_id: flat for flat in current if flat.ended_on is None}
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
            self._changed_at[flat.house_id] = self.now()
        return len(flats)

    def _keep(self, flat: Flat) -> None:
        self._flats[flat.house_id] = flat
        for number in (flat.cert_no, *flat.earlier_certs):
            self._by_cert[normal_cert_no(number)].add(flat.house_id)
        self._by_unit[flat.unit_no].add(flat.house_id)
        for right in (*flat.owners, *flat.former_owners):
            self._by_person[right.id_no].add(flat.house_id)

    def _unit(self, flat: Flat, *, strange: bool) -> Bdcdy:
        kind = _KIND.get(flat.house_kind, "99")
        proof = _PROOF.get(flat.proof) or _PROOF_OF_KIND.get(kind, "CQZ")
        if proof in ("YGZM", "SPFHT"):
            kind = "03"
        owners = (_STRANGER,) if strange else flat.owners
        return Bdcdy(
            bdcqzh=flat.cert_no,
            bdcdyh=flat.unit_no,
            fwbm=flat.house_id,
            fwlb=kind,
            zmlx=proof,
            qxdm=flat.district_code,
            jzdm=flat.street_code,
            jcw=flat.committee,
            lm=flat.road,
            ld=flat.lane,
            zh=flat.building,
            sh=flat.room,
            zl=flat.address,
            jzmj=flat.build_area,
            tnmj=flat.inner_area,
            ghyt=flat.use,
            jg=flat.structure,
            hx=flat.layout,
            szc=flat.floor_no,
            zcs=flat.floor_total,
            gyfs=_SHARE.get(flat.share_kind) or ("0" if len(owners) == 1 else "2"),
            djrq=flat.reg_date,
            zxrq=flat.ended_on,
            zjzyrq=_last_transfer(flat),
            qlr=tuple(_holder(right) for right in owners),
            lsqlr=tuple(_holder(right) for right in flat.former_owners),
            fj=tuple(
                Fj(fjh=room.label, fjlx=_ROOM.get(room.kind, "QT"), symj=room.area, yssj=room.as_designed)
                for room in flat.rooms
            ),
            xz=tuple(_limits(flat)),
            wtjy=flat.mandates,
            dybz="抵押" in flat.limit_status,
            gjpz=flat.conversion_approved,
            gxsj=self._changed_at.get(flat.house_id, self.data_time),
        )


def _is_room(flat: Flat, room: str) -> bool:
    """Return whether a typed room means this flat; the number of the house may precede it."""
    wanted = normal_room(room)
    return normal_room(flat.room) == wanted or (
        any(part in wanted for part in ("号", "弄", "幢")) and normal_room(flat.address).endswith(wanted)
    )


def _with_former_owners(flat: Flat, columns: dict[str, str]) -> dict[str, str]:
    if "owners" not in columns or "former_owners" in columns:
        return columns
    until = columns.get("reg_date", "")
    gone = [*flat.former_owners, *(Right(o.name, o.id_no, o.share, o.since or flat.reg_date) for o in flat.owners)]
    return {**columns, "former_owners": ";".join(_written(right, until) for right in gone)}


def _written(right: Right, until: str) -> str:
    ended = right.until.isoformat() if right.until else until
    return f"{right.name}/{right.id_no}/{right.share}/{right.since.isoformat() if right.since else ''}/{ended}"


def _last_transfer(flat: Flat) -> date | None:
    days = [right.since for right in flat.owners] + [right.until for right in flat.former_owners]
    return max((day for day in days if day), default=flat.reg_date)


def _limits(flat: Flat) -> Iterable[Xz]:
    for status in (flat.limit_status, flat.safety_status):
        if status not in _NO_LIMIT:
            kind, source = _LIMIT.get(status, ("QT", "不动产登记簿"))
            yield Xz(xzlx=kind, xzly=source)
    for limit in flat.limits:
        if limit.kind not in _NO_LIMIT:
            kind, source = _LIMIT.get(limit.kind, ("QT", "不动产登记簿"))
            yield Xz(xzlx=kind, xzly=source, qsrq=limit.since)


def _holder(right: Right) -> Qlr:
    return Qlr(
        qlrmc=right.name,
        zjzl=document_kind(right.id_no),
        zjh=right.id_no,
        qlbl=right.share,
        qssj=right.since,
        zzsj=right.until,
    )
