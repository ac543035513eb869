"""The articles of a lease contract from its use to its last terms, with what was agreed filled in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from printing.lease_parts import LeaseContract
from printing.text import Span, filled

#: The line of the text where the table of fees is printed.
FEES = "[fees]"
_HEADING = "= "
#: What is filled in, between marks that no text has; its own line ends are no new clauses.
_FILLED = re.compile("\x02(.*?)\x03")
_LINE_END = "\x1e"


@dataclass
class Article:
    """A heading and its clauses, each a sequence of printed words; the fees stand where `FEES` is."""

    title: str
    clauses: list[list[str | Span]] = field(default_factory=list)


def articles(contract: LeaseContract) -> list[Article]:
    """Return the articles from five to the last before the signatures."""
    found: list[Article] = []
    for line in filter(None, _text().render(vars(contract)).split("\n")):
        if line.startswith(_HEADING):
            found.append(Article(line.removeprefix(_HEADING)))
        else:
            found[-1].clauses.append(list(_words(line)))
    return found


def _words(line: str) -> Iterator[str | Span]:
    for place, part in enumerate(_FILLED.split(line)):
        if part:
            yield filled(part.replace(_LINE_END, "\n")) if place % 2 else part


@cache
def _text() -> Template:
    kept = Path(__file__).with_name("lease_clauses.txt").read_text(encoding="utf-8")
    shape = Environment(undefined=StrictUndefined, trim_blocks=True, finalize=_marked)  # nosec B701 # a paper, no page  # noqa: S701
    return shape.from_string(kept)


def _marked(value: object) -> str:
    return f"\x02{str(value).replace(chr(10), _LINE_END)}\x03"
