"""项目公司地块关联 (row 57): a head company assigns its parcel, whole or in part, to a project company of its own."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from models.access import Role
from models.companies import ProjectCompany
from models.land_codes import LinkSide, LinkVerb
from models.parcels import Parcel, ParcelHeadLink, ParcelProjectLink
from models.records import PactState
from services.engine.events import Event
from services.engine.refusals import Conflict
from services.engine.registry import action
from services.engine.value_checks import shown
from services.engine.work import Work
from services.parcels.companies import company_name, head_is_admitted, in_hand, is_admitted
from services.parcels.head_links import AnswerLink
from services.parcels.holdings import links_of, parts_given, refuse_while_used, standing_parcel, wrong
from services.parcels.link_parts import cancel, confirm, decline, link_in_hand, offer, plain_number, release, tell


@dataclass(frozen=True)
class AssignParcel:
    """`part_area` is left out where the whole parcel is meant."""

    parcel_id: UUID
    project_company_id: UUID
    part_area: Decimal | None = None
    words: str = ""


@dataclass(frozen=True)
class ConfirmAssignment:
    """The project company's yes; `into` is a project of its own this parcel joins instead of beginning another."""

    link_id: UUID
    into: UUID | None = None


@dataclass(frozen=True)
class Assigned:
    """The project that was begun or joined."""

    project_id: UUID


@action("parcels.assign", "指派地块", roles={Role.HEAD_ADMIN})
def assign_parcel(work: Work, order: AssignParcel) -> UUID:
    """Assign a parcel whose link to this head is confirmed to one of its own admitted project companies (PAR-09)."""
    work.get(Parcel, order.parcel_id)
    company = work.get(ProjectCompany, order.project_company_id)
    parcel = standing_parcel(work, order.parcel_id)
    held = _held_by_me(work, parcel)
    _fits(work, company, held)
    _area_is_free(work, parcel, order.part_area)
    link = ParcelProjectLink(
        parcel_id=parcel.id,
        head_link_id=held.id,
        head_company_id=held.head_company_id,
        project_company_id=company.id,
        district_code=parcel.district_code,
        part_area=order.part_area,
        open_key=f"{parcel.id.hex}:{company.id.hex}",
        offered_side=str(LinkSide.HEAD),
        offered_at=work.now,
    )
    given = links_of(work, ParcelProjectLink, parcel.id, PactState.OFFERED, PactState.CONFIRMED)
    if any(one.project_company_id == company.id for one in given):
        raise Conflict("该地块已指派给这家项目公司，请等待确认或先撤回")
    offer(work, link, LinkSide.HEAD, LinkVerb.ASSIGNED, order.words)
    said = f"{company_name(work, link.head_company_id)}指派地块“{parcel.parcel_name}”（{parcel.parcel_no}）"
    tell(work, link, "有地块指派待确认", f"{said}，请在{link.expires_on}前确认或拒绝。", LinkSide.PROJECT)
    return link.id


@dataclass(frozen=True)
class Assignment:
    """A parcel that a project company took over; `into` is the project it is to join."""

    link: ParcelProjectLink
    parcel: Parcel
    into: UUID | None


#: A project company confirmed a parcel; the area of projects begins the project and notes it in the link.
ASSIGNED: Event[Assignment] = Event("parcels.assigned")


@action("parcels.assignment_confirm", "确认地块指派", roles={Role.PROJ_ADMIN})
def confirm_assignment(work: Work, order: ConfirmAssignment) -> Assigned:
    """The project company's yes: a project is begun from the parcel, once, or the parcel joins one that is there."""
    link = link_in_hand(work, ParcelProjectLink, order.link_id)
    parcel = standing_parcel(work, link.parcel_id)
    confirmed = links_of(work, ParcelHeadLink, parcel.id, PactState.CONFIRMED)
    held = next((one for one in confirmed if one.id == link.head_link_id), None)
    if held is None:
        raise Conflict("总公司与该地块的关联已解除，不能确认，请与总公司联系")
    company = in_hand(work, ProjectCompany, link.project_company_id)
    if company is not None:
        _fits(work, company, held)
    confirm(work, link)
    work.session.flush()
    ASSIGNED.happened(work, Assignment(link, parcel, order.into))
    assert link.made_project_id is not None
    return Assigned(link.made_project_id)


@action("parcels.assignment_decline", "拒绝地块指派", roles={Role.PROJ_ADMIN})
def decline_assignment(work: Work, order: AnswerLink) -> None:
    decline(work, link_in_hand(work, ParcelProjectLink, order.link_id), order.words)


@action("parcels.assignment_cancel", "撤回地块指派", roles={Role.HEAD_ADMIN})
def cancel_assignment(work: Work, order: AnswerLink) -> None:
    cancel(work, link_in_hand(work, ParcelProjectLink, order.link_id), order.words)


@action("parcels.assignment_release", "解除地块指派", roles={Role.HEAD_ADMIN})
def release_assignment(work: Work, order: AnswerLink) -> None:
    """End a confirmed assignment; refused while a project in force of that company uses the parcel (PAR-10)."""
    link = link_in_hand(work, ParcelProjectLink, order.link_id)
    refuse_while_used(work, link, "指派", company=link.project_company_id)
    release(work, link, order.words)


def _held_by_me(work: Work, parcel: Parcel) -> ParcelHeadLink:
    confirmed = links_of(work, ParcelHeadLink, parcel.id, PactState.CONFIRMED)
    mine = next((one for one in confirmed if one.head_company_id == work.caller.enterprise_id), None)
    if mine is None:
        raise Conflict("该地块与本公司的关联尚未经双方确认，不能指派")
    if not head_is_admitted(work, mine.head_company_id):
        raise Conflict("本公司尚未准入或已退出，不能指派地块")
    return mine


def _fits(work: Work, company: ProjectCompany, held: ParcelHeadLink) -> None:
    if company.head_company_id != held.head_company_id:
        raise wrong("PAR-09", "该项目公司不属于关联此地块的总公司，不能指派", "project_company_id")
    if not is_admitted(company):
        raise Conflict(f"{company.name}未准入或已退出，不能使用地块")


def _area_is_free(work: Work, parcel: Parcel, part: Decimal | None) -> None:
    """Return a parcel goes to several companies only in parts that sum up to no more than it (PAR-09)."""
    given = parts_given(work, [parcel])[parcel.id]
    if part is not None:
        plain_number(part, "部分面积", "part_area", 2)
    if part is None and given:
        told = "该地块已有指派，再指派给其他项目公司时请填写部分面积"
    elif part is not None and part <= 0:
        told = "部分面积应大于0"
    elif part is not None and given + part > parcel.land_area:
        told = f"该地块面积{shown(parcel.land_area)}㎡，已指派{shown(given)}㎡，余下不足{shown(part)}㎡"
    else:
        return
    raise wrong("PAR-09", told, "part_area")
