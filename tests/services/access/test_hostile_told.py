"""Hostile cases of signing in and of passwords: one answer, one event with its reason, the password nowhere (H03, H05, H15, H16)."""

import pytest

from services.access.passwords import ChangePassword, change_password
from services.access.sign_in import UNIFORM, SignIn, sign_in
from services.engine.callers import SYSTEM
from services.engine.refusals import Refusal
from tests.certificates import issued, proof
from tests.hostile import told_once
from tests.services.access.test_sign_in import RIGHT, WRONG, account, enter, row_of
from tests.world import World


@pytest.mark.proves("H03", "H16")
@pytest.mark.parametrize(
    ("login", "password", "reason"),
    [
        ("", WRONG, "PASSWORD"),
        ("nobody-at-all", RIGHT, "UNKNOWN"),
        ("admin", "admin-admin", "UNKNOWN"),
        ("root", "root-root-1", "UNKNOWN"),
        ("' OR 1=1 --", "x' OR 'x'='x", "UNKNOWN"),
    ],
)
def test_a_failure_is_one_event_and_the_password_stands_nowhere(
    world: World, login: str, password: str, reason: str
) -> None:
    name = login or account(world)
    with told_once(world, "AUTH.FAIL", reason, never=[password]):
        assert enter(world, name, password).message == UNIFORM


@pytest.mark.proves("H04", "H05")
@pytest.mark.parametrize(("named", "reason"), [("", "CERT_NONE"), ("somebody-else", "CERT_BIND")])
def test_a_missing_or_foreign_certificate_is_one_event(world: World, named: str, reason: str) -> None:
    shown = proof(issued(named)) if named else None
    order = SignIn(account(world), RIGHT, "10.2.200.9", proof=shown)
    with told_once(world, "AUTH.FAIL", reason, never=[RIGHT]):
        assert world.door.perform(sign_in, SYSTEM, order).message == UNIFORM


@pytest.mark.proves("H15", "D01")
@pytest.mark.parametrize("password", ["short1#A", "Shenfang#2027", "qwerty#ABC123", "Zk7#vale-orbit"])
def test_a_password_that_is_refused_is_one_event_and_stands_nowhere(world: World, password: str) -> None:
    login = account(world)
    row = row_of(world, login)
    kind = "Refusal" if password == RIGHT else "Rejected"
    with told_once(world, "DATA.REFUSED", kind, never=[password, RIGHT]):
        with pytest.raises(Refusal) as refused:
            world.door.perform(change_password, world.caller(login), ChangePassword(row.id, RIGHT, password))
        assert password not in refused.value.message
    assert enter(world, login).ok
