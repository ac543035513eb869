"""The partner API in one process for the partner bench: the product's own application of it, nothing else."""

import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from pydantic import Field
from sqlalchemy import bindparam
from sqlmodel import select

import integrations.endpoints  # noqa: F401
import services.everything  # noqa: F401
from integrations.cloud_crypto import sm2
from integrations.cloud_crypto.local import LocalProvider
from integrations.wire.exchange.receiver import PartnerApi
from integrations.wire.exchange.relay import ROOT, Relay, relay_at
from models.access import Role
from models.dialect import Database
from models.partners import Partner
from services.engine.door import Door
from services.engine.house import House
from services.engine.registry import Action, Query
from services.engine.work import Work
from services.partners.wire_fields import WireModel
from tests.bench.sampler import sampled


class Question(WireModel):
    """As short a question as a partner asks: one number."""

    no: Annotated[str, Field(max_length=40)]


_ASKED = select(Partner.label).where(Partner.app_id == bindparam("no"))


def _looked_up(work: Work, no: str) -> dict[str, Any]:
    found = work.session.connection().execute(_ASKED, {"no": no}).scalar()
    return {"found": found is not None, "label": found or ""}


#: The exchange itself: everything the profile asks for around one short read.
QUESTION = Relay(
    path="/bench/questions",
    label="测量",
    row=0,
    scope="bench.questions",
    message=Question,
    act=Query("bench.question", "测量", frozenset({Role.PARTNER}), _looked_up),
    order=lambda message: message.no,
    reply=dict,
    answer=WireModel,
    business_key=lambda message: message.no,
)

#: A call that is known by its idempotency key and changes nothing.
NOTHING = replace(
    QUESTION,
    path="/bench/nothing",
    scope="bench.nothing",
    act=Action("bench.nothing", "测量", frozenset({Role.PARTNER}), lambda work, no: {}),
)
_OWN = {f"{ROOT}{one.path}": one for one in (QUESTION, NOTHING)}


def find(method: str, path: str) -> Relay[Any, Any, Any] | None:
    """The product's endpoints, and the bench's own."""
    return _OWN.get(path) or relay_at(method, path)


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def main(database_url: str, keys: str, library: str) -> None:
    # As the product's web process has it.
    sys.setswitchinterval(0.001)
    provider = LocalProvider(Path(keys), mode="test")
    if library == "own":
        sm2.system_library = lambda: None  # type: ignore[assignment]
    systems: Any = None
    api = PartnerApi(Door(House(Database(database_url, provider.sealer(), pool_size=40), systems, provider)), find=find)
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    print(held.getsockname()[1], flush=True)
    app = api.before(_nothing)
    with sampled("partner_server"):
        uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off")).run([held])


if __name__ == "__main__":
    main(*sys.argv[1:])
