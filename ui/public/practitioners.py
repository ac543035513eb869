"""`/c/people`, `/c/firms`, `/c/report`: search of practitioners and firms, and reports, without sign-in (row 48).

Input is sent in the body of a form, because a name in an address would enter histories and logs.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import UUID, uuid4

from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from services.engine.clock import SHANGHAI, system_now
from services.engine.door import Door
from services.engine.refusals import Conflict, Refusal, Rejected, Unavailable
from services.engine.registry import Query
from services.public_check.answers import Standing
from services.public_check.cards import card_lines
from services.public_check.photo_address import card_of_address, photo_address
from services.public_practitioners.citizen_reports import (
    LONGEST,
    LONGEST_CONTACT,
    ReportCard,
    Reported,
    ReportReason,
    report_card,
)
from services.public_practitioners.citizen_reports import checked as checked_report
from services.public_practitioners.firms import FindFirms, checked_word, find_firm, find_firms, firm_logo
from services.public_practitioners.people import FindPeople, card_number, card_portrait, find_card, find_people
from services.public_practitioners.people import checked as checked_people
from services.public_practitioners.visitor import visitor
from ui.public.forms import FormRefused, small_form
from ui.public.page_drawing import HEADERS
from ui.public.router import PublicPages
from ui.public.throttle import Throttle

Answer = TypeVar("Answer")

#: Threads of their own, so that a rush of look-ups leaves those of the workspaces alone; and how many may wait for one.
_THREADS, _MOST_WAITING = 4, 60
_SEARCH_BYTES, _REPORT_BYTES = 4_000, 12_000
_TOO_OFTEN = "您所在的网络查询过于频繁，请稍等片刻再查询。"
_BUSY = "查询的人较多，请稍后再试"


class PractitionerPages:
    """The pages about practitioners and firms beside `public`, whose throttle and templates they share."""

    def __init__(self, door: Door, public: PublicPages) -> None:
        self._door, self._public, self._draw = door, public, public.drawing
        self._reports = Throttle(public.settings.reports_per_minute)
        # A look-up shows one face; a page drawn again by the browser asks for it again.
        self._photos = Throttle(4 * public.settings.lookups_per_minute)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="public")
        self._waiting = 0

    def router(self) -> APIRouter:
        """Return the routes of all pages; they precede the page of scanned codes, which takes any name."""
        router = APIRouter()

        def route(path: str, method: str, page: Callable[[Request], Any]) -> None:
            router.add_route(path, page, methods=[method], include_in_schema=False)

        route("/c/people", "GET", self.people_form)
        route("/c/people", "POST", self.people)
        route("/c/people/{number}", "GET", self.card)
        route("/c/firms", "GET", self.firms_form)
        route("/c/firms", "POST", self.firms)
        route("/c/firms/{uscc}", "GET", self.firm)
        route("/c/report", "GET", self.report_form)
        route("/c/report", "POST", self.report)
        route("/c/photo/{address}", "GET", self.photo)
        route("/c/logo/{brand}", "GET", self.logo)
        return router

    async def people_form(self, request: Request) -> Response:
        return self._people({})

    async def people(self, request: Request) -> Response:
        """Show a page of a search; its buttons send the search terms again."""
        if wait := self._public.throttle.wait(_address(request)):
            return self._draw.too_many(wait, _TOO_OFTEN)
        try:
            typed = await small_form(request, _SEARCH_BYTES)
            order = FindPeople(
                typed.get("name", ""), typed.get("card", ""), typed.get("firm", ""), _page_number(typed.get("page", ""))
            )
            return self._people(typed, found=await self._ask(request, find_people, checked_people(order)))
        except FormRefused as refused:
            return self._people({}, refused.status, problem=refused.message)
        except ClientDisconnect:
            return Response(status_code=400)
        except Refusal as refusal:
            return self._people(typed, refusal.status, problem=refusal.message)

    def _people(self, typed: dict[str, str], status: int = 200, *, found: Any = None, problem: str = "") -> Response:
        words = {key: typed.get(key, "") for key in ("name", "card", "firm")}
        return self._draw.page("people.html", status, typed=words, found=found, problem=problem, at=self._now())

    async def card(self, request: Request) -> Response:
        if wait := self._public.throttle.wait(_address(request)):
            return self._draw.too_many(wait, _TOO_OFTEN)
        try:
            found = await self._ask(request, find_card, card_number(request.path_params["number"]))
        except Rejected:
            found = None
        except Refusal as refusal:
            return self._nothing("暂时不能查询", refusal.message, refusal.status)
        if found is None:
            return self._nothing("未查询到", "未查询到这张信息卡，谨防假冒")
        return self._draw.page(
            "card.html",
            verdict=found.verdict,
            lines=card_lines(found.content),
            card_no=found.content["card_no"],
            uscc=found.uscc,
            photo=photo_address(self._door.house.sealer, found.photo_id, system_now()) if found.photo_id else "",
            logo=found.logo_id.hex if found.logo_id else "",
            good=found.verdict.standing is Standing.VALID,
            at=self._now(),
        )

    async def firms_form(self, request: Request) -> Response:
        return self._firms("")

    async def firms(self, request: Request) -> Response:
        if wait := self._public.throttle.wait(_address(request)):
            return self._draw.too_many(wait, _TOO_OFTEN)
        word = ""
        try:
            typed = await small_form(request, _SEARCH_BYTES)
            word = typed.get("word", "")
            order = FindFirms(checked_word(word), _page_number(typed.get("page", "")))
            return self._firms(word, found=await self._ask(request, find_firms, order))
        except FormRefused as refused:
            return self._firms("", refused.status, problem=refused.message)
        except ClientDisconnect:
            return Response(status_code=400)
        except Refusal as refusal:
            return self._firms(word, refusal.status, problem=refusal.message)

    def _firms(self, word: str, status: int = 200, *, found: Any = None, problem: str = "") -> Response:
        return self._draw.page("firms.html", status, word=word, found=found, problem=problem, at=self._now())

    async def firm(self, request: Request) -> Response:
        if wait := self._public.throttle.wait(_address(request)):
            return self._draw.too_many(wait, _TOO_OFTEN)
        try:
            found = await self._ask(request, find_firm, checked_word(request.path_params["uscc"]))
        except Rejected:
            found = None
        except Refusal as refusal:
            return self._nothing("暂时不能查询", refusal.message, refusal.status)
        if found is None:
            return self._nothing("未查询到", "没有查到已备案的企业。没有备案的企业不在查询范围内，请谨慎")
        logo = found.logo_id.hex if found.logo_id else ""
        return self._draw.page("firm.html", firm=found.firm, page=found, logo=logo, at=self._now())

    async def report_form(self, request: Request) -> Response:
        number = request.query_params.get("card", "")[:40]
        return self._report({"card": number})

    async def report(self, request: Request) -> Response:
        """Store a citizen's report, once however often the form is sent."""
        address = _address(request)
        if wait := self._public.throttle.wait(address):
            return self._draw.too_many(wait, _TOO_OFTEN)
        typed: dict[str, str] = {}
        try:
            typed = await small_form(request, _REPORT_BYTES)
            order = checked_report(
                ReportCard(
                    typed.get("reason", ""), typed.get("text", ""), typed.get("card", ""), typed.get("contact", "")
                )
            )
            # Only what is whole counts: who has to correct his words is not put off.
            if wait := self._reports.wait(address):
                return self._report(typed, 429, problem="您所在的网络提交过于频繁，请过一分钟再提交")
            once = typed.get("once", "")
            told = await self._run(lambda: self._reported(address, order, once))
        except FormRefused as refused:
            return self._report({}, refused.status, problem=refused.message)
        except ClientDisconnect:
            return Response(status_code=400)
        except Refusal as refusal:
            return self._report(typed, refusal.status, problem=refusal.message)
        return self._draw.page("reported.html", district=told.district)

    def _reported(self, address: str, order: ReportCard, once: str) -> Reported:
        try:
            return self._door.perform(report_card, visitor(address), order, request_id=once)
        except Conflict:
            # The card or its firm was just found changed past the product. Both are locked now: the city looks into it.
            return self._door.perform(report_card, visitor(address), order, request_id=once)

    def _report(self, typed: dict[str, str], status: int = 200, *, problem: str = "") -> Response:
        words = {key: typed.get(key, "") for key in ("card", "reason", "text", "contact")}
        return self._draw.page(
            "report.html",
            status,
            typed=words,
            problem=problem,
            reasons=ReportReason.labels(),
            longest=LONGEST,
            longest_contact=LONGEST_CONTACT,
            once=uuid4().hex,
        )

    async def photo(self, request: Request) -> Response:
        """The face on a card in force, at an address that is good for two minutes."""
        if wait := self._photos.wait(_address(request)):
            return Response(status_code=429, headers={**HEADERS, "Retry-After": str(wait)})
        card_id = card_of_address(self._door.house.sealer, request.path_params["address"], system_now())
        if card_id is None:
            return Response(status_code=404, headers=HEADERS)
        return await self._picture(request, card_portrait, card_id, "image/jpeg")

    async def logo(self, request: Request) -> Response:
        if wait := self._photos.wait(_address(request)):
            return Response(status_code=429, headers={**HEADERS, "Retry-After": str(wait)})
        try:
            brand_id = UUID(hex=request.path_params["brand"])
        except ValueError:
            return Response(status_code=404, headers=HEADERS)
        return await self._picture(request, firm_logo, brand_id, "image/png")

    async def _picture(self, request: Request, asked: Query[Any, bytes], key: UUID, kind: str) -> Response:
        try:
            content = await self._ask(request, asked, key)
        except Refusal as refusal:
            return Response(status_code=refusal.status, headers=HEADERS)
        if not content:
            return Response(status_code=404, headers=HEADERS)
        return Response(content, media_type=kind, headers=HEADERS)

    def _nothing(self, title: str, message: str, status: int = 404) -> Response:
        return self._draw.page("nothing.html", status, title=title, message=message, at=self._now())

    async def _ask(self, request: Request, asked: Query[Any, Answer], order: Any) -> Answer:
        caller = visitor(_address(request))
        return await self._run(lambda: self._door.ask(asked, caller, order))

    async def _run(self, work: Callable[[], Answer]) -> Answer:
        """Do it in one of the public pages' own threads; `Unavailable` when too many wait already."""
        if self._waiting >= _MOST_WAITING:
            raise Unavailable(_BUSY)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1

    def _now(self) -> str:
        return self._public.settings.now().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def _page_number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 1


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
