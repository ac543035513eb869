"""A portal for demo and tests: a page that signs fictional persons in, and tickets used once."""

import json
import secrets
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse

from integrations.citizen_portal.contract import (
    AUDIENCE,
    ISSUER,
    KEYS,
    LONGEST_SECONDS,
    REDEEM,
    SIGN_IN,
    KeysReply,
    KeysRequest,
    RedeemReply,
    RedeemRequest,
    TicketContent,
)
from integrations.wire.signed_text import b64url, stated
from integrations.wire.simulator import Change, ContentFault, Ground, Simulator
from models.identity import check_id_number

#: The app id whose key signs tickets.
APP = "ywtb-portal"
_OFFERED = 12


class PersonLevel(Change):
    """The level at which the portal knows a person from now on."""

    id_no: str
    level: str


@dataclass(frozen=True)
class Person:
    """A person who signed in."""

    name: str
    id_type: str
    id_no: str
    mobile: str = ""


class CitizenPortalSimulator(Simulator):
    """Signs persons in without a password, for all of them are invented."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("citizen_portal", "一网通办门户（模拟）", latency_ms=ground.latency_ms)
        self._ground = ground
        self._given: dict[str, Person] = {}
        self._used: set[str] = set()
        self._levels: dict[str, str] = {}
        self.on_change(PersonLevel, self._change)
        self._add_addresses()

    def _add_addresses(self) -> None:
        @self.app.get(SIGN_IN)
        async def page(redirect_uri: str, state: str, client: str = AUDIENCE) -> HTMLResponse:
            return HTMLResponse(self._page(redirect_uri, state))

        @self.app.post(SIGN_IN)
        async def sign_in(
            redirect_uri: Annotated[str, Form()],
            state: Annotated[str, Form()],
            name: Annotated[str, Form()] = "",
            id_no: Annotated[str, Form()] = "",
            mobile: Annotated[str, Form()] = "",
            person: Annotated[str, Form()] = "",
        ) -> RedirectResponse:
            if person:
                id_no, _, name = person.partition("|")
            ticket = self.ticket(Person(name.strip(), "11", id_no.strip(), mobile.strip()), state)
            return RedirectResponse(f"{redirect_uri}?{urlencode({'ticket': ticket, 'state': state})}", 303)

        @self.app.post(REDEEM.path)
        async def redeem(request: RedeemRequest, fault: ContentFault) -> RedeemReply:
            return self._redeem(request, fault)

        @self.app.post(KEYS.path)
        async def keys(request: KeysRequest) -> KeysReply:
            return KeysReply(request_id=request.request_id, keys=(self._ground.public_key(APP),))

    def ticket(self, person: Person, state: str, *, seconds: int = LONGEST_SECONDS) -> str:
        """Return a ticket for a person who signed in, bound to the sign-in that our page began."""
        now = int(datetime.now(UTC).timestamp())
        number = secrets.token_urlsafe(24)
        said = {"iss": ISSUER, "aud": AUDIENCE, "jti": number, "iat": now, "exp": now + seconds, "state": state}
        self._given[number] = person
        text = b64url(json.dumps(said).encode())
        return f"{text}.{b64url(b64decode(self._ground.signs(APP, text.encode())))}"

    def _redeem(self, request: RedeemRequest, fault: str) -> RedeemReply:
        try:
            number = TicketContent.model_validate(stated(request.ticket)).jti
        except ValueError:
            raise HTTPException(422, "no ticket") from None
        person = self._given.get(number)
        used = number in self._used
        self._used.add(number)
        known = {"request_id": request.request_id, "data_time": self.now(), "ticket_id": number}
        if person is None or used or fault == "miss":
            return RedeemReply.model_validate(known | {"result": "USED" if used else "UNKNOWN"})
        said = {"user_name": person.name, "cert_type": person.id_type, "cert_no": person.id_no, "phone": person.mobile}
        if fault == "mismatch":
            known["ticket_id"] = "another-ticket-of-somebody"
        level = self._levels.get(person.id_no, "L3")
        return RedeemReply.model_validate(known | said | {"result": "OK", "real_name_level": level})

    def _change(self, change: PersonLevel) -> int:
        self._levels[change.id_no] = change.level
        return 1

    def _page(self, back: str, state: str) -> str:
        names = self._ground.records.names
        offered = [number for number in sorted(self._ground.records.fixtures) if names.get(number)]
        offered = [number for number in offered if check_id_number(number).ok][:_OFFERED]
        hidden = (
            f'<input type="hidden" name="redirect_uri" value="{escape(back)}">'
            f'<input type="hidden" name="state" value="{escape(state)}">'
        )
        buttons = "".join(
            f'<p><button name="person" value="{escape(f"{number}|{sorted(names[number])[0]}")}">'
            f"{escape(sorted(names[number])[0])}（{number[:6]}********{number[-4:]}）</button></p>"
            for number in offered
        )
        return (
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>一网通办统一身份认证（模拟）</title>'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            "<style>body{font:1.1rem sans-serif;max-width:30rem;margin:1rem auto;padding:0 1rem}"
            "button,input{font:inherit;padding:.6rem;width:100%;box-sizing:border-box}</style>"
            "<h1>统一身份认证（模拟）</h1><p>人员均为虚构，不需要密码。</p>"
            f'<form method="post" action="login">{hidden}{buttons}</form><h2>其他人员</h2>'
            f'<form method="post" action="login">{hidden}'
            '<p><label for="n">姓名</label><input id="n" name="name" required></p>'
            '<p><label for="i">证件号码</label><input id="i" name="id_no" required></p>'
            '<p><label for="m">手机号</label><input id="m" name="mobile"></p>'
            "<p><button>登录</button></p></form></html>"
        )
