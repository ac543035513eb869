"""One-inch portraits of nobody, drawn by program: a face with light and shade, or head and shoulders without one."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter

Tone = tuple[int, int, int]

#: What is drawn, and what is kept of it: one inch at 300 dots an inch.
_WIDE, _HIGH = 590, 826
_KEPT = (295, 413)
_MIDDLE = _WIDE // 2
_SKINS = ((238, 203, 176), (228, 188, 158), (244, 212, 188), (218, 176, 145), (233, 196, 168))
_HAIRS = ((32, 27, 26), (46, 36, 31), (24, 24, 28), (72, 62, 56), (58, 42, 33))
_COATS = ((38, 52, 78), (84, 58, 66), (44, 72, 64), (62, 62, 68), (58, 56, 86))
_GROUNDS = ((246, 247, 249), (226, 234, 244))
_WHITE, _BLACK, _LIPS = (255, 255, 255), (12, 9, 9), (178, 92, 88)


@cache
def drawn_portrait(serial: int) -> bytes:
    """A JPEG of 295 by 413 pixels with one face seen from the front; the same number gives the same picture."""
    return _jpeg(drawn_face(serial))


def drawn_face(serial: int) -> Image.Image:
    """The same before it is made small: 590 by 826 pixels."""
    return _drawn(serial).copy()


@cache
def _drawn(serial: int) -> Image.Image:
    """Nearly every person of a test has the first face."""
    return _Head.of(serial).drawn()


def silhouette(serial: int) -> bytes:
    """The same size without a face: head and shoulders in one tone, as a careless firm hands in a placeholder."""
    image = Image.new("RGB", (_WIDE, _HIGH), _GROUNDS[0])
    draw, tone = ImageDraw.Draw(image), _COATS[serial % len(_COATS)]
    lighter, wide = _mixed(tone, _WHITE, 0.2), 8 * (serial % 4)
    draw.ellipse((75 - wide, 560, 515 + wide, 1160), fill=tone)
    draw.rectangle((245, 470, 345, 600), fill=lighter)
    draw.ellipse((170, 170, 420, 520), fill=lighter)
    draw.pieslice((160, 150, 430, 480), 180, 360, fill=tone)
    return _jpeg(image)


@dataclass(frozen=True)
class _Head:
    """Measures and tones of one face; `wide` is half its width, heights count from the top of the picture."""

    skin: Tone
    hair: Tone
    coat: Tone
    ground: Tone
    wide: int
    chin: int
    eyes: int
    apart: int
    smile: int
    long_hair: bool
    glasses: bool
    parting: int

    @classmethod
    def of(cls, serial: int) -> "_Head":
        dice = Random(serial)
        chin = dice.randint(538, 560)
        return cls(
            skin=dice.choice(_SKINS),
            hair=dice.choice(_HAIRS),
            coat=_COATS[serial % len(_COATS)],
            ground=_GROUNDS[serial % 3 == 0],
            wide=dice.randint(136, 148),
            chin=chin,
            eyes=chin - dice.randint(176, 184),
            apart=dice.randint(58, 64),
            smile=dice.randint(2, 9),
            long_hair=serial % 2 == 0,
            glasses=serial % 5 == 3,
            parting=dice.choice((-52, -24, 30, 56)),
        )

    @property
    def shade(self) -> Tone:
        return _mixed(self.skin, (112, 66, 50), 0.45)

    def drawn(self) -> Image.Image:
        image = Image.new("RGB", (_WIDE, _HIGH), self.ground)
        draw = ImageDraw.Draw(image)
        if self.long_hair:
            draw.rounded_rectangle((_MIDDLE - self.wide - 46, 190, _MIDDLE + self.wide + 46, 690), 150, self.hair)
        self._shoulders(draw)
        self._skull(draw)
        image = image.filter(ImageFilter.GaussianBlur(2))
        self._light(image)
        draw = ImageDraw.Draw(image)
        self._fringe(draw)
        for side in (-1, 1):
            self._eye(draw, side)
        self._nose_and_mouth(draw)
        if self.glasses:
            self._glasses(draw)
        return image.filter(ImageFilter.GaussianBlur(1.5))

    def _shoulders(self, draw: ImageDraw.ImageDraw) -> None:
        draw.ellipse((36, 622, _WIDE - 36, 1300), fill=self.coat)
        neck = [(-70, 480), (70, 480), (82, 670), (0, 722), (-82, 670)]
        draw.polygon(_about(neck), fill=_mixed(self.skin, self.shade, 0.6))
        for side, tone in ((-1, _WHITE), (1, (238, 241, 245))):
            draw.polygon(
                _about([(80 * side, 628), (0, 760), (22 * side, 826), (112 * side, 826), (132 * side, 672)]), tone
            )
        draw.polygon(
            _about([(-24, 742), (24, 742), (14, 780), (30, 826), (-30, 826), (-14, 780)]),
            _mixed(self.coat, _BLACK, 0.2),
        )

    def _skull(self, draw: ImageDraw.ImageDraw) -> None:
        wide = self.wide
        draw.ellipse((_MIDDLE - wide - 20, 118, _MIDDLE + wide + 20, 470), fill=self.hair)
        for side in (-1, 1):
            ear = _MIDDLE + side * (wide - 2)
            if not self.long_hair:
                draw.ellipse(
                    (ear - 24, self.eyes - 30, ear + 24, self.eyes + 62), fill=_mixed(self.skin, self.shade, 0.4)
                )
        for outline in self._face():
            draw.polygon(outline, fill=self.skin)

    def _fringe(self, draw: ImageDraw.ImageDraw) -> None:
        """Hair falls to both sides of a parting."""
        part, low = _MIDDLE + self.parting, self.eyes - (66 if self.long_hair else 84)
        for side in (-1, 1):
            edge = _MIDDLE + side * (self.wide + 8)
            away = edge - side * 26
            fall = [(edge, low + 70), (away, low + 10), (part + side * 34, 214), (part, 196)]
            draw.polygon([(part, 160), (away, 180), (edge, 230), *fall], self.hair)

    def _face(self) -> list[list[tuple[int, int]]]:
        """The outline of the face, from the hairline to the chin."""
        wide, chin = self.wide, self.chin
        right = [
            (0, 186),
            (70, 192),
            (116, 226),
            (wide, 300),
            (wide, 400),
            (wide - 14, 450),
            (wide - 44, 500),
            (72, chin - 16),
            (34, chin),
        ]
        return [_about([*right, *((-x, y) for x, y in reversed(right))])]

    def _light(self, image: Image.Image) -> None:
        """Shade at the sides, in the sockets, below nose, lip and chin; light on brow, nose and cheeks; only on the skin."""
        skin = Image.new("L", image.size, 0)
        for outline in self._face():
            ImageDraw.Draw(skin).polygon(outline, fill=255)
        neck = Image.new("L", image.size, 0)
        ImageDraw.Draw(neck).polygon(
            _about([(-68, self.chin - 10), (68, self.chin - 10), (70, 640), (-70, 640)]), fill=255
        )
        wide, eyes, chin = self.wide, self.eyes, self.chin
        dark = [(-wide - 40, 220, -wide + 40, chin - 40, 110), (wide - 40, 220, wide + 40, chin - 40, 150)]
        dark += [(side * self.apart - 44, eyes - 46, side * self.apart + 44, eyes + 26, 130) for side in (-1, 1)]
        dark += [
            (6, eyes - 6, 26, eyes + 74, 80),
            (-44, eyes + 66, 44, eyes + 96, 110),
            (-46, chin - 54, 46, chin - 34, 90),
        ]
        light = [(-74, 212, 66, 290, 110), (-12, eyes - 16, 8, eyes + 74, 150), (-30, chin - 34, 26, chin - 8, 90)]
        light += [(side * 72 - 34, eyes + 38, side * 72 + 30, eyes + 92, 100) for side in (-1, 1)]
        for spots, tone, ground in ((dark, self.shade, skin), (light, _mixed(self.skin, _WHITE, 0.45), skin)):
            image.paste(Image.new("RGB", image.size, tone), mask=_soft(spots, ground))
        image.paste(
            Image.new("RGB", image.size, self.shade),
            mask=_soft([(-90, chin - 60, 90, chin + 50, 210)], _less(neck, skin)),
        )

    def _eye(self, draw: ImageDraw.ImageDraw, side: int) -> None:
        x, y = _MIDDLE + side * self.apart, self.eyes
        brow = [(x - side * 36, y - 42), (x - side * 10, y - 50), (x + side * 22, y - 49), (x + side * 42, y - 36)]
        draw.line(brow, fill=_mixed(self.hair, self.skin, 0.12), width=12, joint="curve")
        draw.ellipse((x - 31, y - 15, x + 31, y + 16), fill=(243, 240, 237))
        draw.ellipse((x - 16, y - 17, x + 16, y + 15), fill=(58, 40, 32))
        draw.ellipse((x - 8, y - 9, x + 8, y + 7), fill=_BLACK)
        draw.ellipse((x - 8, y - 11, x - 2, y - 5), fill=_WHITE)
        draw.arc((x - 36, y - 21, x + 36, y + 26), 192, 348, fill=(34, 25, 22), width=7)
        draw.arc((x - 32, y - 18, x + 32, y + 18), 25, 155, fill=self.shade, width=3)
        draw.arc((x - 36, y - 32, x + 36, y + 20), 205, 335, fill=self.shade, width=3)

    def _nose_and_mouth(self, draw: ImageDraw.ImageDraw) -> None:
        nose, deep = self.eyes + 78, _mixed(self.shade, _BLACK, 0.35)
        for side in (-1, 1):
            wing = _MIDDLE + side * 19
            draw.arc(
                (wing - 13, nose - 22, wing + 13, nose + 8),
                *((80, 235) if side < 0 else (305, 100)),
                fill=self.shade,
                width=4,
            )
            nostril = _MIDDLE + side * 11
            draw.ellipse((nostril - 6, nose - 1, nostril + 6, nose + 6), fill=deep)
        mouth, lip, up = self.eyes + 122, _mixed(_LIPS, self.skin, 0.25), self.smile
        upper = [
            (-46, mouth - up),
            (-16, mouth - 10),
            (0, mouth - 6),
            (16, mouth - 10),
            (46, mouth - up),
            (0, mouth + 4),
        ]
        draw.polygon(_about(upper), fill=lip)
        draw.chord((_MIDDLE - 40, mouth - 18, _MIDDLE + 40, mouth + 19), 6, 174, fill=_mixed(lip, _WHITE, 0.12))
        line = _about([(-48, mouth - up), (-22, mouth + 1), (0, mouth + 2), (22, mouth + 1), (48, mouth - up)])
        draw.line(line, fill=_mixed(lip, (60, 14, 14), 0.65), width=4, joint="curve")

    def _glasses(self, draw: ImageDraw.ImageDraw) -> None:
        frame = (52, 50, 54)
        for side in (-1, 1):
            x = _MIDDLE + side * self.apart
            draw.rounded_rectangle((x - 43, self.eyes - 30, x + 43, self.eyes + 33), 24, outline=frame, width=5)
        draw.line((_MIDDLE - self.apart + 43, self.eyes - 6, _MIDDLE + self.apart - 43, self.eyes - 6), frame, 5)


def _about(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Points counted from the middle of the picture."""
    return [(_MIDDLE + x, y) for x, y in points]


def _mixed(one: Tone, other: Tone, part: float) -> Tone:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _soft(spots: list[tuple[int, int, int, int, int]], ground: Image.Image) -> Image.Image:
    """Soft spots (left, top, right, bottom from the middle, strength), as far as the ground goes."""
    mask = Image.new("L", ground.size, 0)
    for left, top, right, bottom, strength in spots:
        ImageDraw.Draw(mask).ellipse((_MIDDLE + left, top, _MIDDLE + right, bottom), fill=strength)
    return Image.composite(mask.filter(ImageFilter.GaussianBlur(14)), Image.new("L", ground.size, 0), ground)


def _less(one: Image.Image, other: Image.Image) -> Image.Image:
    return Image.composite(Image.new("L", one.size, 0), one, other)


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.resize(_KEPT, Image.Resampling.LANCZOS).save(out, "JPEG", quality=90)
    return out.getvalue()
