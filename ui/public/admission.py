"""`/c/admission`: a head company applies for admission and sees how it goes, without account and without script (row 52)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from services.companies.company_kinds import HEAD_COMPANY
from services.companies.public_application import (
    FIELDS,
    SLOTS,
    Apply,
    AskStanding,
    HandedIn,
    apply,
    public_choices,
    public_prefill,
    public_standing,
)
from services.engine.door import Door
from services.engine.field_types.choices import Choice
from services.engine.findings import Finding, Severity
from services.engine.refusals import Refusal
from services.public_practitioners.visitor import visitor
from ui.public.form_pages import FormPages, Page
from ui.public.forms import FilesForm, FormRefused
from ui.public.router import PublicPages, address_of

_SMALL = 4_000
#: Beneath what the guard lets through to these pages, so that it is this page that says what to do.
LARGEST = 5_500_000
_TOO_LARGE = "材料合计超过5 MB，请压缩后重新提交"
_OFTEN_APPLIED = "您所在的网络提交过于频繁，请过一分钟再提交"
_OPTIONS = {one.name: one.options() for one in HEAD_COMPANY.fields if isinstance(one, Choice)}


class AdmissionPages(FormPages):
    """The pages of the application for admission."""

    often = "您所在的网络操作过于频繁，请稍等片刻再试。"
    busy = "申请的人较多，请稍后再试"

    def __init__(self, door: Door, public: PublicPages) -> None:
        super().__init__(door, public, threads=2, most_waiting=20)

    def _routes(self) -> list[tuple[str, str, Page]]:
        return [
            ("/c/admission", "GET", self.begin),
            ("/c/admission", "POST", self.fill),
            ("/c/admission/apply", "POST", self.apply),
            ("/c/admission/standing", "GET", self.standing_form),
            ("/c/admission/standing", "POST", self.standing),
        ]

    async def begin(self, request: Request) -> Response:
        return self._begin({})

    def _begin(self, typed: Mapping[str, str], status: int = 200, *, problem: str = "") -> Response:
        return self._draw.page("admission.html", status, uscc=typed.get("uscc", "")[:40], problem=problem)

    async def fill(self, request: Request) -> Response:
        """Show the form, prefilled with the library's data for the typed code."""

        async def show(form: FilesForm) -> Response:
            uscc = form.fields.get("uscc", "").strip()[:40]
            given = await self._ask(request, public_prefill, uscc)
            return await self._form(request, {**given, "uscc": uscc}, source=bool(given))

        return await self._answer(request, show, self._redrawn(self._begin), largest=_SMALL)

    async def apply(self, request: Request) -> Response:
        """Submit the application, once however often the form is sent; all reasons against it are shown at once."""
        address = address_of(request)

        async def submit(form: FilesForm) -> Response:
            typed = form.fields
            if self._sent.wait(address):
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
            return self._draw.page("admission_received.html", told=told)

        async def again(typed: dict[str, str], refused: FormRefused | Refusal) -> Response:
            if isinstance(refused, FormRefused):
                return self._begin({}, refused.status, problem=refused.message)
            return await self._form(request, typed, refused.status, problem=refused.message, findings=refused.findings)

        return await self._answer(request, submit, again, largest=LARGEST, too_large=_TOO_LARGE)

    async def standing_form(self, request: Request) -> Response:
        return self._standing({})

    async def standing(self, request: Request) -> Response:
        """Show the state of the visitor's application; a returned one shows its form again."""

        async def show(form: FilesForm) -> Response:
            code = form.fields.get("code", "")
            told = await self._ask(request, public_standing, AskStanding(form.fields.get("receipt_no", ""), code))
            if not told.again:
                return self._standing({}, told=told)
            values = {**told.values, "receipt_no": told.receipt_no, "code": code}
            values["independent"] = "on" if told.values.get("independent") in {True, "true"} else ""
            return await self._form(request, values, opinion=told.opinion)

        return await self._answer(request, show, self._redrawn(self._standing), largest=_SMALL)

    def _standing(
        self, typed: Mapping[str, str], status: int = 200, *, told: Any = None, problem: str = ""
    ) -> Response:
        return self._draw.page("admission_standing.html", status, typed=typed, told=told, problem=problem)

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
        try:
            choices = await self._ask(request, public_choices)
        except Refusal as refusal:
            return self._draw.page("message.html", refusal.status, title="暂时不能申请", message=refusal.message)
        names = (*FIELDS, "explanation", "receipt_no", "code")
        options = {**_OPTIONS, "group_company_id": choices}
        wrong: dict[str, str] = {}
        general: list[str] = []
        for one in findings:
            if one.severity is Severity.PENDING:
                continue
            field = one.field.removeprefix("files.")
            if field in names or field in SLOTS:
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
