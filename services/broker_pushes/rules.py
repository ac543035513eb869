"""J: what only a push can be wrong with; the lease itself is judged by the counter's rules.

The catalogue names no rule for a number used twice or a lease sent by two members (row 13), so these codes are ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.engine.findings import Severity
from services.engine.rule_declaration import Catalogue, Fault
from services.engine.switches import switch_each
from services.engine.thresholds import Thresholds
from services.tenancy.rules.words import CATALOGUE as TENANCY

CATALOGUE = Catalogue(Path(__file__).with_name("rules.toml"), known=TENANCY)
rule = CATALOGUE.rule


@dataclass(frozen=True)
class PushFacts:
    """Facts of our own records about the push.

    `standing` is the result of an earlier valid attempt under this number;
    `sent_by_other` and `sent_before` whether the lease exists under another member or another number.
    """

    thresholds: Thresholds
    standing: str = ""
    sent_by_other: bool = False
    sent_before: bool = False


@rule("J02", Severity.REFUSE)
def number_is_not_in_use(facts: PushFacts) -> Iterator[Fault]:
    if facts.standing:
        yield Fault("own_no", found=facts.standing)


@rule("J03", Severity.REFUSE)
def lease_is_sent_by_one_member_once(facts: PushFacts) -> Iterator[Fault]:
    if facts.sent_by_other:
        yield Fault("member_uscc")
    elif facts.sent_before:
        yield Fault("own_no", message="同一合同已用其他自编号报送，请勿重复报送")


PUSH_RULES = CATALOGUE.rules()

switch_each(PUSH_RULES)
