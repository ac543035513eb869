"""Certificates: the chain to an authority we believe, its list of revoked ones, and files of any other kind (M1, H06)."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest

from integrations.cloud_crypto.armour import pem, unarmoured
from integrations.cloud_crypto.certificates import Certificate, TrustStore
from integrations.cloud_crypto.local import LocalProvider
from integrations.cloud_crypto.local_authority import FOLDER, LocalAuthority, key_file, read_key, system_moment
from models.sealing import CryptoError

NOW = system_moment()


def test_a_fresh_certificate_is_good_and_tells_what_people_compare(tmp_path: Path) -> None:
    made = LocalAuthority(tmp_path).issue("宋岚", NOW)
    found = TrustStore(tmp_path / FOLDER).check(made.der, "sign", NOW)
    assert (found.state, found.fingerprint, found.public) == ("good", made.certificate.fingerprint, made.key.public.hex)
    assert "宋岚" in found.subject


def test_without_its_authority_nobody_is_trusted(tmp_path: Path) -> None:
    made = LocalAuthority(tmp_path).issue("a", NOW)
    assert TrustStore(tmp_path / "none").check(made.der, "sign", NOW).state == "untrusted"


def test_a_provider_believes_its_test_authority_outside_production_only(tmp_path: Path) -> None:
    made = LocalAuthority(tmp_path / "keys").issue("a", NOW)
    test = LocalProvider(tmp_path / "keys", mode="test")
    production = LocalProvider(
        tmp_path / "keys", mode="production", root_file=tmp_path / "keys" / "root.key", allow_local_crypto=True
    )
    assert test.verify_cert(made.der, "sign", NOW).state == "good"
    assert production.verify_cert(made.der, "sign", NOW).state == "untrusted"


@pytest.mark.parametrize("when", ["missing", "stale", "another's"])
def test_without_a_fresh_list_of_its_authority_a_certificate_is_not_known_to_be_good(tmp_path: Path, when: str) -> None:
    folder, made = tmp_path / FOLDER, LocalAuthority(tmp_path).issue("a", NOW)
    at = NOW
    if when == "another's":
        LocalAuthority(tmp_path / "other").issue("b", NOW)
        (folder / "authority.crl").write_bytes((tmp_path / "other" / FOLDER / "authority.crl").read_bytes())
    elif when == "missing":
        (folder / "authority.crl").unlink()
    else:
        made = LocalAuthority(tmp_path).issue("a", NOW, not_before=NOW - timedelta(days=30))
        at = NOW - timedelta(days=1)
        assert TrustStore(folder).check(made.der, "sign", at).state == "untrusted"
        return
    assert TrustStore(folder).check(made.der, "sign", at).state == "unknown"


def test_a_revocation_counts_at_once_in_a_store_that_is_open(tmp_path: Path) -> None:
    own = LocalAuthority(tmp_path)
    first, second = own.issue("a", NOW), own.issue("b", NOW)
    store = TrustStore(tmp_path / FOLDER)
    assert store.check(first.der, "sign", NOW).state == "good"
    assert own.revoke(first.certificate, NOW)
    assert store.check(first.der, "sign", NOW).state == "revoked"
    assert store.check(second.der, "sign", NOW).state == "good"
    assert not own.revoke(LocalAuthority(tmp_path / "other").issue("c", NOW).certificate, NOW)


def test_every_changed_byte_spoils_a_certificate(tmp_path: Path) -> None:
    made = LocalAuthority(tmp_path).issue("a", NOW)
    store = TrustStore(tmp_path / FOLDER)
    for place in range(0, len(made.der), 7):
        changed = bytearray(made.der)
        changed[place] ^= 1
        assert store.check(bytes(changed), "sign", NOW).state != "good", place


def test_a_certificate_of_an_unknown_version_is_no_certificate(tmp_path: Path) -> None:
    der = LocalAuthority(tmp_path).issue("a", NOW).der
    strange = der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x05", 1)
    assert strange != der
    with pytest.raises(CryptoError, match="CERT_INVALID"):
        Certificate.of(strange)


@pytest.mark.parametrize("kind", ["der", "pem", "base64"])
def test_a_certificate_is_read_in_every_form_it_is_mailed_in(tmp_path: Path, kind: str) -> None:
    der = LocalAuthority(tmp_path).issue("a", NOW).der
    content = {"der": der, "pem": pem("CERTIFICATE", der).encode(), "base64": base64.encodebytes(der)}[kind]
    assert unarmoured(content, "CERTIFICATE") == der


@pytest.mark.parametrize("junk", [b"", b"0", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"<html>", b"\x30" * 20_000])
def test_what_is_no_certificate_is_refused(junk: bytes) -> None:
    with pytest.raises(CryptoError):
        Certificate.of(junk)


def test_a_key_file_gives_its_key_back_and_nothing_else_does(tmp_path: Path) -> None:
    made = LocalAuthority(tmp_path).issue("a", NOW)
    assert read_key(key_file(made.key).encode()) == made.key
    for junk in (b"", made.der, pem("CERTIFICATE", made.der).encode()):
        with pytest.raises(CryptoError):
            read_key(junk)


def test_the_authoritys_files_are_its_owners_alone(tmp_path: Path) -> None:
    LocalAuthority(tmp_path).issue("a", NOW)
    assert {file.stat().st_mode & 0o077 for file in (tmp_path / FOLDER).iterdir()} == {0}
