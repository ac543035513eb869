"""A typed document number is refused when it is mistyped, and never for what another kind of number looks like."""

import pytest

from models.identity import credit_check_character
from services.access.matches import whole_number
from services.engine.refusals import Rejected


def test_a_mistyped_number_of_a_person_is_refused() -> None:
    assert whole_number("310101199901010018") == "310101199901010018"
    with pytest.raises(Rejected, match="校验不通过"):
        whole_number("310101199901010019")


def test_no_sound_code_of_a_company_is_taken_for_a_mistyped_person() -> None:
    """Of 奉贤, 310120, a code of digits alone may begin a year where a birthday stands."""
    tried = 0
    for place in range(1000):
        first = f"91310120010101{place:03d}"
        code = first + credit_check_character(first)
        if code.isdigit():
            tried += 1
            assert whole_number(code) == code
    assert tried > 100
