"""Whether a portrait shows a face: a hint that refuses nothing, and costs nothing where no portrait is seen (K07)."""

import sys
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops

from models.practitioner_codes import FaceSeen
from models.sealing import Sealer
from services.engine.findings import Severity
from services.engine.thresholds import Thresholds
from services.practitioners import faces
from services.practitioners.faces import Seen, judged, look_at
from services.practitioners.photos import MadePortrait, make_portrait
from tests.drawn_portraits import drawn_face, drawn_portrait, silhouette
from tests.models.sealing_vectors import published_ring

#: The thresholds as they are declared.
DECLARED = Thresholds(date(2026, 11, 27))


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def verdict(image: Image.Image) -> FaceSeen | None:
    return judged(look_at(image), DECLARED)


def made_of(content: bytes) -> MadePortrait:
    return make_portrait(Sealer(published_ring()), content, DECLARED)


def on_a_sheet(face: Image.Image, size: tuple[int, int], at: tuple[int, int]) -> Image.Image:
    sheet = Image.new("RGB", size, (246, 247, 249))
    sheet.paste(face, at)
    return sheet


@pytest.mark.row(39)
@pytest.mark.parametrize("serial", range(1, 17))
def test_one_face_is_found_where_it_is(serial: int) -> None:
    seen = look_at(opened(drawn_portrait(serial)))
    assert seen is not None
    (face,) = seen.faces
    assert abs(face.left + face.width / 2 - 0.5) < 0.06
    assert 0.4 < face.top + face.height / 2 < 0.6
    assert 0.3 < face.height < 0.55
    assert judged(seen, DECLARED) is FaceSeen.ONE


@pytest.mark.parametrize("serial", range(8))
def test_head_and_shoulders_without_a_face_are_none(serial: int) -> None:
    assert verdict(opened(silhouette(serial))) is FaceSeen.NONE


def _any(dot: int) -> int:
    return 255 if dot else 0


def _transparent(image: Image.Image) -> Image.Image:
    """The ground cut out, as editors save an ID photo."""
    cut = image.convert("RGBA")
    cut.putalpha(
        ImageChops.difference(image, Image.new("RGB", image.size, image.getpixel((2, 2)))).convert("L").point(_any)
    )
    out = BytesIO()
    cut.save(out, "PNG")
    return opened(out.getvalue())


_WAYS: dict[str, Any] = {
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "grey": lambda image: image.convert("L"),
    "printing colours": lambda image: image.convert("CMYK"),
    "palette": lambda image: image.quantize(64),
    "transparent": _transparent,
    "tiny": lambda image: image.resize((43, 60)),
    "large": lambda image: image.resize((2360, 3304)),
    "a little turned": lambda image: image.rotate(7, fillcolor=(246, 247, 249), resample=Image.Resampling.BICUBIC),
    "dark": lambda image: image.point(lambda dot: dot // 3),
}


@pytest.mark.parametrize("way", _WAYS)
def test_a_face_is_found_whatever_the_picture_is(way: str) -> None:
    assert verdict(_WAYS[way](drawn_face(5))) is FaceSeen.ONE


def test_two_faces_are_several_and_a_picture_on_its_side_is_turned() -> None:
    both = Image.new("RGB", (1180, 826))
    both.paste(drawn_face(3), (0, 0))
    both.paste(drawn_face(4), (590, 0))
    assert verdict(both) is FaceSeen.SEVERAL
    for turn in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270):
        assert verdict(drawn_face(5).transpose(turn)) is FaceSeen.TURNED


def test_proportions_of_an_id_photo() -> None:
    far = [drawn_face(serial).resize((226, 316)) for serial in range(1, 17)]
    # The farther away, the more of them are missed.
    assert {verdict(on_a_sheet(face, (590, 826), (182, 260))) for face in far} == {FaceSeen.SMALL, FaceSeen.NONE}
    half = drawn_face(7).resize((354, 496))
    assert verdict(on_a_sheet(half, (590, 826), (270, 0))) is FaceSeen.ASIDE
    assert verdict(drawn_face(7).crop((150, 225, 440, 560))) is FaceSeen.LARGE


def test_a_picture_of_nothing_and_of_one_dot_are_looked_at_too() -> None:
    assert verdict(Image.new("RGB", (1, 1))) is FaceSeen.NONE
    assert verdict(Image.effect_noise((300, 420), 80)) is FaceSeen.NONE
    assert verdict(Image.new("L", (4000, 20), 200)) is FaceSeen.NONE


@pytest.mark.row(39)
def test_a_photo_without_a_face_is_kept_with_a_warning() -> None:
    made = made_of(silhouette(1))
    assert made.sealed
    assert made.face is FaceSeen.NONE
    assert [(one.code, one.severity) for one in made.findings] == [("K07", Severity.WARN)]
    assert made.findings[0].message == "照片中未检出人脸，请核对"
    assert made_of(drawn_portrait(1)).findings == ()


@pytest.mark.parametrize("what", ["absent", "broken", "without its cascade"])
def test_without_a_detector_a_photo_is_not_looked_at_and_kept(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    faces._detector.cache_clear()
    if what == "absent":
        monkeypatch.setitem(sys.modules, "cv2", None)
    elif what == "broken":
        monkeypatch.setattr("cv2.equalizeHist", lambda pixels: 1 // 0)
    else:
        monkeypatch.setattr(faces, "_CASCADE", "haarcascade_of_nothing.xml")
    made = made_of(drawn_portrait(1))
    faces._detector.cache_clear()
    assert made.sealed
    assert (made.face, made.findings) == (None, ())


def test_nothing_seen_is_judged_by_the_thresholds_of_the_day() -> None:
    seen = look_at(opened(drawn_portrait(1)))
    assert judged(seen, Thresholds(DECLARED.on, {"practitioners.face_least": "60"})) is FaceSeen.SMALL
    assert judged(seen, Thresholds(DECLARED.on, {"practitioners.face_most": "30"})) is FaceSeen.LARGE
    assert judged(None, DECLARED) is None
    assert judged(Seen(()), DECLARED) is FaceSeen.NONE
