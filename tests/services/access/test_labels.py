"""D08: whoever reads needs a clearance at least as high as the label, whatever his role."""

from uuid import UUID

import pytest
from sqlmodel import select

from models.documents import Attachment
from models.labels import Label, readable
from services.access.grants import SetClearance, set_clearance
from services.access.record_labels import SetLabel, set_label
from services.documents.attachments import KeepAttachment, keep_attachment, open_attachment
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from tests.services.access.hands import REASON, events
from tests.world import World

pytestmark = pytest.mark.proves("D08")
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82"
)


def cleared(world: World, login: str, clearance: Label) -> None:
    account = world.caller(login)
    assert account.account_id is not None
    if account.clearance is not clearance:
        order = SetClearance(account.account_id, clearance, REASON)
        world.door.perform(set_clearance, world.caller("anquan01"), order)


@pytest.fixture
def paper(world: World) -> UUID:
    """A file a clerk took in."""
    cleared(world, "huamu01", Label.SENSITIVE)
    return world.door.perform(keep_attachment, world.caller("huamu01"), KeepAttachment("合同", "a.png", PNG)).id


def test_the_labels_have_an_order() -> None:
    assert readable(Label.INTERNAL) == [Label.PUBLIC, Label.INTERNAL]
    assert [label.label for label in readable(Label.HIGH)] == ["公开", "内部", "敏感", "高敏"]


def test_what_is_above_the_clearance_is_not_there_even_for_the_city(world: World, paper: UUID) -> None:
    cleared(world, "shi01", Label.INTERNAL)
    city = world.caller("shi01")
    world.door.ask(open_attachment, city, paper)
    world.door.perform(set_label, world.caller("huamu01"), SetLabel("attachment", paper, Label.SENSITIVE, REASON))
    with pytest.raises(NotFound):
        world.door.ask(open_attachment, city, paper)
    cleared(world, "shi01", Label.SENSITIVE)
    world.door.ask(open_attachment, world.caller("shi01"), paper)
    told = [event for event in events(world, "DATA.UPDATE", about=paper) if event["act"] == "labels.set"]
    assert (told[-1]["det"]["from"], told[-1]["det"]["to"]) == ("INTERNAL", "SENSITIVE")


def test_a_new_file_is_internal_and_the_label_travels_with_the_row(world: World, paper: UUID) -> None:
    label = world.read(lambda work: work.session.exec(select(Attachment.label).where(Attachment.id == paper)).one())
    assert label is Label.INTERNAL


def test_nobody_labels_above_himself_and_the_city_alone_lowers(world: World, paper: UUID) -> None:
    clerk = world.caller("huamu01")
    with pytest.raises(NotAllowed, match="不能设置高于本人"):
        world.door.perform(set_label, clerk, SetLabel("attachment", paper, Label.HIGH, REASON))
    with pytest.raises(NotAllowed, match="市级人员"):
        world.door.perform(set_label, clerk, SetLabel("attachment", paper, Label.PUBLIC, REASON))
    with pytest.raises(Rejected, match="请填写原因"):
        world.door.perform(set_label, clerk, SetLabel("attachment", paper, Label.SENSITIVE, ""))
    with pytest.raises(Conflict):
        world.door.perform(set_label, clerk, SetLabel("attachment", paper, Label.INTERNAL, REASON))
    world.door.perform(set_label, world.caller("shi01"), SetLabel("attachment", paper, Label.PUBLIC, REASON))


def test_what_carries_no_label_cannot_be_labelled(world: World, paper: UUID) -> None:
    with pytest.raises(NotFound):
        world.door.perform(set_label, world.caller("shi01"), SetLabel("house", paper, Label.PUBLIC, REASON))


def test_a_label_changed_by_sql_is_noticed(world: World, paper: UUID) -> None:
    with world.door.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE attachment SET label = 'PUBLIC'")
    with pytest.raises(Conflict, match="完整性校验未通过"):
        world.door.ask(open_attachment, world.caller("huamu01"), paper)
    with world.door.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM attachment")
