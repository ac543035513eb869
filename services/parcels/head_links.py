"""总公司地块关联 (row 55): the authority offers or the head company claims, the other side confirms; joint bids have shares."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import select

from models.access import HEAD_OFFICE
from models.companies import AdmissionState, District, HeadCompany
from models.land_codes import LinkSide, LinkVerb
from models.normal import normal_number
from models.parcels import Parcel, ParcelHeadLink, ParcelProjectLink
from models.records import InForceState, PactState
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.registry import action
from services.engine.value_checks import shown
from services.engine.work import Work
from services.parcels.companies import company_name, head_is_admitted, in_hand, is_admitted
from services.parcels.holdings import links_of, refuse_while_used, settle_holder, shares_held, standing_parcel, wrong
from services.parcels.link_parts import (
    HANDLERS,
    cancel,
    confirm,
    decline,
    link_in_hand,
    offer,
    other_side,
    plain_number,
    release,
    tell,
)
from services.parcels.proofs import own_proof

SHARE_WHOLE = "parcels.share_whole"
SPEAKERS = HANDLERS | HEAD_OFFICE


@dataclass(frozen=True)
class OfferParcel:
    """The authority's word: this parcel is that head company's, whole or to a share in hundredths."""

    parcel_id: UUID
    head_company_id: UUID
    share: Decimal = Decimal(100)
    words: str = ""


@dataclass(frozen=True)
class ClaimParcel:
    """The head company's word: the parcel of this number in this district is ours, with the deal's paper."""

    district: str
    parcel_no: str
    proof_id: UUID | None = None
    share: Decimal = Decimal(100)
    words: str = ""


@dataclass(frozen=True)
class AnswerLink:
    """An answer about a link; declining and releasing need a reason."""

    link_id: UUID
    words: str = ""


@action("parcels.offer", "推送地块", roles=set(HANDLERS))
def offer_parcel(work: Work, order: OfferParcel) -> UUID:
    """Offer a parcel to a head company; a waiting claim of that company is confirmed by it."""
    work.get(Parcel, order.parcel_id)
    parcel = standing_parcel(work, order.parcel_id)
    head = _any_head(work, order.head_company_id)
    if head.admission_state is not AdmissionState.ADMITTED:
        raise Conflict(f"{head.name}未准入或已退出，不能关联地块")
    return _speak(work, parcel, head.id, LinkSide.AUTHORITY, order.share, order.words, None)


@action("parcels.claim", "认领地块", roles=set(HEAD_OFFICE))
def claim_parcel(work: Work, order: ClaimParcel) -> UUID:
    """Claim a parcel by its exact number, with proof; a waiting offer to that company is confirmed by it."""
    company_id = work.caller.enterprise_id
    if company_id is None or not head_is_admitted(work, company_id):
        raise Conflict("本公司尚未准入或已退出，不能认领地块")
    parcel = standing_parcel(work, parcel_numbered(work, order.district, order.parcel_no).id)
    offered = _open_link(work, parcel.id, company_id)
    waiting = offered is not None and offered.offered_side == str(LinkSide.AUTHORITY)
    if order.proof_id is None and not waiting:
        raise wrong("REQ", "请上传成交确认书", "proof_id")
    if order.proof_id is not None:
        own_proof(work, order.proof_id)
    return _speak(work, parcel, company_id, LinkSide.HEAD, order.share, order.words, order.proof_id)


@action("parcels.link_confirm", "确认地块关联", roles=set(SPEAKERS))
def confirm_link(work: Work, order: AnswerLink) -> None:
    """The other side's yes; with it the parcel is the head company's."""
    link = link_in_hand(work, ParcelHeadLink, order.link_id)
    parcel = standing_parcel(work, link.parcel_id)
    _confirmed(work, parcel, link, LinkVerb.CONFIRMED)


@action("parcels.link_decline", "拒绝地块关联", roles=set(SPEAKERS))
def decline_link(work: Work, order: AnswerLink) -> None:
    decline(work, link_in_hand(work, ParcelHeadLink, order.link_id), order.words)


@action("parcels.link_cancel", "撤回地块关联", roles=set(SPEAKERS))
def cancel_link(work: Work, order: AnswerLink) -> None:
    cancel(work, link_in_hand(work, ParcelHeadLink, order.link_id), order.words)


@action("parcels.link_release", "解除地块关联", roles=set(HANDLERS))
def release_link(work: Work, order: AnswerLink) -> None:
    """End a confirmed link; refused while a project in force uses the parcel or it is assigned (PAR-10)."""
    link = link_in_hand(work, ParcelHeadLink, order.link_id)
    refuse_while_used(work, link, "关联", head=link.head_company_id)
    given = links_of(work, ParcelProjectLink, link.parcel_id, PactState.CONFIRMED, PactState.OFFERED)
    if any(one.head_link_id == link.id for one in given):
        raise Conflict("该地块已指派给项目公司，请先由总公司撤回或解除指派")
    release(work, link, order.words)
    parcel = standing_parcel(work, link.parcel_id)
    if parcel.head_company_id == link.head_company_id:
        parcel.head_company_id = None
        work.add(parcel)
    work.session.flush()
    settle_holder(work, parcel)


def parcel_numbered(work: Work, district: str, parcel_no: str) -> Parcel:
    """The parcel in force of an exact number in a district; nothing else finds one that is not one's own."""
    try:
        code = District.of(district)
    except ValueError as problem:
        raise Rejected("请选择所在区") from problem
    parcel: Parcel | None = work.first(
        Parcel,
        Parcel.district_code == str(code),
        Parcel.parcel_key == normal_number(parcel_no)[:60],
        Parcel.in_force == InForceState.EFFECTIVE,
    )
    if parcel is None:
        raise NotFound("没有查到该编号的地块，请核对所在区和地块编号；尚未登记的，请先登记地块")
    return parcel


# ------------------------------------------------------------------ one pair, one open link


def _speak(
    work: Work, parcel: Parcel, head: UUID, side: LinkSide, share: Decimal, words: str, proof: UUID | None
) -> UUID:
    whole = work.thresholds.decimal(SHARE_WHOLE)
    plain_number(share, "份额", "share", 4)
    if not Decimal(0) < share <= whole:
        raise wrong("PAR-07", f"份额应大于0且不超过{shown(whole)}%", "share")
    standing = _open_link(work, parcel.id, head)
    if standing is not None:
        return _cross(work, parcel, standing, side, share)
    _share_is_free(work, parcel, share)
    link = ParcelHeadLink(
        parcel_id=parcel.id,
        head_company_id=head,
        district_code=parcel.district_code,
        share=share,
        proof_id=proof,
        open_key=f"{parcel.id.hex}:{head.hex}",
        offered_side=str(side),
        offered_at=work.now,
    )
    offer(work, link, side, LinkVerb.OFFERED if side is LinkSide.AUTHORITY else LinkVerb.CLAIMED, words)
    said = f"地块“{parcel.parcel_name}”（{parcel.parcel_no}）"
    by = "业务部门推送" if side is LinkSide.AUTHORITY else f"{company_name(work, head)}认领"
    tell(work, link, "有地块关联待确认", f"{by}{said}，请在{link.expires_on}前确认或拒绝。", other_side(link))
    return link.id


def _cross(work: Work, parcel: Parcel, link: ParcelHeadLink, side: LinkSide, share: Decimal) -> UUID:
    """Confirm a link that both sides began independently."""
    if link.state is PactState.CONFIRMED:
        raise Conflict("该地块与该总公司已经关联，无需重复办理")
    if link.offered_side == str(side):
        raise Conflict("已有待对方确认的关联，请等待答复或先撤回")
    if link.share != share:
        raise Conflict(
            f"对方提出的份额为{shown(link.share)}%，与本次填写的{shown(share)}%不一致，请核对后确认或拒绝对方的申请"
        )
    _confirmed(work, parcel, link, LinkVerb.CROSSED)
    return link.id


def _confirmed(work: Work, parcel: Parcel, link: ParcelHeadLink, verb: LinkVerb) -> None:
    head = in_hand(work, HeadCompany, link.head_company_id)
    if head is None or not is_admitted(head):
        raise Conflict("总公司未准入或已退出，不能关联地块")
    if link.state is PactState.OFFERED:
        _share_is_free(work, parcel, link.share)
    confirm(work, link, verb)
    work.session.flush()
    settle_holder(work, parcel)


def _share_is_free(work: Work, parcel: Parcel, share: Decimal) -> None:
    """PAR-07: confirmed shares never pass the whole."""
    held, whole = shares_held(work, [parcel.id])[parcel.id], work.thresholds.decimal(SHARE_WHOLE)
    if held + share > whole:
        told = (
            f"该地块已关联份额{shown(held)}%，再加{shown(share)}%将超过{shown(whole)}%，请核对份额"
            if held
            else f"份额不能超过{shown(whole)}%"
        )
        raise wrong("PAR-07", told, "share", held=held, share=share)


def _open_link(work: Work, parcel_id: UUID, head: UUID) -> ParcelHeadLink | None:
    wanted = select(ParcelHeadLink).where(ParcelHeadLink.open_key == f"{parcel_id.hex}:{head.hex}")
    return work.held(wanted).first()


def _any_head(work: Work, company_id: UUID) -> HeadCompany:
    """Return a head company of any district, because land is sold city-wide."""
    head = work.find(HeadCompany, HeadCompany.id == company_id)
    if head.in_force is not InForceState.EFFECTIVE:
        raise NotAllowed("该总公司记录已作废")
    return head
