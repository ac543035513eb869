"""nginx's site, systemd's units and the settings as they are handed over: they fit the product, whether or not nginx is here."""

import inspect
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import uvicorn

from deploy.configuration import system_urls
from deploy.launch import REFUSED
from deploy.settings import Settings
from integrations.wire.exchange.profile import MAX_BODY
from tests.browser import ROOT
from tests.deploy.nginx_files import HOST, Block, read, site, size
from ui.guard import Gate, cookie_name
from ui.public.router import SCANNED

UNITS = {"web": "shenfang-web@.service", "worker": "shenfang-worker.service"}
PAGES = sorted((HOST / "pages").glob("*.html"))


def passing_on() -> list[Block]:
    return [block for block in site().within("location") if block.all("proxy_pass")]


def location(path: str) -> Block:
    (found,) = site().within("location", path)
    return found


def test_every_location_that_passes_on_sets_the_headers_itself() -> None:
    assert len(passing_on()) >= 6
    for block in passing_on():
        assert block.one("include") == "/etc/nginx/shenfang-proxy.conf"
        assert block.all("proxy_set_header") == []


def test_only_the_address_nginx_knows_is_passed_on() -> None:
    headers = {words[0]: words[1] for words in read("nginx-proxy.conf").all("proxy_set_header")}
    assert headers["X-Forwarded-For"] == "$remote_addr"
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["X-GW-Assertion"] == "$http_x_gw_assertion"
    assert read("nginx.conf").all("set_real_ip_from") == []


def test_what_the_product_takes_nginx_lets_through() -> None:
    """The product refuses in words of its own, signed where it must be; nginx's limit is the second line."""
    gate = Gate()
    assert size(site().one("client_max_body_size")) > gate.largest
    for prefix, largest in gate.sizes.items():
        assert (
            size(location(prefix.removesuffix("/") if prefix == "/c/" else prefix).one("client_max_body_size"))
            > largest
        )
    assert size(location("/api/").one("client_max_body_size")) > MAX_BODY


def test_nothing_sent_or_answered_is_written_into_temporary_files() -> None:
    assert site().one("proxy_max_temp_file_size") == "0"
    for block in passing_on():
        streamed = block.all("proxy_request_buffering") == [("off",)]
        held = size(site().inherited("client_body_buffer_size", block))
        assert streamed or held >= size(site().inherited("client_max_body_size", block))


def test_a_session_stays_with_its_process_and_strangers_are_counted_by_address() -> None:
    (chosen,) = read("nginx.conf").within("map", "$http_cookie")
    (pattern,) = [words[0] for words in chosen.directives if words[0].startswith("~")]
    name = cookie_name(Gate(), "zufang.example.gov")
    found = re.search(pattern[1:].replace("(?<", "(?P<"), f"a=1; {name}=0123456789abcdefABC_-; b=2")
    assert found is not None
    assert found["sid"] == "0123456789abcdefABC_-"
    assert re.search(pattern[1:].replace("(?<", "(?P<"), f"x{name}=0123456789abcdefABC_-") is None
    for path in ("/c", "/bl/", "/api/", "/first/"):
        assert location(path).one("proxy_pass") == "http://shenfang_by_address"
    (by_address,) = read("nginx.conf").within("upstream", "shenfang_by_address")
    assert by_address.all("hash") == [("$remote_addr", "consistent")]


def test_idle_connections_are_closed_by_nginx_before_the_process_closes_them() -> None:
    kept = inspect.signature(uvicorn.run).parameters["timeout_keep_alive"].default
    for name in ("shenfang", "shenfang_by_address"):
        (upstream,) = read("nginx.conf").within("upstream", name)
        assert int(upstream.one("keepalive_timeout").rstrip("s")) < kept


def test_health_is_nobodys_business_outside_and_other_names_are_not_answered() -> None:
    (health,) = site().within("location", "~", "^/(healthz|livez|readyz)$")
    assert health.one("return") == "404"
    (stranger,) = [block for block in read("nginx.conf").within("server") if ("444",) in block.all("return")]
    assert {words[-1] for words in stranger.all("listen")} == {"default_server"}


def test_the_log_has_no_query_and_no_link_that_is_a_secret() -> None:
    ((_, *parts),) = read("nginx.conf").all("log_format")
    assert not re.search(r"\$(request|args|query_string|request_uri|uri|http_\w+|cookie_\w+)\b(?!_)", " ".join(parts))
    assert location("/first/").one("access_log") == "off"
    (shown,) = read("nginx.conf").within("map", "$uri", "$shenfang_path")
    masks = {words[0][1:]: words[1] for words in shown.directives if words[0].startswith("~")}
    for secret in ("/c/q1.d.3f9a", "/c/photo/0f.1", f"{SCANNED}x"):
        (mask,) = [name for pattern, name in masks.items() if re.search(pattern, secret)]
        assert mask in {"/c/q1.*", "/c/photo/*"}
    assert not any(re.search(pattern, path) for pattern in masks for path in ("/", "/c", "/c/people", "/login"))


def test_no_server_of_ours_writes_a_log_that_tells_more() -> None:
    """nginx writes the whole request into its log of errors, at every level but the gravest: limits, a process that is gone."""
    for server in read("nginx.conf").within("server"):
        assert server.all("access_log") == [("/var/log/nginx/shenfang.log", "shenfang")]
        assert server.all("error_log") == [("/var/log/nginx/shenfang-error.log", "crit")]
        assert all(block.all("error_log") == [] for block in server.within("location"))


def test_open_pages_take_no_line_from_the_requests_of_the_same_address() -> None:
    """Hundreds behind one address: each open page holds a line for hours."""
    ((requests, _),) = site().all("limit_conn")
    ((pages, count),) = location("/_nicegui_ws/").all("limit_conn")
    assert pages != requests
    assert int(count) >= 2000
    assert location("/_nicegui_ws/").one("proxy_pass") == location("/").one("proxy_pass")


def test_a_second_try_is_made_only_where_nothing_was_sent() -> None:
    assert read("nginx-proxy.conf").one("proxy_next_upstream") == "error"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_of_nginx_is_chinese_and_stands_alone(page: Path) -> None:
    text = page.read_text()
    assert '<html lang="zh-CN">' in text
    assert re.findall(r"<(?:script|link|img|iframe)\b|url\(|https?://", text) == []
    words = re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL)
    assert re.findall(r"[A-Za-z]{3,}", words) == []


def test_every_answer_of_nginx_has_its_page() -> None:
    named = {words[-1] for words in site().all("error_page")}
    assert named == {f"/shenfang/{page.name}" for page in PAGES}


@pytest.mark.parametrize("part", UNITS)
def test_a_unit_starts_what_proves_the_release_and_may_write_where_the_settings_say(part: str) -> None:
    unit = (HOST / UNITS[part]).read_text()
    assert f"\nExecStart=/opt/shenfang/.venv/bin/python -I -B -S deploy/launch.py {part}\n" in unit
    assert f"\nRestartPreventExitStatus=2 {REFUSED}\n" in unit
    (told,) = re.findall(r"^ReadWritePaths=(.*)$", unit, re.MULTILINE)
    given = settings_file()
    needed = {given["DATA_DIR"], given["AUDIT_STORE"]} | ({given["BACKUP_DIR"]} if part == "worker" else set())
    assert set(told.split()) == needed


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
@pytest.mark.parametrize("part", UNITS)
def test_systemd_takes_the_unit_and_finds_it_closed(part: str, tmp_path: Path) -> None:
    unit = tmp_path / UNITS[part].replace("@", "@8081")
    text = (HOST / UNITS[part]).read_text()
    # Whether the program is there is asked on the host; here it is this one.
    unit.write_text(text.replace("/opt/shenfang/.venv/bin/python", sys.executable).replace("/opt/shenfang", "/"))
    for order in ("verify", "security --offline=true --threshold=30"):
        done = subprocess.run(
            ["systemd-analyze", *order.split(), str(unit)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == ""


def settings_file() -> dict[str, str]:
    """The settings as systemd reads them: a value in single quotes is what stands between them."""
    lines = [line for line in (HOST / "shenfang.env").read_text().splitlines() if line and line[0] != "#"]
    pairs = [line.split("=", 1) for line in lines]
    return {name: value[1:-1] if value[:1] == "'" else value for name, value in pairs}


def test_a_shell_and_systemd_read_the_same_settings() -> None:
    names = list(settings_file())
    script = 'set -a; . "$0"; env -0'
    done = subprocess.run(["sh", "-c", script, HOST / "shenfang.env"], capture_output=True, env={}, check=True)
    shell = dict(pair.split("=", 1) for pair in done.stdout.decode().split("\0") if "=" in pair)
    assert {name: shell[name] for name in names} == settings_file()


def test_the_settings_are_known_and_name_every_system() -> None:
    given = settings_file()
    assert set(given) - {name.upper() for name in Settings.model_fields} == {"RELEASE_PUB"}
    assert system_urls(given["SYSTEM_URLS"])
    rows = re.findall(r"^\| `([A-Z_]+)` \| [^|]* \| 必 \|", (ROOT / "docs/admin/settings.md").read_text(), re.MULTILINE)
    assert set(rows) <= set(given)


def test_the_handbook_names_the_archive_as_it_is_packed() -> None:
    """The archive and its folder bear the build number; what is unfolded, owned and linked is that one folder."""
    packed = (ROOT / "deploy/pack.sh").read_text()
    assert 'name="shenfang-$version-$build"' in packed
    assert 'tar --owner=0 --group=0 -cf "$out/$name.tar" -C "$out" "$name"' in packed
    handbook = (ROOT / "docs/admin/install.md").read_text()
    named = re.findall(r"shenfang-[0-9][^\s`）/]*", handbook)
    assert {re.sub(r"-\d+\.\d+\.\d+-\d+(\.tar)?$", "", name) for name in named} == {"shenfang"}
    # The service account reads it, whatever mask it was packed under.
    assert "chmod -R go=rX /opt/shenfang-" in handbook


def test_the_handbook_gives_a_secret_to_its_owner_alone() -> None:
    """`read_secret` refuses one that the group may read (tests/integrations/test_cloud_crypto_http.py)."""
    given, handbook = settings_file(), (ROOT / "docs/admin/install.md").read_text()
    (closed,) = re.findall(r"install -m 600 -o shenfang -g shenfang ([^/]+) /etc/shenfang/", handbook)
    assert set(closed.split()) == {Path(given[name]).name for name in ("CRYPTO_SECRET_FILE", "CRYPTO_KEY_FILE")}
    for value in given.values():
        for name in re.findall(r"/etc/shenfang/([\w.-]+)", value):
            assert re.search(rf"install -m \d+ [^\n]*\b{re.escape(name)}\b", handbook), name


def test_the_port_is_the_units() -> None:
    """systemd reads the file over what the unit says: one port in it would be that of every process."""
    assert "PORT" not in settings_file()
    assert "\nEnvironment=PORT=%i\n" in (HOST / UNITS["web"]).read_text()
