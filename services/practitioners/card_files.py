"""信息卡下载: a firm's cards as one PDF, single cards or pictures, made by the worker (row 42, D6)."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlmodel import col

from models.enterprise import Enterprise
from models.practitioner_codes import CardState
from models.practitioners import Brand, CardApply, InfoCard
from models.privacy import ExportMedia, Shown
from models.row_mac import RowTampered
from printing.card_pictures import front_picture
from printing.cards import Card, problem_of, render, render_sheets
from services.access.visibility import ENTERPRISE
from services.documents.issuance import check_address
from services.engine.door import Gathering
from services.engine.listings import Filters, narrowed
from services.engine.look_ups import row_by
from services.engine.numbering import UNDRAWN
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import action, query
from services.engine.work import Work
from services.practitioners.inspection import pass_apply
from services.practitioners.listings import PEOPLE
from services.practitioners.orders import Told
from services.practitioners.photos import portrait_of
from services.practitioners.public_entries import card_stands
from services.practitioners.records import firm_of, kept_file
from services.practitioners.visibility import DISTRICT
from services.privacy.accesses import note_access
from services.privacy.exports import RequestExport, open_request
from services.privacy.listings import Criteria, Drawing, Drawn, Listing, offer_listing

HOTLINE = "962269"
#: One file holds no more cards than this.
MOST_CARDS = 1_000
#: What is drawn for the firm: in force, or waiting for its activation.
_DRAWABLE = frozenset({CardState.PASSED, CardState.ACTIVE})
_ACROSS = {CardState.PASSED: "未激活", CardState.ACTIVE: ""}
MEDIA = (ExportMedia.SHEETS, ExportMedia.SINGLE, ExportMedia.PICTURES)


def card_page(work: Work, card: InfoCard) -> Card:
    """Return the content of a card with its firm as of now; a card not in force has its state written across."""
    firm = firm_of(work, card.enterprise_id)
    now = card_stands(card, firm)
    return _page(work, card, firm, _ACROSS.get(now, now.label), _logo(work, firm))


def card_picture(work: Work, card: InfoCard) -> bytes:
    """The front of `card_page` as PNG; empty where it cannot be drawn, for a broken photo or a sign no font has."""
    page = card_page(work, card)
    return b"" if problem_of(page) else front_picture(page)


def _logo(work: Work, firm: Enterprise) -> bytes:
    brand = row_by(work, Brand, firm.brand_id)
    return _or_unreadable(lambda: kept_file(work.sealer, brand, brand.logo)) if brand is not None else b""


def _or_unreadable(read: Callable[[], bytes]) -> bytes:
    """A picture, or what is none where it was changed: the card is then left out and says why, as with any broken one."""
    try:
        return read()
    except RowTampered:
        return b"changed"


def _page(work: Work, card: InfoCard, firm: Enterprise, across: str, logo: bytes) -> Card:
    return Card(
        name=card.name.plain,
        card_no=card.card_no,
        duty=card.duty,
        firm=firm.name,
        firm_short=firm.short_name,
        check_url=check_address(work.house, card.token.plain) if card.token else "",
        issued_on=card.issued_on or card.active_from or work.today,
        activated_on=card.active_from,
        hotline=HOTLINE,
        photo=_or_unreadable(lambda: portrait_of(work, card.portrait_id)),
        logo=logo,
        across=across,
    )


def _passed(gathering: Gathering, order: Told) -> bytes:
    def look(work: Work, card_id: UUID) -> Card:
        page = card_page(work, work.session.get_one(InfoCard, card_id))
        return replace(page, card_no=UNDRAWN, check_url="", across="预览")

    page = gathering.rehearse(pass_apply, order, look)
    if problem := problem_of(page):
        raise Rejected(f"信息卡无法绘制：{problem}")
    return front_picture(page)


@query("practitioners.preview_card", "预览信息卡", roles=DISTRICT, gather=_passed, personal=True)
def preview_card(work: Work, order: Told, picture: bytes) -> bytes:
    """Return the front of the card that passing an application would draw up: without number and code, 预览 across it."""
    apply = work.get(CardApply, order.id)
    note_access(work, [apply.id_no_index], "practitioners.preview_card", Shown.MASKED, about=apply)
    return picture


# Downloads


@dataclass(frozen=True)
class DownloadCards:
    """Cards of the caller's firm to download: the picked ones, or all of a filter; `media` is a member of `MEDIA`."""

    media: str
    ids: tuple[UUID, ...] = ()
    filters: Filters = field(default_factory=dict)


@dataclass(frozen=True)
class AskedCards:
    """The request as the list of exports shows it, and who is not on it and why."""

    id: UUID
    request_no: str
    cards: int
    left_out: tuple[str, ...] = ()


@action("cards.download", "下载信息卡", roles=ENTERPRISE, event="")
def download_cards(work: Work, order: DownloadCards) -> AskedCards:
    """Have the worker draw cards; a card that is not valid or has none of our codes is left out and named."""
    if order.media not in {media.value for media in MEDIA}:
        raise Rejected("请选择下载格式")
    cards = _asked_cards(work, order)
    drawable, left_out = _sorted_out(work, cards)
    if not drawable:
        raise Rejected("所选人员都没有可以下载的信息卡" + (f"：{left_out[0]}" if left_out else ""))
    criteria = {"ids": ",".join(card.id.hex for card in cards)}
    asked = RequestExport(CARDS.name, criteria, order.media, "下载本企业信息卡")
    row = open_request(work, CARDS, asked, rows=len(drawable))
    return work.later(lambda: AskedCards(row.id, row.request_no, row.rows, tuple(left_out)))


def _asked_cards(work: Work, order: DownloadCards) -> list[InfoCard]:
    if order.ids:
        cards = _by_id(work, order.ids)
        if len(cards) != len(set(order.ids)):
            raise NotFound
    else:
        statement = narrowed(work, PEOPLE, order.filters).order_by(col(InfoCard.card_no))
        cards = list(work.session.exec(statement.limit(MOST_CARDS + 1)).all())
    if len(cards) > MOST_CARDS:
        raise Rejected(f"一次最多下载{MOST_CARDS}张信息卡，请缩小范围后分次下载")
    if not cards:
        raise Rejected("没有符合条件的信息卡")
    return cards


def _by_id(work: Work, ids: Iterable[UUID]) -> list[InfoCard]:
    found = work.rows(work.visible(InfoCard), col(InfoCard.id).in_(set(ids)))
    return sorted(found, key=lambda card: card.card_no)


def _sorted_out(work: Work, cards: Sequence[InfoCard]) -> tuple[list[InfoCard], list[str]]:
    """Split cards into those that can be drawn and the reasons for the others, naming holders as lists do.

    The state is computed with the firm, so that a card that just ended is not drawn as in force.
    """
    firms = {firm_id: firm_of(work, firm_id) for firm_id in {card.enterprise_id for card in cards}}
    drawable: list[InfoCard] = []
    left_out: list[str] = []
    for card in cards:
        now = card_stands(card, firms[card.enterprise_id])
        if now in _DRAWABLE and card.token:
            drawable.append(card)
        else:
            why = now.label if now not in _DRAWABLE else "不是本系统制作的信息卡"
            left_out.append(f"{card.name.masked()}（{card.card_no}）：{why}")
    return drawable, left_out


def _read(work: Work, criteria: Criteria) -> Drawing:
    """Return the cards as they are at drawing time; a card cancelled since the request is left out."""
    cards = _by_id(work, _ids(criteria))
    drawable, left_out = _sorted_out(work, cards)
    firms = {firm_id: firm_of(work, firm_id) for firm_id in {card.enterprise_id for card in drawable}}
    logos = {firm_id: _logo(work, firm) for firm_id, firm in firms.items()}
    pages = [
        _page(work, card, firms[card.enterprise_id], _ACROSS[card.state], logos[card.enterprise_id])
        for card in drawable
    ]
    persons = frozenset(card.id_no_index for card in drawable if card.id_no_index)
    return Drawing((pages, left_out), len(pages), persons)


def write_cards(
    pages: Sequence[Card], left_out: Sequence[str], media: ExportMedia, done: Callable[[int], None]
) -> bytes:
    """The file: two kinds of PDF, or a zip of pictures. Needs no database and takes its time."""
    cards, broken = _drawable(pages)
    note = _note([*left_out, *broken])
    if not cards:
        raise Rejected("信息卡无法绘制：" + "；".join(broken[:3]))
    if media is ExportMedia.SHEETS:
        return render_sheets(cards, note=note, done=done)
    if media is ExportMedia.SINGLE:
        return render(*cards, note=note, done=done)
    with io.BytesIO() as whole:
        # Pictures are compressed already.
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
            for number, card in enumerate(cards, 1):
                archive.writestr(_entry(f"{card.card_no}.png"), front_picture(card))
                done(number)
            if note:
                archive.writestr(_entry("说明.txt"), "\r\n".join(note).encode("utf-8-sig"))
        return whole.getvalue()


def _drawable(pages: Sequence[Card]) -> tuple[list[Card], list[str]]:
    """Return a broken picture, or one sign no font has, must not keep the others from their cards."""
    problems = {card.card_no: problem_of(card) for card in pages}
    broken = [f"{number}：{problem}" for number, problem in problems.items() if problem]
    return [card for card in pages if not problems[card.card_no]], broken


def _note(left_out: Sequence[str]) -> list[str]:
    return [f"以下 {len(left_out)} 人的信息卡未包含在本文件中：", *left_out] if left_out else []


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry whose bytes depend on its content alone; the name holds no person's name."""
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))


def _count(work: Work, criteria: Criteria) -> int:
    return len(_sorted_out(work, _by_id(work, _ids(criteria)))[0])


def _ids(criteria: Criteria) -> list[UUID]:
    """Return which cards a request names; one that names none, or what is no card's, was not made on our page."""
    try:
        return [UUID(one) for one in criteria["ids"].split(",")]
    except (KeyError, ValueError):
        raise Rejected("请选择要下载的信息卡") from None


CARDS = offer_listing(
    Listing(
        name="cards",
        label="信息卡",
        roles=frozenset(ENTERPRISE),
        columns=(),
        count=_count,
        filters=frozenset({"ids"}),
        media=MEDIA,
        longest=MOST_CARDS,
        drawn=Drawn(_read, lambda pages, media, done: write_cards(pages[0], pages[1], media, done)),
    )
)
