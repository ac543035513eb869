"""Drafts: kept sealed, seen by their owner alone, never overwritten by a tab that is behind."""

from dataclasses import replace

import pytest
from sqlmodel import select

from models.engine import Draft
from services.engine.drafts import SavedDraft, SaveDraft, drop_draft, my_drafts, open_draft, save_draft
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.work import Work
from tests.world import World


def save(world: World, login: str = "huamu01", **order: object) -> SavedDraft:
    filled = {"kind": "lease", "title": "牡丹路", "payload": {"rent": "6500"}, **order}
    return world.door.perform(save_draft, world.caller(login), SaveDraft(**filled))  # type: ignore[arg-type]


def test_what_was_typed_comes_back(world: World) -> None:
    saved = save(world)
    opened = world.door.ask(open_draft, world.caller("huamu01"), saved.id)
    assert (opened.payload, opened.title, opened.version) == ({"rent": "6500"}, "牡丹路", saved.version)


def test_a_tab_that_is_behind_overwrites_nothing(world: World) -> None:
    first = save(world)
    second = save(world, id=first.id, version=first.version, payload={"rent": "6600"})
    assert second.version > first.version
    with pytest.raises(Conflict, match="该草稿已在另一页面中修改"):
        save(world, id=first.id, version=first.version, payload={"rent": "1"})
    assert world.door.ask(open_draft, world.caller("huamu01"), first.id).payload == {"rent": "6600"}


def test_a_draft_is_its_owners_alone(world: World) -> None:
    saved = save(world)
    colleague = world.caller("huamu02")
    with pytest.raises(NotFound):
        world.door.ask(open_draft, colleague, saved.id)
    with pytest.raises(NotFound):
        save(world, "huamu02", id=saved.id, version=saved.version)
    with pytest.raises(NotFound):
        world.door.perform(drop_draft, colleague, saved.id)
    assert saved.id not in {line.id for line in world.door.ask(my_drafts, colleague, "lease")}


def test_a_dropped_draft_is_gone(world: World) -> None:
    saved = save(world)
    world.door.perform(drop_draft, world.caller("huamu01"), saved.id)
    with pytest.raises(NotFound):
        world.door.ask(open_draft, world.caller("huamu01"), saved.id)


def test_a_draft_that_is_too_large_is_refused_in_words(world: World) -> None:
    with pytest.raises(Rejected, match="内容过长"):
        save(world, payload={"other_terms": "字" * 600_000})


def test_who_has_no_account_keeps_no_draft(world: World) -> None:
    nobody = replace(world.caller("huamu01"), account_id=None)
    with pytest.raises(NotAllowed):
        world.door.perform(save_draft, nobody, SaveDraft("lease", "", {}))


def test_a_draft_lies_sealed(world: World) -> None:
    saved = save(world, payload={"name": "欧阳牡丹"})

    def token(work: Work) -> str:
        return work.session.exec(select(Draft).where(Draft.id == saved.id)).one().payload.token

    stored = world.read(token)
    assert stored.startswith("e1:")
    assert "欧阳牡丹" not in stored
