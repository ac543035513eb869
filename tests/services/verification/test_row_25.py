"""Row 25: the notice of a result tells every reason at once; its words are the city's, in versions."""

from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlmodel import col

from models.documents import IssuedDocument, PaperState
from models.house import House
from models.verification_codes import CodeEnd, TemplateState, VerificationState
from printing.page import Issue
from printing.verification_notice import FailedRule, VerificationNotice, Window
from printing.verification_notice import render as render_notice
from services.documents.stored_papers import open_paper
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.verification.notice_templates import (
    FIRST_BODY,
    TEMPLATES,
    OneTemplate,
    SaveTemplate,
    begin_template,
    drop_template,
    problems_of,
    publish_template,
    save_template,
    template_preview,
    view_template,
    words_in_force,
)
from services.verification.notices import code_card_pdf, issue_notice
from services.verification.shelf import cancel_code
from tests.services.verification.firm import BROKER, Firms

pytestmark = pytest.mark.row(25)
EDITOR, OTHER_EDITOR = "shi01", "shi02"


def perform(firms: Firms, act: Any, login: str, order: Any) -> Any:
    return firms.world.door.perform(act, firms.world.caller(login), order)


def notice(firms: Firms, verification_id: UUID) -> Any:
    return firms.world.door.perform(issue_notice, firms.caller(), verification_id)


def text_of(firms: Firms, paper_id: UUID) -> str:
    content = open_paper(firms.world.door, firms.caller(), paper_id).content
    assert content is not None
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).replace("\n", "")


def page_of(firms: Firms, paper_id: UUID) -> dict[str, Any]:
    paper = firms.world.read(lambda work: work.session.get(IssuedDocument, paper_id))
    page: dict[str, Any] = paper.page.json()["page"]
    return page


# ------------------------------------------------------------------ the notice


def test_every_reason_is_told_with_what_to_do_and_where(firms: Firms) -> None:
    flat = firms.counter.free_flat("310115")
    told = firms.verify(firms.home(flat, owner_name="别人", owner_phone="", mandate_no=""))
    page = page_of(firms, notice(firms, told.id).paper_id)
    assert [one["code"] for one in page["reasons"]] == ["H02", "V04", "V05"]
    assert [one["forced"] for one in page["reasons"]] == ["可以申请", "不能申请", "不能申请"]
    assert all(one["advice"] for one in page["reasons"])
    assert len(page["windows"]) == 1
    assert page["result"] == "不通过"


def test_a_notice_shows_no_registry_data_of_others(firms: Firms) -> None:
    flat = firms.flat()
    told = firms.verify(firms.home(flat, owner_name="别人"))
    text = text_of(firms, notice(firms, told.id).paper_id)
    owner = flat.owners[0]
    assert owner.name not in text
    assert owner.id_no not in text
    assert "H02" in text


def test_seven_reasons_stand_in_one_list(firms: Firms) -> None:
    reasons = tuple(
        FailedRule(f"V{at:02d}", f"第{at}项原因，请按要求更正后重新申请", "更正后重新申请核验", "—") for at in range(7)
    )
    text = PdfReader(BytesIO(render_notice(sample(reasons=reasons)))).pages[0].extract_text()
    assert "共 7 项" in text
    assert all(f"V{at:02d}" in text for at in range(7))


def sample(**changes: Any) -> VerificationNotice:
    """A notice as it would be issued."""
    from datetime import date

    page = VerificationNotice(
        issue=Issue(number="HJ3101152703010000001", unit="浦东新区住房租赁服务中心", issued_on=date(2027, 3, 1)),
        verify_no="HY3101152703010000001",
        result="不通过",
        applicant="沪寓公寓管理有限公司",
        address="上海市浦东新区花木路1号501室",
        proof_kind="不动产权证",
        proof_no="沪(2018)浦字不动产权第******号",
        checked_at="2027-03-01 10:00",
        template="第1版",
        code_no="",
        valid="",
        opening_words="特此通知。",
        closing_words=("请拨打962269。",),
        windows=(Window("窗口", "世纪大道5号", "021-00000105", "周一至周五"),),
    )
    return replace(page, **changes)


def test_a_very_long_address_stays_on_the_page(firms: Firms) -> None:
    address = "上海市浦东新区" + "惠南镇拱极路三千弄第二居民委员会" * 12
    reader = PdfReader(BytesIO(render_notice(sample(address=address))))
    text = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    assert address in text


def test_what_did_not_answer_is_never_a_failure(firms: Firms) -> None:
    """While only a silent source is open there is no notice; where something else fails, the notice names that alone."""
    firms.world.fault("property_register", "timeout")
    waiting, failed = (firms.verify(firms.home(firms.flat(), **changes)) for changes in ({}, {"owner_phone": ""}))
    assert (waiting.state, failed.state) == (VerificationState.SUBMITTED, VerificationState.FAILED)
    with pytest.raises(Conflict, match="没有应答"):
        notice(firms, waiting.id)
    page = page_of(firms, notice(firms, failed.id).paper_id)
    assert [one["code"] for one in page["reasons"]] == ["V05"]


def test_a_passed_home_has_its_code_and_validity(firms: Firms) -> None:
    told = firms.verify(firms.home(firms.flat()))
    page = page_of(firms, notice(firms, told.id).paper_id)
    assert (page["result"], page["reasons"]) == ("通过", [])
    assert page["code_no"].replace(" ", "") == told.code_no
    assert page["valid"]


def test_asked_again_the_same_notice_comes_until_the_state_changes(firms: Firms) -> None:
    told = firms.verify(firms.home(firms.flat()))
    first = notice(firms, told.id)
    assert notice(firms, told.id).paper_id == first.paper_id
    firms.world.door.perform(cancel_code, firms.caller(), firms.of(told.code_no))
    assert firms.code(told.code_no).end_reason is CodeEnd.WITHDRAWN
    second = notice(firms, told.id)
    assert (second.paper_id != first.paper_id, second.replaced) == (True, first.number)
    old = firms.world.read(lambda work: work.session.get(IssuedDocument, first.paper_id))
    assert old.state is PaperState.REPLACED
    assert "已撤销" in page_of(firms, second.paper_id)["code_no"]


def test_another_firm_finds_no_notice(firms: Firms) -> None:
    told = firms.verify(firms.home(firms.flat()))
    issued = notice(firms, told.id)
    with pytest.raises(NotFound):
        firms.world.door.perform(issue_notice, firms.caller(BROKER), told.id)
    with pytest.raises(NotFound):
        open_paper(firms.world.door, firms.caller(BROKER), issued.paper_id)


def test_a_code_in_force_has_a_card_and_an_ended_one_none(firms: Firms) -> None:
    told = firms.verify(firms.home(firms.flat()))
    code = firms.code(told.code_no)
    text = PdfReader(BytesIO(code_card_pdf(firms.world.door, firms.caller(), code.id))).pages[0].extract_text()
    assert "扫码查看最新状态" in text
    assert told.code_no[:6] in text
    firms.world.door.perform(cancel_code, firms.caller(), firms.of(told.code_no))
    with pytest.raises(Conflict, match="已撤销"):
        code_card_pdf(firms.world.door, firms.caller(), code.id)


# ------------------------------------------------------------------ templates


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "正文不能为空"),
        ("{申请人}：结果为{核验结果}。", "缺少变量{咨询电话}"),
        ("{申请人}{核验结果}{咨询电话}{身份证号}", "没有“身份证号”这个变量"),
        ("{申请人}{核验结果}{咨询电话", "大括号没有成对"),
    ],
)
def test_a_text_with_a_missing_or_unknown_variable_is_not_sound(body: str, words: str) -> None:
    assert any(words in one.message for one in problems_of(body))


def test_the_words_of_the_product_are_sound() -> None:
    assert problems_of(FIRST_BODY) == []


def test_a_version_is_edited_previewed_published_and_used(firms: Firms) -> None:
    draft = perform(firms, begin_template, EDITOR, None)
    with pytest.raises(Conflict, match="草稿正在修改"):
        perform(firms, begin_template, OTHER_EDITOR, None)
    version = perform(firms, save_template, EDITOR, SaveTemplate(draft, 1, "请看{核验结果}", "缩短"))
    with pytest.raises(Rejected, match="不能启用"):
        perform(firms, publish_template, EDITOR, OneTemplate(draft, version))
    body = "{申请人}：您好，结果为{核验结果}。\n详询{咨询电话}。"
    version = perform(firms, save_template, EDITOR, SaveTemplate(draft, version, body, "改写"))
    assert template_preview(firms.world.door, firms.world.caller(EDITOR), draft).startswith(b"%PDF")
    old = notice(firms, firms.verify(firms.home(firms.flat())).id)
    perform(firms, publish_template, EDITOR, OneTemplate(draft, version))
    number = firms.world.read(words_in_force).version_no
    new = notice(firms, firms.verify(firms.home(firms.flat())).id)
    assert page_of(firms, new.paper_id)["template"] == f"第{number}版"
    assert page_of(firms, new.paper_id)["closing_words"] == ["详询962269。"]
    # A notice once issued keeps the words it was made of.
    assert page_of(firms, old.paper_id)["template"] != f"第{number}版"
    again = perform(firms, begin_template, OTHER_EDITOR, None)
    view = firms.world.door.ask(view_template, firms.world.caller(OTHER_EDITOR), again)
    assert (view.body, view.based_on) == (body, number)
    perform(firms, drop_template, OTHER_EDITOR, OneTemplate(again, view.version))
    lines = firms.world.listed(TEMPLATES, EDITOR).lines
    assert [one.state for one in lines][:2] == [TemplateState.RETIRED, TemplateState.PUBLISHED]


def test_of_two_editors_the_second_is_told_and_loses_nothing(firms: Firms) -> None:
    draft = perform(firms, begin_template, EDITOR, None)
    first = perform(firms, save_template, EDITOR, SaveTemplate(draft, 1, "第一人的{核验结果}"))
    with pytest.raises(Conflict, match="徐明已修改过"):
        perform(firms, save_template, OTHER_EDITOR, SaveTemplate(draft, 1, "第二人的{核验结果}"))
    view = firms.world.door.ask(view_template, firms.world.caller(OTHER_EDITOR), draft)
    assert view.body == "第一人的{核验结果}"
    perform(firms, drop_template, EDITOR, OneTemplate(draft, first))


def test_only_the_city_centre_edits(firms: Firms) -> None:
    for login in ("pdju01", "pudong01", "shiju01"):
        with pytest.raises(NotAllowed):
            perform(firms, begin_template, login, None)


def test_a_value_with_braces_is_put_in_as_it_is(firms: Firms) -> None:
    flat = firms.flat()
    told = firms.verify(firms.home(flat))
    firms.world.rewrite(House, col(House.house_code) == flat.line["house_id"], address="花木路{申请人}弄1号")
    assert "花木路{申请人}弄1号" in page_of(firms, notice(firms, told.id).paper_id)["address"]
