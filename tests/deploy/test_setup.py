"""Set-up without ensurepip: the locked pip from the index that pip would use (operations 1, O-F7)."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from deploy import setup

WHEEL, CONTENT = "pip-1.2-py3-none-any.whl", b"the wheel of pip"


class Index(HTTPServer):
    """A package index on loopback that has one wheel of pip."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        self.content = CONTENT
        self.name = WHEEL

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/simple"


class Page(BaseHTTPRequestHandler):
    server: Index

    def do_GET(self) -> None:
        links = f'<a href="../../files/{self.server.name}#sha256=00">{self.server.name}</a>'.encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(links if self.path == "/simple/pip/" else self.server.content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """An index, and a tree whose lock names its wheel, on a machine whose pip is not configured."""
    (tmp_path / "deploy").mkdir()
    digest = hashlib.sha256(CONTENT).hexdigest()
    (tmp_path / "deploy" / "requirements-bootstrap.lock").write_text(f"pip==1.2 \\\n    --hash=sha256:{digest}\n")
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    for name in ("PIP_INDEX_URL", "PIP_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    server = Index()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_wheel_of_the_locked_digest_comes_from_the_index_of_the_environment(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index.address)
    assert setup.locked_pip().read_bytes() == CONTENT


def test_the_index_of_pips_own_configuration_is_used(index: Index, tmp_path: Path) -> None:
    mine = tmp_path / "home" / ".config" / "pip" / "pip.conf"
    mine.parent.mkdir(parents=True)
    mine.write_text(f"[global]\nindex-url = {index.address}/\n")
    assert setup.locked_pip().name == WHEEL


def test_other_bytes_than_the_locked_are_refused_and_not_kept(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index.address)
    index.content = CONTENT + b"!"
    with pytest.raises(ValueError, match="与锁定的摘要不符"):
        setup.locked_pip()
    index.content = CONTENT
    assert setup.locked_pip().read_bytes() == CONTENT


def test_an_index_without_the_locked_version_is_told(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index.address)
    index.name = "pip-1.1-py3-none-any.whl"
    with pytest.raises(LookupError, match="软件源中没有"):
        setup.locked_pip()


def test_an_interpreter_is_tried_once_though_several_names_lead_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = setup.probe(str(setup.venv_python()))
    assert real is not None
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "python3").symlink_to(real.path)
    monkeypatch.setenv("PATH", f"{tmp_path / 'a'}:{tmp_path / 'b'}")
    assert len(setup.pythons()) == 1


def test_what_a_command_said_last_is_its_reason() -> None:
    assert setup.last_words(["sh", "-c", "true"]) == ""
    assert setup.last_words(["sh", "-c", "echo first; echo 只读文件系统 >&2; exit 3"]) == "只读文件系统"
    assert setup.last_words(["sh", "-c", "exit 3"]) == "退出码 3"
