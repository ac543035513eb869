"""Texts: of a line, of several lines, and the code of a district."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from models.identity import check_credit_code
from models.normal import clean_name, clean_text, digits_and_letters, normal_building_no, normal_number
from models.places_data import district, districts
from models.sealed import SealedType
from services.engine.field_types.field import Field, Names, Shown
from services.engine.field_types.filters import Part, Test
from services.engine.refusals import Rejected
from services.engine.search_terms import WRONG, search_word

_LONGEST = 20_000
_WIDEST = 2_000
_NUMBERED = re.compile(r"(^|_)(no|nos|code|codes|uscc)$")


class Text(Field, sql=(sa.String, SealedType)):
    """A text of one line; numbers of papers and companies are distinguished from words by the name of the column."""

    free = True
    sheet_width = 22
    child_width = 120

    def _read(self, typed: Any) -> str | None:
        text = str(typed)
        most = self.most or _WIDEST
        if _NUMBERED.search(self.name) or self.mask in {"id", "cert"}:
            text = normal_number(text)
        else:
            text = digits_and_letters(text)
        if self.mask == "name":
            return clean_name(text, most) or None
        return clean_text(text, most) or None

    def test(self, wanted: Any) -> Test:
        values = list(wanted) if isinstance(wanted, tuple | list | set | frozenset) else [wanted]
        if len(values) > 1:
            raise Rejected(WRONG)
        return Part(self, as_kept(str(values[0])))


class LongText(Text, sql=sa.Text):
    """A text of several lines, as long as people write."""

    control = "lines"
    sheet_width = 40
    child_width = 200

    def _read(self, typed: Any) -> str | None:
        return clean_text(str(typed), _LONGEST, multiline=True) or None


class District(Text, sql=sa.String, info={"holds": "district"}):
    """The code of a district of the city, shown by its name."""

    control = "choice"
    asked = "choice"
    several = True
    filter_width = 170

    def options(self) -> Mapping[str, str]:
        return {one.code: one.name for one in districts()}

    def _shown(self, value: Any, names: Names) -> Shown:
        known = district(str(value))
        return known.name if known else str(value)

    def test(self, wanted: Any) -> Test:
        return Field.test(self, wanted)

    def _chosen(self, typed: Any) -> str:
        return search_word(str(typed), 6)


class BuildingNo(Text, sql=sa.String, info={"holds": "building_no"}):
    """The number of a building or a unit work, in one spelling."""

    sheet_width = 12
    child_width = 90

    def _read(self, typed: Any) -> str | None:
        return clean_text(normal_building_no(str(typed)), self.most) or None

    def test(self, wanted: Any) -> Test:
        return super().test(normal_building_no(wanted) if isinstance(wanted, str) else wanted)


class CreditCode(Text, sql=sa.String, info={"holds": "credit_code"}):
    """The unified social credit code of a company, with its check."""

    sheet_width = 20

    def wrong(self, value: Any, values: Mapping[str, Any], today: date) -> str:
        problem = check_credit_code(value).problem
        return f"{self.label}：{problem.sentence.rstrip('。')}" if problem else ""


def as_kept(text: str) -> str:
    """A word that is looked for, in the form in which texts are kept."""
    return search_word(digits_and_letters(text))
