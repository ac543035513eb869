"""Forced reviews of filings in the demo: waiting, overdue, passed, refused, with the bureau; cases of a community centre (rows 11, 12)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col

from deploy.demo.counter_day import file_typed, typed_lease
from deploy.demo.houses import free_homes, typed_home, unasked
from deploy.demo.stories import caller_named, id_number, left_out, on_past_days, picture, there
from models.access import Account, Role, ScopeKind
from models.forced_review import Capacity, CivilCase, ForcedReview
from models.house import House
from models.streets import LinkDuty, StreetLink
from services.documents.attachments import KeepAttachment, keep_attachment
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.door import Door
from services.engine.orders import OneRow, Reasoned
from services.engine.work import Work
from services.forced_review.applications import ApplyReview, Handed, apply_review, wanted
from services.forced_review.civil_cases import (
    ReviewCivil,
    hand_over,
    refuse_civil,
    review_civil,
    start_civil,
    take_back,
)
from services.forced_review.civil_orders import CivilMaterial, HandOver, TakeBack
from services.forced_review.decisions import DecideReview, decide_review, escalate_review, flag_overdue
from services.streets.links import ChangeLink, change_link

_DISTRICT, _CENTRE, _APP = "310115", "ST310115005", "mz-shequ"
_WHY = "产权人已依法更名，户籍证明已核对，登记信息尚未更新"
_NO = "所提交的材料不能证明出租人与登记权利人为同一人"
_SIGNATURE = "data:image/png;base64,iVBORw0KGgo="
_NAMES = ("程一鸣", "沈念安", "陆怀远", "邵清扬", "贺知行", "温如玉", "江晚舟", "白景行", "苏牧之", "叶知秋")


@dataclass(frozen=True)
class _Case:
    case_id: UUID
    case_no: str
    landlord: str
    number: str


@dataclass
class _Story:
    """The door and the flats that are still free."""

    door: Door
    houses: list[dict[str, Any]]
    made: int = 0

    def stopped(self, clerk: Caller) -> _Case:
        """A lease by a landlord whom the register does not know, handed in at a counter (H02)."""
        self.made += 1
        name, today = _NAMES[self.made % len(_NAMES)], self.door.clock.today()
        landlord, tenant = (
            {"name": said, "id_no": id_number(f"310101{year}0{self.made % 9 + 1}1{self.made % 10}{self.made:03d}")}
            for said, year in ((name, 1971), ("租客" + name[1:], 1994))
        )
        decision = file_typed(self.door, clerk, typed_lease(self.houses.pop(), landlord, tenant, today, 6200))
        return _Case(decision.case_id, decision.case_no, landlord["name"], landlord["id_no"])

    def order(self, case: _Case, clerk: Caller) -> ApplyReview:
        paper = KeepAttachment("强制核验材料", "户籍证明.png", picture("paper.png"))
        scan = self.door.perform(keep_attachment, clerk, paper).id
        handed = tuple(
            Handed(name, code, original=True, file_id=scan if code else None)
            for code, name in wanted(("H02",), Capacity.PARTY)
        )
        return ApplyReview(case.case_id, Capacity.PARTY, _WHY, handed, case.landlord, case.number)

    def decide(self, who: Caller, review_id: UUID, *, agree: bool) -> None:
        order = DecideReview(review_id, agree, "更名证明属实，同意" if agree else _NO, ("H02",) if agree else ())
        self.door.perform(decide_review, who, order)


def load_filing_reviews(door: Door) -> None:
    """Reviews and acceptances on the days past, each left where it is shown."""
    if there(door, ForcedReview):
        return
    with left_out("备案强制核验"), on_past_days(door) as stand:
        story = _Story(door, door.look(SYSTEM, _free_houses))
        window, reviewer = caller_named(door, "pudong01"), caller_named(door, "pudong02")
        for days, ending in ((13, "agree"), (11, "refuse"), (8, ""), (4, "escalate"), (1, ""), (0, ""), (0, "stopped")):
            stand(days)
            case = story.stopped(window)
            if ending == "stopped":
                continue
            made = door.perform(apply_review, window, story.order(case, window))
            if ending == "escalate":
                door.perform(escalate_review, reviewer, Reasoned(made.id, "权属情况复杂，请区局审核"))
            elif ending:
                story.decide(reviewer, made.id, agree=ending == "agree")
        _load_civil(story, stand)
        stand(0)
        door.perform(flag_overdue, SYSTEM, 100)


def _load_civil(story: _Story, stand: Any) -> None:
    """Cases that the civil affairs system handed over to a community service centre."""
    door = story.door
    partner = Caller(_APP, (Scope(Role.PARTNER, ScopeKind.ORGANISATION, _APP),))
    stand(0)
    bureau = caller_named(door, "pdju01")
    for login in ("huamu01", "huamu02"):
        link = door.look(SYSTEM, lambda work, login=login: _link_of(work, login))  # type: ignore[misc]
        door.perform(change_link, bureau, ChangeLink(link, LinkDuty.REVIEW, None, True, "负责社区受理办件的审核"))
    for number, (days, ending) in enumerate(
        ((9, "filed"), (7, "refused"), (5, "withdrawn"), (2, "reviewing"), (1, "received"), (0, "received")), 1
    ):
        stand(days)
        window, centre, other = (caller_named(door, login) for login in ("xuhui01", "huamu01", "huamu02"))
        case = story.stopped(window)
        order = HandOver(
            acceptance_no=f"SQSL{door.clock.today():%Y%m%d}{number:04d}",
            centre_code=_CENTRE,
            clerk_no=f"hm{number:03d}",
            clerk_name="邹受理",
            applicant_name=case.landlord,
            applicant_id_no=case.number,
            accepted_at=door.clock.now(),
            materials=(CivilMaterial("户籍证明", 1, True), CivilMaterial("不动产权证复印件", 1)),
            mobile="13900001234",
            gov_case_no=case.case_no if ending != "received" or number % 2 else "",
            matter="网签备案被系统拦截，产权人已更名，申请强制核验",
        )
        door.perform(hand_over, partner, order)
        row = door.look(SYSTEM, lambda work, no=order.acceptance_no: _civil_of(work, no))  # type: ignore[misc]
        if ending == "withdrawn":
            door.perform(take_back, partner, TakeBack(order.acceptance_no, "申请人改日再办", door.clock.now()))
        if ending in ("filed", "reviewing"):
            door.perform(start_civil, centre, OneRow(row))
            made = door.perform(review_civil, centre, ReviewCivil(row, story.order(case, centre)))
            if ending == "filed":
                story.decide(other, made.id, agree=True)
        if ending == "refused":
            door.perform(start_civil, centre, OneRow(row))
            door.perform(refuse_civil, centre, Reasoned(row, "申请人不能提供更名的户籍证明，请备齐后重新申请"))


def _civil_of(work: Work, number: str) -> UUID:
    return work.only(CivilCase.id, CivilCase.acceptance_no == number)


def _link_of(work: Work, login: str) -> UUID:
    account = work.only(Account.id, Account.login == login)
    return work.find(StreetLink, StreetLink.account_id == account, by=StreetLink.valid_from).id


def _free_houses(work: Work) -> list[dict[str, Any]]:
    """Flats of the district without a filing, a restriction or another part in the demo, as a clerk types them."""
    rows = free_homes(work, House.district_code == _DISTRICT, unasked(work), by=col(House.house_code).desc())
    return [typed_home(row) for row in rows[:16]]
