"""Whether the packed relay serves: installed without a Python, told of a payment, and asked by a paired till."""

from __future__ import annotations

import json
import secrets
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bare_root import BareRoot
from facts import RELAY

INSTALLED = f"/opt/{RELAY}"
CONFIG = f"/etc/{RELAY}/{RELAY.removeprefix('optty-')}.toml"
DATA = f"/var/lib/{RELAY}"
SHOP = "corner-store/main-street"
SECONDS = 20

Check = tuple[str, bool, str]
"""What was looked at, whether it holds, and what to print where it does not."""

Command = Callable[[Sequence[str]], "subprocess.Popen[str]"]
"""Starts the relay's program with these arguments."""

_STRAIGHT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def relay_on_bare_system(root: BareRoot, deb: Path) -> Iterator[Check]:
    """Install the package in ``root``, run the service as its user, and remove it."""
    shutil.copy(deb, root.path / "relay.deb")
    installed = root.administer("apt-get", "install", "-q", "-y", "--no-install-recommends", "/relay.deb")
    yield "the relay's package installs, and asks nothing", installed.returncode == 0, installed.stderr
    config, secret = config_for(DATA)
    (root.path / CONFIG.lstrip("/")).write_text(config, encoding="utf-8")
    root.administer("chown", f"root:{RELAY}", CONFIG)
    root.administer("chmod", "640", CONFIG)

    def start(arguments: Sequence[str]) -> subprocess.Popen[str]:
        return root.serve(RELAY, INSTALLED, [f"/usr/bin/{RELAY}", "--config", CONFIG, *arguments])

    yield from served(start, secret)
    yield _removed(root)


def relay_here(program: Path, base: Path) -> Iterator[Check]:
    """Run the program from the unpacked archive, with its data below ``base``."""
    config, secret = config_for(str(base / "relay-data"))
    file = base / "relay.toml"
    file.write_text(config, encoding="utf-8")
    file.chmod(0o600)

    def start(arguments: Sequence[str]) -> subprocess.Popen[str]:
        command = [str(program), "--config", str(file), *arguments]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    yield from served(start, secret)


def config_for(data: str) -> tuple[str, str]:
    """Return a relay's file that listens on a free port, and the secret in it."""
    secret = secrets.token_urlsafe(32)
    lines = [
        'listen = "127.0.0.1:0"',
        f'data = "{data}"',
        "[[merchant]]",
        'id = "corner-store"',
        'environment = "live"',
        f'secrets = ["{secret}"]',
        "[[merchant.shop]]",
        'id = "main-street"',
        'prefixes = ["TILL1"]',
    ]
    return "\n".join(lines) + "\n", secret


def served(start: Command, secret: str) -> Iterator[Check]:
    """Start the relay, pair a till, tell of a payment, and let the till ask for it."""
    with _running(start) as (url, relay):
        status, text = ask(f"{url}/healthz")
        yield "the relay runs and says that it is well", status == 200, f"{status} {text} {_said(relay, url)}"
        if status != 200:
            return
        code = _output(start(["pair", "--shop", SHOP, "--till", "Till 1"])).rpartition(" ")[2].strip()
        status, text = ask(f"{url}/v1/pair", {"code": code})
        till = json.loads(text) if status == 200 else {}
        yield "a till pairs with the code of the terminal", bool(till.get("token")), f"{status} {text}"
        data = {"status": "SUCCESSFUL", "metadata": {"invoiceNumber": "TILL1-1"}}
        status, text = ask(f"{url}/h/corner-store/{secret}", {"event": "ORDER_STATUS_UPDATE", "data": data})
        yield "a notice of the payment service is taken in", status == 200, f"{status} {text}"
        place, token = till.get("head", ""), till.get("token", "")
        status, text = ask(f"{url}/v1/events?after={place}&wait=0", token=token)
        yield "the till is told which link to read", status == 200 and "TILL1-1" in text, f"{status} {text}"
        relay.send_signal(signal.SIGTERM)
        code_at_end = relay.wait(SECONDS)
        yield "the relay ends in order when the system asks it to", code_at_end == 0, _said(relay, "")


def ask(url: str, document: object = None, *, token: str = "") -> tuple[int, str]:
    """Make one request, a POST where there is a ``document``; return status and text, 0 where nobody answers."""
    body = None if document is None else json.dumps(document).encode()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with _STRAIGHT.open(urllib.request.Request(url, body, headers), timeout=SECONDS) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except (OSError, ValueError) as error:
        return 0, str(error)


@contextmanager
def _running(start: Command) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Yield the address of a running relay, "" where it did not start."""
    with start([]) as relay:
        try:
            yield (relay.stdout.readline() if relay.stdout else "").rpartition(" ")[2].strip(), relay
        finally:
            relay.kill()


def _said(relay: subprocess.Popen[str], url: str) -> str:
    """Return what the relay wrote of its trouble, once it has ended."""
    return relay.stderr.read() if relay.stderr and not url else ""


def _output(process: subprocess.Popen[str]) -> str:
    said, complaint = process.communicate(timeout=SECONDS)
    return said or complaint


def _removed(root: BareRoot) -> Check:
    """What was stored is there after a removal, and after a purge too."""
    stored = root.path / DATA.lstrip("/")
    said = [root.administer("apt-get", how, "-q", "-y", RELAY) for how in ("remove", "purge")]
    left = root.administer("find", "/opt", "/usr", "-name", f"*{RELAY}*").stdout.strip()
    holds = not any(one.returncode for one in said) and not left and any(stored.iterdir())
    name = "the relay's package is removed, its file and what it stored stay"
    return name, holds and (root.path / CONFIG.lstrip("/")).is_file(), left + said[-1].stderr
