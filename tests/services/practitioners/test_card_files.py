"""A firm downloads its cards: sheets, single ones, pictures; whom it may not have a card of is named (row 42)."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pypdf
import pytest
import zxingcpp
from PIL import Image
from sqlmodel import col

from models.access import Account
from models.enterprise import Enterprise, RecordState, ServiceState
from models.file_pieces import FilePiece
from models.practitioner_codes import CardState
from models.practitioners import InfoCard
from models.privacy import ExportMedia, ExportRequest, ExportState, PersonAccess, Shown
from printing.cards import Card
from services.documents.issuance import check_address
from services.engine.jobs import run_job
from services.engine.listings import ListRows
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.practitioners.card_files import (
    AskedCards,
    DownloadCards,
    card_page,
    card_picture,
    download_cards,
    write_cards,
)
from services.privacy.export_download import DownloadExport, ExportedFile, download_export
from services.privacy.exports import EXPORTS, RequestExport, request_export
from tests.printing.reading import pages_of, rastered, text_of
from tests.printing.samples import CARD
from tests.services.practitioners.register import Register, code_of
from tests.services.privacy.test_revealing import rows
from tests.world import running_world


@pytest.fixture(scope="module")
def register(database_url: str) -> Iterator[Register]:
    with running_world(database_url, houses=False) as world:
        world.stand_at(2027, 3, 1)
        yield Register(world)


def ask(register: Register, firm: UUID, media: str = "sheets", *cards: InfoCard, **more: object) -> AskedCards:
    order = DownloadCards(media, tuple(card.id for card in cards), **more)  # type: ignore[arg-type]
    return register.world.door.perform(download_cards, register.desk(firm), order)


def fetch(register: Register, firm: UUID, asked: AskedCards) -> ExportedFile:
    assert run_job(register.world.door, "exports.make")
    return register.world.door.ask(download_export, register.desk(firm), DownloadExport(asked.id))


def codes(image: Image.Image) -> set[str]:
    return {code.text for code in zxingcpp.read_barcodes(image)}


@pytest.mark.row(42)
def test_all_cards_of_the_firm_come_as_one_pdf_eight_on_a_sheet(register: Register) -> None:
    firm, other = register.firm("上海成批租赁有限公司", short="成批"), register.firm()
    cards = [register.card(firm, f"冯成批{number}") for number in "甲乙丙丁戊己庚辛壬"]
    register.card(other, "冯外人")
    asked = ask(register, firm)
    file = fetch(register, firm, asked)
    assert (asked.cards, asked.left_out) == (9, ())
    assert (file.media_type, file.name[-4:]) == ("application/pdf", ".pdf")
    pages = pages_of(file.content)
    assert len(pages) == 4
    assert all(card.card_no in pages[0] + pages[2] for card in cards)
    assert "冯外人" not in text_of(file.content)
    assert codes(rastered(file.content, 1, 150)) == {
        check_address(register.world.door.house, code_of(card)) for card in cards[:8]
    }


@pytest.mark.row(42)
def test_chosen_cards_come_single_or_as_pictures_that_scan(register: Register) -> None:
    firm = register.firm("上海挑选租赁有限公司", short="挑选")
    first, second, _ = (register.card(firm, name) for name in ("冯挑一", "冯挑二", "冯不挑"))
    single = fetch(register, firm, ask(register, firm, "single", first, second))
    assert len(pypdf.PdfReader(io.BytesIO(single.content)).pages) == 4
    zipped = fetch(register, firm, ask(register, firm, "pictures", first, second))
    assert (zipped.media_type, zipped.name[-4:]) == ("application/zip", ".zip")
    with zipfile.ZipFile(io.BytesIO(zipped.content)) as archive:
        assert archive.namelist() == [f"{first.card_no}.png", f"{second.card_no}.png"]
        images = [Image.open(io.BytesIO(archive.read(name))) for name in archive.namelist()]
    assert [codes(image) for image in images] == [
        {check_address(register.world.door.house, code_of(card))} for card in (first, second)
    ]
    assert {image.format for image in images} == {"PNG"}


@pytest.mark.row(42)
@pytest.mark.parametrize("media", ["sheets", "single", "pictures"])
def test_a_cancelled_person_s_card_is_left_out_and_named_and_an_unactivated_one_says_so(
    register: Register, media: str
) -> None:
    firm = register.firm(f"上海混合{media}租赁有限公司")
    active = register.card(firm, "冯有效")
    waiting = register.card(firm, "冯待激活", state=CardState.PASSED)
    gone = register.card(firm, "冯离职", state=CardState.CANCELLED)
    lapsed = register.card(firm, "冯逾期", state=CardState.LAPSED)
    paused = register.card(firm, "冯暂停", state=CardState.SUSPENDED)
    asked = ask(register, firm, media)
    assert asked.cards == 2
    assert asked.left_out == (
        f"冯*职（{gone.card_no}）：已注销",
        f"冯*期（{lapsed.card_no}）：逾期未激活",
        f"冯*停（{paused.card_no}）：暂停",
    )
    content = fetch(register, firm, asked).content
    if media == "pictures":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.namelist() == [f"{active.card_no}.png", f"{waiting.card_no}.png", "说明.txt"]
            note = archive.read("说明.txt").decode("utf-8-sig")
        assert all(told in note for told in asked.left_out)
        return
    text = text_of(content)
    # On both sides of the one card, beside the words that hold it too.
    assert text.count("未激活") - text.count("尚未激活") - text.count("逾期未激活") == 2
    assert all(told in text for told in ("以下3人的信息卡未包含在本文件中", *asked.left_out))
    assert "冯离职" not in text


@pytest.mark.row(42)
def test_a_card_cancelled_between_asking_and_drawing_is_left_out_too(register: Register) -> None:
    firm = register.firm()
    stays, goes = register.card(firm, "冯留下"), register.card(firm, "冯离开")
    asked = ask(register, firm, "sheets", stays, goes)
    register.step(goes.id, CardState.CANCELLED)
    text = text_of(fetch(register, firm, asked).content)
    assert "冯留下" in text
    assert "冯离开" not in text
    assert f"冯*开（{goes.card_no}）：已注销" in text


@pytest.mark.row(42)
def test_only_cancelled_cards_give_no_file_and_say_why(register: Register) -> None:
    firm = register.firm()
    gone = register.card(firm, "冯不在", state=CardState.CANCELLED)
    with pytest.raises(Rejected, match="没有可以下载的信息卡：冯"):
        ask(register, firm, "sheets", gone)
    with pytest.raises(Rejected, match="没有符合条件"):
        ask(register, firm, "sheets", filters={"name": "冯没有此人"})


@pytest.mark.row(42)
@pytest.mark.proves("H17")
def test_another_firm_s_card_is_not_there_and_nobody_else_downloads(register: Register) -> None:
    mine, theirs = register.firm(), register.firm()
    card = register.card(theirs, "冯他家")
    with pytest.raises(NotFound):
        ask(register, mine, "sheets", card)
    asked = ask(register, theirs, "sheets", card)
    assert run_job(register.world.door, "exports.make")
    with pytest.raises(NotFound):
        register.world.door.ask(download_export, register.desk(mine), DownloadExport(asked.id))
    with pytest.raises(NotAllowed):
        register.world.door.perform(download_cards, register.world.caller("pdju01"), DownloadCards("sheets"))
    assert [line.mine for line in register.world.door.ask(EXPORTS.query, register.desk(theirs), ListRows()).lines] == [
        True
    ]


@pytest.mark.row(42)
@pytest.mark.parametrize("criteria", [{}, {"ids": ""}, {"ids": "1,2"}, {"ids": "0" * 32 + ","}])
def test_a_request_past_the_page_that_names_no_card_is_refused(register: Register, criteria: dict[str, str]) -> None:
    firm = register.firm()
    register.card(firm, "冯有效")
    order = RequestExport("cards", criteria, "sheets", "下载本企业信息卡")
    with pytest.raises(Rejected, match="请选择要下载的信息卡"):
        register.world.door.perform(request_export, register.desk(firm), order)


@pytest.mark.row(42)
def test_the_file_is_kept_sealed_looks_are_noted_and_progress_is_told(register: Register) -> None:
    firm = register.firm()
    cards = [register.card(firm, f"冯进度{chr(0x4E00 + number)}", photo=b"") for number in range(45)]
    asked = ask(register, firm)
    told: list[int] = []
    pages = register.world.read(lambda work: [card_page(work, card) for card in cards])
    write_cards(pages, (), ExportMedia.SHEETS, told.append)
    content = fetch(register, firm, asked).content
    (row,) = rows(register.world, ExportRequest, ExportRequest.id == asked.id)
    assert told == [8, 16, 24, 32, 40, 45]
    assert (row.state, row.rows, row.done) == (ExportState.READY, 45, 45)
    pieces = rows(register.world, FilePiece, FilePiece.file_id == asked.id)
    assert pieces
    assert all(content[:200] not in piece.content for piece in pieces)
    looks = rows(register.world, PersonAccess, PersonAccess.object_id == asked.id)
    assert {look.what for look in looks} == {Shown.FULL}
    assert {look.id_no_index for look in looks} == {card.id_no_index for card in cards}
    accounts = rows(register.world, Account, Account.login == register.logins[firm])
    assert {look.account_id for look in looks} == {accounts[0].id}


@pytest.mark.row(42)
@pytest.mark.parametrize("count", [30, pytest.param(300, marks=pytest.mark.soak)])
def test_as_many_as_three_hundred_cards_fit_into_one_zip(count: int) -> None:
    cards = [
        replace(CARD, card_no=f"SH27{number:07d}0", check_url=f"{CARD.check_url}{number}") for number in range(count)
    ]
    told: list[int] = []
    with zipfile.ZipFile(io.BytesIO(write_cards(cards, (), ExportMedia.PICTURES, told.append))) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == count
        last = Image.open(io.BytesIO(archive.read(f"{cards[-1].card_no}.png")))
    assert told == list(range(1, count + 1))
    assert codes(last) == {cards[-1].check_url}


@pytest.mark.row(42)
def test_a_photo_or_sign_that_cannot_be_drawn_keeps_nobody_else_from_his_card() -> None:
    broken: tuple[Card, ...] = (
        replace(CARD, card_no="SH-1"),
        replace(CARD, card_no="SH-2", photo=b"no picture"),
        replace(CARD, card_no="SH-3", name="冯\U000f0000"),
    )
    text = text_of(write_cards(broken, (), ExportMedia.SHEETS, lambda count: None))
    assert "SH-1" in text
    assert "以下2人的信息卡未包含在本文件中" in text
    assert "SH-2：照片无法读取" in text
    with pytest.raises(Rejected, match="信息卡无法绘制"):
        write_cards(broken[1:], (), ExportMedia.SHEETS, lambda count: None)


@pytest.mark.row(47)
@pytest.mark.row(42)
def test_the_picture_of_a_card_not_in_force_has_its_state_across(register: Register) -> None:
    firm = register.firm("上海图片租赁有限公司", short="图片")
    active = register.card(firm, "冯图片")

    def drawn(card: InfoCard) -> Image.Image:
        made = register.world.read(lambda work: card_picture(work, card))
        return Image.open(io.BytesIO(made)).convert("RGB")

    def red(image: Image.Image) -> int:
        red_part, green, blue = (band.tobytes() for band in image.split())
        return sum(r > g + 60 and r > b + 60 for r, g, b in zip(red_part, green, blue, strict=True))

    plain = drawn(active)
    register.step(active.id, CardState.CANCELLED)
    cancelled = drawn(register.of(active.id))
    assert red(plain) == 0
    assert red(cancelled) > 2_000
    assert codes(cancelled) == codes(plain) == {check_address(register.world.door.house, code_of(active))}


@pytest.mark.row(47)
@pytest.mark.row(42)
@pytest.mark.parametrize(
    ("became", "across"),
    [
        ({}, ("", "未激活")),
        ({"record_state": RecordState.CANCELLED}, ("已注销", "未激活")),
        ({"service_state": ServiceState.SUSPENDED}, ("暂停", "未激活")),
    ],
)
def test_what_is_written_across_a_card_and_who_gets_one_goes_by_the_firm_of_now(
    register: Register, became: dict[str, Any], across: tuple[str, str]
) -> None:
    firm = register.firm("上海转瞬卡片有限公司")
    cards = register.card(firm, "冯瞬间"), register.card(firm, "冯未激", state=CardState.PASSED)
    register.world.rewrite(Enterprise, col(Enterprise.id) == firm, **became)
    assert [register.of(card.id).state for card in cards] == [CardState.ACTIVE, CardState.PASSED]
    pages = register.world.read(lambda work: [card_page(work, card) for card in cards])
    assert tuple(page.across for page in pages) == across
    asked = ask(register, firm, "sheets", *cards)
    assert asked.left_out == ((f"冯*间（{cards[0].card_no}）：{across[0]}",) if became else ())
