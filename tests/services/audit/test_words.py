"""Every code the audit may show has a Chinese name."""

import re

import pytest

import services.everything  # noqa: F401
from services.audit.words import EVENTS, act_label, event_label, kind_label, roles_label
from services.engine.outbox import ROUTES
from services.engine.registry import ACTIONS
from tests.browser import ROOT

_TOLD = re.compile(r'(?:tell|tell_of|told_by)\([^()]*?"([A-Z]+\.[A-Z]+)"', re.DOTALL)
_RAISED = re.compile(r'"([A-Z]+\.[A-Z_]+)"')
_CHANGED = re.compile(r'\bchange\(work,[^()]*?"([a-z_]+\.[a-z_]+)"\)')
_EVERY = [path.read_text() for folder in ("services", "ui", "integrations") for path in (ROOT / folder).rglob("*.py")]


def test_every_event_that_is_told_has_a_name() -> None:
    told = {code for source in _EVERY for code in _TOLD.findall(source)}
    told |= {action.event for action in ACTIONS.values() if action.event}
    assert {"AUTH.LOGIN", "DATA.STATE", "INTEGRITY.FAIL"} <= told
    assert sorted(told - set(EVENTS)) == []


def test_every_alarm_and_every_change_of_rights_has_a_name() -> None:
    raised = {code for source in _EVERY for code in _RAISED.findall(source)}
    changed = {act for source in _EVERY for act in _CHANGED.findall(source)}
    assert {"DIRECTPAY.ACK", "AUDIT.COPY", "KEY.EXPIRY"} <= raised
    assert {"partners.enrol", "companies.admit"} <= changed
    assert sorted(code for code in raised | changed if act_label(code) == code and not code.startswith("demo.")) == []


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        (act_label("integrity.release"), "解除锁定"),
        (act_label("backup.daily"), "每日备份"),
        (act_label("rows"), "记录版本登记"),
        (act_label("see"), "接手处置"),
        (act_label("DIRECTPAY.STUCK"), "终止审核超时"),
        (event_label("SESS.KICK"), "会话终止"),
        (event_label("NEW.CODE"), "NEW.CODE"),
        (kind_label("lease_filing"), "租赁备案"),
        (kind_label("unit"), "机构"),
        (roles_label("AUDITOR,SYS_ADMIN"), "审计管理员、系统管理员"),
        (roles_label(""), ""),
    ],
)
def test_codes_are_shown_by_their_names(shown: str, name: str) -> None:
    assert shown == name


def test_every_message_sent_out_has_a_name_in_chinese() -> None:
    # A test before this one may have sent messages of its own.
    ours = [operation for (_, operation), one in ROUTES.items() if one.deliver.__module__.startswith("services.")]
    assert ours
    assert [operation for operation in ours if act_label(operation) == operation] == []
