"""Names that may be of one thing, and names that only look like it."""

import pytest

from services.engine.doubles import are_alike


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("上海申浦置业有限公司", "申浦置業（上海）有限责任公司", True),
        ("江湾晴川雅苑", "江湾晴川雅园", True),
        ("江湾晴川雅苑", "江湾新晴川雅苑", True),
        ("晴川苑一期", "晴川苑二期", False),
        ("晴川苑东区", "晴川苑西区", False),
        ("晴川苑", "晴山苑", False),
        ("上海有限公司", "上海公司", False),
        ("江湾晴川雅苑", "江湾滨江雅苑", False),
    ],
)
def test_names_are_alike_but_for_a_slip(one: str, other: str, alike: bool) -> None:
    assert are_alike(one, other) is are_alike(other, one) is alike
