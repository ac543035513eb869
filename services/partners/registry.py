"""The registry of partners: one proposes, another confirms; one alone may stop a partner (security.md A5)."""

import re
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.columns import new_id
from models.enterprise import Enterprise
from models.partners import (
    OF_FIRMS,
    PARTNER,
    PARTNER_CHANGE,
    PARTNER_KEY,
    ChangeKind,
    ChangeState,
    KeyUse,
    Partner,
    PartnerChange,
    PartnerKey,
    PartnerKeyState,
    PartnerKind,
    PartnerState,
)
from models.places_data import districts
from services.access.acl import change
from services.engine.networks import Networks
from services.engine.orders import Decide, Reasoned
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work, shown_whole

KEEPER, CONFIRMER = Role.SYS_ADMIN, Role.SEC_ADMIN
ADMINISTRATORS = {KEEPER, CONFIRMER}
#: Staff who look into the exchanges choose among partners.
READERS = ADMINISTRATORS | {Role.CITY_CENTER, Role.CITY_BUREAU, Role.AUDITOR}
#: Two keys of one use may be valid at once this long (security.md 3.5).
LONGEST_OVERLAP = timedelta(days=30)
LONGEST_KEY = timedelta(days=731)
_APP = re.compile(r"[a-z0-9-]{3,32}")
_KID = re.compile(r"[a-z0-9.-]{3,40}")
_SCOPE = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
_PUBLIC = re.compile(r"04[0-9a-f]{128}")
_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93


# Administrators keep them, the city's staff and the auditor see them.
shown_whole(Partner, PartnerKey, roles=READERS | {Role.SYSTEM})
shown_whole(PartnerChange, roles=ADMINISTRATORS | {Role.SYSTEM})


# Looking up


def partner(work: Work, app_id: str) -> Partner:
    """The partner of an app id, or `NotFound`."""
    return work.find(Partner, Partner.app_id == app_id, missing=NotFound("没有登记该对接方"))


def partner_of_enterprise(work: Work, enterprise_id: UUID) -> Partner | None:
    """The system of a firm, if it has registered one; one that is in use comes first."""
    return _first(work, Partner.kind == PartnerKind.ENTERPRISE, Partner.enterprise_id == enterprise_id)


def partner_of_kind(work: Work, kind: PartnerKind) -> Partner | None:
    """The system of the fund or of the association, if it is registered."""
    return _first(work, Partner.kind == kind)


def _first(work: Work, *where: Any) -> Partner | None:
    # ACTIVE comes before DISABLED in the alphabet.
    return work.first(Partner, *where, by=(Partner.state, Partner.app_id))


# Proposing


@dataclass(frozen=True)
class ProposePartner:
    """A new partner, or with `partner_id` what one shall be from now on. Lists are separated by commas.

    Kind, firm and district of one that is there stay as they are; its firm need not be named again.
    """

    app_id: str
    label: str
    kind: PartnerKind
    base_url: str = ""
    networks: str = ""
    scopes: str = ""
    enterprise_id: UUID | None = None
    district_code: str = ""
    partner_id: UUID | None = None


@action("partners.propose", "登记或修改对接方", roles={KEEPER}, event="ACL.CHANGE")
def propose_partner(work: Work, order: ProposePartner) -> UUID:
    """Propose a partner; the security administrator confirms it, and a newer proposal replaces an open one."""
    row = None if order.partner_id is None else work.get(Partner, order.partner_id)
    if row is not None and order.kind is row.kind and order.enterprise_id is None:
        order = replace(order, enterprise_id=row.enterprise_id)
    wanted = _checked(work, order)
    if row is None:
        if work.has(Partner, Partner.app_id == wanted["app_id"]):
            raise Conflict("该应用标识已经登记")
        return _propose(work, ChangeKind.REGISTER, None, wanted["app_id"], wanted)
    if row.app_id != wanted["app_id"]:
        raise Rejected("应用标识登记后不能修改，请登记新的对接方")
    _is_still_the_same(row, wanted)
    return _propose(work, ChangeKind.EDIT, row.id, row.app_id, wanted)


@dataclass(frozen=True)
class ProposeKey:
    """A public key of a partner, `04` and 128 hex digits; moments with their zone."""

    partner_id: UUID
    kid: str
    use: KeyUse
    public_key: str
    valid_from: datetime
    valid_to: datetime


@action("partners.propose_key", "登记对接方公钥", roles={KEEPER}, event="ACL.CHANGE")
def propose_key(work: Work, order: ProposeKey) -> UUID:
    """The partner hands it over in person or by sealed letter; the other administrator compares it again."""
    row = work.get(Partner, order.partner_id)
    wanted = _checked_key(order.kid, order.use, order.public_key, order.valid_from, order.valid_to)
    _his_alone(work, row.id, wanted["public_key"])
    _replaced_by(work, row.id, wanted)
    return _propose(work, ChangeKind.KEY, row.id, row.app_id, wanted)


@action("partners.propose_enabling", "申请恢复启用", roles={KEEPER}, step=Step(PARTNER, "enable"), event="ACL.CHANGE")
def propose_enabling(work: Work, partner_id: UUID) -> UUID:
    """Return who was stopped by one hand comes back by two."""
    row = work.get(Partner, partner_id)
    if row.state is PartnerState.ACTIVE:
        raise Conflict("该对接方没有停用")
    return _propose(work, ChangeKind.ENABLE, row.id, row.app_id, {})


def _propose(work: Work, kind: ChangeKind, partner_id: UUID | None, app_id: str, wanted: dict[str, Any]) -> UUID:
    open_ones = select(PartnerChange).where(
        PartnerChange.app_id == app_id, PartnerChange.kind == kind, PartnerChange.state == ChangeState.PROPOSED
    )
    for earlier in work.session.exec(open_ones).all():
        if kind is not ChangeKind.KEY or earlier.wanted["kid"] == wanted["kid"]:
            take_step(work, earlier, PARTNER_CHANGE, "replace", log=False)
    row = PartnerChange(
        partner_id=partner_id,
        app_id=app_id,
        kind=kind,
        wanted=wanted,
        proposed_by=work.caller.account_id,
        proposed_at=work.at,
    )
    work.add(row)
    work.trail.tell("ACL.CHANGE", f"partners.{kind.lower()}", about=row, detail={"app": app_id})
    return row.id


# Confirming


@action(
    "partners.confirm", "确认对接方变更", roles={CONFIRMER}, step=Step(PARTNER_CHANGE, "confirm"), event="ACL.CHANGE"
)
def confirm_change(work: Work, order: Decide) -> None:
    """The second hand; from the commit on the change counts, and is signed within seconds with the access list."""
    row = work.get(PartnerChange, order.id)
    if row.state is not ChangeState.PROPOSED:
        raise Conflict("该申请已经处理过了")
    if row.proposed_by is not None and row.proposed_by == work.caller.account_id:
        raise NotAllowed("提出人不能确认自己的申请")
    take_step(work, row, PARTNER_CHANGE, "confirm" if order.agree else "refuse", log=False)
    row.decided_by, row.decided_at = work.caller.account_id, work.at
    work.add(row)
    if order.agree:
        row.partner_id = _carry_out(work, row.kind, row.partner_id, dict(row.wanted))
    else:
        work.trail.tell("ACL.CHANGE", "partners.confirm", about=row, detail={"agree": False, "app": row.app_id})


def _carry_out(work: Work, kind: ChangeKind, partner_id: UUID | None, wanted: dict[str, Any]) -> UUID:
    act = f"partners.{kind.lower()}"
    if kind is ChangeKind.REGISTER:
        if work.has(Partner, Partner.app_id == wanted["app_id"]):
            raise Conflict("该应用标识已经登记")
        made = Partner(id=new_id(), app_id=wanted["app_id"], label="", kind=PartnerKind.FUND)
        change(work, "partner", made.id, act)
        _fill(made, wanted)
        work.add(made)
        return made.id
    assert partner_id is not None
    row = work.get(Partner, partner_id)
    change(work, "partner", row.id, act)
    if kind is ChangeKind.EDIT:
        _is_still_the_same(row, wanted)
        _fill(row, wanted)
    elif kind is ChangeKind.ENABLE:
        take_step(work, row, PARTNER, "enable", log=False)
    else:
        _his_alone(work, row.id, wanted["public_key"])
        work.add(_new_key(work, row.id, wanted))
    work.add(row)
    return row.id


def _his_alone(work: Work, partner_id: UUID, public_key: str) -> None:
    """Refuse a key that others can use: a published one, one of ours, another partner's."""
    if work.house.crypto.is_published(public_key):
        raise Rejected("该公钥的私钥已公开（标准、对接手册或沙箱的示例密钥），任何人都能使用，请对接方生成自己的密钥")
    # The same x is the same key or its mirror; one private half gives the other.
    if any(key.public.startswith(public_key[:66]) for use in ("sig", "enc") for key in work.house.crypto.keys(use)):
        raise Rejected("这是本系统自己的公钥，请登记对接方的公钥")
    if work.has(
        PartnerKey, PartnerKey.partner_id != partner_id, col(PartnerKey.public_key).startswith(public_key[:66])
    ):
        raise Rejected("该公钥已由其他对接方登记，请对接方生成自己的密钥")


def _is_still_the_same(row: Partner, wanted: dict[str, Any]) -> None:
    """Refuse to change kind, firm or district of a partner: its messages belong to that firm or office (G14)."""
    now = (str(row.kind), row.enterprise_id.hex if row.enterprise_id else "", row.district_code)
    if now != (wanted["kind"], wanted["enterprise_id"], wanted["district_code"]):
        raise Rejected("类型、所属企业和所在区登记后不能修改，请停用后登记新的对接方")


def _fill(row: Partner, wanted: dict[str, Any]) -> None:
    row.label, row.kind, row.base_url = wanted["label"], PartnerKind.of(wanted["kind"]), wanted["base_url"]
    row.networks, row.scopes, row.district_code = wanted["networks"], wanted["scopes"], wanted["district_code"]
    row.enterprise_id = UUID(wanted["enterprise_id"]) if wanted["enterprise_id"] else None


def _replaced_by(work: Work, partner_id: UUID, wanted: dict[str, Any]) -> list[PartnerKey]:
    """The keys a new one takes the place of: another name, another number, and no more than two at once."""
    starts, ends = datetime.fromisoformat(wanted["valid_from"]), datetime.fromisoformat(wanted["valid_to"])
    held = work.rows(PartnerKey, PartnerKey.partner_id == partner_id)
    if any(key.kid == wanted["kid"] for key in held):
        raise Conflict("该密钥标识已经用过，请换一个")
    if any(key.public_key == wanted["public_key"] for key in held):
        raise Rejected("该公钥已经登记；签名与加密须使用不同的密钥，换钥须生成新的密钥")
    same = [
        key
        for key in held
        if key.use == wanted["use"] and key.state is PartnerKeyState.ACTIVE and key.valid_to > max(starts, work.at)
    ]
    if len([key for key in same if key.valid_from < ends]) > 1:
        raise Rejected("同一用途最多同时有两把有效公钥，请先撤销一把")
    return same


def _new_key(work: Work, partner_id: UUID, wanted: dict[str, Any]) -> PartnerKey:
    starts = datetime.fromisoformat(wanted["valid_from"])
    for key in _replaced_by(work, partner_id, wanted):
        # The one in use gives way; it does not linger on beside its successor.
        key.valid_to = min(key.valid_to, max(starts, work.at) + LONGEST_OVERLAP)
        work.add(key)
    return PartnerKey(
        partner_id=partner_id,
        kid=wanted["kid"],
        use=KeyUse.of(wanted["use"]),
        public_key=wanted["public_key"],
        valid_from=starts,
        valid_to=datetime.fromisoformat(wanted["valid_to"]),
    )


# Stopping


@action("partners.disable", "停用对接方", roles=ADMINISTRATORS, step=Step(PARTNER, "disable"), event="ACL.CHANGE")
def disable_partner(work: Work, order: Reasoned) -> None:
    """At once and by one hand: its requests are refused, what waits for it waits on."""
    row = work.get(Partner, order.id)
    reason = enough_words(order.reason, "原因", least=4)
    if row.state is PartnerState.DISABLED:
        raise Conflict("该对接方已经停用")
    change(work, "partner", row.id, "partners.disable", reason=reason)
    take_step(work, row, PARTNER, "disable", log=False)


@action(
    "partners.revoke_key", "撤销对接方公钥", roles=ADMINISTRATORS, step=Step(PARTNER_KEY, "revoke"), event="ACL.CHANGE"
)
def revoke_key(work: Work, order: Reasoned) -> None:
    """At once and by one hand, for it may be in the wrong hands."""
    key = work.get(PartnerKey, order.id)
    reason = enough_words(order.reason, "原因", least=4)
    if key.state is PartnerKeyState.REVOKED:
        raise Conflict("该公钥已经撤销")
    change(work, "partner", key.partner_id, "partners.revoke_key", reason=reason)
    take_step(work, key, PARTNER_KEY, "revoke", log=False)
    key.revoked_at = work.at


@dataclass(frozen=True)
class MaintainPartner:
    id: UUID
    on: bool
    reason: str = ""


@action("partners.maintain", "设置维护模式", roles={KEEPER}, event="CFG.CHANGE")
def maintain_partner(work: Work, order: MaintainPartner) -> None:
    """While a partner's system is being looked after nothing is sent to it; messages wait and none is lost."""
    row = work.get(Partner, order.id)
    if row.maintenance is order.on:
        raise Conflict("该对接方已处于维护模式" if order.on else "该对接方不在维护模式")
    row.maintenance, row.maintenance_since = order.on, work.at if order.on else None
    work.add(row)
    work.trail.tell(
        "CFG.CHANGE", "partners.maintain", about=row, reason=order.reason.strip()[:60], detail={"on": order.on}
    )


# Setting up


@dataclass(frozen=True)
class EnrolKey:
    kid: str
    use: KeyUse
    public_key: str


def enrol(work: Work, order: ProposePartner, keys: tuple[EnrolKey, ...], *, days: int = 365) -> Partner:
    """Register a partner with its keys at once, for the demo and tests; known ones are left as they are."""
    known = work.first(Partner, Partner.app_id == order.app_id)
    if known is not None:
        return known
    row = Partner(id=new_id(), app_id=order.app_id, label="", kind=order.kind)
    change(work, "partner", row.id, "partners.enrol")
    _fill(row, _checked(work, order))
    work.add(row)
    for key in keys:
        enrol_key(work, row, key, days=days)
    return row


def enrol_key(work: Work, row: Partner, key: EnrolKey, *, days: int = 365) -> None:
    """Give a partner a key at once, for the demo and tests; the caller has announced the change of the partner."""
    starts = work.at - timedelta(minutes=5)
    wanted = _checked_key(key.kid, key.use, key.public_key, starts, starts + timedelta(days=days))
    work.add(_new_key(work, row.id, wanted))
    work.session.flush()


# Checking


def _checked(work: Work, order: ProposePartner) -> dict[str, Any]:
    wanted = {name: value.strip() if isinstance(value, str) else value for name, value in asdict(order).items()}
    if not _APP.fullmatch(wanted["app_id"]):
        raise Rejected("应用标识为3至32位小写字母、数字和连字符")
    if not 2 <= len(wanted["label"]) <= 60:
        raise Rejected("对接方名称为2至60个字")
    scopes = [scope.strip() for scope in wanted["scopes"].split(",") if scope.strip()]
    if not all(_SCOPE.fullmatch(scope) for scope in scopes) or len(",".join(scopes)) > 800:
        raise Rejected("接口权限为逗号分隔的英文标识，如 filings.query,filings.endings")
    networks = ",".join(part.strip() for part in wanted["networks"].split(",") if part.strip())
    Networks.of(networks, "来源网段")
    if len(networks) > 400:
        raise Rejected("来源网段过多")
    url = wanted["base_url"].rstrip("/")
    if url:
        try:
            work.house.check_address(url)
        except ValueError as problem:
            raise Rejected(f"接口基址不可用：{problem}") from None
    if len(url) > 200:
        raise Rejected("接口基址过长")
    _check_owner(work, order)
    return {
        "app_id": wanted["app_id"],
        "label": wanted["label"],
        "kind": str(order.kind),
        "base_url": url,
        "networks": networks,
        "scopes": ",".join(sorted(set(scopes))),
        "district_code": wanted["district_code"],
        "enterprise_id": order.enterprise_id.hex if order.enterprise_id else "",
    }


def _check_owner(work: Work, order: ProposePartner) -> None:
    firm, district = order.kind in OF_FIRMS, order.kind is PartnerKind.DISTRICT
    if firm != (order.enterprise_id is not None):
        raise Rejected("租赁企业和网络信息平台须选择企业，其他类别不选")
    if firm and not work.first(Enterprise.id, Enterprise.id == order.enterprise_id):
        raise Rejected("没有该企业")
    if district != bool(order.district_code.strip()):
        raise Rejected("区级平台须选择所在的区，其他类别不选")
    if district and order.district_code.strip() not in {one.code for one in districts()}:
        raise Rejected("没有该区")


def _checked_key(kid: str, use: KeyUse, public_key: str, starts: datetime, ends: datetime) -> dict[str, Any]:
    kid, public_key = kid.strip(), "".join(public_key.split()).lower()
    if not _KID.fullmatch(kid):
        raise Rejected("密钥标识为3至40位小写字母、数字、点和连字符")
    if not _PUBLIC.fullmatch(public_key) or not _on_curve(public_key):
        raise Rejected("公钥须为04开头的130位十六进制字符，且是SM2曲线上的点")
    if starts.tzinfo is None or ends.tzinfo is None or not starts < ends:
        raise Rejected("公钥的失效时间须晚于生效时间")
    if ends - starts > LONGEST_KEY:
        raise Rejected("公钥的有效期不超过2年")
    return {
        "kid": kid,
        "use": str(use),
        "public_key": public_key,
        "valid_from": starts.isoformat(),
        "valid_to": ends.isoformat(),
    }


def _on_curve(public_key: str) -> bool:
    x, y = int(public_key[2:66], 16), int(public_key[66:], 16)
    return x < _P and y < _P and (y * y - (x * x - 3) * x - _B) % _P == 0
