"""Training rooms: they never touch what is real, and each has an address and data of its own."""

from pathlib import Path
from threading import Thread
from urllib.parse import quote

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from deploy.commands.rehearsal import MOST_ROOMS
from deploy.demo.training import Training, bind_training
from deploy.rehearsal_gateway import TrainingGateway
from integrations.gateway.assertions import TrustedGateway
from integrations.gateway.contract import HEADER
from models.access import Account
from services.engine.clock import system_now
from tests.browser import free_port
from tests.commands import run_main
from tests.world import provider, running_world


@pytest.mark.parametrize(
    ("setting", "word"),
    [
        ({"MODE": "production"}, "不得在正式环境启动"),
        ({"DATABASE_URL": "postgresql://shenfang@db01/shenfang"}, "DATABASE_URL"),
        ({"SYSTEM_URLS": "{}"}, "SYSTEM_URLS"),
    ],
)
@pytest.mark.parametrize("part", ["serve", "reset all"])
def test_rooms_are_refused_beside_what_is_real(
    tmp_path: Path, setting: dict[str, str], word: str, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.launch.started", object())
    ended = run_main(tmp_path, "rehearsal", *part.split(), **setting)
    assert (ended.code, word in ended.err) == (2, True), ended.err
    assert not (tmp_path / "rehearsal").exists()


def test_each_room_has_a_port_of_its_own_before_nginx(tmp_path: Path) -> None:
    told = run_main(tmp_path, "rehearsal", "site", "--rooms", "30", "--host", "10.1.2.3").out
    for number in range(30):
        assert f"listen {9001 + number} ssl;" in told
        assert f"proxy_pass http://127.0.0.1:{19001 + number};" in told
    assert told.count("server {") == 30


@pytest.mark.parametrize("rooms", ["0", str(MOST_ROOMS + 1)])
def test_a_number_of_rooms_has_its_limits(tmp_path: Path, rooms: str) -> None:
    assert run_main(tmp_path, "rehearsal", "site", "--rooms", rooms).code == 2


@pytest.mark.parametrize("room", ["7", "all", "../x", "x"])
def test_a_room_that_is_not_there_is_not_reset(tmp_path: Path, room: str) -> None:
    ended = run_main(tmp_path, "rehearsal", "reset", room, "--dir", str(tmp_path))
    assert (ended.code, "没有这个房间" in ended.err) == (2, True)


def test_the_gateway_says_whose_certificate_nginx_has_verified(tmp_path: Path) -> None:
    gateway = TrainingGateway(tmp_path / "gateway")
    gateway.make()
    made = dict(gateway.fingerprints())
    gateway.make()
    assert dict(gateway.fingerprints()) == made, "certificates are kept when rooms are begun again"
    assert oct(gateway.folder.stat().st_mode & 0o777) == "0o700"
    port = free_port()
    Thread(target=gateway.serve, args=(port, "shfg-rental-demo"), daemon=True).start()
    shown = x509.load_der_x509_certificate((gateway.folder / "huamu01.der").read_bytes())
    pem = quote(shown.public_bytes(Encoding.PEM).decode())
    told = {"X-Client-Verify": "SUCCESS", "X-Client-Certificate": pem, "X-Client-Address": "10.1.2.9"}
    transport = httpx.HTTPTransport(retries=5)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport, headers=told) as nginx:
        header = nginx.get("/").headers[HEADER]
        assert HEADER not in nginx.get("/", headers={"X-Client-Verify": "FAILED:self-signed"}).headers
    trusted = TrustedGateway((gateway.key.public.hex,), "gateway", "shfg-rental-demo", provider())
    believed = trusted.read(header, system_now())
    assert (believed.fingerprint, believed.address) == (made["huamu01"], "10.1.2.9")


def test_accounts_of_a_room_have_certificate_and_password(fresh_database_url: str) -> None:
    order = Training("Peixun-12345", (("huamu01", "ab" * 32), ("pudong01", "cd" * 32), ("nobody", "ef" * 32)))
    with running_world(fresh_database_url, houses=False) as world:
        assert world.act(lambda work: bind_training(work, order)) == 2
        for login, fingerprint in order.certificates[:2]:
            row = world.read(lambda work: work.find(Account, Account.login == login))  # noqa: B023
            assert row.cert_fingerprint == fingerprint
            assert world.door.house.sealer.check_password("Peixun-12345", row.password.plain)
