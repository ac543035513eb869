"""A parameter says where it is used, and to which area it belongs."""

import services.everything  # noqa: F401  all areas are there
from services.engine.kinds import KINDS
from services.engine.parameter_uses import uses_by_key
from services.engine.rule_fields import sentences_by_field, sentences_of
from services.engine.thresholds import AREAS, DECLARED
from services.tenancy.rules.catalogue import FILING_RULES

#: So many parameters are read through values a reader of the code alone would find too.
_UNFOUND = 60


def test_a_parameter_names_the_rules_that_read_it() -> None:
    uses = uses_by_key()
    assert uses["filing.min_days"] == ("规则 T03 租期不少于三十日",)
    assert uses["monitoring.line_debt"] == ("规则 SUB-13",)
    assert uses["rule.SUB-13.on"] == ("规则 SUB-13",)
    assert "提交备案" in uses["filing.deadline_days"]
    assert sum(not told for told in uses.values()) <= _UNFOUND


def test_every_parameter_belongs_to_a_named_area() -> None:
    assert {threshold.area for threshold in DECLARED.values()} == set(AREAS)


def test_a_field_knows_what_its_rules_ask_of_it() -> None:
    asked = sentences_of("project")
    assert "项目资本金大于总投资，请核对" in asked["project_capital"]
    assert "项目资本金大于总投资，请核对" in asked["total_investment"]
    assert "租金与周边水平差异较大，请核对" in sentences_by_field(FILING_RULES, {"rent"})["rent"]
    assert all(set(sentences_of(name)) <= {field.name for field in kind.fields} for name, kind in KINDS.items())
