"""The rules of monitoring: pure, facts in, signs out (market 4.1). A rule not named here never raises an alert."""

from collections.abc import Callable, Iterator, Mapping

from services.alerts.signs import Sign
from services.monitoring.rules.money import contributions_are_paid, debts_are_paid, lines_are_kept
from services.monitoring.rules.papers import company_is_filed, qualification_is_valid
from services.monitoring.rules.registered import (
    capital_stands,
    changes_are_in_time,
    company_exists,
    head_holds_its_share,
    holders_stand,
    representative_stands,
    shares_are_free,
)
from services.monitoring.watched import WatchFacts

Check = Callable[[WatchFacts], Iterator[Sign]]

#: They run on what we keep ourselves, whether the registry answers or not.
OWN_RULES: Mapping[str, Check] = {
    "SUB-04": qualification_is_valid,
    "SUB-05": company_is_filed,
    "SUB-13": lines_are_kept,
    "SUB-14": debts_are_paid,
}
#: They run on the registry's answer; while it is silent their findings stay as they are.
REGISTRY_RULES: Mapping[str, Check] = {
    "SUB-07": representative_stands,
    "SUB-08": holders_stand,
    "SUB-09": changes_are_in_time,
    "SUB-10": shares_are_free,
    "SUB-11": company_exists,
    "SUB-12": capital_stands,
    "SUB-15": contributions_are_paid,
    "SUB-16": head_holds_its_share,
}
#: They compare with an earlier answer: of these an open alert keeps the answer it began from.
COMPARING = frozenset({"SUB-07", "SUB-08", "SUB-12"})
#: One grade up where the company has an unfinished project (SUB-18).
GRAVER_WITH_PROJECT = frozenset(
    {"SUB-07", "SUB-08", "SUB-09", "SUB-10", "SUB-11", "SUB-12", "SUB-13", "SUB-14", "SUB-15", "SUB-16"}
)
