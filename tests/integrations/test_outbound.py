"""Where we connect to: nothing inward, whatever the address is spelled like or the name resolves to (H63)."""

import socket
import subprocess
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from integrations.police.client import PoliceClient
from integrations.wire.client import Timeout
from integrations.wire.outbound import BadAddress, GuardedTransport, Outbound, Outside, trusted
from services.ports.answers import Answer, PersonQuestion, SamePerson
from tests.integrations.tables import CHEN
from tests.integrations.test_wire import JSON, said, server

TEST = Outbound.of_mode("test")
PRODUCTION = Outbound.of_mode("production")
LISTED = Outbound.of_mode("production", "10.20.0.0/16, 192.168.7.9/32")
#: A network of this machine that the tests count as public: nothing leaves it.
HERE = "127.0.0.0/8"


def ask(url: str, policy: Outbound = TEST) -> Answer[SamePerson]:
    client = PoliceClient(url, Outside(policy), Timeout(connect=0.5, read=0.5))
    try:
        return client.same_person(PersonQuestion(CHEN[0], "11", CHEN[1]))
    finally:
        client.close()


@pytest.mark.proves("H63")
@pytest.mark.parametrize(
    "url",
    [
        "http://partner.example.com/api",
        "ftp://partner.example.com",
        "https://",
        "https://user@partner.example.com",
        "https://user:secret@partner.example.com",
        "https://partner.example.com/?to=x",
        "https://partner.example.com/#x",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://0/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fe80::1%25eth0]/",
        "https://[fd00::1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://127.0.0.1./",
        "https://exa mple.com/",
        "https://partner.example.com\\@127.0.0.1/",
        "https://partner.example.com:0/",
        "https://１２７.0.0.1/",
        " https://partner.example.com/",
        "https://[::1",
    ],
)
def test_an_address_that_leads_inward_cannot_be_set_h63(url: str) -> None:
    with pytest.raises(BadAddress):
        PRODUCTION.check_url(url)


@pytest.mark.parametrize(
    "url", ["https://partner.example.com/api/v1", "https://partner.example.com:8443", "https://8.8.8.8"]
)
def test_a_public_address_over_tls_can_be_set(url: str) -> None:
    PRODUCTION.check_url(url)


def test_a_listed_network_of_the_house_can_be_set_and_its_neighbours_cannot() -> None:
    LISTED.check_url("https://10.20.3.4/police")
    LISTED.check_url("https://[::ffff:10.20.3.4]/police")
    for url in ("https://10.21.3.4/", "https://192.168.7.8/", "http://10.20.3.4/"):
        with pytest.raises(BadAddress):
            LISTED.check_url(url)
    with pytest.raises(BadAddress):
        Outbound.of_mode("production", "10.20.0.0/99")


def test_only_hosts_on_the_list_can_be_set_where_there_is_one() -> None:
    policy = Outbound(hosts=frozenset({"a.example.com"}))
    policy.check_url("https://a.example.com/")
    with pytest.raises(BadAddress):
        policy.check_url("https://b.example.com/")


def test_demo_calls_loopback_without_tls_and_nothing_else() -> None:
    demo = Outbound.of_mode("demo")
    demo.check_url("http://127.0.0.1:8081/police")
    for url in ("http://8.8.8.8/", "http://10.0.0.1/", "https://10.0.0.1/"):
        with pytest.raises(BadAddress):
            demo.check_url(url)


@pytest.mark.proves("H63")
@pytest.mark.parametrize(
    "resolved", [["127.0.0.1"], ["93.184.216.34", "10.0.0.5"], ["::1"], ["169.254.169.254"], ["::ffff:10.0.0.5"]]
)
def test_a_name_that_resolves_inward_is_not_connected_to_h63(
    monkeypatch: pytest.MonkeyPatch, resolved: list[str]
) -> None:
    asked: list[str] = []

    def answers(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in resolved]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    answer = ask("https://partner.example.com", PRODUCTION)
    assert (answer.silent, answer.note.partition("：")[0], asked) == (True, "地址不允许访问", ["partner.example.com"])


@pytest.mark.proves("H63")
def test_a_name_is_resolved_once_and_that_address_connected_to_h63(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS changes right after the check: the second answer is never asked for."""
    resolutions: list[str] = []
    real = socket.getaddrinfo

    def changing(host: str, port: int, *args: Any, **named: Any) -> list[Any]:
        if host != "partner.example.com":
            return real(host, port, *args, **named)
        resolutions.append(host)
        address = "127.0.0.1" if len(resolutions) == 1 else "127.0.0.99"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    policy = Outbound.of_mode("production", HERE)
    with server((200, JSON, said())) as url:
        port = int(url.rpartition(":")[2])
        with httpx.Client(transport=GuardedTransport(policy, httpx.Limits()), trust_env=False) as client:
            reply = client.post(f"http://partner.example.com:{port}/", json={"lsh": "1" * 12})
    assert (reply.status_code, len(resolutions)) == (200, 1)
    assert reply.request.headers["host"] == f"partner.example.com:{port}"


@pytest.mark.proves("H63")
@pytest.mark.parametrize("inward", ["http://127.0.0.1:9/", "http://169.254.169.254/", "//127.0.0.1:9/"])
def test_a_redirect_is_not_followed_h63(inward: str) -> None:
    with server((302, {"Location": inward}, b"")) as url:
        assert ask(url).note == "对方返回状态302"


@pytest.mark.proves("H63")
def test_no_proxy_of_the_environment_reads_what_we_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with server((200, JSON, said())) as url:
        assert not ask(url).silent


@pytest.mark.proves("H64")
def test_a_reply_whose_head_drips_is_given_up_h64() -> None:
    """Every byte comes in time, the whole never: connect and read together are the limit."""
    listening = socket.create_server(("127.0.0.1", 0))
    gone: list[bool] = []

    def drip() -> None:
        line, _ = listening.accept()
        with line:
            line.settimeout(0.05)
            line.send(b"HTTP/1.1 200 OK\r\n")
            while not gone:
                try:
                    line.send(b"X")
                    if line.recv(65536) == b"":
                        gone.append(True)
                except TimeoutError:
                    continue
                except OSError:
                    gone.append(True)

    thread = Thread(target=drip)
    thread.start()
    try:
        answer = ask(f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        thread.join()
        listening.close()
    assert (answer.note, answer.milliseconds < 3000) == ("超时", True)


def test_what_hides_another_address_counts_as_what_it_hides() -> None:
    assert PRODUCTION.allows(ip_address("::ffff:8.8.8.8"))
    assert not PRODUCTION.allows(ip_address("::ffff:10.0.0.1"))
    assert not PRODUCTION.allows(ip_address("2001:0:4136:e378:8000:63bf:3fff:fdd2"))


def test_an_authority_of_the_hosts_own_store_is_trusted_beside_the_public_ones(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "ca.pem"
    make = (
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=closed-network -addext basicConstraints=critical,CA:TRUE"
    )
    subprocess.run(
        ["openssl", *make.split(), "-keyout", tmp_path / "key.pem", "-out", own], check=True, capture_output=True
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    trusted.cache_clear()
    found = trusted().get_ca_certs()
    trusted.cache_clear()
    assert any((("commonName", "closed-network"),) in one["subject"] for one in found)
    assert len(found) > 50
