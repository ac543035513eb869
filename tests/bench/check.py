"""The public check page against a bare FastAPI endpoint on the same outer app and a NiceGUI page of the same content."""

import argparse
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import select

from models.base import whole_row
from models.columns import new_id
from models.dialect import ROOT, Database
from models.documents import IssuedDocument, PaperKind, PaperState
from models.sealed import Sealed
from models.sealed_rows import seal_row
from models.tenancy import LeaseFiling
from models.verification import VerificationCode
from models.verification_codes import CodeState, RequesterKind, ShelfState
from services.documents.issuance import public_answer
from services.engine.clock import SHANGHAI
from tests.bench.bulk import postgres_writer, sqlite_writer
from tests.bench.ground import ENGINES, HOME, Ground, sealer
from tests.bench.load import Load, load, pinned
from tests.bench.measure import Figure
from tests.bench.million import million

PAPERS = 20_000
ROUNDS, SECONDS = 5, 3.0
#: A code's page beside a paper's.
AS_FAST = 0.9


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        url = million(ground, engine, PAPERS)
        tokens = _issue(engine, url)
        codes = _give(engine, url)
        # A process of its own for the NiceGUI page: its thousands of clients would slow the others.
        with _serving(url, tokens[0]) as port, _serving(url, tokens[0]) as other:
            ports = {"check": port, "code": port, "bare": port, "nicegui": other}
            figures += _measure(engine, ports, tokens, codes)
    return figures


def _issue(engine: str, url: str) -> list[str]:
    """A notice for every filing, its token known to this run only."""
    database = Database(url, sealer())
    with database.read() as session:
        filings = session.exec(select(LeaseFiling)).all()
    with database.engine.begin() as connection:
        connection.execute(IssuedDocument.__table__.delete())  # type: ignore[attr-defined]
    database.dispose()
    table = IssuedDocument.__table__  # type: ignore[attr-defined]
    tokens, rows = [], []
    for filing in filings:
        token = sealer().qr_token(PaperKind.FILING_NOTICE.value)
        tokens.append(token)
        values = _paper(filing, sealer().token_digest(token))
        seal_row(sealer(), table, values["id"], values)
        rows.append([values.get(column.name) for column in table.columns])
    _write(engine, url, table, rows)
    return tokens


def _give(engine: str, url: str) -> list[str]:
    """Verification codes in force, their tokens known to this run only."""
    table = VerificationCode.__table__  # type: ignore[attr-defined]
    database = Database(url, sealer())
    with database.engine.begin() as connection:
        connection.execute(table.delete())
    database.dispose()
    tokens = [sealer().qr_token("hv") for _ in range(PAPERS)]
    rows, request, today = [], new_id(), datetime.now(SHANGHAI).date()
    for number, token in enumerate(tokens):
        values = whole_row(
            VerificationCode,
            code_no=f"3101152606{number:08d}",
            verification_id=request,
            holder_kind=RequesterKind.BROKERAGE,
            holder_no=Sealed.of("91310104MA7A000029"),
            state=CodeState.VALID,
            shelf=ShelfState.ON,
            valid_from=today,
            valid_to=today + timedelta(days=60),
            token_digest=sealer().token_digest(token),
            public={"address": "牡丹路附近", "layout": "2室1厅", "area": "60.00", "mode": "整租", "firm": "安居经纪"},
            district_code="310115",
        )
        seal_row(sealer(), table, values["id"], values)
        rows.append([values.get(column.name) for column in table.columns])
    _write(engine, url, table, rows)
    return tokens


def _write(engine: str, url: str, table: Any, rows: list[list[Any]]) -> None:
    if engine == "sqlite":
        with sqlite_writer(url.removeprefix("sqlite:///"), [table]) as write:
            write(table, rows)
    else:
        with postgres_writer(url, [table]) as write:
            write(table, rows)


def _paper(filing: LeaseFiling, token_digest: str) -> dict[str, Any]:
    at = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)
    return {
        "id": new_id(),
        "created_at": at,
        "updated_at": at,
        "version": 1,
        "district_code": filing.district_code,
        "street_code": filing.street_code,
        "kind": PaperKind.FILING_NOTICE,
        "title": PaperKind.FILING_NOTICE.label,
        "number": filing.filing_no,
        "object_kind": "lease_filing",
        "object_id": filing.id,
        "filing_id": filing.id,
        "page": Sealed.of("{}"),
        "digest": "ab" * 32,
        "signature": "",
        "signature_key": "",
        "token_digest": token_digest,
        "public": public_answer(
            unit="花木街道社区事务受理服务中心",
            parties=[("出租人", "王小明"), ("承租人", "欧阳娜娜")],
            address="浦东新区牡丹路1弄2号3室",
            part="整套",
            valid_from=filing.valid_from,
            valid_to=filing.valid_to,
        ),
        "state": PaperState.VALID,
        "issued_on": date(2026, 6, 30),
        "issued_at": at,
        "copies": 0,
    }


@contextmanager
def _serving(url: str, token: str) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*pinned(0), sys.executable, "-m", "tests.bench.check_server", url, str(port)]
    with (HOME / "check_server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        _until_up(f"http://127.0.0.1:{port}/c/{token}", server)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _until_up(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(address, timeout=2).read()
            return
        except urllib.error.URLError as problem:
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit((HOME / "check_server.log").read_text()) from problem
            time.sleep(0.2)


def _measure(engine: str, ports: dict[str, int], tokens: Sequence[str], codes: Sequence[str]) -> list[Figure]:
    digests = [sealer().token_digest(token) for token in tokens]
    cases = {
        "check": [f"/c/{token}" for token in tokens],
        "code": [f"/c/{token}" for token in codes],
        "bare": [f"/api/bare/{digest}" for digest in digests],
        "nicegui": [f"/api/nice/{digest}" for digest in digests],
    }
    sizes = {name: _size(ports[name], paths[0]) for name, paths in cases.items()}
    found: dict[str, list[Load]] = {name: [] for name in cases}
    for name, paths in cases.items():
        load(ports[name], paths, 1)
    for _ in range(ROUNDS):
        for name, paths in cases.items():
            found[name].append(load(ports[name], paths, SECONDS))
    rate = {name: statistics.median(one.per_second for one in rounds) for name, rounds in found.items()}
    bad = sum(one.bad for rounds in found.values() for one in rounds)
    figure = f"{rate['check']:.0f}/s ({sizes['check']:,} bytes)"
    to_bare, to_nicegui = rate["check"] / rate["bare"], rate["check"] / max(rate["nicegui"], 0.001)
    beside = rate["code"] / rate["check"]
    return [
        Figure(
            f"public page of a verification code, {engine}",
            f"{rate['code']:.0f}/s ({sizes['code']:,} bytes)",
            f"that of a paper {figure}",
            f"{beside:.2f}x",
            f">= {AS_FAST}x",
            beside >= AS_FAST and not bad,
        ),
        Figure(
            f"public check, {engine}",
            figure,
            f"bare endpoint {rate['bare']:.0f}/s ({sizes['bare']:,} bytes)",
            f"{to_bare:.2f}x",
            ">= 0.8x",
            to_bare >= 0.8 and not bad,
        ),
        Figure(
            f"public check, {engine}" + (f"; {bad} bad answers" if bad else ""),
            figure,
            f"NiceGUI page {rate['nicegui']:.0f}/s ({sizes['nicegui']:,} bytes)",
            f"{to_nicegui:.0f}x",
            ">= 25x",
            to_nicegui >= 25 and not bad,
        ),
    ]


def _size(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return len(answer.read())
