"""Signing in and out, by HTML forms on the outer app: a handler on a socket cannot set cookies (security.md 2.5)."""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from hmac import compare_digest

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from models.access import AUTHORITY, HEAD_OFFICE, LEASING_AUTHORITY, PROJECT_OFFICE, SPATIAL_OFFICE, Role
from services.access.factors import LIVES, CertificateProof, GatewayProof, new_challenge, unarmoured
from services.access.own_account import DemoAccount, demo_accounts
from services.access.passwords import ChangePassword, change_password
from services.access.sessions import SessionBook
from services.access.sign_in import SignedIn, SignIn, SignOut, sign_in, sign_out
from services.access.visibility import ENTERPRISE
from services.engine.callers import SYSTEM, Caller
from services.engine.clock import shanghai_text, system_now
from services.engine.door import Door
from services.engine.refusals import Refusal
from services.engine.steps import is_available
from services.streets.choice import OwnStreet, choose_street, own_streets
from ui.front import assertion_in
from ui.guard import Gate, cookie_name, cookie_of, plain_cookie
from ui.once import filled_twice, typed
from ui.plain import page
from ui.shell.open_pages import OpenPages

_LARGEST_CERTIFICATE = 32_768


@dataclass(frozen=True)
class Workplace:
    """Accounts of the demo that do the same work, under what they can do."""

    title: str
    does: str
    roles: frozenset[Role]
    people: tuple[DemoAccount, ...] = ()


#: In the order of a tour through the product.
_WORKPLACES = (
    Workplace(
        "街镇窗口",
        "受理新增、变更和注销备案，打印合同、通知书和凭证，登记个人转租。",
        frozenset({Role.STREET_CLERK}),
    ),
    Workplace(
        "区租赁中心窗口",
        "受理备案和强制核验，验看从业信息卡，处理注销和办件。",
        frozenset({Role.DISTRICT_CLERK}),
    ),
    Workplace(
        "租赁主管部门",
        "区局审核强制核验、集中式房源和转租预警；市中心和市局看全市的办件、统计、参数和文书模板。",
        LEASING_AUTHORITY,
    ),
    Workplace(
        "租赁与经纪企业",
        "核验房源、管理从业人员和信息卡、集中式项目、到期合同和公积金直付。",
        frozenset(ENTERPRISE),
    ),
    Workplace(
        "房地产市场主管部门",
        "区级和市级经办、审核：主体准入、地块、项目、许可、销售方案、空间范围、预警和供应分析。",
        AUTHORITY | SPATIAL_OFFICE,
    ),
    Workplace(
        "开发企业",
        "总公司看旗下项目；项目公司填报从拿地到交付的记录、进度和销售方案。",
        HEAD_OFFICE | PROJECT_OFFICE,
    ),
    Workplace(
        "系统、安全、审计管理员",
        "系统管理员看运行和备份，安全管理员管账号与授权，审计管理员查日志和取证。",
        frozenset({Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR}),
    ),
)


def by_workplace(accounts: Iterable[DemoAccount]) -> tuple[Workplace, ...]:
    """Return the workplaces with accounts, each account once, at the first that fits one of its roles."""
    left = list(accounts)
    found = []
    for place in (*_WORKPLACES, Workplace("其他", "", frozenset(Role))):
        here = tuple(one for one in left if place.roles & set(one.roles))
        left = [one for one in left if one not in here]
        if here:
            found.append(replace(place, people=here))
    return tuple(found)


@dataclass(frozen=True)
class SignInPages:
    """The routes of signing in."""

    door: Door
    book: SessionBook
    gate: Gate
    open_pages: OpenPages

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/login", self.show, methods=["GET"])
        router.add_api_route("/login", self.submit, methods=["POST"])
        router.add_api_route("/logout", self.leave, methods=["POST"])
        router.add_api_route("/session/alive", alive, methods=["GET"])
        router.add_api_route("/password", self.show_password, methods=["GET"])
        router.add_api_route("/password", self.submit_password, methods=["POST"])
        router.add_api_route("/street", self.show_street, methods=["GET"])
        router.add_api_route("/street", self.submit_street, methods=["POST"])
        return router

    async def show(self, request: Request) -> Response:
        why = request.query_params.get("why", "")
        return await self._form(request, message=_WHY.get(why, ""), done=why in _DONE)

    async def submit(self, request: Request) -> Response:
        form = await request.form(max_files=1, max_fields=12)
        login, password = typed(form, "login"), typed(form, "password")
        demo = bool(form.get("demo")) and self.gate.mode == "demo"
        host = request.headers.get("host", "")
        if filled_twice(form):
            return await self._form(request, 400, message="表单中有重复的栏目，已拒绝")
        if not self._form_is_ours(request, typed(form, "csrf")):
            return await self._form(request, 403, message="页面已过期，请重新登录")
        if not plain_cookie(self.gate, host) and not self._encrypted(request):
            return await self._form(request, 403, message="请通过加密地址（https）或在本机访问，否则无法登录")
        if not login or (not demo and not password):
            return await self._form(request, 422, message="请输入登录名和口令", login=login)
        proof = None if demo else await _proof(request, form)
        address = request.client.host if request.client else ""
        order = SignIn(login, password, address, demo, proof)
        try:
            answer = await run_in_threadpool(self.door.perform, sign_in, replace(SYSTEM, address=address), order)
        except Refusal as refusal:
            return await self._form(request, refusal.status, message=refusal.message)
        if not answer.ok:
            return await self._form(request, 401, message=answer.message, login="" if demo else login)
        return await self._welcome(request, answer, _safe_target(typed(form, "next")))

    async def _welcome(self, request: Request, answer: SignedIn, target: str) -> Response:
        host = request.headers.get("host", "")
        name = cookie_name(self.gate, host)
        old = cookie_of(request.headers.get("cookie", ""), name)
        if old:
            await run_in_threadpool(self._end, old, "REPLACED")
        caller = await run_in_threadpool(self.book.find, answer.token)
        if caller is not None and caller.account_id is not None:
            self.open_pages.close_account(caller.account_id, but=caller.session)
        if caller is not None and (len(caller.streets) > 1 or not caller.roles):
            # A user of several streets chooses one; a user of none reads why there are no menus.
            target = "/street"
        reply = RedirectResponse("/password" if answer.must_change else target, 303)
        reply.set_cookie(
            name, answer.token, path="/", httponly=True, samesite="strict", secure=not plain_cookie(self.gate, host)
        )
        reply.delete_cookie(_pre(name), path="/", secure=not plain_cookie(self.gate, host))
        return reply

    async def leave(self, request: Request) -> Response:
        host = request.headers.get("host", "")
        name, token, caller = cookie_name(self.gate, host), request.state.token, request.state.caller
        if token:
            await run_in_threadpool(self._end, token, "LOGOUT")
        if caller is not None:
            self.open_pages.close_session(caller.session)
        reply = RedirectResponse("/login?why=out", 303)
        reply.delete_cookie(name, path="/", httponly=True, samesite="strict", secure=not plain_cookie(self.gate, host))
        return reply

    def _end(self, token: str, reason: str) -> None:
        self.door.perform(sign_out, SYSTEM, SignOut(token, reason))
        self.book.forget(token)

    async def show_password(self, request: Request) -> Response:
        return self._password_form(request)

    async def submit_password(self, request: Request) -> Response:
        form = await request.form()
        caller: Caller = request.state.caller
        if filled_twice(form):
            return self._password_form(request, 400, message="表单中有重复的栏目，已拒绝")
        if not self._form_is_ours(request, typed(form, "csrf")):
            return self._password_form(request, 403, message="页面已过期，请重新填写")
        new, again = typed(form, "new"), typed(form, "again")
        if new != again:
            return self._password_form(request, 422, message="两次输入的新口令不一致")
        if caller.account_id is None:
            return self._password_form(request, 403, message="此账号没有口令")
        order = ChangePassword(caller.account_id, typed(form, "old"), new)
        try:
            await run_in_threadpool(self.door.perform, change_password, caller, order)
        except Refusal as refusal:
            return self._password_form(request, refusal.status, message=refusal.message)
        return RedirectResponse("/", 303)

    async def show_street(self, request: Request) -> Response:
        return await self._street_form(request)

    async def submit_street(self, request: Request) -> Response:
        """Work in the chosen street from the next request on; pages open for another street are closed."""
        form = await request.form(max_files=0, max_fields=4)
        caller: Caller = request.state.caller
        if filled_twice(form):
            return await self._street_form(request, 400, message="表单中有重复的栏目，已拒绝")
        if not self._form_is_ours(request, typed(form, "csrf")):
            return await self._street_form(request, 403, message="页面已过期，请重新选择")
        try:
            await run_in_threadpool(self.door.perform, choose_street, caller, typed(form, "street"))
        except Refusal as refusal:
            return await self._street_form(request, refusal.status, message=refusal.message)
        self.book.forget(request.state.token)
        self.open_pages.close_session(caller.session, "street")
        return RedirectResponse("/", 303)

    async def _street_form(self, request: Request, status: int = 200, *, message: str = "") -> Response:
        caller: Caller = request.state.caller
        streets: list[OwnStreet] = []
        if is_available(caller, own_streets):
            streets = await run_in_threadpool(self.door.ask, own_streets, caller)
        csrf = secrets.token_urlsafe(24)
        reply = page(
            "street.html",
            status,
            message=message,
            csrf=csrf,
            name=caller.name,
            streets=streets,
            works=bool(caller.roles),
        )
        self._remember_form(request, reply, csrf)
        return reply

    async def _form(
        self, request: Request, status: int = 200, *, message: str = "", login: str = "", done: bool = False
    ) -> Response:
        """Return the form; with `done` the message reports a success."""
        people: list[DemoAccount] = []
        if self.gate.mode == "demo":
            # The page stays whatever is wrong with the accounts: the administrator who puts them right signs in here.
            with suppress(Refusal):
                people = await run_in_threadpool(self.door.ask, demo_accounts, SYSTEM)
        csrf = secrets.token_urlsafe(24)
        reply = page(
            "login.html",
            status,
            message=message,
            done=done,
            people=by_workplace(people),
            demo=self.gate.mode == "demo",
            login=login,
            by_gateway=self.gate.mode == "production" or bool(assertion_in(request.scope)),
            challenge=new_challenge(self.door.house.sealer, now := system_now(), csrf),
            ends=shanghai_text(now + LIVES)[11:],
            csrf=csrf,
            next=_safe_target(request.query_params.get("next", "")),
        )
        self._remember_form(request, reply, csrf)
        return reply

    def _password_form(self, request: Request, status: int = 200, *, message: str = "") -> Response:
        csrf = secrets.token_urlsafe(24)
        reply = page("password.html", status, message=message, csrf=csrf)
        self._remember_form(request, reply, csrf)
        return reply

    def _remember_form(self, request: Request, reply: Response, csrf: str) -> None:
        host = request.headers.get("host", "")
        name = _pre(cookie_name(self.gate, host))
        secure = not plain_cookie(self.gate, host)
        reply.set_cookie(name, csrf, max_age=3600, path="/", httponly=True, samesite="strict", secure=secure)

    def _form_is_ours(self, request: Request, csrf: str) -> bool:
        name = _pre(cookie_name(self.gate, request.headers.get("host", "")))
        known = cookie_of(request.headers.get("cookie", ""), name)
        return bool(known) and compare_digest(known.encode(), csrf.encode())

    def _encrypted(self, request: Request) -> bool:
        return request.url.scheme == "https" or self.gate.public_url.startswith("https://")


_WHY = {
    "out": "您已退出登录",
    "first": "口令已设置，请用证书、登录名和新口令登录",
    "over": "登录已失效或长时间未操作，请重新登录",
    "disabled": "您的账号已停用，本处已退出；需要继续使用的，请联系系统管理员",
    "changed": "您的岗位或权限已变更，请重新登录",
    "street": "工作街镇已更换，请从新打开的页面继续",
    "kicked": "您的账号已在别处登录，本处已退出",
}
#: Of these, those that end a sign-in well.
_DONE = {"out", "first"}


def alive() -> Response:
    """204 while the session lives; the guard answers 401 otherwise."""
    return Response(status_code=204)


async def _proof(request: Request, form: FormData) -> CertificateProof | GatewayProof | None:
    """Return the shown certificate: the gateway's assertion before the user's own."""
    if assertion := assertion_in(request.scope):
        return GatewayProof(assertion)
    file, pasted = form.get("certificate"), form.get("certificate_text")
    content = await file.read(_LARGEST_CERTIFICATE) if isinstance(file, UploadFile) else b""
    if not content and isinstance(pasted, str):
        content = pasted.encode()
    challenge, signature = typed(form, "challenge"), typed(form, "signature")
    if not content and not signature:
        return None
    # The form's secret is by now known to be that of this browser's cookie.
    return CertificateProof(challenge, unarmoured(content), "".join(signature.split()), typed(form, "csrf"))


def _pre(name: str) -> str:
    return name.replace("sid", "form")


def _safe_target(target: str) -> str:
    """Only our own workspace with its query, never another address."""
    return target if target.startswith("/?") and target.isprintable() and "\\" not in target else "/"
