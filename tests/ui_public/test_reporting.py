"""A citizen reports a problem: once, to the district of the firm's record, his contact for its eyes only (row 48)."""

import re
from typing import Any

import pytest
from sqlmodel import select

from models.audit import AuditEvent
from models.engine import Notice
from models.practitioner_codes import TaskKind, TaskState
from models.practitioners import CardTask
from models.sealed import Sealed
from services.engine.listings import ListRows
from services.engine.refusals import NotAllowed
from services.engine.work import Work
from services.practitioners.orders import Told
from services.practitioners.tasks import TASKS, close_task, open_task
from tests.services.practitioners.register import THERE, Register
from tests.ui_public.citizens import citizen, headline, told_wrong
from tests.ui_public.test_tampered import write_past
from tests.world import World
from ui.public.router import PublicSettings

WORDS = {
    "reason": "NOT_THE_PERSON",
    "text": "2月28日在花木路看房，来的人与卡上照片不是同一人",
    "contact": "13900000002",
}


@pytest.fixture(scope="module")
def register(world: World) -> Register:
    world.stand_at(2027, 3, 1)
    return Register(world)


async def report(register: Register, **typed: str) -> tuple[int, str]:
    async with citizen(register.world) as phone:
        answer = await phone.post("/c/report", data=WORDS | typed)
    return answer.status_code, answer.text


def tasks(register: Register, *where: Any) -> list[CardTask]:
    statement = select(CardTask).where(CardTask.kind == TaskKind.REPORT, *where)
    return list(register.world.read(lambda work: work.session.exec(statement).all()))


@pytest.mark.row(48)
async def test_a_report_becomes_a_task_of_the_district_of_the_firm_s_record(register: Register) -> None:
    card = register.card(register.firm("上海反映租赁有限公司", district=THERE), "卫反映")
    status, page = await report(register, card=card.card_no)
    (task,) = tasks(register, CardTask.card_id == card.id)
    assert (status, headline(page)) == (200, "已收到您反映的问题")
    assert "徐汇" in page
    assert (task.district_code, task.state, task.enterprise_id) == (THERE, TaskState.OPEN, card.enterprise_id)
    assert task.detail is not None
    assert task.detail.json() == {
        "reason": "持卡人与照片、姓名不一致",
        "text": WORDS["text"],
        "card_no": card.card_no,
        "contact": WORDS["contact"],
    }
    bureau = register.world.caller("xhju01")
    notices = register.world.read(
        lambda work: work.session.exec(select(Notice).where(Notice.object_id == task.id)).all()
    )
    assert [notice.to_unit for notice in notices] == [bureau.unit_id]


@pytest.mark.row(48)
async def test_who_looks_into_a_report_reads_what_was_told_and_whom_to_answer(register: Register) -> None:
    card = register.card(register.firm("上海细读租赁有限公司", district=THERE), "卫细读")
    await report(register, card=card.card_no)
    (task,) = tasks(register, CardTask.card_id == card.id)
    bureau, city = register.world.caller("xhju01"), register.world.caller("shi01")
    door = register.world.door
    words = door.ask(open_task, bureau, task.id).words
    assert words.splitlines() == [
        "反映的问题：持卡人与照片、姓名不一致",
        f"具体情况：{WORDS['text']}",
        f"所填卡号：{card.card_no}",
        f"联系方式：{WORDS['contact']}",
    ]
    assert WORDS["contact"] not in door.ask(open_task, city, task.id).words
    listed = next(one for one in door.ask(TASKS.query, bureau, ListRows()).lines if one.id == task.id)
    assert (listed.words, WORDS["text"] in repr(listed)) == ("持卡人与照片、姓名不一致", False)
    with pytest.raises(NotAllowed, match="备案所在区"):
        door.perform(close_task, city, Told(task.id, "已向企业核实"))
    door.perform(close_task, bureau, Told(task.id, "已向企业核实"))


@pytest.mark.row(48)
async def test_what_a_citizen_tells_is_sealed_and_in_no_audit_event(register: Register) -> None:
    await report(register, card="", text="卡号看不清，姓名写着卫某某", contact="秘密的电话13900000009")
    (task,) = tasks(register, CardTask.card_id.is_(None))  # type: ignore[union-attr]
    assert task.district_code == "310000"
    events = register.world.read(
        lambda work: work.session.exec(select(AuditEvent).where(AuditEvent.object_id == str(task.id))).all()
    )
    assert events
    assert not any("13900000009" in event.body or "卫某某" in event.body for event in events)


@pytest.mark.row(48)
async def test_a_number_that_is_none_of_ours_is_kept_as_told(register: Register) -> None:
    await report(register, card="SH2700000000", reason="FORGED", text="扫码说未查询到")
    found = [task.detail.json() for task in tasks(register) if task.detail and "扫码说" in task.detail.plain]
    assert [(one["card_no"], one["reason"]) for one in found] == [("SH2700000000", "信息卡扫码未查询到或者疑似假冒")]


@pytest.mark.row(48)
async def test_the_same_form_sent_twice_is_one_report(register: Register) -> None:
    card = register.card(register.firm(), "卫两次")
    async with citizen(register.world) as phone:
        form = (await phone.get(f"/c/report?card={card.card_no}")).text
        once = re.findall(r'name="once" value="(\w+)"', form)[0]
        again = [(await phone.post("/c/report", data=WORDS | {"card": card.card_no, "once": once})) for _ in range(2)]
    assert f'value="{card.card_no}"' in form
    assert {headline(answer.text) for answer in again} == {"已收到您反映的问题"}
    assert len(tasks(register, CardTask.card_id == card.id)) == 1


@pytest.mark.row(48)
@pytest.mark.parametrize(
    ("typed", "status", "told"),
    [
        ({"reason": ""}, 422, "请选择反映的问题"),
        ({"reason": "NO_SUCH"}, 422, "请选择反映的问题"),
        ({"text": "太短"}, 422, "至少5个字"),
        ({"text": "长" * 501}, 422, "最多可填写500个字"),
        ({"text": "长" * 5000}, 413, "填写的内容过长"),
        ({"contact": "1" * 61}, 422, "最多可填写60个字"),
        ({"text": "看不见的\u202e文字也不行"}, 422, "看不见的字符"),
        ({"once": "x" * 80}, 422, "请求号不正确"),
    ],
)
async def test_what_is_missing_or_too_long_is_told_and_what_was_typed_stays(
    register: Register, typed: dict[str, str], status: int, told: str
) -> None:
    before = len(tasks(register))
    answered, page = await report(register, **typed)
    assert answered == status
    assert told in told_wrong(page)
    assert len(tasks(register)) == before
    if status == 422 and "contact" not in typed:
        assert WORDS["contact"] in page


@pytest.mark.row(48)
async def test_emoji_and_several_lines_are_kept(register: Register) -> None:
    await report(register, text="第一行🙂\r\n第二行，共两行")
    assert any(task.detail and "第一行🙂\n第二行" in task.detail.json()["text"] for task in tasks(register))


@pytest.mark.row(48)
@pytest.mark.proves("H75")
async def test_one_address_sends_few_reports_and_one_card_takes_few(register: Register) -> None:
    card = register.card(register.firm(), "卫多次")
    async with citizen(register.world, PublicSettings(reports_per_minute=2)) as phone:
        codes = [(await phone.post("/c/report", data=WORDS | {"card": card.card_no})).status_code for _ in range(3)]
    assert codes == [200, 200, 429]

    def more(work: Work) -> None:
        for _ in range(18):
            work.add(
                CardTask(
                    kind=TaskKind.REPORT,
                    card_id=card.id,
                    enterprise_id=card.enterprise_id,
                    detail=Sealed.of_json({}),
                    raised_at=work.now,
                    district_code="310115",
                )
            )

    register.world.act(more)
    status, page = await report(register, card=card.card_no)
    assert status == 429
    assert "已有多条反映正在处理" in told_wrong(page)


@pytest.mark.row(48)
async def test_a_report_of_no_card_of_ours_is_read_and_closed_by_the_city(register: Register) -> None:
    await report(register, card="SH2700000018", reason="FORGED", text="假卡，扫码没有结果")
    task = next(one for one in tasks(register, CardTask.card_id.is_(None)) if "假卡" in str(one.detail.json()))  # type: ignore
    city = register.world.caller("shi01")
    words = register.world.door.ask(open_task, city, task.id).words
    assert ("所填卡号：SH2700000018" in words, WORDS["contact"] in words) == (True, True)
    register.world.door.perform(close_task, city, Told(task.id, "已转市场监管核查"))
    (closed,) = tasks(register, CardTask.id == task.id)
    assert closed.state is TaskState.DONE


@pytest.mark.row(48)
@pytest.mark.proves("H65")
@pytest.mark.parametrize("table", ["enterprise", "info_card"])
async def test_a_report_about_what_was_changed_past_the_product_goes_to_the_city(
    register: Register, table: str
) -> None:
    firm = register.firm("上海待核租赁有限公司", district=THERE)
    card = register.card(firm, "卫待核")
    values = {"record_no": "沪租备假"} if table == "enterprise" else {"duty": "站长"}
    write_past(register.world, table, firm if table == "enterprise" else card.id, **values)
    before = len(tasks(register))
    status, page = await report(register, card=card.card_no)
    assert (status, headline(page)) == (200, "已收到您反映的问题")
    (task,) = tasks(register)[before:]
    assert (task.district_code, task.enterprise_id) == ("310000", None)
