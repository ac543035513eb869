"""`/bl/...`: precheck, draft, submission, follow-up, confirmation and cancellation, page by page (rows 3, 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from models.house import ProofKind
from models.one_stop_codes import StopMaterialKind
from models.tenancy_codes import CancelReason, IdType, LeaseMode, Situation
from models.verification_codes import PrecheckState
from services.citizens.application_paper import COMMITMENT
from services.citizens.applications import OfCase, SubmitDraft, check_of, needs_token, submit_draft, withdraw_case
from services.citizens.cases import guide, held_materials, my_matters, needed_by, view_case, view_other
from services.citizens.drafts import (
    AddFile,
    BeginDraft,
    DraftView,
    OfDraft,
    SaveDraft,
    add_file,
    begin_draft,
    drop_draft,
    open_draft,
    save_draft,
)
from services.citizens.forms import LESSEES, LESSORS, OCCUPANTS
from services.engine.callers import SYSTEM
from services.engine.findings import Finding
from services.engine.refusals import NotFound, Refusal, Rejected
from services.one_stop.applications import rent_of
from services.verification.portal_precheck import reasons_told
from services.verification.precheck import Prechecked, check_before
from services.verification.precheck_limits import Probing, origin_digest, tell_probing
from ui.citizens.base import Visit, go
from ui.citizens.entrance import EntrancePages
from ui.citizens.probes import ProbeGate
from ui.guard import Gate
from ui.public.form_pages import Page
from ui.public.router import PublicPages
from ui.shell.values import shown

#: Kinds of proof that are filed online; the others at a counter.
_PROOFS = {one.value: one.label for one in (ProofKind.A1, ProofKind.A4)}
_MODES = {one.value: one.label for one in (LeaseMode.WHOLE, LeaseMode.ROOM)}
_PAPERS = {
    one.value: one.label
    for one in (
        IdType.ID_CARD,
        IdType.HM_PERMIT,
        IdType.TW_PERMIT,
        IdType.HMT_RESIDENCE,
        IdType.PASSPORT,
        IdType.PR_CARD,
    )
}
_REASONS = {one.value: one.label for one in (CancelReason.EARLY_BOTH, CancelReason.EARLY_ONE, CancelReason.HOUSE_SOLD)}
#: Further materials that a home or an applicant may need.
_MORE = (StopMaterialKind.COOWNER_CONSENT, StopMaterialKind.PUBLIC_CONSENT, StopMaterialKind.AGREEMENT)
_STEPS = ("parties", "term", "materials", "submit")
_CHECKS_PER_MINUTE = 10


class CitizenPages(EntrancePages):
    """All pages below /bl."""

    def __init__(self, door: Any, public: PublicPages, gate: Gate, *, per_minute: int = 120) -> None:
        super().__init__(door, public, gate, per_minute=per_minute)
        self._probes = ProbeGate(_CHECKS_PER_MINUTE, self._report)

    def _report(self, address: str, times: int) -> None:
        sealer = self._door.house.sealer
        words = f"同一网络地址短时间内请求核验{times}次"
        self._door.perform(tell_probing, SYSTEM, Probing(origin_digest(sealer, address), words))

    def _routes(self) -> list[tuple[str, str, Page]]:
        return [
            ("/bl/my", "GET", self._seen(self.mine)),
            ("/bl/check", "GET", self._seen(self.check_form)),
            ("/bl/check", "POST", self._posted(self.check)),
            ("/bl/cancel", "GET", self._seen(self.cancel_form)),
            ("/bl/cancel", "POST", self._posted(self.cancel)),
            ("/bl/confirm", "POST", self._posted(self.confirm)),
            ("/bl/draft/{id}", "GET", self._seen(self.draft)),
            ("/bl/draft/{id}", "POST", self._posted(self.save)),
            ("/bl/draft/{id}/file", "POST", self._posted(self.file, files=True)),
            ("/bl/draft/{id}/drop", "POST", self._posted(self.drop)),
            ("/bl/draft/{id}/submit", "POST", self._posted(self.submit)),
            ("/bl/case/{number}", "GET", self._seen(self.case)),
            ("/bl/case/{number}/withdraw", "POST", self._posted(self.withdraw)),
            ("/bl/case/{number}/change", "POST", self._posted(self.change)),
            # Routes are looked through in turn: those opened once a visit come last.
            *self._entrance(),
        ]

    async def mine(self, visit: Visit) -> Response:
        return self._page("mine.html", visit, mine=await self._asked(visit, my_matters, visit.citizen))

    # Precheck (row 4).

    async def check_form(self, visit: Visit) -> Response:
        return self._check_page(visit, {"draft": visit.request.query_params.get("draft", "")[:32]})

    async def check(self, visit: Visit) -> Response:
        """Check the home; a green one goes on to the form with its token, for the draft it belongs to."""
        typed = visit.typed
        if wait := self._probes.wait(visit.address):
            return self._draw.too_many(wait, "您所在的网络核验过于频繁，请稍等片刻再核验。")
        missing = {
            name: "请填写" for name in ("title_cert_no", "owner_name", "owner_id") if not typed.get(name, "").strip()
        }
        if missing:
            return self._check_page(visit, typed, wrong=missing, status=422)
        order = check_of(visit.citizen, typed, "", visit.address)
        try:
            told = await self._done(visit, check_before, replace(order, answer=typed.get("answer", "")[:10]))
        except Refusal as refusal:
            return self._check_page(visit, typed, problem=refusal.message, status=refusal.status)
        if told.state is not PrecheckState.PASSED:
            return self._check_page(visit, typed, told=told)
        if typed.get("draft"):
            row_id = _id(typed["draft"])
            before = await self._asked(visit, open_draft, OfDraft(visit.citizen, row_id))
            new = dict(typed) if before.values.get("lessor1_name") else dict(typed) | _first_party(visit, typed)
            await self._done(visit, save_draft, SaveDraft(visit.citizen, row_id, new, told.token))
            step = "submit" if before.values.get("start_date") else "parties"
            return go(f"/bl/draft/{row_id.hex}?step={step}")
        values = dict(typed) | _first_party(visit, typed)
        draft = await self._done(visit, begin_draft, BeginDraft(visit.citizen, Situation.NEW, values, told.token))
        return self._page("checked.html", visit, draft=draft.hex, until=told.expires_at)

    def _check_page(
        self,
        visit: Visit,
        typed: Mapping[str, str],
        *,
        told: Prechecked | None = None,
        problem: str = "",
        wrong: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        return self._page(
            "check_home.html",
            visit,
            status,
            typed=_Typed(typed),
            proofs=_PROOFS,
            modes=_MODES,
            told=told,
            reasons=reasons_told(told.findings) if told else (),
            waiting=told is not None and told.state is PrecheckState.PENDING,
            problem=problem,
            wrong=wrong or {},
        )

    # The draft.

    async def draft(self, visit: Visit) -> Response:
        found = await self._asked(visit, open_draft, OfDraft(visit.citizen, _id_in(visit)))
        step = visit.request.query_params.get("step", "")
        return await self._draft_page(visit, found, step)

    async def _draft_page(
        self,
        visit: Visit,
        draft: DraftView,
        step: str,
        findings: Sequence[Finding] = (),
        problem: str = "",
        status: int = 200,
    ) -> Response:
        steps = _steps_of(draft)
        step = step if step in steps else steps[0]
        values: Mapping[str, str] = draft.values
        if draft.confirms:
            values = await self._asked(visit, view_other, OfCase(visit.citizen, draft.confirms))
        item = await self._asked(visit, guide, None)
        needed = needed_by(item, draft.situation)
        held = await self._asked(visit, held_materials, visit.citizen) if step in ("materials", "submit") else None
        filings = {}
        if step == "cancelling" and not values.get("filing_no"):
            mine = await self._asked(visit, my_matters, visit.citizen)
            filings = {one.filing_no: f"{one.address}（{one.filing_no}）" for one in mine.filings}
        return self._page(
            f"draft_{step}.html",
            visit,
            status,
            draft=draft,
            id=draft.id.hex,
            typed=_Typed(values),
            rent=shown(rent_of(values.get("rent_amount", ""))) or values.get("rent_amount", ""),
            step=step,
            steps=steps,
            next=steps[min(steps.index(step) + 1, len(steps) - 1)],
            needed=needed,
            more=() if draft.situation is Situation.CANCEL or draft.confirms else _MORE,
            given={one.material: one for one in draft.files},
            held=held,
            people=(("lessor", "出租人", LESSORS), ("lessee", "承租人", LESSEES), ("occupant", "同住人", OCCUPANTS)),
            papers=_PAPERS,
            modes=_MODES,
            reasons=_REASONS,
            filings=filings,
            commitment=COMMITMENT,
            problem=problem,
            told=reasons_told(findings),
            wrong={one.field: one.message for one in findings},
            check_again=any(one.code.startswith("TOKEN") for one in findings)
            or (needs_token(draft) and not draft.token),
        )

    async def save(self, visit: Visit) -> Response:
        """Save a page of the draft and go on to the next."""
        row_id = _id_in(visit)
        await self._done(visit, save_draft, SaveDraft(visit.citizen, row_id, _ticks(visit.typed)))
        return go(f"/bl/draft/{row_id.hex}?step={visit.typed.get('next', '')}")

    async def file(self, visit: Visit) -> Response:
        row_id = _id_in(visit)
        if not visit.files:
            raise Rejected("没有收到文件，请先选择文件再上传")
        _, name, content = visit.files[0]
        order = AddFile(visit.citizen, row_id, visit.typed.get("material", ""), name, content)
        try:
            await self._done(visit, add_file, order)
        except Rejected as refusal:
            found = await self._asked(visit, open_draft, OfDraft(visit.citizen, row_id))
            return await self._draft_page(visit, found, "materials", problem=refusal.message, status=422)
        return go(f"/bl/draft/{row_id.hex}?step=materials")

    async def drop(self, visit: Visit) -> Response:
        await self._done(visit, drop_draft, OfDraft(visit.citizen, _id_in(visit)))
        return go("/bl/my")

    async def submit(self, visit: Visit) -> Response:
        """Hand the draft in, once however often the form is sent; a refused one is shown with every reason."""
        row_id = _id_in(visit)
        try:
            order = SubmitDraft(visit.citizen, row_id, visit.address)
            taken = await self._done(visit, submit_draft, order)
        except NotFound:
            raise
        except Refusal as refusal:
            found = await self._asked(visit, open_draft, OfDraft(visit.citizen, row_id))
            return await self._draft_page(
                visit, found, "submit", refusal.findings, problem=refusal.message, status=refusal.status
            )
        return go(f"/bl/case/{taken.case_no}")

    # Cases.

    async def case(self, visit: Visit) -> Response:
        order = OfCase(visit.citizen, visit.request.path_params["number"])
        return self._page("case.html", visit, case=await self._asked(visit, view_case, order))

    async def withdraw(self, visit: Visit) -> Response:
        order = OfCase(visit.citizen, visit.request.path_params["number"])
        await self._done(visit, withdraw_case, order)
        return go(f"/bl/case/{order.case_no}")

    async def change(self, visit: Visit) -> Response:
        """Begin the draft of a correction, or of the other situation where the wrong one was chosen."""
        order = OfCase(visit.citizen, visit.request.path_params["number"])
        found = await self._asked(visit, view_case, order)
        situation = found.situation
        if visit.typed.get("convert"):
            situation = Situation.CANCEL if situation is Situation.NEW else Situation.NEW
        begin = BeginDraft(visit.citizen, situation, found.values, case_no=found.case_no)
        draft = await self._done(visit, begin_draft, begin)
        if situation is Situation.NEW and not found.values.get("title_cert_no"):
            return go(f"/bl/check?draft={draft.hex}")
        step = "cancelling" if situation is not found.situation and situation is Situation.CANCEL else "materials"
        return go(f"/bl/draft/{draft.hex}?step={step}")

    async def confirm(self, visit: Visit) -> Response:
        """Begin the confirmation of a lease that another party handed in."""
        number = visit.typed.get("case_no", "").strip().upper()[:40]
        await self._asked(visit, view_other, OfCase(visit.citizen, number))
        begin = BeginDraft(visit.citizen, Situation.NEW, {}, confirms=number)
        draft = await self._done(visit, begin_draft, begin)
        return go(f"/bl/draft/{draft.hex}?step=materials")

    # Cancellation.

    async def cancel_form(self, visit: Visit) -> Response:
        mine = await self._asked(visit, my_matters, visit.citizen)
        return self._page("cancel.html", visit, filings=mine.filings)

    async def cancel(self, visit: Visit) -> Response:
        """Begin the cancellation of a filing of the citizen's."""
        mine = await self._asked(visit, my_matters, visit.citizen)
        chosen = next((one for one in mine.filings if one.filing_no == visit.typed.get("filing_no")), None)
        if chosen is None:
            return self._page("cancel.html", visit, 422, filings=mine.filings)
        values = {"filing_no": chosen.filing_no, "role": chosen.side.value, "address_text": chosen.address}
        if chosen.asked:
            values |= {"mode": "BOTH", "termination_date": chosen.asked, "reason": CancelReason.EARLY_BOTH.value}
        draft = await self._done(visit, begin_draft, BeginDraft(visit.citizen, Situation.CANCEL, values))
        return go(f"/bl/draft/{draft.hex}")


class _Typed(dict[str, str]):
    """Typed texts; a field without a text is empty."""

    def __missing__(self, name: str) -> str:
        return ""


def _steps_of(draft: DraftView) -> tuple[str, ...]:
    if draft.situation is Situation.CANCEL:
        return ("cancelling", "materials", "submit")
    return ("materials", "submit") if draft.confirms else _STEPS


def _ticks(typed: Mapping[str, str]) -> dict[str, str]:
    """A box that is not ticked is not sent by a browser."""
    return dict(typed) | ({"committed": typed.get("committed", "")} if typed.get("step") == "cancelling" else {})


def _first_party(visit: Visit, typed: Mapping[str, str]) -> dict[str, str]:
    """The owner as the first landlord, and the citizen as the first tenant unless the citizen is the owner."""
    citizen = visit.citizen
    values = {
        "lessor1_name": typed.get("owner_name", ""),
        "lessor1_id_no": typed.get("owner_id", ""),
        "lessor1_id_type": "11",
    }
    if typed.get("owner_id", "").strip().upper() == citizen.id_no:
        return values | {"role": "LESSOR", "lessor1_mobile": citizen.mobile}
    mine = {"name": citizen.name, "id_type": citizen.id_type, "id_no": citizen.id_no, "mobile": citizen.mobile}
    return values | {"role": "LESSEE"} | {f"lessee1_{name}": text for name, text in mine.items()}


def _id(text: str) -> UUID:
    try:
        return UUID(hex=text)
    except ValueError:
        raise NotFound("没有这份草稿，可能已经提交或者删除") from None


def _id_in(visit: Visit) -> UUID:
    return _id(visit.request.path_params["id"])


def citizens_router(door: Any, public: PublicPages, gate: Gate) -> APIRouter:
    """Return the routes of all citizens' pages."""
    return CitizenPages(door, public, gate).router()
