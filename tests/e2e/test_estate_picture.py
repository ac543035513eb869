"""The picture of an estate in a browser without a graphics card: what is drawn, and a box by key (row 82)."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from deploy.setup import find_browser
from tests.browser import SOFTWARE_GL
from tests.pictures.people import PATIENCE
from tests.units_page import COLOURS, serving

pytestmark = pytest.mark.row(82)
#: A building of three storeys with eight homes each.
HOMES = 24
#: The channels of a pixel that are bright; how bright one is that is green alone.
_BRIGHT = "[0, 1, 2].map((of) => (values[at + of] > 100 ? 1 : 0)).join('')"
_GREEN = "values[at] + values[at + 2] < 60 ? values[at + 1] : 'other'"
#: Draws a frame and counts its pixels by a key.
_COUNTED = """(() => {
  view.frame();
  const from = document.querySelector('.sf-estate canvas'), to = document.createElement('canvas'), found = {};
  Object.assign(to, { width: from.width, height: from.height });
  const sheet = to.getContext('2d');
  sheet.drawImage(from, 0, 0);
  const values = sheet.getImageData(0, 0, to.width, to.height).data;
  for (let at = 0; at < values.length; at += 4) {
    const key = KEY;
    found[key] = (found[key] || 0) + 1;
  }
  return found;
})()"""
_PIXELS, _SHADES = _COUNTED.replace("KEY", _BRIGHT), _COUNTED.replace("KEY", _GREEN)
#: Whether the first frame is drawn, in the size that the sheet of styles gives the canvas.
_DRAWN = """() => {
  const view = window.did_handshake && getElement(document.querySelector('#told').dataset.view), m = view?.m, canvas = m?.gl?.domElement;
  return m?.bytes && m.stale === false && !m.wanted && canvas.width === canvas.clientWidth && getComputedStyle(canvas).position === 'absolute';
}"""
_CALLS = "(view.frame(), view.m.gl.info.render.calls)"
#: Bright in all channels, in green alone, in red alone.
GROUND, GREEN, RED = "111", "010", "100"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as found:
        yield found


@pytest.fixture(scope="module")
def drawing(playwright: Playwright) -> Iterator[Browser]:
    """A browser that draws 3D in software."""
    browser = playwright.chromium.launch(executable_path=find_browser(), args=SOFTWARE_GL)
    yield browser
    browser.close()


@pytest.fixture
def picture(address: str, drawing: Browser) -> Iterator[Page]:
    page = drawing.new_page(viewport={"width": 1000, "height": 700})
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/estate?buildings=1&storeys=3")
    page.wait_for_function(_DRAWN)
    yield page
    page.close()


@pytest.fixture
def plan(picture: Page) -> Page:
    """The same building, divided by a drawing."""
    picture.goto(f"{picture.url}&drawn=1")
    picture.wait_for_function(_DRAWN)
    return picture


def of(page: Page, script: str, argument: Any = None) -> Any:
    """Run a script over the picture's component."""
    found = "getElement(document.querySelector('#told').dataset.view)"
    return page.evaluate(f"(argument) => {{ const view = {found}; return {script}; }}", argument)


def painted(page: Page, byte: int, calls: int | None = None) -> dict[str, int]:
    """Give every home the same look, which takes so many draw calls if that is asked, and count the pixels of the frame."""
    looks = [COLOURS, b64encode(bytes([byte]) * HOMES).decode()]
    made = of(page, f"(view.paint(...argument), {_CALLS})", looks)
    assert calls in (None, made)
    found: dict[str, int] = of(page, _PIXELS)
    return found


def test_new_colours_are_drawn_without_drawing_the_homes_again(picture: Page) -> None:
    assert of(picture, f"(view.draw(), {_CALLS})") == 2
    assert of(picture, _CALLS) == 1
    green, red = painted(picture, 1, calls=1), painted(picture, 4, calls=1)
    assert green[GREEN] > 10_000
    assert (red.get(GREEN, 0), red[RED]) == (0, green[GREEN])
    assert red[GROUND] == green[GROUND] > 10_000
    assert of(picture, _CALLS) == 1


def test_walls_and_roofs_are_lit_by_the_way_they_face(picture: Page) -> None:
    """A home's colour is as bright as its face is turned to the light; edges are mixed with grey."""
    painted(picture, 1)
    shades = {shade: count for shade, count in of(picture, _SHADES).items() if count > 2_000}
    assert len(shades.keys() - {"other"}) >= 2, shades


@pytest.mark.night
def test_homes_that_are_hidden_leave_the_ground_and_come_again(picture: Page) -> None:
    whole = painted(picture, 1)
    assert set(painted(picture, 1 | 128, calls=2)) == {GROUND}
    assert painted(picture, 1, calls=2) == whole


@pytest.mark.night
def test_homes_are_seen_through_and_opaque_again(picture: Page) -> None:
    whole = painted(picture, 1)
    of(picture, "view.fade(0.2)")
    assert of(picture, _PIXELS).get(GREEN, 0) < whole[GREEN] / 4
    of(picture, "view.fade(1)")
    assert of(picture, _PIXELS) == whole


def test_keys_choose_box_and_turn(picture: Page) -> None:
    told = picture.locator("#told")
    picture.get_by_role("button", name="框选").click()
    picture.keyboard.press("ArrowUp")
    expect(told).to_have_text("0")
    picture.keyboard.press("Enter")
    for key in ("ArrowUp", "ArrowRight"):
        picture.keyboard.press(key)
    # The middles of two homes as they stand on the screen are the corners: nothing lies between but themselves.
    picture.keyboard.press("Enter")
    expect(told).to_have_text("[0, 9]")
    assert of(picture, "[...view.m.boxed]") == [0, 9]
    before = of(picture, "view.m.camera.position.toArray()")
    picture.keyboard.press("Shift+ArrowLeft")
    picture.keyboard.press("+")
    after = of(picture, "view.m.camera.position.toArray()")
    assert after != before
    picture.get_by_role("button", name="框选").click()
    picture.keyboard.press("Escape")
    expect(told).to_have_text("[]")


@pytest.mark.night
def test_the_ground_follows_a_theme_that_is_chosen_while_the_picture_stands(picture: Page) -> None:
    painted(picture, 1 | 128)
    for dark, ground in ((True, "000"), (False, GROUND)):
        picture.evaluate("(dark) => Quasar.Dark.set(dark)", dark)
        picture.wait_for_function(
            f"() => {{ const view = getElement(document.querySelector('#told').dataset.view); return Object.keys({_PIXELS}).join() === '{ground}'; }}"
        )


@pytest.mark.night
def test_a_box_is_drawn_with_the_mouse(picture: Page) -> None:
    told = picture.locator("#told")
    picture.get_by_role("button", name="框选").click()
    box = picture.locator(".sf-estate canvas").bounding_box()
    assert box is not None
    picture.mouse.move(box["x"] + 2, box["y"] + 60)
    picture.mouse.down()
    picture.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] - 40, steps=8)
    expect(picture.locator(".sf-estate-band")).to_be_visible()
    picture.mouse.up()
    expect(told).to_have_text(str(list(range(HOMES))))
    expect(picture.locator(".sf-estate-tip")).to_have_text(f"框内{HOMES}户，统计见右侧")
    expect(picture.locator(".sf-estate-band")).to_have_count(0)


@pytest.mark.night
def test_a_storey_that_is_shown_alone_is_seen_above_the_cut_too(picture: Page) -> None:
    painted(picture, 1)
    of(picture, "view.look({ cut: 1, only: 3 })")
    assert of(picture, _PIXELS)[GREEN] > 1_000
    assert of(picture, "view.m.solids.filter((s) => view.shown(s)).map((s) => s.no).every((no) => no === 3)")


#: Corners of the uppermost storey on the screen, each eight pixels into its home: south-west, south-east, north-east.
_CORNERS = """(() => {
  const top = view.m.solids.filter((s) => s.no === 3), box = view.$el.getBoundingClientRect(), all = top.flatMap((s) => s.areas.flat(2));
  const [w, e] = [Math.min(...all.map((p) => p[0])), Math.max(...all.map((p) => p[0]))], [s, n] = [Math.min(...all.map((p) => p[1])), Math.max(...all.map((p) => p[1]))];
  return [[w, s], [e, s], [e, n]].map(([x, y]) => {
    const home = top.find((one) => one.areas.flat(2).some((p) => p[0] === x && p[1] === y));
    const at = view.onScreen(x, y, home.top), within = view.onScreen(...view.middle(home), home.top);
    const away = within.map((v, i) => v - at[i]), far = Math.hypot(...away);
    return at.map((v, i) => Math.round(v + (8 * away[i]) / far + [box.left + 1, box.top + 1][i]));
  });
})()"""


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.night
def test_lengths_and_areas_are_measured_from_corner_to_corner(plan: Page, flat: bool) -> None:
    if flat:
        of(plan, "view.plane(true)")
        expect(plan.locator(".sf-estate-flat path")).to_have_count(8)
    tip = plan.locator(".sf-estate-tip")
    plan.get_by_role("button", name="测量").click()
    for place, words in enumerate(("请点另一处", "40.00米", "3点共54.00米，围成水平面积280.00㎡")):
        plan.mouse.click(*of(plan, _CORNERS)[place])
        expect(tip).to_contain_text(words)
    plan.keyboard.press("Backspace")
    expect(tip).to_contain_text("还有2点")


def test_keys_measure_between_homes_and_a_home_says_its_outline(plan: Page) -> None:
    tip = plan.locator(".sf-estate-tip")
    plan.get_by_role("button", name="测量").click()
    plan.keyboard.press("ArrowUp")
    area = of(plan, "view.wide(0)")
    expect(tip).to_contain_text(f"轮廓{area}㎡")
    plan.keyboard.press("Enter")
    plan.keyboard.press("ArrowUp")
    plan.keyboard.press("Enter")
    expect(tip).to_contain_text("水平0.00米，高差3.00米，直线3.00米")


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.night
def test_homes_whose_places_are_a_guess_are_not_measured_and_the_words_say_why(picture: Page, flat: bool) -> None:
    of(picture, f"view.plane({str(flat).lower()})")
    picture.get_by_role("button", name="测量").click()
    picture.mouse.click(*of(picture, _CORNERS)[0])
    expect(picture.locator(".sf-estate-tip")).to_contain_text("按面积推算的示意位置，不是图纸上的边界")
    assert of(picture, "view.marks.length") == 0


@pytest.mark.night
def test_a_slider_has_its_name_and_value_where_the_keyboard_is(picture: Page) -> None:
    slider = picture.get_by_role("slider", name="显示到层")
    slider.focus()
    expect(slider).to_be_focused()
    picture.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "2层")
    expect(slider).to_have_value("2")
    picture.wait_for_function("() => getElement(document.querySelector('#told').dataset.view).m.shown.cut === 2")
    expect(picture.get_by_role("slider")).to_have_count(2)
