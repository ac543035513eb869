"""Statements of an application beside those of the registers, rule by rule, for the reviewer's eyes (row 11)."""

from collections.abc import Callable, Mapping
from datetime import date

from models.house import RestrictionKind
from models.masking import mask
from services.engine.findings import Finding
from services.ports.answers import Answer, Holder, PublicTenancy, Title
from services.tenancy.fact_sources import OutsideFacts
from services.tenancy.lease_form import LeaseForm, PartyForm
from services.tenancy.rules.house import in_force

Pair = tuple[str, str]
NOTHING, SILENT = "—", "数据来源没有应答"


def compared(code: str, form: LeaseForm, outside: OutsideFacts, found: Finding | None, today: date) -> Pair:
    """Return what was stated and what is registered for a rule; persons masked."""
    title, tenancy = outside.title, outside.tenancy
    answer: Answer[PublicTenancy] | Answer[Title] = title if tenancy.state.value == "SKIPPED" else tenancy
    if code[0] == "H" and answer.silent:
        return (NOTHING, SILENT)
    known = tenancy.value.title if tenancy.value is not None else title.value
    if code[0] == "H" and known is None:
        return (mask("cert", form.house.cert_no), "未查到")
    if known is not None and code in _OF_TITLE:
        return _OF_TITLE[code](form, known, today)
    if tenancy.value is not None and code in ("H09", "H10"):
        return _of_tenancy(form, tenancy.value)
    if code in _OF_FORM:
        return _OF_FORM[code](form, found)
    return (NOTHING, found.found or found.message if found is not None else "没有发现不符")


def _people(parties: tuple[PartyForm, ...]) -> str:
    return "、".join(f"{mask('name', one.name)} {mask('id', one.id_no)}" for one in parties) or NOTHING


def _holders(holders: tuple[Holder, ...]) -> str:
    return "、".join(f"{mask('name', one.name)} {mask('id', one.id_no)}" for one in holders) or NOTHING


def _owners(form: LeaseForm, title: Title, today: date) -> Pair:
    now = tuple(one for one in title.holders if in_force(one.since, one.until, today))
    return (_people(form.lessors), _holders(now))


def _certificate(form: LeaseForm, title: Title, today: date) -> Pair:
    ended = title.ended_on is not None and title.ended_on <= today
    told = f"已于{title.ended_on}注销" if ended else "有效"
    return (mask("cert", form.house.cert_no), f"{mask('cert', title.cert_no)}（{told}）")


def _use(form: LeaseForm, title: Title, today: date) -> Pair:
    return (form.purpose, title.design_use + ("（已批准改建）" if title.conversion_approved else ""))


def _limits(form: LeaseForm, title: Title, today: date) -> Pair:
    kinds = [one for one in title.restrictions if in_force(one.since, one.until, today)]
    words = "、".join(
        f"{RestrictionKind.of(one.kind).label}（{one.source}，{one.since or '日期不详'}起）" for one in kinds
    )
    return (NOTHING, words or "没有权利限制")


def _measures(form: LeaseForm, title: Title, today: date) -> Pair:
    area = f"{form.house.build_area:.2f}㎡" if form.house.build_area is not None else NOTHING
    return (f"{form.house.room_no or NOTHING}，{area}", f"{title.room_no or NOTHING}，{title.build_area:.2f}㎡")


_OF_TITLE: Mapping[str, Callable[[LeaseForm, Title, date], Pair]] = {
    "H01": _certificate,
    "H02": _owners,
    "H03": _owners,
    "H04": _use,
    "H05": _limits,
    "H06": _limits,
    "H07": _limits,
    "H08": _limits,
    "H13": _measures,
    "H17": _limits,
}


def _of_tenancy(form: LeaseForm, tenancy: PublicTenancy) -> Pair:
    sublet = "可以转租" if tenancy.sublet_allowed else "未载明可以转租"
    valid = "有效" if tenancy.valid else "已失效"
    residents = f"，同住人{_holders(tenancy.residents)}" if tenancy.residents else ""
    return (_people(form.lessors), f"承租人{_holders((tenancy.holder,))}（凭证{valid}，{sublet}）{residents}")


def _documents(form: LeaseForm, found: Finding | None) -> Pair:
    late = [one for one in (*form.lessors, *form.lessees) if one.id_valid_to is not None]
    words = "、".join(f"{mask('name', one.name)}有效期至{one.id_valid_to}" for one in late)
    return (words or NOTHING, found.found if found and found.found else NOTHING)


def _persons(form: LeaseForm, found: Finding | None) -> Pair:
    stated = f"承租人{len(form.lessees)}人、共同居住人{len(form.residents)}人，租赁{'、'.join(form.rooms) or '整套'}"
    return (stated, found.found if found and found.found else NOTHING)


def _interval(form: LeaseForm, found: Finding | None) -> Pair:
    last = found.evidence.get("last_filed_on", "") if found else ""
    return (f"租期{form.start}至{form.end}", f"上次备案{last}" if last else NOTHING)


def _listed(form: LeaseForm, found: Finding | None) -> Pair:
    return (_people((*form.lessors, *form.lessees)), "在信用名单内" if found else "不在信用名单内")


_OF_FORM: Mapping[str, Callable[[LeaseForm, Finding | None], Pair]] = {
    "P04": _documents,
    "P11": _listed,
    "O03": _persons,
    "O07": _persons,
    "F02": _interval,
}
