"""Every address the product answers stands in a list; another one is a decision somebody has to take (D12, API9)."""

import json
import re
from pathlib import Path

import pytest

from tests.databases import Databases
from tests.ready import start
from tests.ui.routes import WRITTEN

#: Added to on purpose only: whoever adds a route says here that it may be reached.
OUTER = {
    "GET /healthz",
    "GET /livez",
    "GET /readyz",
    "GET /first",
    "GET /first/",
    "GET /first/{token}",
    "POST /first/{token}",
    "GET /login",
    "POST /login",
    "POST /logout",
    "GET /password",
    "GET /street",
    "POST /password",
    "POST /street",
    "GET /session/alive",
    "GET /manual",
    "GET /manual/about/{module}",
    "GET /manual/{name}",
    "GET /manual/pictures/{name}",
    "GET /papers/{name}",
    "GET /papers/code/{name}",
    "GET /papers/contract/{name}",
    "GET /papers/preview/{name}",
    "GET /papers/rehearsed/{name}",
    "GET /papers/set/{name}",
    "GET /papers/slip/{name}",
    "GET /papers/template/{name}",
    "GET /attachments/{name}",
    "GET /handbooks/{name}",
    "GET /supply/{name}",
    "GET /handbooks/archive/{name}",
    "GET /exports/{name}",
    "GET /privacy/looks/{name}",
    "GET /portraits/{name}",
    "GET /logos/{name}",
    "GET,HEAD /c",
    "GET,HEAD /c/",
    "GET,HEAD /c/font.woff2",
    "GET,HEAD /c/icon.svg",
    "GET,HEAD /c/page.css",
    "GET,HEAD /c/people",
    "POST /c/people",
    "GET,HEAD /c/people/{number}",
    "GET,HEAD /c/firms",
    "POST /c/firms",
    "GET,HEAD /c/firms/{uscc}",
    "GET,HEAD /c/report",
    "POST /c/report",
    "GET,HEAD /c/map",
    "GET,HEAD /c/map/{picture}",
    "GET,HEAD /c/photo/{address}",
    "GET,HEAD /c/logo/{brand}",
    "GET,HEAD /c/{token}",
    "POST /c/{token}",
    "GET /alerts/file/{alert}/{name}",
    "GET /alerts/print/{name}",
    "GET /parcels/proof/{name}",
    "GET /records/file/{name}",
    "GET /records/print/{name}",
    "GET /photos/{name}",
    "GET /progress/summary/{name}",
    "GET /records/upload/{revision}/{slot}/{key}",
    "PUT /records/upload/{revision}/{slot}/{key}",
    "GET /records/{kind}",
    "GET /records/{kind}/schema",
    "GET /records/{kind}/{name}",
    "GET,HEAD /bl",
    "GET,HEAD /bl/",
    "GET,HEAD /bl/sign-in",
    "GET,HEAD /bl/enter",
    "POST /bl/leave",
    "GET,HEAD /bl/my",
    "GET,HEAD /bl/check",
    "POST /bl/check",
    "GET,HEAD /bl/cancel",
    "POST /bl/cancel",
    "POST /bl/confirm",
    "GET,HEAD /bl/draft/{id}",
    "POST /bl/draft/{id}",
    "POST /bl/draft/{id}/file",
    "POST /bl/draft/{id}/drop",
    "POST /bl/draft/{id}/submit",
    "GET,HEAD /bl/case/{number}",
    "POST /bl/case/{number}/withdraw",
    "POST /bl/case/{number}/change",
    "GET,HEAD /c/admission",
    "GET,HEAD /c/admission/standing",
    "POST /c/admission",
    "POST /c/admission/apply",
    "POST /c/admission/standing",
    "LastingFiles /static/*",
    "App ",
}
INNER = {
    "GET /",
    "CacheControlledStaticFiles /_nicegui/*/static",
    "GET /_nicegui/*/libraries/{key:path}",
    "GET /_nicegui/*/components/{key:path}",
    "GET /_nicegui/*/resources/{key}/{path:path}",
    "GET /_nicegui/*/dynamic_resources/{name}",
    "GET /_nicegui/*/esm/{key}/{path:path}",
    "SocketIoApp /_nicegui_ws",
}


@pytest.mark.proves("D12", "D13")
def test_d12_the_product_answers_these_addresses_and_no_other(tmp_path: Path, databases: Databases) -> None:
    url = databases.new("sqlite")
    log = tmp_path / "routes.log"
    with log.open("wb") as output:
        ended = start("-m", "tests.ui.routes", str(tmp_path), url, output=output).wait()
    databases.drop(url)
    assert ended == 0, log.read_text(encoding="utf-8")
    found = json.loads((tmp_path / WRITTEN).read_text(encoding="utf-8"))
    assert set(map(_without_versions, found["outer"])) == OUTER
    assert set(map(_without_versions, found["inner"])) == INNER


def _without_versions(route: str) -> str:
    return re.sub(r"(?<=/static/)[0-9a-f]{16}|(?<=/_nicegui/)[0-9.]+", "*", route)
