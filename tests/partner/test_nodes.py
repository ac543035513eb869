"""Two processes on one database: one effect, one set of nonces, one rate, one registry (H56)."""

import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from models.access import Role, ScopeKind
from models.partners import PartnerKey, PartnerRate
from services.access.acl import change
from services.engine.callers import Caller, Scope
from services.engine.orders import Reasoned
from services.engine.work import Work
from services.partners.registry import revoke_key
from tests.partner.independent import KeyPair
from tests.partner.rig import Rig, other_node
from tests.world import at_once

NOTES = "/api/v1/test/notes"


@pytest.fixture(scope="module")
def second(rig: Rig, database_url: str) -> Iterator[str]:
    with other_node(database_url) as url:
        yield url


@pytest.mark.proves("H56")
def test_twenty_identical_requests_over_two_nodes_have_one_effect(rig: Rig, second: str) -> None:
    no = f"same-{secrets.token_hex(4)}"
    signed = rig.fund.request(NOTES, {"no": no}, key=f"{no}-1")
    calls = [lambda url=url: rig.send(signed, url=url) for url in (rig.url, second) * 10]
    codes = Counter(reply.code for reply in at_once(calls))
    assert codes == {"0": 1, "E1008": 19}
    assert rig.effects(no) == 1


@pytest.mark.proves("H56", "H57")
def test_twenty_repetitions_signed_anew_over_two_nodes_have_one_effect(rig: Rig, second: str) -> None:
    no = f"anew-{secrets.token_hex(4)}"
    body = rig.fund.envelope(f'{{"no":"{no}"}}'.encode())
    made = [rig.fund.request(NOTES, body=body, key=f"{no}-1") for _ in range(20)]
    calls = [
        lambda one=one, url=url: rig.send(one, url=url) for one, url in zip(made, (rig.url, second) * 10, strict=True)
    ]
    replies = at_once(calls)
    assert {reply.code for reply in replies} <= {"0", "E1011"}
    assert rig.effects(no) == 1
    assert all(reply.headers["retry-after"] == "1" for reply in replies if reply.code == "E1011")
    # Whoever was told to come again gets what the first one got.
    again = rig.send(rig.fund.request(NOTES, body=body, key=f"{no}-1"), url=second)
    assert (again.code, again.data["no"], again.headers["x-idempotent-replay"]) == ("0", no, "true")


def _set_rate(rig: Rig, app_id: str, tokens: int, **ago: float) -> None:
    """So many requests left, reckoned at a moment; one to come stops the refilling."""

    def write(work: Work) -> None:
        row = work.session.exec(select(PartnerRate).where(PartnerRate.app_id == app_id)).one()
        row.tokens, row.at = tokens * 1000, work.at - timedelta(**ago)
        work.add(row)

    rig.world.act(write)


def test_the_rate_of_an_app_is_one_for_all_nodes(rig: Rig, second: str) -> None:
    client = rig.partner(f"fast-{secrets.token_hex(3)}")
    made = [client.request("/api/v1/ping", {"message": "x"}, encrypted=False) for _ in range(14)]
    assert client.send(rig.url, made[0]).code == "0"
    _set_rate(rig, client.app_id, 5, hours=-1)
    calls = [
        lambda one=one, url=url: client.send(url, one, client=rig.line)
        for one, url in zip(made[1:13], (rig.url, second) * 6, strict=True)
    ]
    replies = at_once(calls)
    assert Counter(reply.code for reply in replies) == {"0": 5, "E1010": 7}
    refused = next(reply for reply in replies if reply.code == "E1010")
    assert (refused.status, refused.headers["retry-after"]) == (429, "1")
    # Fifty a second come back, up to a hundred.
    _set_rate(rig, client.app_id, 0, seconds=60)
    assert client.send(second, made[13]).code == "0"
    left = rig.world.read(
        lambda work: work.session.exec(select(PartnerRate.tokens).where(PartnerRate.app_id == client.app_id)).one()
    )
    assert left == 99_000


@pytest.mark.proves("H54")
def test_a_key_revoked_on_one_node_counts_on_no_node(rig: Rig, second: str) -> None:
    client = rig.partner(f"gone-{secrets.token_hex(3)}")
    ping = ("/api/v1/ping", {"message": "x"})
    for url in (rig.url, second):
        assert client.send(url, client.request(*ping, encrypted=False)).code == "0"
    keeper = Caller("keeper", (Scope(Role.SEC_ADMIN, ScopeKind.CITY),))
    rig.door.perform(revoke_key, keeper, Reasoned(rig.key_row(client.sign_kid).id, "密钥泄露"))
    for url in (rig.url, second):
        assert client.send(url, client.request(*ping, encrypted=False)).code == "E1004"


def test_two_keys_count_side_by_side_while_one_replaces_the_other(rig: Rig, second: str) -> None:
    client = rig.partner(f"two-{secrets.token_hex(3)}")
    fresh = KeyPair.fresh()
    old = rig.key_row(client.sign_kid)

    def more(work: Work) -> None:
        change(work, "partner", old.partner_id, "test.act")
        work.add(
            PartnerKey(
                partner_id=old.partner_id,
                kid="sig-two",
                use=old.use,
                public_key=fresh.public,
                valid_from=work.at - timedelta(minutes=1),
                valid_to=work.at + timedelta(days=300),
            )
        )

    rig.world.act(more)
    ping = ("/api/v1/ping", {"message": "x"})
    for url in (rig.url, second):
        assert client.send(url, client.request(*ping, encrypted=False)).code == "0"
        signed = client.request(*ping, encrypted=False, sign_kid="sig-two", keys=fresh)
        assert client.send(url, signed).code == "0"
