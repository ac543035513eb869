"""Rules of monitoring switched off and on (rows 51-54, market 4.0)."""

import pytest

from models.alerts import AlertGrade, AlertState
from tests.market_rules import switch
from tests.services.monitoring.conftest import Watching
from tests.services.monitoring.profiles import unfinished_project

pytestmark = [pytest.mark.row(52), pytest.mark.row(54)]


def test_what_a_rule_found_ends_when_it_is_switched_off_and_is_found_again_afterwards(
    watching: Watching, firm: str
) -> None:
    watching.registry(firm, pledged="30")
    watching.night(days=1)
    assert watching.alert(firm, "SUB-10").state is AlertState.OPEN
    switch(watching.world, "SUB-10", False)
    try:
        watching.night(days=1)
        assert watching.alert(firm, "SUB-10").state is AlertState.RESOLVED
    finally:
        switch(watching.world, "SUB-10", True)
    watching.night(days=1)
    assert [alert.state for alert in watching.alerts(firm, "SUB-10")] == [AlertState.RESOLVED, AlertState.OPEN]


def test_a_change_seen_while_its_rule_is_off_is_kept_and_not_taken_for_undone(watching: Watching, firm: str) -> None:
    watching.registry(firm, legal_rep="贺知秋")
    watching.night(days=1)
    switch(watching.world, "SUB-07", False)
    try:
        watching.night(days=1)
        assert watching.alert(firm, "SUB-07").state is AlertState.RESOLVED
        watching.registry(firm, legal_rep="严文清")
        watching.night(days=1)
    finally:
        switch(watching.world, "SUB-07", True)
    watching.night(days=1)
    assert len(watching.alerts(firm, "SUB-07")) == 1
    assert [change.undone_on for change in watching.changes(firm) if change.field_path == "legal_rep"] == [None, None]


def test_without_the_rule_of_unfinished_projects_nothing_goes_a_grade_up(watching: Watching, firm: str) -> None:
    watching.world.act(lambda work: work.add(unfinished_project(watching.id(firm))))
    watching.registry(firm, legal_rep="沈听澜")
    switch(watching.world, "SUB-18", False)
    try:
        watching.night(days=1)
        assert watching.alert(firm, "SUB-07").grade is AlertGrade.YELLOW
    finally:
        switch(watching.world, "SUB-18", True)
