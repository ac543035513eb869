"""Photos of a report beside those of the month before, for its reviewer and other readers (row 74)."""

from collections.abc import Callable, Sequence
from functools import partial

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.clock import SHANGHAI
from services.engine.cycle_orders import RevisionView
from services.progress.photos import PhotosBeside, ShownPhoto, photos_beside
from ui.record_routes import FILES, THUMBNAILS
from ui.records.beside import below
from ui.records.photo_box import draw_photo
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.parts import head
from ui.shell.place import Place

Sides = tuple[tuple[str, tuple[ShownPhoto, ...]], tuple[str, tuple[ShownPhoto, ...]]]


@below("progress_report")
async def draw_beside(place: Place, view: RevisionView) -> None:
    """Draw last month's photos on the left and this month's on the right; a photo opens with the other month's beside it."""
    if view.editable:
        return
    answer = await call(photos_beside, view.revision_id, quiet=True)
    if not answer.ok:
        return
    found: PhotosBeside = answer.value
    if not found.photos and not found.earlier:
        return
    sides: Sides = (
        (f"上期（{found.earlier_period or '无'}）", found.earlier),
        (f"本期（{found.period}）", found.photos),
    )
    head("现场照片对比")
    with web.element("div").classes("sf-photo-sides"):
        for label, photos in sides:
            with web.element("section") as box:
                box.props["aria-label"] = label
                TextElement(tag="strong", text=f"{label}，{len(photos)}张")
                with web.element("ul").classes("sf-photos"):
                    if not photos:
                        TextElement(tag="li", text="没有照片").classes("sf-help")
                    for number, photo in enumerate(photos):
                        with web.element("li"):
                            _draw(photo, label, partial(show_sides, sides, number))


def _draw(photo: ShownPhoto, label: str, opened: Callable[[], object]) -> None:
    draw_photo(f"{THUMBNAILS}{photo.id}", f"{label}{photo.name}", opened)
    TextElement(tag="small", text=_taken(photo))
    if photo.told:
        TextElement(tag="small", text=photo.told).classes("sf-wrong")


def _taken(photo: ShownPhoto) -> str:
    if photo.taken_at is None:
        return f"{photo.name}，无拍摄时间"
    return f"{photo.name}，{photo.taken_at.astimezone(SHANGHAI):%m-%d %H:%M}"


def show_sides(sides: Sides, number: int) -> None:
    """Show a pair of photos over the page: one of each month, each side with its own keys to go on."""
    with web.dialog(value=True) as dialog, web.card().classes("sf-dialog sf-photo-pair"):
        with web.element("div").classes("sf-photo-sides"):
            for label, photos in sides:
                with web.element("section"):
                    _Side(label, photos, min(number, len(photos) - 1))
        with web.element("div").classes("sf-buttons"):
            plain_button("关闭", dialog.close).props("autofocus")
    dialog.on("hide", dialog.delete)


class _Side:
    """A month of a pair: its photo at hand, the one before and the next."""

    def __init__(self, label: str, photos: Sequence[ShownPhoto], at: int) -> None:
        self.label, self.photos, self.at = label, photos, at
        self.title = TextElement(tag="strong", text="")
        self.picture = web.element("img")
        self.told = TextElement(tag="small", text="").classes("sf-wrong")
        if len(photos) > 1:
            with web.element("div").classes("sf-buttons"):
                plain_button("上一张", partial(self.go, -1))
                plain_button("下一张", partial(self.go, 1))
        self.show()

    def go(self, step: int) -> None:
        self.at = (self.at + step) % len(self.photos)
        self.show()

    def show(self) -> None:
        if not self.photos:
            self.title.text = f"{self.label}，没有照片"
            self.picture.set_visibility(False)
            return
        photo = self.photos[self.at]
        self.title.text = f"{self.label} {_taken(photo)}"
        self.picture.props["src"], self.picture.props["alt"] = f"{FILES}{photo.id}", f"{self.label}{photo.name}"
        self.told.text = photo.told
