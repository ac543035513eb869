"""What a card was at the end of a day, and who changed which field from what to what (issue 19)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.practitioner_codes import ApplyKind
from services.engine.refusals import NotFound
from services.practitioners.card_past import CardOnDay, card_past
from services.practitioners.inspection import pass_apply
from services.practitioners.orders import Told
from tests.services.practitioners.desks.people import Desks, somebody

pytestmark = pytest.mark.row(41)


def test_a_card_is_seen_as_of_any_day_with_each_change_as_a_sentence(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    first = desks.today
    desks.world.let_pass(days=3)
    changed = replace(person, store="花木二店", mobile="13900000009")
    apply_id = desks.handed_in(changed, kind=ApplyKind.CHANGE, card_id=card_id)
    desks.act(pass_apply, Told(apply_id), desks.inspector)
    now = desks.ask(card_past, CardOnDay(card_id, desks.today), desks.inspector)
    then = desks.ask(card_past, CardOnDay(card_id, first), desks.inspector)
    assert (then.values["门店"], now.values["门店"]) == (person.store, "花木二店")
    assert (then.state, now.state) == ("有效", "有效")
    assert person.name not in str(now)
    assert person.id_no not in str(now)
    assert changed.mobile not in str(now)
    (change,) = now.changes
    assert change.apply_no == desks.kept(apply_id).apply_no
    assert f"“门店”由“{person.store}”改为“花木二店”。" in change.sentences
    assert change.by
    with pytest.raises(NotFound, match="尚未生成"):
        desks.ask(card_past, CardOnDay(card_id, first - timedelta(days=1)), desks.inspector)
