"""An administrator's proposals about a partner: the partner itself, and its public keys."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time
from uuid import UUID

from nicegui import ui as web

from models.partners import OF_FIRMS, RIGHTS, KeyUse, PartnerKind, PartnerRight
from models.places_data import districts
from services.engine.clock import SHANGHAI
from services.engine.listings import Line
from services.partners.registry import ProposeKey, ProposePartner, propose_key, propose_partner
from services.partners.registry_queries import PartnerSheet, area_name, find_firms, right_names
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.fields import choice_field, date_field, flag_field, text_field
from ui.shell.form import Form
from ui.shell.parts import head, note
from ui.shell.place import Place
from ui.shell.values import shown

Done = Callable[[str], Awaitable[object]]


class PartnerForm:
    """A new partner, or another content for one that is there."""

    def __init__(self, place: Place, sheet: PartnerSheet | None, done: Done) -> None:
        self.place, self.sheet, self.done = place, sheet, done
        line = sheet.line if sheet is not None else None
        areas = {one.code: one.name for one in districts()}
        head("登记对接方" if line is None else f"修改 {line.app_id}")
        note("提出后由安全管理员确认才生效。" + ("" if line is None else "类别、企业和区不能修改，须停用后另行登记。"))
        with Form(columns=1) as self.form:
            if line is None:
                self.form.add(
                    text_field("app_id", "应用标识", required=True, longest=32, help="小写字母、数字和连字符")
                )
            self.form.add(text_field("label", "名称", value=line.label if line else "", required=True, longest=60))
            if line is None:
                # Whose system it is stays for good.
                self.form.add(
                    choice_field("kind", "类别", PartnerKind.labels(), required=True, on_change=self._follow),
                    text_field("firm", "企业名称", longest=60, help="输入名称或统一社会信用代码后按回车查找"),
                    choice_field("enterprise_id", "企业", {}),
                    choice_field("district_code", "区", areas),
                )
            self.form.add(
                text_field(
                    "base_url", "接口基址", value=line.base_url if line else "", longest=200, help="不填为只接收"
                ),
                text_field(
                    "networks",
                    "来源网段",
                    value=sheet.networks if sheet else "",
                    longest=400,
                    help="逗号分隔，不填为不限",
                ),
            )
        head("接口权限")
        self.held = set(line.scopes.split(",")) - {""} if line is not None else set()
        with Form(columns=1) as self.rights:
            for right in PartnerRight:
                self.rights.add(flag_field(str(right), right.label, value=right in self.held))
        if line is None:
            self.form.fields["firm"].control.on("keydown.enter", self.find)
        self._follow()
        with web.element("div").classes("sf-buttons sf-pad"):
            self.button = main_button("提出", self.send).mark("propose-partner")

    def _follow(self) -> None:
        kind = str(self.sheet.line.kind if self.sheet is not None else self.form.fields["kind"].value or "")
        for right in PartnerRight:
            self.rights.fields[right].set_visibility(right in RIGHTS.get(PartnerKind.of(kind), ()) if kind else False)
        if self.sheet is not None:
            return
        firm = kind in OF_FIRMS
        for key, visible in (("firm", firm), ("enterprise_id", firm), ("district_code", kind == PartnerKind.DISTRICT)):
            self.form.fields[key].set_visibility(visible)

    async def find(self) -> None:
        """Offer the firms of a name."""
        answer = await call(find_firms, str(self.form.fields["firm"].value or ""), quiet=True)
        if not answer.ok:
            self.form.fields["firm"].mark(answer.message)
            return
        found = answer.value
        self.form.fields["firm"].mark("" if found else "没有查到企业")
        self.form.fields["enterprise_id"].control.set_options(found, value=next(iter(found), ""))

    async def send(self) -> None:
        values = self.form.complete()
        line = self.sheet.line if self.sheet is not None else None
        # What no endpoint asks for any more stays as it was given.
        given = self.held - set(PartnerRight) | {key for key, held in self.rights.complete().items() if held}
        kind = line.kind if line is not None else PartnerKind.of(values["kind"])
        firm = values["enterprise_id"] if line is None and kind in OF_FIRMS else None
        area = line.district_code if line is not None else values["district_code"] or ""
        order = ProposePartner(
            app_id=line.app_id if line is not None else values["app_id"],
            label=values["label"],
            kind=kind,
            base_url=values["base_url"] or "",
            networks=values["networks"] or "",
            scopes=",".join(sorted(given)),
            enterprise_id=UUID(firm) if firm else None,
            district_code=area if kind is PartnerKind.DISTRICT else "",
            partner_id=line.id if line is not None else None,
        )
        if (await call(propose_partner, order, button=self.button)).ok:
            await self.done("已提出，等待安全管理员确认")


class KeyForm:
    """A partner's public key, handed over in person."""

    def __init__(self, place: Place, sheet: PartnerSheet, done: Done) -> None:
        self.sheet, self.done = sheet, done
        today = place.desk.door.clock.today()
        head(f"登记 {sheet.line.app_id} 的公钥")
        note("公钥由对接方当面或以密封函件交来；安全管理员确认前须再核对一次。")
        with Form(columns=1) as self.form:
            self.form.add(
                text_field("kid", "密钥标识", required=True, longest=40, help="小写字母、数字、点和连字符"),
                choice_field("use", "用途", KeyUse.labels(), value=str(KeyUse.SIGN), required=True),
                text_field("public_key", "公钥", required=True, longest=200, lines=4, help="04开头的130位十六进制字符"),
                date_field("valid_from", "生效日期", value=today, required=True),
                date_field("valid_to", "失效日期", value=_next_year(today), required=True, help="有效期不超过2年"),
            )
        with web.element("div").classes("sf-buttons sf-pad"):
            self.button = main_button("提出", self.send).mark("propose-key")

    async def send(self) -> None:
        values = self.form.complete()
        order = ProposeKey(
            self.sheet.line.id,
            values["kid"],
            KeyUse.of(values["use"]),
            values["public_key"],
            _midnight(values["valid_from"]),
            _midnight(values["valid_to"]),
        )
        if (await call(propose_key, order, button=self.button)).ok:
            await self.done("公钥已提出，等待安全管理员确认")


def _next_year(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def wanted_words(change: Line) -> dict[str, str]:
    """Return what a proposal wants, as two administrators read it; a public key is drawn by itself."""
    told = {}
    for name, label in _WANTED.items():
        value = change.wanted.get(name, "")
        if value:
            told[label] = _READ[name](value) if name in _READ else value
    if change.wanted.get("enterprise_id"):
        told["企业"] = change.firm or "没有该企业"
    return told


_WANTED = {
    "label": "名称",
    "kind": "类别",
    "base_url": "接口基址",
    "networks": "来源网段",
    "scopes": "接口权限",
    "district_code": "区",
    "kid": "密钥标识",
    "use": "用途",
    "valid_from": "生效时间",
    "valid_to": "失效时间",
}
_READ: dict[str, Callable[[str], str]] = {
    "kind": lambda value: PartnerKind.of(value).label,
    "use": lambda value: KeyUse.of(value).label,
    "scopes": right_names,
    "district_code": area_name,
    "valid_from": lambda value: shown(datetime.fromisoformat(value)),
    "valid_to": lambda value: shown(datetime.fromisoformat(value)),
}
