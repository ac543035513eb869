"""A clamd for the demo and the tests: finds the harmless test file of the trade, and misbehaves on demand."""

import os
import socketserver
from threading import Event, Thread

from integrations.virus_scan.contract import COMMAND, VERSION

#: The EICAR test string, in two halves so that no scanner takes this file for one.
TEST_VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MOST = 26_214_400


class VirusScannerSimulator:
    """A simulated clamd on loopback; `fault` is "", hang, close, error, garbage, endless or small."""

    def __init__(self, *, mode: str = "demo") -> None:
        if "production" in {mode.strip().lower(), os.environ.get("MODE", "").strip().lower()}:
            raise RuntimeError("simulators do not start in production")
        self.fault = ""
        self.asked = 0
        self._over = Event()
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="virus-scan", daemon=True)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _handler(simulator) -> type[socketserver.StreamRequestHandler]:  # noqa: N805
        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                try:
                    self._answer()
                except OSError:
                    return

            def _answer(self) -> None:
                command = self.rfile.read(len(VERSION))
                if command == VERSION:
                    self.wfile.write(b"ClamAV 1.4.3/27800/simulated\0")
                    return
                if command + self.rfile.read(len(COMMAND) - len(VERSION)) != COMMAND:
                    self.wfile.write(b"UNKNOWN COMMAND\0")
                    return
                simulator.asked += 1
                if simulator.fault == "close":
                    return
                if simulator.fault == "hang":
                    simulator._over.wait()
                    return
                self.wfile.write(simulator._verdict(self._stream()))
                while simulator.fault == "endless" and not simulator._over.wait(0.02):
                    self.wfile.write(b" ")

            def _stream(self) -> bytes | None:
                whole = bytearray()
                while size := int.from_bytes(self.rfile.read(4)):
                    if len(whole) + size > (1000 if simulator.fault == "small" else MOST):
                        return None
                    whole += self.rfile.read(size)
                return bytes(whole)

        return Handler

    def _verdict(self, content: bytes | None) -> bytes:
        if content is None:
            return b"INSTREAM size limit exceeded. ERROR\0"
        if self.fault == "error":
            return b"stream: Can't allocate memory ERROR\0"
        if self.fault == "garbage":
            return b"\xff\xfe stream: OK\0"
        if self.fault == "endless":
            return b"stream: OK"
        return b"stream: Eicar-Test-Signature FOUND\0" if TEST_VIRUS in content else b"stream: OK\0"
