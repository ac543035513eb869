"""The sandbox's pages below `/api/sandbox/`: what a partner's developer needs to see, and buttons that make things happen."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool

from deploy.demo.partners import LoadPartners, SimulatedPartner, load_partners
from deploy.partner_tables import PAGES, SENDERS, Sample, samples
from deploy.sandbox.calls import CALLS, LINES, Call
from integrations.simulators import Simulators
from integrations.wire.exchange.openapi import openapi
from integrations.wire.exchange.relay import relays
from integrations.wire.exchange_simulator import Exchanged, ExchangeSimulator, Mischief, Product
from models.partners import KeyUse
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.refusals import Refusal
from services.partners.registry import EnrolKey
from ui.plain import static_digest

log = logging.getLogger("shenfang.sandbox")
HERE = Path(__file__).resolve().parent
BASE = "/api/sandbox"
#: Faults of a partner that is called, as its simulator's control address takes them.
FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "slow": ("应答慢 3 秒", {"fault": "slow:3000"}),
    "down": ("停机两小时", {"fault": "down", "seconds": 7200}),
    "half": ("只答一半（1 次）", {"fault": "half", "times": 1}),
    "badsig": ("应答签名错误（1 次）", {"fault": "badsig", "times": 1}),
    "badnonce": ("随机数回显错误（1 次）", {"fault": "badnonce", "times": 1}),
    "error": ("服务器错误（1 次）", {"fault": "error", "times": 1}),
}
#: Mischief of a partner that sends: its label, and its share when it is on and off.
MISCHIEFS: dict[str, tuple[str, Any, Any]] = {
    "twice": ("每条发两次", 1.0, 0.0),
    "shuffled": ("乱序发送", True, False),
    "deaf": ("丢失一半应答", 0.5, 0.0),
    "forged": ("先发一次错误签名", 1.0, 0.0),
}


@dataclass(frozen=True)
class Sandbox:
    """The running simulators and the product's end as they know it."""

    door: Door
    simulators: Simulators
    product: Product

    def router(self) -> APIRouter:
        """Every address of the sandbox."""
        router = APIRouter(prefix=BASE)
        router.add_api_route("/", self.page, methods=["GET"])
        router.add_api_route("/page.css", self.style, methods=["GET"])
        router.add_api_route("/openapi.json", self.schema, methods=["GET"])
        router.add_api_route("/act", self.act, methods=["POST"])
        router.add_api_route("/compare", self.compare, methods=["POST"])
        router.add_api_route("/register", self.register, methods=["POST"])
        return router

    def style(self) -> Response:
        font = (
            '@font-face { font-family: "Shenfang Fallback"; font-display: swap; '
            f'src: url("/static/{static_digest()}/fonts/NotoSansSC-Interface.woff2") format("woff2"); }}\n'
        )
        return Response(font + (HERE / "page.css").read_text(encoding="utf-8"), media_type="text/css")

    def schema(self) -> Response:
        return JSONResponse(openapi(server=self.product.url))

    def page(self, told: str = "") -> Response:
        template = _TEMPLATES.get_template("page.html")
        kid, public = self.product.encryption_key()
        signing = self.door.house.crypto.public_key("sig.api")
        return HTMLResponse(
            template.render(
                told=told[:300],
                product=self.product,
                our_keys=[
                    {"label": "签名公钥", "kid": self.door.house.crypto.active_kid("sig.api"), "public": signing},
                    {"label": "加密公钥", "kid": kid, "public": public},
                ],
                partners=[self._shown(one) for one in self.simulators.partners.values()],
                faults=[(name, label) for name, (label, _) in FAULTS.items()],
                mischiefs=[(name, label) for name, (label, _, _) in MISCHIEFS.items()],
                samples=[_shown_sample(one) for one in samples() if one.system in SENDERS],
                endpoints=relays(),
                exchanges=[_shown_exchange(*one) for one in self._newest_exchanges(40)],
                vectors=list(vectors()),
                calls=self._own_calls(),
                lines=LINES,
            )
        )

    async def compare(self, request: Request) -> Response:
        """Compare the text a developer signed with ours for the same call, line by line."""
        form = await request.form()
        wanted = str(form.get("request_id", ""))
        call = next((one for one in self._own_calls() if one.request_id == wanted), None)
        if call is None or not call.canonical:
            return _back("没有这次调用，或它的请求头不全，得不出待签名串")
        different = call.compared(str(form.get("text", "")))
        return _back(
            "；".join(different) if different else "两边的待签名串逐字节一致，请检查私钥和签名的编码（DER、Base64）"
        )

    def _own_calls(self) -> list[Call]:
        """Calls that no simulator made."""
        made = (kept.headers for one in self.simulators.partners.values() for kept in list(one.exchanges))
        return CALLS.but(headers.get("X-Nonce", "") for headers in made)

    async def act(self, request: Request) -> Response:
        form = await request.form()
        partner = self.simulators.partners.get(str(form.get("app_id", "")))
        if partner is None:
            return _back("没有这个模拟对接方")
        wanted, _, name = str(form.get("act", "")).partition(":")
        try:
            told = await run_in_threadpool(self._done, partner, wanted, name)
        except (Refusal, httpx.HTTPError, LookupError, ValueError) as problem:
            log.warning("a button of the sandbox did not work: %s", type(problem).__name__)
            told = problem.message if isinstance(problem, Refusal) else "没有完成，请看“最近报文”"
        return _back(told)

    async def register(self, request: Request) -> Response:
        """A developer's own address and keys in the place of a simulator's; empty fields put the simulator's back."""
        form = await request.form()
        partner = self.simulators.partners.get(str(form.get("app_id", "")))
        if partner is None:
            return _back("没有这个模拟对接方")
        said = {name: str(form.get(name, "")).strip() for name in ("url", "sig_kid", "sig", "enc_kid", "enc")}
        keys = partner.keys
        wanted = SimulatedPartner(
            keys.app_id,
            said["url"].rstrip("/") or self.simulators.partner_url(keys.app_id),
            (
                EnrolKey(said["sig_kid"] or keys.sig_kid, KeyUse.SIGN, said["sig"].lower() or keys.sig_public),
                EnrolKey(said["enc_kid"] or keys.enc_kid, KeyUse.ENC, said["enc"].lower() or keys.enc_public),
            ),
        )
        try:
            await run_in_threadpool(self.door.perform, load_partners, SYSTEM, LoadPartners((wanted,)))
        except Refusal as refusal:
            return _back(refusal.message)
        told = f"{partner.title}：推送改送 {wanted.url}"
        if said["sig"] or said["enc"]:
            told += "；模拟对接方自己的密钥同时停用，它的动作和样例会答 E1004，公钥留空再登记一次即恢复"
        return _back(told)

    def _done(self, partner: ExchangeSimulator, wanted: str, name: str) -> str:
        control = f"{self.simulators.partner_url(partner.keys.app_id)}/sim/faults"
        if wanted == "do":
            return partner.gestures()[name]()
        if wanted == "deliver":
            return f"已办结 {partner.deliver()} 条，尚有 {len(partner.waiting)} 条待发"
        if wanted == "fault":
            label, order = FAULTS[name]
            httpx.post(control, json=order).raise_for_status()
            return f"{partner.title}：{label}"
        if wanted == "mischief":
            partner.mischief = _turned(partner.mischief, name)
            return f"{partner.title}：{MISCHIEFS[name][0]}"
        if wanted == "heal":
            httpx.delete(control).raise_for_status()
            partner.mischief = Mischief()
            return f"{partner.title}已恢复正常"
        sample = next(one for one in samples() if f"{one.system}/{one.situation}" == name)
        answered = partner.ask(sample.path, sample.message, key=_key(sample))
        return f"{sample.told}：应答 {answered.status or '无'} {answered.code} {answered.message}"

    def _shown(self, partner: ExchangeSimulator) -> dict[str, Any]:
        keys, mischief = partner.keys, partner.mischief
        private = getattr(keys, "secrets", {})
        return {
            "title": partner.title,
            "app_id": keys.app_id,
            "url": self.simulators.partner_url(keys.app_id),
            "waiting": len(partner.waiting),
            "refused": len(partner.refused),
            "arrivals": sum(partner.arrivals.values()),
            "effects": sum(partner.effects.values()),
            "faults": "、".join(_fault_label(order.fault) for order in partner.desk.orders),
            "gestures": list(partner.gestures()),
            "mischief": [name for name in MISCHIEFS if getattr(mischief, name)],
            "key_lines": [
                ("签名密钥标识", keys.sig_kid),
                ("签名公钥", keys.sig_public),
                ("签名私钥", private.get("sig", "")),
                ("加密密钥标识", keys.enc_kid),
                ("加密公钥", keys.enc_public),
                ("加密私钥", private.get("enc", "")),
            ],
        }

    def _newest_exchanges(self, count: int) -> list[tuple[ExchangeSimulator, Exchanged]]:
        found = [(one, kept) for one in self.simulators.partners.values() for kept in list(one.exchanges)]
        return sorted(found, key=lambda pair: pair[1].at, reverse=True)[:count]


def vectors() -> Iterator[tuple[str, str]]:
    """The worked examples of the handbook, as name and text."""
    for page in ("signing.md", "envelope.md"):
        path = PAGES / page
        if path.exists():
            part = path.read_text(encoding="utf-8").partition("## 算例")[2]
            for block in re.finditer(r"([^\n]+)\n\n```\n(.+?)\n```", part, re.DOTALL):
                yield re.sub(r"[`*]|\[([^\]]+)\]\([^)]+\)", r"\1", block[1]), block[2]


def _turned(mischief: Mischief, name: str) -> Mischief:
    """Return a kind of mischief switched over, the others as they were."""
    _, on, off = MISCHIEFS[name]
    changed: dict[str, Any] = {name: off if getattr(mischief, name) else on}
    return replace(mischief, **changed)


def _fault_label(fault: str) -> str:
    return next((label for label, order in FAULTS.values() if order["fault"] == fault), fault)


def _key(sample: Sample) -> str:
    """The idempotency key of a sample that changes something; its own number keeps a second press from doing it twice."""
    declared = next((one for one in relays() if one.path == sample.path), None)
    return f"sample-{sample.situation}".replace("_", "-")[:64] if declared is None or declared.changes else ""


def _shown_sample(sample: Sample) -> dict[str, str]:
    return {
        "system": sample.system,
        "situation": sample.situation,
        "told": sample.told,
        "path": sample.path,
        "app_id": SENDERS[sample.system],
        "text": json.dumps(sample.message, ensure_ascii=False, indent=1),
    }


def _shown_exchange(partner: ExchangeSimulator, one: Exchanged) -> dict[str, Any]:
    return {
        "at": f"{one.at.astimezone(SHANGHAI):%m-%d %H:%M:%S}",
        "way": f"{partner.title} → 申房" if one.direction == "OUT" else f"申房 → {partner.title}",
        "path": one.path,
        "status": one.status,
        "good": one.status == 200 and not one.note.startswith(("应答", "没有", "拒收")),
        "note": one.note,
        "canonical": one.canonical,
        "headers": "\n".join(f"{name}: {value}" for name, value in one.headers.items()),
        "body": one.body,
        "plain": _without_pictures(one.plain),
        "answer": _without_pictures(one.answer),
    }


def _without_pictures(text: str) -> str:
    """The beginning of a picture is enough to see that there is one."""
    return _PICTURE.sub(lambda found: f"{found[0][:40]}…（图片，共{len(found[0])}个字符）", text)


_PICTURE = re.compile(r"[A-Za-z0-9+/]{2000,}={0,2}")


def _back(told: str) -> Response:
    return RedirectResponse(f"{BASE}/?told={quote(told)}", status_code=303)


_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_TEMPLATES.filters["moment"] = lambda at: f"{at.astimezone(SHANGHAI):%m-%d %H:%M:%S}"
