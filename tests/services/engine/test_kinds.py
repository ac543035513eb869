"""The declaration of a kind stays one a newcomer can read."""

from dataclasses import fields

from services.engine.kinds import Kind


def test_a_kind_has_at_most_sixteen_fields() -> None:
    """What comes next belongs into one of its parts."""
    assert len(fields(Kind)) <= 16
