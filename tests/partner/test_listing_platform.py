"""Firms' and platforms' systems over real HTTP: verification from the signed call to the callback (rows 26, 32)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from deploy.demo.partners import load_partners
from deploy.partners import introduced, product_end
from integrations.listing_platform.simulator import ListingPlatformSimulator
from integrations.rental_company.simulator import RentalCompanySimulator
from integrations.wire.faults import FaultOrder
from models.access import Role, ScopeKind
from models.engine import Outgoing, OutgoingState
from models.partners import PartnerKey
from services.access.access_list_signature import sign_pending
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.jobs import run_job
from services.engine.orders import Reasoned
from services.partners.registry import revoke_key
from tests.partner.rig import serve
from tests.services.tenancy.counter import Counter
from tests.services.verification.firm import PHONE, Firms
from tests.world import running_world


@dataclass
class Ends:
    """The product and the systems that call it."""

    firms: Firms
    platform: ListingPlatformSimulator
    other: ListingPlatformSimulator
    firm: RentalCompanySimulator

    def answered(self) -> None:
        """Judge what waits and send what was answered."""
        for job in ("verification.check", "outbox.send"):
            run_job(self.firms.world.door, job)

    def line(self, number: str, **changes: Any) -> dict[str, Any]:
        """A home of the base library as a system sends it."""
        flat = self.firms.flat()
        owner = flat.owners[0]
        today = self.firms.today
        values = {
            "request_no": number,
            "cert_no": flat.cert_no,
            "owner_name": owner.name,
            "owner_id": owner.id_no,
            "owner_phone": PHONE,
            "rent": "5000.00",
            "mandate_no": number,
            "mandate_from": today.isoformat(),
            "mandate_to": (today + timedelta(days=200)).isoformat(),
        }
        return values | changes

    def listing(self, number: str) -> dict[str, Any]:
        """A home that a platform has verified for its owner."""
        line = self.line(number)
        publisher = {
            "principal_kind": "OWNER",
            "principal_no": line["owner_id"],
            "publisher_name": line["owner_name"],
            "publisher_address": "测试路1号",
            "publisher_contact": PHONE,
        }
        return line | publisher


@pytest.fixture(scope="module")
def ends(database_url: str) -> Iterator[Ends]:
    with running_world(database_url, few=True) as world:
        firms = Firms(Counter(world))
        world.door.perform(load_partners, SYSTEM, introduced(world.simulators))
        sign_pending(world.door)
        node, _ = serve(world.door)
        world.simulators.connect(product_end(world.door.house, node.url))
        found = world.simulators.partners
        platform, other, firm = found["pt-zhaofang"], found["pt-anju"], found["qy-huyu"]
        assert isinstance(platform, ListingPlatformSimulator)
        assert isinstance(other, ListingPlatformSimulator)
        assert isinstance(firm, RentalCompanySimulator)
        yield Ends(firms, platform, other, firm)
        node.stop()


@pytest.mark.row(32)
def test_a_platform_has_a_home_verified_and_cancels_the_code(ends: Ends) -> None:
    (item,) = ends.platform.verify([ends.listing("ZF-1")]).data["items"]
    assert (item["accepted"], item["state"]) == (True, "SUBMITTED")
    assert ends.platform.fetch("ZF-1").data["code_state"] == "PENDING"
    ends.answered()
    told = ends.platform.results["ZF-1"]
    assert (told.code_no, told.code_state.value) == (item["code_no"], "VALID")
    assert ends.other.fetch("ZF-1").code == "E1018"
    assert ends.platform.cancel(item["code_no"]).data["accepted"]
    assert ends.platform.cancel(item["code_no"], turn=2).data["accepted"]
    ends.answered()
    assert ends.platform.results["ZF-1"].code_state.value == "CANCELLED"
    listed = {one["code_no"] for one in ends.other.ended(ends.firms.today)}
    assert item["code_no"] in listed


@pytest.mark.row(32)
def test_another_platforms_code_is_not_cancelled(ends: Ends) -> None:
    (item,) = ends.platform.verify([ends.listing("ZF-2")]).data["items"]
    refused = ends.other.cancel(item["code_no"])
    assert refused.code != "0" or not refused.data["accepted"]
    ends.answered()
    assert ends.platform.fetch("ZF-2").data["code_state"] == "VALID"


@pytest.mark.row(26)
def test_a_callback_that_fails_for_a_while_arrives_afterwards(ends: Ends) -> None:
    answer = ends.firm.ask("/verifications", {"items": [ends.line("QY-1")]}, key="qy-verify-0001")
    code_no = answer.data["items"][0]["code_no"]
    ends.firm.desk.order(FaultOrder(fault="error"))
    ends.answered()
    waiting = select(Outgoing).where(
        Outgoing.operation == "verification-results", Outgoing.state == OutgoingState.WAITING
    )
    assert ends.firms.world.read(lambda work: len(work.session.exec(waiting).all())) == 1
    ends.firm.desk.clear()
    ends.firms.world.let_pass(minutes=5)
    ends.answered()
    assert ends.firm.verifications["QY-1"].code_no == code_no


@pytest.mark.row(32)
def test_a_platform_whose_key_is_revoked_is_let_in_no_more(ends: Ends) -> None:
    assert ends.other.fetch("ZF-UNKNOWN").code == "E1018"
    world = ends.firms.world
    kid = ends.other.keys.sig_kid
    row_id = world.read(lambda work: work.session.exec(select(PartnerKey.id).where(PartnerKey.kid == kid)).one())
    keeper = Caller("安全管理员", (Scope(Role.SEC_ADMIN, ScopeKind.CITY),), account_id=uuid4())
    world.door.perform(revoke_key, keeper, Reasoned(row_id, "平台密钥泄露"))
    sign_pending(world.door)
    assert ends.other.fetch("ZF-UNKNOWN").code == "E1004"
