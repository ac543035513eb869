"""Alert rules and the board of monitoring name figures that exist, and the handbook names every figure."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from services.operations.gauges import READINGS

ROOT = Path(__file__).resolve().parents[2]
MONITORING = ROOT / "deploy" / "monitoring"
_OWN = {"shenfang_door_seconds", "shenfang_door_unfinished", "shenfang_refusals", "shenfang_http_seconds"} | {
    "shenfang_http_requests",
    "shenfang_database_connections",
}


def named(expression: str) -> set[str]:
    """The figures of ours that an expression asks for, without the endings that Prometheus adds."""
    return {re.sub(r"_(bucket|count|sum|total)$", "", name) for name in re.findall(r"shenfang_\w+", expression)}


def test_every_alert_names_known_figures_and_says_what_to_do() -> None:
    (group,) = yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
    assert len(group["rules"]) >= 12
    for rule in group["rules"]:
        assert named(rule["expr"]) <= _OWN | READINGS.keys(), rule["alert"]
        assert rule["annotations"].keys() == {"summary", "action"}
        assert rule["labels"]["severity"] in {"critical", "warning"}


@pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not installed; apt-get install promtool brings it"
)
def test_each_rule_fires_when_it_should_and_not_before() -> None:
    done = subprocess.run(
        ["promtool", "test", "rules", str(MONITORING / "alerts_test.yml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_figure_has_a_label_that_prometheus_gives_itself() -> None:
    """Prometheus would rename it, and a rule by it would name the scrape instead of ours."""
    declared = (ROOT / "services/operations/gauges.py").read_text() + (ROOT / "deploy/metrics.py").read_text()
    assert re.findall(r"""\{"(?:job|instance)":""", declared) == []
    rules = (MONITORING / "alerts.yml").read_text() + (MONITORING / "grafana.json").read_text()
    assert re.findall(r"by \([^)]*\bjob\b", rules) == []


def test_the_board_draws_known_figures() -> None:
    board = json.loads((MONITORING / "grafana.json").read_text())
    drawn = {name for panel in board["panels"] for target in panel["targets"] for name in named(target["expr"])}
    assert drawn <= _OWN | READINGS.keys()
    assert READINGS.keys() - drawn <= {"shenfang_partner_key_days_left"}


def test_the_handbook_explains_every_figure() -> None:
    explained = named((ROOT / "docs/admin/monitoring.md").read_text())
    assert explained >= _OWN | READINGS.keys()
