"""Signed requests a second of one process, beside the pure cost of one SM2 verification and one SM2 decryption (4, decision 40).

Ten apps send sealed requests: each is verified, admitted, opened, read, judged, answered signed and sealed, and logged with
its receipt and an audit event. The target is for the exchange itself, around a question of one read; beside it stands a
mandate (row 17), which is judged by its rules and recorded. The limit is what the library in use alone does on one
core: the chosen one, gmssl with our own arithmetic (`own`), and beside it the system's OpenSSL where it is found (`openssl`:
it signs and verifies, off the interpreter's lock; it opens nothing).
"""

import argparse
import asyncio
import base64
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import integrations.endpoints  # noqa: F401
from integrations.cloud_crypto import sm2
from integrations.wire.exchange.envelopes import seal_envelope
from integrations.wire.exchange.profile import ENVELOPED, JSON, Head, request_headers, request_text
from models.enterprise import Enterprise, EnterpriseKind, RecordState
from models.partners import KeyUse, PartnerKind
from models.sealing import sm3_hex
from services.engine.clock import system_now
from services.engine.work import Work
from services.partners.registry import EnrolKey, ProposePartner, enrol
from tests.bench.ground import ENGINES, Ground
from tests.bench.measure import Figure, medians
from tests.services.tenancy import counter
from tests.world import key_folder, provider, running_world

APPS, ROUNDS, SECONDS, CONNECTIONS = 10, 3, 4.0, 24
#: More than a round can use up, and below what the rate limit of ten apps lets through.
REQUESTS = 1400
#: Sent before anything is measured: connections are opened, the tables of partners' keys are made.
WARMING = 300
LEAST = 0.4
MANDATES, QUESTIONS = "/api/v1/direct-pay/entrustments", "/api/v1/bench/questions"
#: A home handed in for verification, beside a call that is known by its idempotency key and does nothing.
NOTHING, HOMES = "/api/v1/bench/nothing", "/api/v1/verifications"
#: The share of its rate that a home has.
LEAST_HOMES = 0.6
#: What is measured with which library.
LIBRARIES = {"own": (QUESTIONS, MANDATES, NOTHING, HOMES), "openssl": (QUESTIONS,)}
SCOPES = "direct-pay.entrustments,bench.questions,bench.nothing,verifications"


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        for library, paths in LIBRARIES.items():
            with ground.passing(engine) as url:
                figures += _measure(engine, url, library, paths)
    return figures


def _measure(engine: str, url: str, library: str, paths: Sequence[str]) -> list[Figure]:
    apps: dict[PartnerKind, list[tuple[str, sm2.PrivateKey]]] = {PartnerKind.FUND: [], PartnerKind.ENTERPRISE: []}
    with running_world(url, few=True) as world:
        for kind, senders in apps.items():
            for number in range(APPS):
                app_id = f"bench-{kind.value.lower()}-{number}"
                signing, opening = sm2.PrivateKey.fresh(), sm2.PrivateKey.fresh()
                world.act(partial(_enrol, kind=kind, app_id=app_id, signing=signing, opening=opening))
                senders.append((app_id, signing))

        def signed(path: str, count: int) -> list[bytes]:
            senders = apps[PartnerKind.ENTERPRISE if path == HOMES else PartnerKind.FUND]
            return [_request(*senders[number % APPS], path) for number in range(count)]

        rates: dict[str, list[float]] = {path: [] for path in paths}
        pure, bad = [], 0
        computed: dict[str, list[float]] = {path: [] for path in rates}
        with _serving(url, library) as (port, process_id):
            for path in rates:
                _load(port, signed(path, WARMING))
            for _ in range(ROUNDS):
                for path, found in rates.items():
                    requests = signed(path, REQUESTS)
                    pure.append(_pure(library))
                    before = _computed(process_id)
                    told = _load(port, requests)
                    found.append(told["per_second"])
                    computed[path].append((_computed(process_id) - before) / max(told["good"], 1))
                    bad += told["bad"]
                    if told["codes"]:
                        print("   ", path, told["codes"], flush=True)
    limit = median(pure)
    names = {
        QUESTIONS: "a sealed question: the exchange itself",
        MANDATES: "a mandate judged and recorded (row 17)",
        NOTHING: "a signed call that does nothing",
        HOMES: "a home handed in for verification (row 26)",
    }
    figures = [
        _figure(f"{engine}, {library}: {names[path]}", median(found), limit, path, bad, median(computed[path]))
        for path, found in rates.items()
    ]
    if HOMES in rates:
        share = median(rates[HOMES]) / median(rates[NOTHING])
        beside = f"a call that does nothing: {median(computed[NOTHING]) * 1000:.1f} ms computed"
        found_so = f"{share:.0%} of the rate, {median(computed[HOMES]) * 1000:.1f} ms computed each"
        met = share >= LEAST_HOMES
        figures.append(Figure(f"{engine}: homes beside such calls", found_so, beside, "", f">= {LEAST_HOMES:.0%}", met))
    return figures


def _computed(process_id: int) -> float:
    """Seconds of processor time a process has used, all its threads together."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _figure(name: str, rate: float, limit: float, path: str, bad: int, computed: float) -> Figure:
    target = path == QUESTIONS
    return Figure(
        name,
        f"{rate:.0f}/s, {computed * 1000:.1f} ms computed each" + (f", {bad} not answered 200" if bad else ""),
        f"{limit:.0f}/s verify + decrypt alone",
        f"{rate / limit:.0%}",
        f">= {LEAST:.0%}" if target else "",
        (rate >= LEAST * limit and not bad) if target else None,
    )


def _enrol(work: Work, *, kind: PartnerKind, app_id: str, signing: sm2.PrivateKey, opening: sm2.PrivateKey) -> None:
    keys = (
        EnrolKey(f"{app_id}-sig", KeyUse.SIGN, signing.public.hex),
        EnrolKey(f"{app_id}-enc", KeyUse.ENC, opening.public.hex),
    )
    firm_id = None
    if kind is PartnerKind.ENTERPRISE:
        firm = Enterprise(
            name=f"压力测试{app_id}公司",
            kind=EnterpriseKind.RENTAL,
            record_state=RecordState.RECORDED,
            uscc=f"BENCH{sm3_hex(app_id.encode())[:13].upper()}",
            district_code="310115",
        )
        firm_id = work.add(firm).id
        work.session.flush()
    order = ProposePartner(app_id, f"压力测试{app_id}", kind, scopes=SCOPES, enterprise_id=firm_id)
    enrol(work, order, keys)


def _pure(library: str) -> float:
    """Requests a second of one SM2 verification and one decryption each, and nothing else."""
    key = sm2.PrivateKey.fresh()
    message, secret = b"x" * 400, b"s" * 48
    verify = sm2.verify_by_us if library == "own" else sm2.verify
    signature, sealed = sm2.sign(key, message), sm2.encrypt(key.public, secret)
    found = medians({"both": lambda: (verify(key.public, message, signature), sm2.decrypt(key, sealed))}, rounds=3)
    return 1 / found["both"]


def _request(app_id: str, signing: sm2.PrivateKey, path: str) -> bytes:
    """One request as it goes over the wire, signed by the app itself."""
    number = uuid4().hex
    messages = {MANDATES: _mandate, HOMES: _home}
    message = messages[path](number) if path in messages else {"no": app_id}
    plain = json.dumps(message, ensure_ascii=False).encode()
    kid, public = provider().active_kid("enc.api"), provider().public_key("enc.api")
    body = seal_envelope(provider(), public, kid, app_id, "shfg-rental-test", str(uuid4()), plain).encode()
    at = str(int(system_now().timestamp() * 1000))
    head = Head(
        "SM2-SM3-V1",
        "shfg-rental-test",
        app_id,
        f"{app_id}-sig",
        at,
        secrets.token_hex(16),
        "" if path == QUESTIONS else f"bench-{number}",
        JSON,
        ENVELOPED,
        sm3_hex(body),
        "",
    )
    signature = base64.b64encode(sm2.sign(signing, request_text(head, "POST", path, ""))).decode()
    headers = request_headers(Head(**{**vars(head), "signature": signature}))
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _mandate(number: str) -> dict[str, Any]:
    return {
        "entrust_no": number[:24],
        "filing_no": "BA310115202600000001",
        "enterprise_uscc": "91310000MA1FL0000X",
        "tenant": "张三",
        "tenant_id_no": "11010519491231002X",
        "payee_name": "上海某某租赁有限公司",
        "payee_bank": "某某银行上海分行",
        "payee_bank_code": "102290000000",
        "payee_account": "6222021001123456789",
        "pay_cycle": "MONTH",
        "monthly_rent": "3500.00",
        "draw_from": "2026-12",
        "draw_to": "2027-11",
        "signed_at": "2026-11-24T10:00:00+08:00",
        "signature_digest": "ab" * 32,
    }


def _home(number: str) -> dict[str, Any]:
    flats = counter.library()
    flat = flats[int(number[:8], 16) % len(flats)]
    home = {
        "request_no": number,
        "cert_no": flat.cert_no,
        "owner_name": flat.owners[0].name,
        "owner_id": flat.owners[0].id_no,
        "owner_phone": "13800001234",
        "rent": "5000.00",
    }
    return {"items": [home]}


@contextmanager
def _serving(url: str, library: str) -> Iterator[tuple[int, int]]:
    """The port and the process that serves it."""
    command = [sys.executable, "-m", "tests.bench.partner_server", url, str(key_folder()), library]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline()), process.pid
    finally:
        process.terminate()
        process.wait(30)


def _load(port: int, requests: Sequence[bytes]) -> dict[str, Any]:
    """Send all of them over kept connections from another process, for a bounded time."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "requests"
        path.write_text("\n".join(one.hex() for one in requests))
        order = [sys.executable, "-m", "tests.bench.partner", str(port), str(path)]
        told = subprocess.run(order, capture_output=True, text=True, check=True).stdout
        answer: dict[str, Any] = json.loads(told.splitlines()[-1])
        return answer


async def _send(port: int, waiting: list[bytes], until: float, told: list[int], codes: dict[str, int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while waiting and time.perf_counter() < until:
        writer.write(waiting.pop())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"content-length"))
        body = await reader.readexactly(length)
        good = b" 200 " in head.split(b"\r\n", 1)[0]
        told[0 if good else 1] += 1
        if not good:
            code = json.loads(body)["code"]
            codes[code] = codes.get(code, 0) + 1
    writer.close()


async def _main(port: int, path: Path) -> None:
    waiting = [bytes.fromhex(line) for line in path.read_text().split()]
    told, codes = [0, 0], {}  # type: ignore[var-annotated]
    start = time.perf_counter()
    await asyncio.gather(*(_send(port, waiting, start + SECONDS, told, codes) for _ in range(CONNECTIONS)))
    spent = time.perf_counter() - start
    print(json.dumps({"per_second": told[0] / spent, "good": told[0], "bad": told[1], "codes": codes}))


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), Path(sys.argv[2])))
