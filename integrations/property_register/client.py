"""The client of the property register, which answers in our words."""

from collections.abc import Callable, Mapping

from integrations.property_register.contract import (
    PERSON_PATH,
    TITLE_PATH,
    Bdcdy,
    Fjlx,
    Fwlb,
    Gyfs,
    PersonQuery,
    PersonReply,
    Qlr,
    TitleQuery,
    TitleReply,
    Xzlx,
    Zmlx,
)
from integrations.property_register.land_contract import LAND_PATH, LandQuery, LandReply
from integrations.property_register.land_contract_reader import land_contract
from integrations.wire.client import DEFAULT_TIMEOUT, Asked, NoAnswer, Timeout, Wire
from integrations.wire.outbound import Outside
from models.house import HouseCategory, ProofKind, RestrictionKind, RoomKind
from services.ports.answers import (
    Answer,
    AnswerState,
    Holder,
    RegisteredRoom,
    Restriction,
    Title,
    TitleQuestion,
    hit,
    miss,
)
from services.ports.land import LandContract

SOURCE = "不动产登记"
LAND_SOURCE = "土地出让合同"
SEVERAL_FLATS = "多户"

_CATEGORY: Mapping[Fwlb, HouseCategory] = {
    "01": HouseCategory.OWNED,
    "03": HouseCategory.PRESALE,
    "04": HouseCategory.RESETTLE,
    "05": HouseCategory.HOMESTEAD,
    "06": HouseCategory.MARKET_CENTRAL,
    "07": HouseCategory.AFFORDABLE,
    "08": HouseCategory.PUBLIC_RENTAL,
    "09": HouseCategory.LOW_RENT,
    "99": HouseCategory.OTHER,
}
_PROOF: Mapping[Zmlx, ProofKind] = {
    "CQZ": ProofKind.A1,
    "YGZM": ProofKind.A2,
    "SPFHT": ProofKind.A3,
    "AZXY": ProofKind.B1,
    "ZJD": ProofKind.B2,
    "GJPW": ProofKind.C1,
}
_SHARE: Mapping[Gyfs, str] = {"0": "SOLE", "1": "COMMON", "2": "SHARES"}
_ROOM: Mapping[Fjlx, RoomKind] = {
    "WS": RoomKind.BEDROOM,
    "KT": RoomKind.HALL,
    "CF": RoomKind.KITCHEN,
    "WSJ": RoomKind.BATH,
    "YT": RoomKind.BALCONY,
    "CCS": RoomKind.STORAGE,
    "QT": RoomKind.OTHER,
}
_RESTRICTION: Mapping[Xzlx, RestrictionKind] = {
    "CF": RestrictionKind.SEIZURE,
    "YY": RestrictionKind.DISPUTE,
    "YG": RestrictionKind.OTHER,
    "ZS": RestrictionKind.EXPROPRIATION,
    "WJ": RestrictionKind.ILLEGAL,
    "WF": RestrictionKind.DANGER,
    "QZ": RestrictionKind.GROUP_LETTING,
    "ZC": RestrictionKind.POLICY,
    "QT": RestrictionKind.OTHER,
}


class PropertyRegisterClient:
    """Asks the property register over HTTP."""

    def __init__(
        self,
        url: str,
        outside: Outside,
        timeout: Timeout = DEFAULT_TIMEOUT,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._wire = Wire(SOURCE, url, outside, timeout, headers=headers)

    def title_of(self, question: TitleQuestion) -> Answer[Title]:
        """The title of a number, old or new form; MISS with note 多户 when the room must be named."""

        def understood(said: TitleReply, asked: Asked) -> Answer[Title]:
            asked.check(said.qqbh)
            if said.fhdm == "0002":
                return Answer(AnswerState.MISS, SOURCE, None, said.sjsj, asked.milliseconds, SEVERAL_FLATS)
            if said.fhdm == "0001":
                return miss(SOURCE, said.sjsj, asked.milliseconds)
            if said.bdcdy is None:
                raise NoAnswer("应答缺少内容")
            return hit(SOURCE, _title(said.bdcdy), said.bdcdy.gxsj, asked.milliseconds)

        return self._wire.ask(
            TITLE_PATH,
            lambda request_id: TitleQuery(qqbh=request_id, bdcqzh=question.cert_no, sh=question.room_no),
            TitleReply,
            understood,
        )

    def titles_of_person(self, id_no: str) -> Answer[tuple[Title, ...]]:
        """Every title a person holds or held; MISS when there never was one."""

        def understood(said: PersonReply, asked: Asked) -> Answer[tuple[Title, ...]]:
            asked.check(said.qqbh)
            if not said.bdcdy:
                return miss(SOURCE, said.sjsj, asked.milliseconds)
            return hit(SOURCE, tuple(_title(each) for each in said.bdcdy), said.sjsj, asked.milliseconds)

        return self._wire.ask(
            PERSON_PATH, lambda request_id: PersonQuery(qqbh=request_id, zjh=id_no), PersonReply, understood
        )

    def land_contract(self, contract_no: str) -> Answer[LandContract]:
        """A land contract by its number."""
        return self._land(lambda request_id: LandQuery(qqbh=request_id, htbh=contract_no))

    def land_contract_of_parcel(self, parcel_no: str) -> Answer[LandContract]:
        """The land contract of a parcel."""
        return self._land(lambda request_id: LandQuery(qqbh=request_id, dkbh=parcel_no))

    def _land(self, query: Callable[[str], LandQuery]) -> Answer[LandContract]:
        def understood(said: LandReply, asked: Asked) -> Answer[LandContract]:
            asked.check(said.qqbh)
            if said.fhdm == "0001":
                return miss(LAND_SOURCE, said.sjsj, asked.milliseconds)
            if said.crht is None:
                raise NoAnswer("应答缺少内容")
            return hit(LAND_SOURCE, land_contract(said.crht), said.crht.gxsj, asked.milliseconds)

        return self._wire.ask(LAND_PATH, query, LandReply, understood)

    def close(self) -> None:
        """Give the connections back."""
        self._wire.close()


def _title(unit: Bdcdy) -> Title:
    return Title(
        cert_no=unit.bdcqzh,
        unit_no=unit.bdcdyh,
        house_code=unit.fwbm,
        category=_CATEGORY[unit.fwlb].value,
        proof_kind=_PROOF[unit.zmlx].value,
        district_code=unit.qxdm,
        street_code=unit.jzdm,
        address=unit.zl,
        room_no=unit.sh,
        build_area=unit.jzmj,
        inner_area=unit.tnmj,
        design_use=unit.ghyt,
        share_kind=_SHARE[unit.gyfs],
        registered_on=unit.djrq,
        holders=tuple(_holder(each) for each in unit.qlr),
        former_holders=tuple(_holder(each) for each in unit.lsqlr),
        rooms=tuple(RegisteredRoom(room.fjh, _ROOM[room.fjlx].value, room.symj, room.yssj) for room in unit.fj),
        restrictions=tuple(
            Restriction(_RESTRICTION[limit.xzlx].value, limit.xzly, limit.qsrq, limit.zzrq) for limit in unit.xz
        ),
        mandates=unit.wtjy,
        mortgaged=unit.dybz,
        ended_on=unit.zxrq,
        conversion_approved=unit.gjpz,
        last_transfer_on=unit.zjzyrq,
        committee=unit.jcw,
        road=unit.lm,
        lane=unit.ld,
        building=unit.zh,
        structure=unit.jg,
        layout=unit.hx,
        floor_no=unit.szc,
        floor_total=unit.zcs,
        as_of=unit.gxsj,
    )


def _holder(right: Qlr) -> Holder:
    return Holder(right.qlrmc, right.zjzl, right.zjh, right.qlbl, right.qssj, right.zzsj)
