"""`/c/people`, `/c/firms`, `/c/report`: search of practitioners and firms, and reports, without sign-in (row 48).

Input is sent in the body of a form, because a name in an address would enter histories and logs.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from starlette.requests import Request
from starlette.responses import Response

from services.engine.clock import SHANGHAI, system_now
from services.engine.door import Door
from services.engine.refusals import Conflict, Refusal, Rejected
from services.engine.registry import Query
from services.public_check.answers import Standing, card_lines, card_of_address, photo_address
from services.public_practitioners.citizen_reports import (
    LONGEST,
    LONGEST_CONTACT,
    ReportCard,
    ReportReason,
    report_card,
)
from services.public_practitioners.citizen_reports import checked as checked_report
from services.public_practitioners.firms import FindFirms, FirmPage, checked_word, find_firm, find_firms, firm_logo
from services.public_practitioners.people import (
    CardFound,
    FindPeople,
    card_number,
    card_portrait,
    find_card,
    find_people,
)
from services.public_practitioners.people import checked as checked_people
from services.public_practitioners.visitor import visitor
from ui.public.form_pages import FormPages, Page
from ui.public.forms import FilesForm
from ui.public.public_page import HEADERS
from ui.public.router import PublicPages, address_of
from ui.public.throttle import Throttle

_SEARCH_BYTES, _REPORT_BYTES = 4_000, 12_000
_NO_CARD = "未查询到这张信息卡，谨防假冒"
_NO_FIRM = "没有查到已备案的企业。没有备案的企业不在查询范围内，请谨慎"


class PractitionerPages(FormPages):
    """The pages about practitioners and firms."""

    often = "您所在的网络查询过于频繁，请稍等片刻再查询。"
    busy = "查询的人较多，请稍后再试"

    def __init__(self, door: Door, public: PublicPages) -> None:
        super().__init__(door, public, threads=4, most_waiting=60)
        # A look-up shows one face; a page drawn again by the browser asks for it again.
        self._photos = Throttle(4 * public.settings.lookups_per_minute)

    def _routes(self) -> list[tuple[str, str, Page]]:
        return [
            ("/c/people", "GET", self.people_form),
            ("/c/people", "POST", self.people),
            ("/c/people/{number}", "GET", self.card),
            ("/c/firms", "GET", self.firms_form),
            ("/c/firms", "POST", self.firms),
            ("/c/firms/{uscc}", "GET", self.firm),
            ("/c/report", "GET", self.report_form),
            ("/c/report", "POST", self.report),
            ("/c/photo/{address}", "GET", self.photo),
            ("/c/logo/{brand}", "GET", self.logo),
        ]

    async def people_form(self, request: Request) -> Response:
        return self._people({})

    async def people(self, request: Request) -> Response:
        """Show a page of a search; its buttons send the search terms again."""

        async def search(form: FilesForm) -> Response:
            name, number, firm, page = (form.fields.get(key, "") for key in ("name", "card", "firm", "page"))
            order = checked_people(FindPeople(name, number, firm, _page_number(page)))
            return self._people(form.fields, found=await self._ask(request, find_people, order))

        return await self._answer(request, search, self._redrawn(self._people), largest=_SEARCH_BYTES)

    def _people(self, typed: dict[str, str], status: int = 200, *, found: Any = None, problem: str = "") -> Response:
        words = {key: typed.get(key, "") for key in ("name", "card", "firm")}
        return self._draw.page("people.html", status, typed=words, found=found, problem=problem, at=self._now())

    async def card(self, request: Request) -> Response:
        def drawn(found: CardFound) -> Response:
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

        return await self._one(request, find_card, lambda: card_number(request.path_params["number"]), drawn, _NO_CARD)

    async def firms_form(self, request: Request) -> Response:
        return self._firms({})

    async def firms(self, request: Request) -> Response:
        async def search(form: FilesForm) -> Response:
            order = FindFirms(checked_word(form.fields.get("word", "")), _page_number(form.fields.get("page", "")))
            return self._firms(form.fields, found=await self._ask(request, find_firms, order))

        return await self._answer(request, search, self._redrawn(self._firms), largest=_SEARCH_BYTES)

    def _firms(self, typed: dict[str, str], status: int = 200, *, found: Any = None, problem: str = "") -> Response:
        word = typed.get("word", "")
        return self._draw.page("firms.html", status, word=word, found=found, problem=problem, at=self._now())

    async def firm(self, request: Request) -> Response:
        def drawn(found: FirmPage) -> Response:
            logo = found.logo_id.hex if found.logo_id else ""
            return self._draw.page("firm.html", firm=found.firm, page=found, logo=logo, at=self._now())

        return await self._one(request, find_firm, lambda: checked_word(request.path_params["uscc"]), drawn, _NO_FIRM)

    async def _one(
        self,
        request: Request,
        asked: Query[Any, Any],
        key: Callable[[], str],
        drawn: Callable[[Any], Response],
        missing: str,
    ) -> Response:
        """Show what an address names."""
        if wait := self._public.throttle.wait(address_of(request)):
            return self._draw.too_many(wait, self.often)
        try:
            found = await self._ask(request, asked, key())
        except Rejected:
            found = None
        except Refusal as refusal:
            return self._nothing("暂时不能查询", refusal.message, refusal.status)
        return drawn(found) if found is not None else self._nothing("未查询到", missing)

    async def report_form(self, request: Request) -> Response:
        number = request.query_params.get("card", "")[:40]
        return self._report({"card": number})

    async def report(self, request: Request) -> Response:
        """Store a citizen's report, once however often the form is sent."""
        address = address_of(request)

        async def store(form: FilesForm) -> Response:
            typed = form.fields
            order = checked_report(ReportCard(*(typed.get(key, "") for key in ("reason", "text", "card", "contact"))))
            # Only what is whole counts: who has to correct his words is not put off.
            if self._sent.wait(address):
                return self._report(typed, 429, problem="您所在的网络提交过于频繁，请过一分钟再提交")
            told = await self._run(lambda: self._reported(address, order, typed.get("once", "")))
            return self._draw.page("reported.html", district=told)

        return await self._answer(request, store, self._redrawn(self._report), largest=_REPORT_BYTES)

    def _reported(self, address: str, order: ReportCard, once: str) -> str:
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

        def card_id() -> UUID | None:
            return card_of_address(self._door.house.sealer, request.path_params["address"], system_now())

        return await self._picture(request, card_portrait, card_id, "image/jpeg")

    async def logo(self, request: Request) -> Response:
        return await self._picture(request, firm_logo, lambda: _hex_id(request.path_params["brand"]), "image/png")

    async def _picture(
        self, request: Request, asked: Query[Any, bytes], key: Callable[[], UUID | None], kind: str
    ) -> Response:
        if wait := self._photos.wait(address_of(request)):
            return Response(status_code=429, headers={**HEADERS, "Retry-After": str(wait)})
        row_id = key()
        try:
            content = await self._ask(request, asked, row_id) if row_id is not None else b""
        except Refusal as refusal:
            return Response(status_code=refusal.status, headers=HEADERS)
        if not content:
            return Response(status_code=404, headers=HEADERS)
        return Response(content, media_type=kind, headers=HEADERS)

    def _nothing(self, title: str, message: str, status: int = 404) -> Response:
        return self._draw.page("nothing.html", status, title=title, message=message, at=self._now())

    def _now(self) -> str:
        return self._public.settings.now().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def _hex_id(text: str) -> UUID | None:
    try:
        return UUID(hex=text)
    except ValueError:
        return None


def _page_number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 1
