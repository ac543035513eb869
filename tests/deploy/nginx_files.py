"""nginx's files as nginx reads them, and laid out in a folder of a test's own."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser import ROOT

HOST = ROOT / "deploy" / "host"
_TOKEN = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|#[^\n]*|[{};]|[^\s{};]+""")


@dataclass
class Block:
    """`location /c { … }`: the words before the brace, simple directives in order, and the blocks within."""

    words: tuple[str, ...] = ()
    directives: list[tuple[str, ...]] = field(default_factory=list)
    blocks: list["Block"] = field(default_factory=list)

    def all(self, name: str) -> list[tuple[str, ...]]:
        """The arguments of every directive of this name."""
        return [one[1:] for one in self.directives if one[0] == name]

    def one(self, name: str) -> str:
        """The only argument of the only directive of this name."""
        ((value,),) = self.all(name)
        return value

    def inherited(self, name: str, location: "Block") -> str:
        """What a directive comes to in a location of this server: its own, or else the server's."""
        return location.one(name) if location.all(name) else self.one(name)

    def within(self, *words: str) -> list["Block"]:
        """The blocks within that begin with these words."""
        return [block for block in self.blocks if block.words[: len(words)] == words]


def read(name: str) -> Block:
    """One of the shipped files. A bare quote at the ends of a word is taken off."""
    tokens = [word for word in _TOKEN.findall((HOST / name).read_text()) if not word.startswith("#")]
    stack, words = [Block()], list[str]()
    for token in tokens:
        if token == "{":
            stack.append(Block(tuple(words)))
            words = []
        elif token == "}":
            closed = stack.pop()
            stack[-1].blocks.append(closed)
        elif token == ";":
            stack[-1].directives.append(tuple(words))
            words = []
        else:
            words.append(token.strip("\"'"))
    (top,) = stack
    return top


def site() -> Block:
    """The server that answers for the product."""
    (found,) = [block for block in read("nginx.conf").within("server") if block.within("location", "/")]
    return found


def size(text: str) -> int:
    """`51m` in bytes."""
    return int(text.rstrip("mk")) * {"m": 1 << 20, "k": 1 << 10}.get(text[-1], 1)


def lay_out(folder: Path, *, ports: dict[str, int], changes: dict[str, str]) -> Path:
    """The site in a folder, its ports changed (`443`, `80`, `8081`, `8082`); returns the configuration to start with."""
    places = {
        "/etc/nginx/tls": f"{folder}/tls",
        "/etc/nginx/": f"{folder}/etc/",
        "/usr/share/nginx/shenfang": f"{folder}/pages",
        "/var/log/nginx": f"{folder}/log",
        "127.0.0.1:8081": f"127.0.0.1:{ports['8081']}",
        "127.0.0.1:8082": f"127.0.0.1:{ports['8082']}",
        "listen 443": f"listen 127.0.0.1:{ports['443']}",
        "listen 80": f"listen 127.0.0.1:{ports['80']}",
        **changes,
    }
    for name in ("etc", "pages", "log", "temp"):
        (folder / name).mkdir()
    for source, target in (("nginx.conf", "shenfang.conf"), ("nginx-proxy.conf", "shenfang-proxy.conf")):
        text = (HOST / source).read_text()
        for old, new in places.items():
            text = text.replace(old, new)
        (folder / "etc" / target).write_text(text)
    for page in (HOST / "pages").iterdir():
        (folder / "pages" / page.name).write_bytes(page.read_bytes())
    main = folder / "nginx.conf"
    main.write_text(f"""
pid {folder}/nginx.pid;
error_log {folder}/log/main.log;
worker_processes 2;
events {{ worker_connections 128; }}
http {{
    default_type application/octet-stream;
    types {{ text/html html; }}
    access_log {folder}/log/main-access.log;
    client_body_temp_path {folder}/temp/body;
    proxy_temp_path {folder}/temp/proxy;
    fastcgi_temp_path {folder}/temp/fastcgi;
    uwsgi_temp_path {folder}/temp/uwsgi;
    scgi_temp_path {folder}/temp/scgi;
    include {folder}/etc/shenfang.conf;
}}
""")
    return main
