"""A land contract of the register put into our words."""

from collections.abc import Mapping

from integrations.property_register.land_contract import Crht, Gdfs, Hx, Tdyt
from services.ports.land import LandContract, LandPayment, LandUsePart

_MODE: Mapping[Gdfs, str] = {"CR": "GRANTED", "HB": "ALLOCATED", "QT": "OTHER"}
_USE: Mapping[Tdyt, str] = {"ZZ": "HOUSING", "SY": "COMMERCE", "GY": "INDUSTRY", "GG": "PUBLIC", "ZH": "MIXED"}
_RING: Mapping[Hx, str] = {"1": "INNER", "2": "INNER_MIDDLE", "3": "MIDDLE_OUTER", "4": "OUTSIDE"}


def land_contract(told: Crht) -> LandContract:
    return LandContract(
        contract_no=told.htbh,
        parcel_no=told.dkbh,
        parcel_name=told.dkmc,
        district_code=told.qxdm,
        street=told.jzmc,
        location=told.zl,
        acquire_mode=_MODE[told.gdfs],
        grantee_name=told.srr,
        grantee_uscc=told.srrdm,
        land_area=told.crmj,
        plate=told.bkmc,
        ring=_RING[told.hx] if told.hx else "",
        announcement_no=told.ggh,
        supervision_no=told.dzjgh,
        grantor=told.crr,
        signed_on=told.qdrq,
        total_area=told.zdmj,
        price_total=told.crjk,
        deposit=told.dj,
        far=told.rjl,
        far_area=told.jrmj,
        building_density=told.jzmd,
        green_ratio=told.ldl,
        height_limit=told.jzxg,
        residential_area=told.zzmj,
        commercial_area=told.symj,
        office_area=told.bgmj,
        other_area=told.qtmj,
        affordable_area=told.bzfmj,
        self_held_area=told.zcmj,
        public_facility_area=told.ggssmj,
        handover_due_on=told.ydjd,
        handover_on=told.sjjd,
        start_due_on=told.ydkg,
        finish_due_on=told.ydjg,
        uses=tuple(LandUsePart(_USE[one.tdyt], one.mj, one.nx) for one in told.yt),
        payments=tuple(LandPayment(one.qc, one.yfje, one.yfrq, one.sfrq, one.sfje) for one in told.fq),
        cadastral_codes=told.zddm,
        as_of=told.gxsj,
    )
