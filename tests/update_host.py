"""The web server of a shop that announces versions: https on this computer, with faults, and a key to sign with."""

from __future__ import annotations

import base64
import http.server
import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sign_manifest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from optty_desktop.api.transport import HttpTransport
from optty_desktop.api.update_manifest import signed_bytes
from optty_desktop.system.this_platform import package_ending, platform_name

CERTIFICATES = Path(__file__).parent / "api" / "certificates"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
MANIFEST = "/links/updates.json"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. ``announced`` is the length it claims to have; without, the true one."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    announced: int | None = None


class UpdateHost:
    """Serves ``replies`` by their paths, and notes in ``asked`` what was asked for."""

    def __init__(self, certificate: str = "loopback.pem") -> None:
        self.replies: dict[str, Reply] = {}
        self.asked: list[str] = []
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATES / certificate, CERTIFICATES / "test_only.key")
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a refused certificate is expected
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def manifest_url(self) -> str:
        """Where the announcement lies."""
        return f"https://127.0.0.1:{self._server.server_address[1]}{MANIFEST}"

    def announce(self, body: bytes) -> None:
        """Put the announcement there."""
        self.replies[MANIFEST] = Reply(body)

    def lay(self, name: str, reply: Reply) -> None:
        """Put a file beside the announcement."""
        self.replies[f"/links/{name}"] = reply

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        host = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                """Answer as the host was told."""
                host.asked.append(self.path)
                reply = host.replies.get(self.path, Reply(b"no such file", 404))
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                length = len(reply.body) if reply.announced is None else reply.announced
                self.send_header("Content-Length", str(length))
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, format: str, *arguments: Any) -> None:
                """Say nothing."""

        return Handler


def trusting_transport() -> HttpTransport:
    """A transport as the program's, for a shop whose authority is that of the tests."""

    def context() -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        made.load_verify_locations(CERTIFICATES / "authority.pem")
        return made

    return HttpTransport("optty-desktop/test", ssl_context=context)


def package_name(version: str) -> str:
    """How the package of a version is called that this computer takes."""
    middle = "windows-setup" if platform_name().startswith("windows") else platform_name()
    return f"optty-desktop-{version}-{middle}{package_ending()}"


def announcement(
    folder: Path,
    version: str = "9.1.0",
    *,
    content: bytes = b"the package",
    key: Ed25519PrivateKey = KEY,
    days: int = 30,
    ago: timedelta = timedelta(),
    sequence: int = 100,
) -> bytes:
    """What the tool of the releases makes of a package of that version, signed ``ago``."""
    file = folder / package_name(version)
    file.write_bytes(content)
    return sign_manifest.signed([file], key, now=datetime.now(UTC) - ago, days=days, sequence=sequence)


def altered(body: bytes, change: Callable[[dict[str, Any]], object], key: Ed25519PrivateKey = KEY) -> bytes:
    """An announcement with something else in it, signed anew: what whoever has the key might do wrong."""
    table = json.loads(json.loads(body)["manifest"])
    change(table)
    return signed_text(json.dumps(table), key)


def signed_text(text: str, key: Ed25519PrivateKey = KEY) -> bytes:
    """Any text with a true signature."""
    signature = base64.b64encode(key.sign(signed_bytes(text))).decode("ascii")
    return json.dumps({"manifest": text, "signature": signature}).encode()
