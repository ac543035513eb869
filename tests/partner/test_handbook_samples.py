"""Every sample of the handbook, sent to a sandbox as a stranger's program sends it, gets the answer the handbook promises."""

import os
import random
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

import integrations.endpoints  # noqa: F401  (declares every endpoint)
from deploy.sandbox.test_data import SANDBOX_DAY, stand_on_its_day
from integrations.wire.exchange.relay import relays
from services.audit.jobs import sign_and_copy
from services.engine.clock import system_now
from tests.browser import Server, end, free_port, wait_until_healthy
from tests.partner.handbook import Printed, blocks_printed, printed_samples, without
from tests.partner.independent import IndependentClient, KeyPair
from tests.partner.independent import Server as Authority
from tests.partner.independent_calls import ASK_CODE, ASK_VERIFIED, CALLS, PING, VERIFY, VERIFY_HOMES, answered_in_time
from tests.ready import start
from tests.world import running_world

SAMPLES = printed_samples()
#: Where what became of a home is asked, by where it is handed in.
QUERIES = {VERIFY_HOMES.path: ASK_VERIFIED, VERIFY.path: ASK_CODE}


def test_every_block_of_the_page_is_a_message_or_its_answer() -> None:
    assert sum(1 if one.answer is None else 2 for one in SAMPLES) == blocks_printed()
    assert all(one.sender for one in SAMPLES)


def test_the_independent_client_has_a_call_for_every_endpoint() -> None:
    known = {one.path: (one.encrypted, one.changes) for one in relays()}
    assert {one.path: (one.sealed, one.keyed) for one in CALLS.values()} == known


def test_every_endpoint_that_takes_a_message_is_tried_by_a_sample() -> None:
    assert {one.path for one in SAMPLES} == set(CALLS) - {PING.path}


@pytest.mark.parametrize("later", [0, 1, 200, 1500])
def test_the_sandbox_has_its_day_on_any_day(later: int, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with running_world(sqlite_url, houses=False) as world:
        for module in [one for one in [*sys.modules.values()] if vars(one).get("system_now") is system_now]:
            monkeypatch.setattr(module, "system_now", lambda: datetime.now(UTC) + timedelta(days=later))
        # As a start does first: what was written before that day is signed.
        sign_and_copy(world.door)
        stand_on_its_day(world.door)
        assert world.door.clock.today() == SANDBOX_DAY


@dataclass
class Sandbox:
    """A running sandbox, and the partners as its page introduces them."""

    url: str
    clients: dict[str, IndependentClient]

    def answered(self, sample: Printed) -> tuple[str, object]:
        reply = CALLS[sample.path].send(self.clients[sample.sender], self.url, sample.message)
        return reply.code, without(reply.data, sample.varies) if reply.code == "0" else None


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """What the handbook says to type, in a folder of its own."""
    folder, port = tmp_path_factory.mktemp("sandbox"), free_port()
    log = Path(folder) / "sandbox.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("NICEGUI_", "PYTEST_"))}
    with log.open("wb") as output:
        arguments = ("main.py", "sandbox", "--port", str(port))
        process = start(*arguments, env=environment | {"DATA_DIR": str(folder)}, output=output)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_healthy(Server(url, process, log), seconds=600)
        yield Sandbox(url, clients_of(url))
    finally:
        end(process)


def clients_of(url: str) -> dict[str, IndependentClient]:
    """The partners with the keys that the page shows."""
    with closing(httpx.Client(trust_env=False, timeout=60)) as line:
        page = line.get(f"{url}/api/sandbox/").text
    ours, theirs = page.split('<section id="partners">')
    audience = re.search(r"X-Audience）</dt><dd><code>([^<]+)", ours)
    keys = re.findall(r"<dt>(签名|加密)公钥（([^）]+)）</dt><dd><code>(04[0-9a-f]{128})", ours)
    assert audience is not None
    signing = {kid: public for what, kid, public in keys if what == "签名"}
    ((enc_kid, enc_public),) = [(kid, public) for what, kid, public in keys if what == "加密"]
    authority = Authority(audience[1], signing, enc_kid, enc_public)
    found = {}
    for article in re.findall(r"<article>(.+?)</article>", theirs, re.DOTALL):
        app_id = re.search(r"<h3>[^<]+<code>([a-z0-9-]+)</code>", article)
        told = dict(re.findall(r"<dt>(\S+)</dt><dd><code>([^<]+)</code>", article))
        assert app_id is not None
        secrets = (KeyPair(int(told[name], 16)) for name in ("签名私钥", "加密私钥"))
        kids = told["签名密钥标识"], told["加密密钥标识"]
        found[app_id[1]] = IndependentClient(app_id[1], authority, *kids, *secrets)
    return found


@pytest.mark.night
def test_every_sample_gets_the_answer_that_is_documented_in_any_order_and_again(sandbox: Sandbox) -> None:
    again = [*SAMPLES]
    random.Random(13).shuffle(again)
    for sample in [*SAMPLES, *again]:
        wanted = sample.code, None if sample.answer is None else without(sample.answer, sample.varies)
        assert (sample.name, *sandbox.answered(sample)) == (sample.name, *wanted)


@pytest.mark.night
def test_homes_the_samples_ask_for_pass(sandbox: Sandbox) -> None:
    asked = [one for one in SAMPLES if one.path in QUERIES and one.answer is not None]
    assert len(asked) == 5
    for sample in asked:
        client = sandbox.clients[sample.sender]
        for item in CALLS[sample.path].send(client, sandbox.url, sample.message).data["items"]:
            if item["accepted"]:
                told = answered_in_time(client, sandbox.url, QUERIES[sample.path], item["request_no"])
                assert (told["state"], told["code_no"], told["reasons"]) == ("PASSED", item["code_no"], [])


@pytest.mark.night
def test_a_line_test_is_answered(sandbox: Sandbox) -> None:
    for app_id, client in sandbox.clients.items():
        reply = PING.send(client, sandbox.url, {"message": "hello"})
        assert (reply.code, reply.data["message"], reply.data["app_id"]) == ("0", "hello", app_id)
