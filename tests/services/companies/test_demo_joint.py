"""The demo has an admission waiting for each side's word, once."""

from sqlmodel import col, select

from deploy.demo.joint import load_joint
from models.companies import SubjectApplication
from models.records import PactState, Revision, RevisionState
from services.companies.joint import confirm
from services.engine.orders import OneRow
from tests.market import Market


def test_each_side_has_one_to_answer(town: Market) -> None:
    door = town.world.door
    assert load_joint(door) == 2
    assert load_joint(door) == 0
    rows = town.world.read(
        lambda work: list(
            work.session.exec(select(SubjectApplication).order_by(col(SubjectApplication.company_name))).all()
        )
    )
    assert [(row.company_name, row.state) for row in rows] == [
        ("上海江海唐镇置业有限公司", PactState.OFFERED),
        ("上海申浦花木置业有限公司", PactState.OFFERED),
    ]
    for row, login in zip(rows, ("jianghai_admin", "pdchu01"), strict=True):
        door.perform(confirm, town.caller(login), OneRow(row.id))
        draft = town.row(Revision, row.revision_id)
        assert draft.state is RevisionState.SUBMITTED
