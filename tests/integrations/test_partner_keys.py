"""The keys simulators of partners hold: kept in the demo, published in the sandbox, believed nowhere in production."""

from pathlib import Path

import pytest

from integrations.cloud_crypto.local import LocalProvider
from integrations.cloud_crypto.partner_keys import kept_keys, sandbox_keys
from integrations.cloud_crypto.provider import peer_key
from integrations.cloud_crypto.published_keys import SANDBOX_APPS
from integrations.wire.exchange.envelopes import open_envelope, seal_envelope
from models.sealing import CryptoError

MID = "9b2f6a1e-0c55-4d2b-8a77-1f2e3d4c5b6a"


def test_a_sandbox_partner_has_the_same_keys_everywhere() -> None:
    assert sandbox_keys("gjj-center").sig_public == sandbox_keys("gjj-center").sig_public
    assert len({sandbox_keys(app).sig_public for app in SANDBOX_APPS}) == len(SANDBOX_APPS)


@pytest.mark.parametrize("app", SANDBOX_APPS)
def test_production_believes_no_sandbox_key(app: str) -> None:
    keys = sandbox_keys(app)
    for public in (keys.sig_public, keys.enc_public):
        assert peer_key(public, "test").hex == public
        with pytest.raises(CryptoError, match="KEY_STATE"):
            peer_key(public, "production")


def test_a_kept_key_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    first = kept_keys(tmp_path / "partners", "qy-huyu")
    assert kept_keys(tmp_path / "partners", "qy-huyu").sig_public == first.sig_public
    assert kept_keys(tmp_path / "others", "qy-huyu").sig_public != first.sig_public
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "partners").iterdir()} == {0o600}


def test_an_envelope_goes_both_ways(tmp_path: Path) -> None:
    ours, theirs = LocalProvider(tmp_path, mode="test"), sandbox_keys("gjj-center")
    to_us = theirs.seal(ours.public_key("enc.api"), "enc.api.1", "shfg", MID, b"{}")
    assert open_envelope(ours, to_us, "gjj-center", "shfg") == b"{}"
    to_them = seal_envelope(ours, theirs.enc_public, theirs.enc_kid, "shfg", "gjj-center", MID, b"[]")
    assert theirs.open(to_them, "shfg") == b"[]"
