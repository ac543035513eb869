"""A head company applies on the public page, with files and without script; what is wrong is told beside its field (row 52)."""

import re
from typing import Any

import httpx
import pytest
from sqlmodel import select

from models.companies import PublicApplication
from services.engine.cycle import acts
from services.engine.cycle_orders import Decide
from tests.files_made import png
from tests.market import Market, market
from tests.ui_public.citizens import citizen, headline, lines_of
from tests.world import World
from ui.public.admission import LARGEST
from ui.public.router import PublicSettings

pytestmark = pytest.mark.row(52)
HEAD = acts("head_company")


@pytest.fixture(scope="module")
def town(world: World) -> Market:
    world.stand_at(2027, 3, 1)
    return market(world)


def typed(town: Market, fixture: str, **changes: str) -> dict[str, str]:
    line = town.lines[fixture]
    return {
        "uscc": line["uscc"],
        "name": line["name"],
        "reg_place": "上海市浦东新区世纪大道9号",
        "legal_representative": line["legal_rep"],
        "established_on": line["established_on"],
        "registry_status": "EXISTING",
        "ownership_type": line["ownership"],
        "registered_capital": line["capital"],
        "paid_in_capital": "",
        "currency": "",
        "qualification_grade": "SECOND",
        "qualification_no": "沪房开证字第00009号",
        "qualification_valid_to": "2030-12-31",
        "reg_district": "310115",
        "group_company_id": "",
        "independent": "on",
        "contact_name": line["contact"],
        "contact_phone": line["phone"],
        "explanation": "已核对，情况属实",
    } | changes


def files(*slots: str) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [(slot, (f"{slot}.png", png(), "image/png")) for slot in slots]


async def send(phone: httpx.AsyncClient, values: dict[str, str], *slots: str) -> httpx.Response:
    # A browser sends a part for every file that may be chosen.
    parts = files(*slots) or [("more", ("无.png", b"", "image/png"))]
    return await phone.post("/c/admission/apply", data=values, files=parts)


def codes_of(page: str) -> tuple[str, str]:
    told = lines_of(page)
    return told["申请号"], told["查询码"]


async def test_from_the_code_to_the_receipt_and_back(town: Market) -> None:
    async with citizen_of(town) as phone:
        form = await phone.post("/c/admission", data={"uscc": town.lines["C-1"]["uscc"]})
        assert headline(form.text) == "填写准入申请"
        assert town.lines["C-1"]["name"] in form.text
        assert town.lines["C-1"]["legal_rep"] not in form.text
        received = await send(phone, typed(town, "C-1"), "licence", "authority")
        assert (received.status_code, headline(received.text)) == (200, "已收到准入申请")
        number, code = codes_of(received.text)
        told = await phone.post("/c/admission/standing", data={"receipt_no": number, "code": code.lower()})
        assert lines_of(told.text)["状态"] == "待审核（区级审核）"
        wrong = await phone.post("/c/admission/standing", data={"receipt_no": number, "code": "XXXXXXXXXX"})
        assert wrong.status_code == 404
        assert town.lines["C-1"]["name"] not in wrong.text


async def test_sent_back_the_form_stands_there_again(town: Market) -> None:
    async with citizen_of(town) as phone:
        number, code = codes_of((await send(phone, typed(town, "C-2"), "licence", "authority")).text)
        revision_id = town.world.read(
            lambda work: work.session.exec(
                select(PublicApplication.revision_id).where(PublicApplication.receipt_no == number)
            ).one()
        )
        reviewer = town.caller("pdshen01")
        version = town.world.door.ask(HEAD.revision, reviewer, revision_id).version
        order = Decide(revision_id, version, "授权书未盖章，请重新上传")
        town.world.door.perform(HEAD.send_back, reviewer, order)
        again = await phone.post("/c/admission/standing", data={"receipt_no": number, "code": code})
        assert "授权书未盖章" in again.text
        assert town.lines["C-2"]["contact"] in again.text
        values = typed(town, "C-2", receipt_no=number, code=code)
        received = await send(phone, values, "authority")
        assert headline(received.text) == "已收到准入申请"
        assert code not in received.text


async def test_everything_wrong_is_told_beside_its_field(town: Market) -> None:
    async with citizen_of(town) as phone:
        answer = await send(phone, typed(town, "C-3", contact_phone="", uscc="91310115MA1H8R7C6D"))
    assert answer.status_code == 422
    wrong = dict(re.findall(r'<span class="wrong-field" id="(\w+)-wrong">(.+?)</span>', answer.text))
    assert {"uscc", "contact_phone", "licence", "authority"} <= set(wrong)
    # What was typed stands there still, and nothing of it runs.
    assert town.lines["C-3"]["contact"] in answer.text


async def test_sent_twice_it_is_kept_once(town: Market) -> None:
    values = typed(town, "C-3", once="0f" * 16)
    async with citizen_of(town) as phone:
        first = await send(phone, values, "licence", "authority")
        second = await send(phone, values, "licence", "authority")
    assert codes_of(first.text) == codes_of(second.text)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", "<script>alert(1)</script>"),
        ("reg_place", "' OR 1=1 --"),
        ("contact_name", "\x00"),
        ("explanation", "长" * 5_000),
    ],
)
async def test_strange_words_break_nothing(town: Market, field: str, text: str) -> None:
    async with citizen_of(town) as phone:
        answer = await send(phone, typed(town, "C-4", **{field: text}), "licence", "authority")
    assert answer.status_code in {400, 422}
    assert "<script>alert" not in answer.text


async def test_what_is_too_large_or_no_form_is_told(town: Market) -> None:
    async with citizen_of(town) as phone:
        big = [("licence", ("a.pdf", b"%PDF-1.4" + b"0" * LARGEST, "application/pdf"))]
        assert (await phone.post("/c/admission/apply", data=typed(town, "C-4"), files=big)).status_code == 413
        assert (await phone.post("/c/admission/apply", content=b"x")).status_code == 415
        broken = {"content-type": "multipart/form-data; boundary=b"}
        assert (await phone.post("/c/admission/apply", content=b"--b\r\nx", headers=broken)).status_code in {400, 422}
        executable = [("licence", ("a.exe", b"MZ" + b"0" * 100, "application/octet-stream"))]
        answer = await phone.post("/c/admission/apply", data=typed(town, "C-4"), files=executable)
        assert answer.status_code in {400, 422}


async def test_whoever_applies_without_end_is_slowed_down(town: Market) -> None:
    settings = PublicSettings(lookups_per_minute=0, reports_per_minute=1)
    async with citizen(town.world, settings) as phone:
        await send(phone, typed(town, "C-4"), "licence")
        assert (await send(phone, typed(town, "C-4"), "licence")).status_code == 429


def citizen_of(town: Market) -> Any:
    return citizen(town.world)
