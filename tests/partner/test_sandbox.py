"""The sandbox's page: keys, samples, faults and exchanges, in Chinese; nothing of it exists elsewhere."""

import re
from argparse import Namespace
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

import integrations.endpoints  # noqa: F401  (declares every endpoint)
from deploy.commands.sandbox import run
from deploy.demo.firms import load_firms
from deploy.demo.partners import load_partners
from deploy.partners import acquaint, introduced, product_end, sandbox_routers
from deploy.sandbox.calls import CALLS
from deploy.sandbox.router import Sandbox, vectors
from deploy.settings import Settings
from integrations.cloud_crypto.partner_keys import PartnerKeys
from integrations.wire.exchange.relay import relays
from models.partners import Partner, PartnerKey, PartnerKeyState
from services.access.access_list_signature import sign_pending
from services.engine.callers import SYSTEM
from services.partners.partner_cache import believed
from tests.deploy.trees import no_house
from tests.partner.independent import IndependentClient, KeyPair, Server, Signed
from tests.partner.rig import serve
from tests.world import World, running_world


@pytest.fixture(scope="module")
def world(sqlite_url: str) -> Iterator[World]:
    with running_world(sqlite_url, houses=False) as running:
        running.door.perform(load_firms, SYSTEM, None)
        running.door.perform(load_partners, SYSTEM, introduced(running.simulators))
        sign_pending(running.door)
        yield running


@pytest.fixture(scope="module")
def page(world: World) -> Iterator[TestClient]:
    """The sandbox over an API of its own."""
    node, _ = serve(world.door, watch=CALLS.see)
    product = product_end(world.door.house, node.url)
    world.simulators.connect(product)
    app = FastAPI(openapi_url=None)
    app.include_router(Sandbox(world.door, world.simulators, product).router())
    with TestClient(app) as client:
        yield client
    node.stop()


def test_the_page_shows_keys_endpoints_and_samples(page: TestClient, world: World) -> None:
    told = page.get("/api/sandbox/").text
    fund = world.simulators.partners["gjj-center"].keys
    for wanted in ("申房对接沙箱", fund.sig_public, fund.enc_kid, "/api/v1/direct-pay/bills", "整月账单", "停机两小时"):
        assert wanted in told
    assert "font-face" in page.get("/api/sandbox/page.css").text


def test_the_vectors_are_those_of_the_handbook(page: TestClient) -> None:
    shown = dict(vectors())
    assert any(text.startswith("SM2-SM3-V1\nPOST") for text in shown.values())
    assert any(text.startswith('{"v":1') and len(text) == 580 for text in shown.values())
    assert "8f14e45fceea167a5a36dedd4bea2543" in page.get("/api/sandbox/").text


def test_a_sample_is_sent_by_its_partner_and_shown_with_its_answer(page: TestClient) -> None:
    order = {"app_id": "gjj-center", "act": "sample:provident_fund/mandate_with_money_as_a_number"}
    told = page.post("/api/sandbox/act", data=order).text
    assert "E1017" in told
    assert "&#34;monthly_rent&#34;: 4200" in told or "monthly_rent" in told


@pytest.mark.parametrize("fault", ["slow", "down", "half", "badsig", "badnonce", "error"])
def test_a_fault_is_ordered_shown_and_healed(page: TestClient, world: World, fault: str) -> None:
    desk = world.simulators.partners["qy-huyu"].desk
    page.post("/api/sandbox/act", data={"app_id": "qy-huyu", "act": f"fault:{fault}"})
    assert len(desk.orders) == 1
    page.post("/api/sandbox/act", data={"app_id": "qy-huyu", "act": "heal"})
    assert desk.orders == []


@pytest.mark.parametrize("kind", ["twice", "shuffled", "deaf", "forged"])
def test_mischief_is_switched_on_and_off(page: TestClient, world: World, kind: str) -> None:
    partner = world.simulators.partners["qy-tuju"]
    page.post("/api/sandbox/act", data={"app_id": "qy-tuju", "act": f"mischief:{kind}"})
    assert getattr(partner.mischief, kind)
    page.post("/api/sandbox/act", data={"app_id": "qy-tuju", "act": f"mischief:{kind}"})
    assert not getattr(partner.mischief, kind)


def test_every_gesture_tells_in_chinese_what_came_of_it(page: TestClient, world: World) -> None:
    for app_id, partner in world.simulators.partners.items():
        for gesture in partner.gestures():
            told = page.post("/api/sandbox/act", data={"app_id": app_id, "act": f"do:{gesture}"}).text
            assert "没有完成" not in told
            assert 'class="told"' in told


def test_a_picture_in_an_answer_is_named_and_not_spelled_out(page: TestClient) -> None:
    for gesture in ("报送一名人员", "查询最近一张卡"):
        page.post("/api/sandbox/act", data={"app_id": "broker-assoc", "act": f"do:{gesture}"})
    assert "（图片，共" in page.get("/api/sandbox/").text


def test_a_button_nobody_has_is_answered_kindly(page: TestClient) -> None:
    for order in ({"app_id": "nobody", "act": "heal"}, {"app_id": "qy-huyu", "act": "do:飞行"}):
        answer = page.post("/api/sandbox/act", data=order)
        assert answer.status_code == 200
        assert 'class="told"' in answer.text


def test_a_developers_own_address_and_key_take_the_simulators_place(page: TestClient, world: World) -> None:
    other = world.simulators.partners["broker-assoc"].keys.sig_public
    order = {"app_id": "qy-jiangpan", "url": "http://127.0.0.1:9000", "sig_kid": "my-key-1", "sig": other}
    assert "推送改送" in page.post("/api/sandbox/register", data=order).text
    sign_pending(world.door)
    found = world.read(lambda work: believed(work.session, "qy-jiangpan"))
    assert found.row.base_url == "http://127.0.0.1:9000"
    assert [key.kid for key in found.keys if key.state is PartnerKeyState.ACTIVE and key.kid == "my-key-1"]
    told = page.post("/api/sandbox/register", data={**order, "sig_kid": "my-key-2", "sig": "04" + "0" * 128}).text
    assert "公钥须为04开头" in told


def test_a_developers_refused_call_is_shown_with_the_text_to_sign_beside_his(page: TestClient, world: World) -> None:
    address = re.search(r"<code>(http://127.+?)/api/v1</code>", page.get("/api/sandbox/").text)
    assert address is not None
    product, keys = product_end(world.door.house, address[1]), world.simulators.partners["qy-tuju"].keys
    assert isinstance(keys, PartnerKeys)
    server = Server(product.audience, {}, *product.encryption_key())
    own = IndependentClient("qy-tuju", server, keys.sig_kid, keys.enc_kid, KeyPair(int(keys.secrets["sig"], 16)))
    sent = own.request("/api/v1/direct-pay/acks", {"kind": "ENTRUSTMENT", "number": "WT1"}, key="sandbox-0001")
    # As of a program that signs a path without its root.
    wrong = own.request(
        "/direct-pay/acks", {"kind": "ENTRUSTMENT", "number": "WT1"}, key="sandbox-0001", body=sent.body
    )
    signed = dict(wrong.headers)
    for request in (sent, Signed("POST", sent.target, wrong.headers, sent.body)):
        httpx.post(product.url + request.target, content=request.body, headers=dict(request.headers), trust_env=False)
    right, refused = CALLS.kept[1], CALLS.kept[0]
    assert (right.code, refused.code) == ("E1018", "E1006")
    shown = page.get("/api/sandbox/").text
    assert refused.request_id in shown
    assert signed["X-Nonce"] in shown
    theirs = refused.canonical.replace("/api/v1/direct-pay/acks", "/direct-pay/acks")
    told = page.post("/api/sandbox/compare", data={"request_id": refused.request_id, "text": theirs}).text
    assert "第4行（路径）应为“/api/v1/direct-pay/acks”，您的是“/direct-pay/acks”" in told
    whole = page.post("/api/sandbox/compare", data={"request_id": right.request_id, "text": right.canonical}).text
    assert "逐字节一致" in whole
    page.post("/api/sandbox/act", data={"app_id": "gjj-center", "act": "sample:provident_fund/filing_by_number"})
    made = world.simulators.partners["gjj-center"].exchanges[-1].headers["X-Nonce"]
    # The simulators' calls are among the newest exchanges, not among the developer's.
    assert made in {one.nonce for one in CALLS.kept}
    assert made not in {one.nonce for one in CALLS.but([made])}


def test_the_schema_says_what_each_endpoint_answers(page: TestClient) -> None:
    told = page.get("/api/sandbox/openapi.json").json()
    for path in told["paths"].values():
        content = path["post"]["responses"]["200"]["content"]["application/json"]["schema"]
        named = content["properties"]["data"]["$ref"].rpartition("/")[2]
        fields = told["components"]["schemas"][named]["properties"]
        assert fields
        assert all("$ref" in one or one.get("title") for one in fields.values())


def test_the_schema_names_every_endpoint(page: TestClient) -> None:
    told = page.get("/api/sandbox/openapi.json").json()
    assert set(told["paths"]) == {f"/api/v1{one.path}" for one in relays()}
    assert told["openapi"] == "3.1.0"


@pytest.mark.proves("D12", "D13")
@pytest.mark.parametrize("mode", ["demo", "test", "production"])
def test_nothing_of_the_sandbox_is_served_elsewhere(world: World, mode: str) -> None:
    here = SimpleNamespace(sandbox=mode == "production", mode=mode, reachable_at="http://127.0.0.1")
    assert sandbox_routers(here, world.door, world.simulators) == []
    app = FastAPI(openapi_url=None)
    for router in sandbox_routers(here, world.door, world.simulators):
        app.include_router(router)
    with TestClient(app) as client:
        for path in ("/api/sandbox/openapi.json", "/api/sandbox/", "/openapi.json", "/docs", "/redoc"):
            assert client.get(path).status_code == 404


def test_the_sandbox_does_not_start_in_production(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Settings(mode="production"), Namespace(port=1), no_house) == 2
    assert "沙箱不得在正式环境启动" in capsys.readouterr().err


def test_a_simulator_that_moved_or_has_new_keys_is_followed(world: World) -> None:
    moved = introduced(world.simulators)
    acquaint(world.door, world.simulators, 1)
    assert world.door.perform(load_partners, SYSTEM, moved) == 0
    rows = world.read(lambda work: [row.base_url for row in work.session.exec(select(Partner)).all()])
    assert all(url.startswith("http://127.0.0.1:") for url in rows)
    keys = world.read(lambda work: work.session.exec(select(PartnerKey)).all())
    assert len([key for key in keys if key.state is PartnerKeyState.ACTIVE]) == 2 * len(rows)
