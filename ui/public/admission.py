"""`/c/admission`: a head company applies for admission and sees how it goes, without account and without script (row 52)."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import uuid4

from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from models.companies import Currency, District, Ownership, QualificationGrade, RegistryStatus
from services.companies.public_application import (
    FIELDS,
    Apply,
    AskStanding,
    HandedIn,
    apply,
    public_choices,
    public_prefill,
    public_standing,
)
from services.engine.door import Door
from services.engine.findings import Finding, Severity
from services.engine.refusals import Refusal, Unavailable
from services.public_practitioners.visitor import visitor
from ui.public.files_form import files_form
from ui.public.forms import FormRefused, small_form
from ui.public.router import PublicPages
from ui.public.throttle import Throttle

Value = TypeVar("Value")
_THREADS, _MOST_WAITING = 2, 20
_SMALL = 4_000
#: Beneath what the guard lets through to these pages, so that it is this page that says what to do.
LARGEST = 5_500_000
_TOO_LARGE = "材料合计超过5 MB，请压缩后重新提交"
_TOO_OFTEN = "您所在的网络操作过于频繁，请稍等片刻再试。"
_OFTEN_APPLIED = "您所在的网络提交过于频繁，请过一分钟再提交"
_OPTIONS: Mapping[str, Mapping[str, str]] = {
    "registry_status": RegistryStatus.labels(),
    "ownership_type": Ownership.labels(),
    "currency": Currency.labels(),
    "qualification_grade": QualificationGrade.labels(),
    "reg_district": District.labels(),
}


class AdmissionPages:
    """The pages beside `public`, whose throttle and templates they share."""

    def __init__(self, door: Door, public: PublicPages) -> None:
        self._door, self._public, self._draw = door, public, public.drawing
        self._applied = Throttle(public.settings.reports_per_minute)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="admission")
        self._waiting = 0

    def router(self) -> APIRouter:
        """Return the routes of all pages; they precede the page of scanned codes, which takes any name."""
        router = APIRouter()

        def route(path: str, method: str, page: Callable[[Request], Any]) -> None:
            router.add_route(path, page, methods=[method], include_in_schema=False)

        route("/c/admission", "GET", self.begin)
        route("/c/admission", "POST", self.fill)
        route("/c/admission/apply", "POST", self.apply)
        route("/c/admission/standing", "GET", self.standing_form)
        route("/c/admission/standing", "POST", self.standing)
        return router

    async def begin(self, request: Request) -> Response:
        return self._draw.page("admission.html", uscc="", problem="")

    async def fill(self, request: Request) -> Response:
        """Show the form, prefilled with the library's data for the typed code."""
        if wait := self._public.throttle.wait(_address(request)):
            return self._draw.too_many(wait, _TOO_OFTEN)
        typed: dict[str, str] = {}
        try:
            typed = await small_form(request, _SMALL)
            uscc = typed.get("uscc", "").strip()[:40]
            caller = visitor(_address(request))
            given = await self._run(lambda: self._door.ask(public_prefill, caller, uscc))
            return await self._form(request, {**given, "uscc": uscc}, source=bool(given))
        except FormRefused as refused:
            return self._draw.page("admission.html", refused.status, uscc="", problem=refused.message)
        except ClientDisconnect:
            return Response(status_code=400)
        except Refusal as refusal:
            uscc = typed.get("uscc", "")[:40]
            return self._draw.page("admission.html", refusal.status, uscc=uscc, problem=refusal.message)

    async def apply(self, request: Request) -> Response:
        """Submit the application, once however often the form is sent; all reasons against it are shown at once."""
        address = _address(request)
        if wait := self._public.throttle.wait(address):
            return self._draw.too_many(wait, _TOO_OFTEN)
        typed: dict[str, str] = {}
        try:
            form = await files_form(request, LARGEST, _TOO_LARGE)
            typed = form.fields
            if wait := self._applied.wait(address):
                return await self._form(request, typed, 429, problem=_OFTEN_APPLIED)
            order = Apply(
                {name: typed.get(name, "") for name in FIELDS},
                tuple(HandedIn(slot, name, content) for slot, name, content in form.files),
                typed.get("explanation", ""),
                typed.get("receipt_no", ""),
                typed.get("code", ""),
            )
            once = typed.get("once", "")
            told = await self._run(lambda: self._door.perform(apply, visitor(address), order, request_id=once))
        except FormRefused as refused:
            return self._draw.page("admission.html", refused.status, uscc="", problem=refused.message)
        except ClientDisconnect:
            return Response(status_code=400)
        except Refusal as refusal:
            return await self._form(request, typed, refusal.status, problem=refusal.message, findings=refusal.findings)
        return self._draw.page("admission_received.html", told=told)

    async def standing_form(self, request: Request) -> Response:
        return self._draw.page("admission_standing.html", typed={}, told=None, problem="")

    async def standing(self, request: Request) -> Response:
        """Show the state of the visitor's application; a returned one shows its form again."""
        if wait := self._public.throttle.wait(_address(request)):
            return self._draw.too_many(wait, _TOO_OFTEN)
        typed: dict[str, str] = {}
        try:
            typed = await small_form(request, _SMALL)
            order = AskStanding(typed.get("receipt_no", ""), typed.get("code", ""))
            told = await self._run(lambda: self._door.ask(public_standing, visitor(_address(request)), order))
        except FormRefused as refused:
            return self._standing({}, refused.status, refused.message)
        except ClientDisconnect:
            return Response(status_code=400)
        except Refusal as refusal:
            return self._standing(typed, refusal.status, refusal.message)
        if told.again:
            values = {**told.values, "receipt_no": told.receipt_no, "code": typed.get("code", "")}
            values["independent"] = "on" if told.values.get("independent") in {True, "true"} else ""
            return await self._form(request, values, opinion=told.opinion)
        return self._draw.page("admission_standing.html", typed={}, told=told, problem="")

    def _standing(self, typed: Mapping[str, str], status: int, problem: str) -> Response:
        return self._draw.page("admission_standing.html", status, typed=typed, told=None, problem=problem)

    async def _form(
        self,
        request: Request,
        values: Mapping[str, Any],
        status: int = 200,
        *,
        problem: str = "",
        findings: Sequence[Finding] = (),
        source: bool = False,
        opinion: str = "",
    ) -> Response:
        caller = visitor(_address(request))
        try:
            choices = await self._run(lambda: self._door.ask(public_choices, caller))
        except Refusal as refusal:
            return self._draw.page("message.html", refusal.status, title="暂时不能申请", message=refusal.message)
        names = (*FIELDS, "explanation", "receipt_no", "code")
        options = {**_OPTIONS, "group_company_id": {str(row_id): name for row_id, name in choices.groups}}
        wrong: dict[str, str] = {}
        general: list[str] = []
        for one in findings:
            if one.severity is Severity.PENDING:
                continue
            field = one.field.removeprefix("files.")
            if field in names or field in {"licence", "authority", "more"}:
                wrong.setdefault(field, one.message)
            else:
                general.append(one.message)
        return self._draw.page(
            "admission_form.html",
            status,
            typed={name: str(values.get(name) or "") for name in names},
            options=options,
            wrong=wrong,
            general=general,
            problem=problem,
            source=source,
            opinion=opinion,
            warned=any(one.severity is Severity.WARN for one in findings),
            once=uuid4().hex,
        )

    async def _run(self, work: Callable[[], Value]) -> Value:
        """Do it in one of these pages' own threads; `Unavailable` when too many wait already."""
        if self._waiting >= _MOST_WAITING:
            raise Unavailable("申请的人较多，请稍后再试")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
