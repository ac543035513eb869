"""Portraits kept before there was a detector are looked at by night and marked as new ones are (K07, rows 39, 40)."""

import sys
from collections.abc import Callable
from io import BytesIO
from uuid import UUID

import pytest
from sqlmodel import col

from models.practitioner_codes import FaceSeen, FaceView
from models.practitioners import Portrait
from services.engine.callers import SYSTEM
from services.engine.jobs import JOBS
from services.engine.listings import BulkRows
from services.practitioners import faces, photos
from services.practitioners.inspection import pass_apply
from services.practitioners.inspection_views import INSPECTIONS, inspection_sheet
from services.practitioners.photos import LookAtUnseen, look_at_unseen
from tests.drawn_portraits import drawn_face, drawn_portrait, silhouette
from tests.services.practitioners.desks.people import Desks, somebody
from tests.world import sealer

pytestmark = [pytest.mark.row(39), pytest.mark.row(40)]


def _two_faces() -> bytes:
    both = drawn_face(3).copy()
    both.paste(drawn_face(4).resize((295, 413)), (0, 413))
    both.paste(drawn_face(5).resize((295, 413)), (295, 413))
    out = BytesIO()
    both.save(out, "JPEG")
    return out.getvalue()


def _kept_without_a_look(desks: Desks, *contents: bytes) -> list[UUID]:
    """Portraits as an installation kept them before it had a detector; every other one has been looked at."""
    night(desks)
    ids = [kept.portrait_id for kept in map(desks.photo, contents)]
    found = [row_id for row_id in ids if row_id is not None]
    desks.world.rewrite(Portrait, col(Portrait.id).in_(found), face=None)
    return found


def night(desks: Desks) -> int | None:
    return JOBS["practitioners.look_at_unseen"].run(desks.world.door)


def marks(desks: Desks, ids: list[UUID]) -> list[FaceSeen | None]:
    found = {row.id: row.face for row in desks.rows(Portrait, col(Portrait.id).in_(ids))}
    return [found[row_id] for row_id in ids]


def test_each_gets_the_mark_a_new_one_would_have_got(desks: Desks) -> None:
    contents = [drawn_portrait(1), silhouette(2), _two_faces(), drawn_portrait(4)]
    new = marks(desks, [row_id for kept in map(desks.photo, contents) if (row_id := kept.portrait_id)])
    ids = _kept_without_a_look(desks, *contents)
    assert night(desks) == 4
    assert marks(desks, ids) == new
    assert new[:2] == [FaceSeen.ONE, FaceSeen.NONE]
    assert night(desks) == 0


def test_whoever_inspects_finds_the_mark_and_many_at_once_leave_it_out(desks: Desks) -> None:
    (photo_id,) = _kept_without_a_look(desks, silhouette(1))
    apply_id = desks.handed_in(somebody("照旧"), portrait_id=photo_id)
    assert apply_id in _shown(desks, FaceView.UNSEEN)
    night(desks)
    assert apply_id in _shown(desks, FaceView.IN_DOUBT)
    sheet = desks.ask(inspection_sheet, apply_id, desks.inspector)
    (check,) = [one for one in sheet.checks if one.code == "K07"]
    assert (sheet.face, check.result, check.words) == (FaceSeen.NONE, "WARN", "照片中未检出人脸，请核对")
    (result,) = desks.act(INSPECTIONS.each, BulkRows(pass_apply.name, (apply_id,)), desks.inspector)
    assert (result.done, "未检出人脸" in result.message) == (False, True)


def _shown(desks: Desks, face: FaceView) -> set[UUID]:
    return {line.id for line in desks.lines(INSPECTIONS, desks.inspector, face=face.value)}


def test_a_night_looks_at_so_many_and_the_next_one_goes_on(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = _kept_without_a_look(desks, *(drawn_portrait(serial) for serial in range(1, 6)))
    monkeypatch.setattr(photos, "A_NIGHT", 3)
    monkeypatch.setattr(photos, "AT_ONCE", 2)
    assert night(desks) == 3
    assert [face is None for face in marks(desks, ids)] == [True, True, False, False, False]
    assert night(desks) == 2


def test_a_picture_that_cannot_be_opened_keeps_no_other_from_being_looked_at(desks: Desks) -> None:
    good, bad, also_good = _kept_without_a_look(desks, drawn_portrait(1), drawn_portrait(2), drawn_portrait(3))
    desks.world.rewrite(Portrait, col(Portrait.id) == bad, content=sealer().seal_file(b"no picture", str(bad)))
    assert night(desks) == 2
    assert marks(desks, [good, bad, also_good]) == [FaceSeen.ONE, None, FaceSeen.ONE]
    desks.world.rewrite(Portrait, col(Portrait.id) == bad, content=b"not even sealed")
    assert night(desks) == 0


def test_a_mark_given_meanwhile_stands(desks: Desks) -> None:
    (photo_id,) = _kept_without_a_look(desks, drawn_portrait(1))

    def meanwhile(look: Callable[..., object]) -> Callable[..., object]:
        def looks(*asked: object) -> object:
            desks.world.rewrite(Portrait, col(Portrait.id) == photo_id, face=FaceSeen.SMALL)
            return look(*asked)

        return looks

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(photos, "judged", meanwhile(faces.judged))
        done = desks.world.door.perform(look_at_unseen, SYSTEM, LookAtUnseen(1))
    assert done[:2] == (1, 0)
    assert marks(desks, [photo_id]) == [FaceSeen.SMALL]


def test_without_a_detector_nothing_is_marked(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = _kept_without_a_look(desks, drawn_portrait(1))
    faces._detector.cache_clear()
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "cv2", None)
        assert night(desks) == 0
    faces._detector.cache_clear()
    assert marks(desks, ids) == [None]
    assert night(desks) == 1
