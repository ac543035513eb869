"""Files that were handed in are found again, opened and labelled (D08, D17)."""

import pytest
from sqlmodel import select

from models.documents import Attachment
from models.labels import Label
from services.documents.attachments import VIRUS, KeepAttachment, keep_attachment
from services.documents.material_list import MATERIALS
from services.engine.listings import ListRows
from tests.files_made import png
from tests.ui.people import Crowd
from tests.ui.tenancy.hands import WAIT, choose, pick, press, put_instead, rows
from tests.world import World


@pytest.mark.proves("D08")
async def test_a_file_is_listed_and_the_city_lowers_its_label(crowd: Crowd, world: World) -> None:
    kept = world.door.perform(keep_attachment, world.caller("huamu01"), KeepAttachment("委托书", "a.png", png()))
    clerk = await crowd.open("huamu01", "/?open=materials&category=委托书")
    await clerk.should_see("共 1 条", retries=WAIT)
    (line,) = rows(clerk, "grid")
    assert (line["kind"], line["label"]) == ("PNG 图片", "内部")
    pick(clerk, "grid", kept.id)
    await clerk.should_see(kept.digest, retries=WAIT)
    choose(clerk, "label", Label.PUBLIC.value)
    put_instead(clerk, "reason", "降低试试")
    press(clerk, "set-label")
    await clerk.should_see("降低安全标记由市级人员办理", retries=WAIT)
    city = await crowd.open("shi01", "/?open=materials&category=委托书")
    await city.should_see("共 1 条", retries=WAIT)
    pick(city, "grid", kept.id)
    await city.should_see(kept.digest, retries=WAIT)
    choose(city, "label", Label.PUBLIC.value)
    put_instead(city, "reason", "不含个人信息")
    press(city, "set-label")
    await city.should_see("安全标记已修改", retries=WAIT)
    told = select(Attachment.label).where(Attachment.id == kept.id)
    assert world.read(lambda work: work.session.exec(told).one()) == Label.PUBLIC


def test_a_clerk_finds_his_own_files_only(world: World) -> None:
    world.door.perform(keep_attachment, world.caller("pudong01"), KeepAttachment("解约协议", "b.png", png()))
    find = ListRows({"category": "解约协议", "label": "INTERNAL"})
    assert world.door.ask(MATERIALS.query, world.caller("pudong01"), find).total == 1
    assert world.door.ask(MATERIALS.query, world.caller("huamu02"), find).total == 0
    assert VIRUS not in world.door.ask(MATERIALS.query, world.caller("shi01"), find).lines[0].kept_apart
