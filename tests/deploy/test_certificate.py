"""`main.py certificate`: issue, sign, bind, revoke, as an operator types them (M1)."""

import base64
from argparse import ArgumentParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import col, select

from deploy.commands import certificate
from integrations.cloud_crypto import sm2
from integrations.cloud_crypto.local_authority import read_key
from integrations.cloud_crypto.provider import signature_bytes
from models.audit import AuditEvent
from services.access.factors import CertificateProof, new_challenge, unarmoured
from services.access.sign_in import SignIn, sign_in
from services.engine.callers import SYSTEM
from services.engine.clock import system_now
from services.engine.refusals import NotFound
from tests.world import World, key_folder, running_world, sealer


def type_in(settings: Any, *words: str, house: Any = None) -> int:
    parser = ArgumentParser()
    certificate.arguments(parser)
    return certificate.run(settings, parser.parse_args(words), lambda _: house)


@pytest.fixture
def settings(tmp_path: Path) -> SimpleNamespace:
    return SimpleNamespace(mode="test", data_dir=tmp_path, key_dir=key_folder())


def test_a_challenge_is_signed_with_an_issued_key(
    settings: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(settings, "issue", "huamu01") == 0
    key_path = tmp_path / "certificates" / "huamu01.key"
    assert key_path.stat().st_mode & 0o077 == 0
    challenge = new_challenge_text()
    capsys.readouterr()
    assert type_in(settings, "sign", challenge, "--key", str(key_path)) == 0
    signed = capsys.readouterr().out.strip()
    key = read_key(key_path.read_bytes())
    assert sm2.verify(key.public, challenge.encode(), signature_bytes(signed))


def new_challenge_text() -> str:
    return f"shfg-login.{'a' * 43}.1795485600.{'0' * 32}"


@pytest.mark.parametrize("text", ["我同意转账", "", "shfg-login." + "x" * 300])
def test_only_a_challenge_is_signed(
    settings: SimpleNamespace, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(settings, "issue", "a1")
    capsys.readouterr()
    assert type_in(settings, "sign", text, "--key", str(tmp_path / "certificates" / "a1.key")) == 2
    assert capsys.readouterr().out == ""


def test_production_issues_no_test_certificates(settings: SimpleNamespace) -> None:
    settings.mode = "production"
    assert type_in(settings, "issue", "huamu01") == 2
    assert not (settings.data_dir / "certificates").exists()


@pytest.mark.parametrize("login", ["../x", "a/b", "a\nb", ""])
def test_a_login_that_is_a_path_is_refused(settings: SimpleNamespace, login: str) -> None:
    assert type_in(settings, "issue", login) == 2


def test_files_that_are_missing_or_no_certificates_are_told_in_a_sentence(
    settings: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "junk.cer").write_text("junk")
    assert type_in(settings, "show", "--cert", str(tmp_path / "none.cer")) == 2
    assert type_in(settings, "revoke", "--cert", str(tmp_path / "junk.cer")) == 2
    assert "文件" in capsys.readouterr().err


def last_failure(world: World) -> str:
    told = select(AuditEvent.body).where(AuditEvent.event == "AUTH.FAIL").order_by(col(AuditEvent.seq).desc()).limit(1)
    body: str = world.read(lambda work: work.session.exec(told).one())
    return body


@pytest.fixture(scope="module")
def world(database_url: str) -> Any:
    with running_world(database_url, houses=False) as running:
        yield running


@pytest.mark.proves("M1", "D05")
def test_an_administrators_first_certificate_is_bound_at_the_host(
    world: World, settings: SimpleNamespace, tmp_path: Path
) -> None:
    house = SimpleNamespace(door=world.door, close=lambda: None)
    type_in(settings, "issue", "anquan01")
    folder = tmp_path / "certificates"
    assert type_in(settings, "bind", "anquan01", "--cert", str(folder / "anquan01.cer"), house=house) == 0
    key, der = read_key((folder / "anquan01.key").read_bytes()), unarmoured((folder / "anquan01.cer").read_bytes())
    challenge = new_challenge(sealer(), system_now())
    proof = CertificateProof(challenge, der, base64.b64encode(sm2.sign(key, challenge.encode())).decode())
    order = SignIn("anquan01", "not the password", "127.0.0.1", proof=proof)
    assert not world.door.perform(sign_in, SYSTEM, order).ok
    # The certificate is the right one: what is wrong is the password.
    assert '"rsn":"PASSWORD"' in last_failure(world)
    assert type_in(settings, "bind", "anquan01", "--cert", str(folder / "anquan01.cer"), house=house) == 0
    with pytest.raises(NotFound):
        type_in(settings, "bind", "huamu01", "--cert", str(folder / "anquan01.cer"), house=house)
