"""Working papers spell what no font has."""

from dataclasses import dataclass

from printing.spelling import drawn, spelt


@dataclass(frozen=True)
class Inner:
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Page:
    name: str
    inner: Inner
    count: int = 3
    more: Inner | None = None


def test_only_what_cannot_be_printed_is_spelt_wherever_it_stands() -> None:
    page = Page("星光🏠家园\n二期", Inner((("甲", "ا"), ("𰻞", "plain"))))
    assert spelt(page) == Page("星光〔U+1F3E0〕家园\n二期", Inner((("甲", "〔U+0627〕"), ("𰻞", "plain"))))


def test_a_page_that_can_be_drawn_is_drawn_as_it_is() -> None:
    seen = []

    def render(page: Page) -> bytes:
        seen.append(page)
        return page.name.encode()

    page = Page("〔U+0041〕家园", Inner(()))
    assert drawn(render, page) == page.name.encode()
    assert seen == [page]
