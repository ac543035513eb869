"""Security labels (安全标记): what a record carries and what a person is cleared for (security.md D08)."""

from models.codes import Code
from models.columns import code


class Label(Code):
    """Security labels, lowest first; reading needs a clearance at least as high."""

    PUBLIC = "PUBLIC", "公开"
    INTERNAL = "INTERNAL", "内部"
    SENSITIVE = "SENSITIVE", "敏感"
    HIGH = "HIGH", "高敏"

    @property
    def height(self) -> int:
        return list(Label).index(self)


class Labelled:
    """A table whose rows carry a label of their own; `work.visible` hides those above the caller's clearance."""

    label: Label = code(Label, "安全标记", Label.INTERNAL)


def readable(clearance: Label) -> list[Label]:
    """Return the labels that this clearance may read."""
    return [label for label in Label if label.height <= clearance.height]
