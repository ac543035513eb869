"""人脸检测: whether a portrait shows one face, upright and as an ID photo should (K07); a hint, never a verdict.

OpenCV's frontal cascade, in process and without any network. It is installed apart (deploy/requirements-faces.lock); without
it portraits are unchecked, and the inspector is shown so. The first portrait a process sees loads it, so that processes which
see none do not carry it.
"""

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from PIL import Image

from models.practitioner_codes import FaceSeen
from services.engine.thresholds import Thresholds

log = logging.getLogger("shenfang.practitioners")

_CASCADE = "haarcascade_frontalface_alt2.xml"
#: The longer side of what is looked at, in pixels: a face fills a third of an ID photo, and the cascade wants 20.
_SIDE = 160
_LEAST_FACE = 0.12
_NEIGHBOURS = 3
#: A second box this much smaller than the largest is a pattern of cloth or background.
_SAME_SIZE = 0.5
_TURNS = (Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270)
#: One classifier is no two threads' at once; a portrait takes a few milliseconds.
_ONE_AT_A_TIME = Lock()

#: What is said of a portrait, to the firm and to the inspector.
SENTENCES = {
    FaceSeen.NONE: "照片中未检出人脸，请核对",
    FaceSeen.SEVERAL: "照片中检出不止一张人脸，请核对",
    FaceSeen.TURNED: "照片中的人脸不是正立的，请核对",
    FaceSeen.SMALL: "照片中人脸偏小，请核对是否为证件照",
    FaceSeen.LARGE: "照片中人脸偏大，请核对是否为证件照",
    FaceSeen.ASIDE: "照片中人脸偏离中央，请核对是否为证件照",
}
#: Shown to the inspector of a portrait that no detector looked at.
FACE_UNSEEN = "照片未作人脸检测，请人工核对"


@dataclass(frozen=True)
class Face:
    """Position of a face: its box as fractions of the picture's width and height from the upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Seen:
    """The faces found in a picture; `turned` when they were found only after it had been turned."""

    faces: tuple[Face, ...]
    turned: bool = False


def look_at(image: Image.Image) -> Seen | None:
    """The faces in a picture of any mode and size; None where no detector can look."""
    try:
        small = _small(image)
        found = _faces(small)
        if found:
            return Seen(found)
        return Seen((), turned=any(_faces(small.transpose(turn)) for turn in _TURNS))
    except Exception as problem:  # A library that is not there, or that breaks on a picture, must not stop an upload.
        _tell_once(type(problem).__name__)
        return None


def can_look() -> bool:
    """Return whether there is a detector at all."""
    try:
        _detector()
    except Exception as problem:
        _tell_once(type(problem).__name__)
        return False
    return True


@lru_cache(maxsize=8)
def _tell_once(what: str) -> None:
    """Twenty thousand portraits of one table are no twenty thousand lines."""
    log.warning("未安装人脸检测，照片标为未检测（%s）；如需检测：python3 deploy/setup.py --faces", what)


def judged(seen: Seen | None, thresholds: Thresholds) -> FaceSeen | None:
    """Return the result to store, by today's thresholds (shares in percent); None for an unexamined picture."""
    if seen is None:
        return None
    if not seen.faces:
        return FaceSeen.TURNED if seen.turned else FaceSeen.NONE
    if len(seen.faces) > 1:
        return FaceSeen.SEVERAL
    face = seen.faces[0]
    aside = max(abs(face.left + face.width / 2 - 0.5), abs(face.top + face.height / 2 - 0.5))
    if face.height * 100 < thresholds.integer("practitioners.face_least"):
        return FaceSeen.SMALL
    if face.height * 100 > thresholds.integer("practitioners.face_most"):
        return FaceSeen.LARGE
    return FaceSeen.ASIDE if aside * 100 > thresholds.integer("practitioners.face_aside") else FaceSeen.ONE


def _small(image: Image.Image) -> Image.Image:
    """Grey and small; transparency becomes white, as on the card."""
    times = max(1, max(image.size) // (2 * _SIDE))
    if image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode not in ("RGB", "L"):
        image = image.convert("RGB")
    image = image.reduce(times)
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    grey = image.convert("L")
    scale = _SIDE / max(grey.size)
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    return grey.resize(size, Image.Resampling.BILINEAR)


def _faces(grey: Image.Image) -> tuple[Face, ...]:
    import numpy

    cv, cascade = _detector()
    least = round(_LEAST_FACE * max(grey.size))
    with _ONE_AT_A_TIME:
        pixels = cv.equalizeHist(numpy.asarray(grey))
        boxes = cascade.detectMultiScale(pixels, scaleFactor=1.1, minNeighbors=_NEIGHBOURS, minSize=(least, least))
    wide, high = grey.size
    found = [Face(float(x / wide), float(y / high), float(w / wide), float(h / high)) for x, y, w, h in boxes]
    largest = max((face.height for face in found), default=0.0)
    return tuple(face for face in found if face.height >= largest * _SAME_SIZE)


@lru_cache(maxsize=1)
def _detector() -> tuple[Any, Any]:
    """The library and its cascade; `lru_cache` keeps no failure, so a process tries again with the next portrait."""
    import cv2

    # The pool of the door has its own threads, and the machine few cores.
    cv2.setNumThreads(1)
    cascade = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / _CASCADE))
    if cascade.empty():
        raise RuntimeError("the cascade is missing")
    return cv2, cascade
